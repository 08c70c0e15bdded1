/// A service that a program may have: what `serve` runs. app knows no more of it, and links none.
#pragma once

#include <leat/chunk/log.hpp>
#include <leat/chunk/result.hpp>
#include <leat/graph/args.hpp>
#include <leat/net/endpoint.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace leat {

/// What `serve` was told on the command line.
struct ServiceOptions {
  Endpoint listen = {};                        ///< where it is asked
  std::vector<std::string> hosts;              ///< further names that it may be called in a Host field
  std::optional<Credentials> tls;              ///< needed off loopback
  std::uint64_t memory = 0;                    ///< bytes of all jobs together; 0: three quarters of the machine's
  std::size_t threads = 0;                     ///< of all jobs together; 0: those this process may use
  std::uint64_t keep = std::uint64_t{10} << 30;  ///< bytes of the results of jobs that have ended: for more the oldest are forgotten
  std::filesystem::path state;                 ///< its folder; "": `service` in the state folder
  std::filesystem::path data_root;             ///< files beneath may be read by jobs; "": none may
  std::filesystem::path tokens;                ///< the file of tokens; "": `tokens` in its folder
  std::filesystem::path announce;              ///< file to write the address to; "": none
  /// What commands of this program are told to meet the cluster that jobs may run on, "--cluster=HOST:PORT" first, with
  /// whole paths; none: there is no cluster.
  std::vector<std::string> cluster;
};

/// What a service is given of the process that it runs in. Refers to what the caller owns.
struct ServiceCall {
  const std::string& name;                ///< of the program
  const std::vector<Program>& programs;   ///< its graphs
  const ServiceOptions& options;
  Log log;
  std::stop_token stop;                   ///< asked to end
  std::function<void(const std::string& text)> say;  ///< to the person who started it
};

class Service {
 public:
  virtual ~Service() = default;
  /// Serves until it is asked to stop. Errors: what keeps it from starting, or from going on.
  virtual Result<void> serve(const ServiceCall& call) = 0;
};

}  // namespace leat
