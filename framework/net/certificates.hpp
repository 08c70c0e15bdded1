/// A private certificate authority per cluster, made with OpenSSL: ECDSA P-256, TLS 1.3.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <leat/chunk/result.hpp>
#include <leat/net/endpoint.hpp>

namespace leat {

/// Makes `folder` (mode 0700) with authority.pem and authority.key. Errors: invalid when there is
/// one already, failed when it cannot be written.
Result<void> make_authority(const std::filesystem::path& folder);

/// Makes NAME.pem and NAME.key in `folder`, signed by the authority there; `hosts` are names and
/// addresses the certificate is good for besides `name`.
Result<Credentials> make_node_certificate(const std::filesystem::path& folder,
                                          const std::string& name,
                                          const std::vector<std::string>& hosts = {},
                                          int days = 365);

/// What a process uses: `given`, checked to exist, to be readable, good today and of one another, and the key to be
/// its owner's alone (root's may be read by its group); or, when `reach` is loopback and
/// none is given, certificates in `state` made on first use, safe against two processes doing so at
/// once. Refuses any other address without `given`.
Result<Credentials> credentials_for(const Endpoint& reach, const std::optional<Credentials>& given,
                                    const std::filesystem::path& state);

/// For who cannot connect because the other end's certificate is of another authority: whose this process uses, and
/// what to do. "this process uses those made on first use in ~/.local/state/leat/loopback, as LEAT_STATE is not set: ...".
std::string advice_on_authority(const Credentials& used);

/// $LEAT_STATE, else $XDG_STATE_HOME/leat, else ~/.local/state/leat.
std::filesystem::path state_folder();

}  // namespace leat
