/// Who may do what: three roles, each of which may do what those before it may.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace leat {

enum class Role : std::uint8_t {
  none,   ///< nobody in particular: probes, and what is declared open
  read,   ///< looks at jobs, uploads and datasets
  run,    ///< starts jobs, uploads, and cancels what is its own
  admin,  ///< all of it, of everybody
};

/// "read", "run", "admin"; "none".
std::string_view role_name(Role role);
/// Of one that can be given: read, run or admin.
std::optional<Role> role_called(std::string_view name);

/// Who asks. Jobs belong to the tenant of that name.
struct Identity {
  std::string name;
  Role role = Role::none;
  /// When nobody is known by that token or cookie any more.
  std::chrono::system_clock::time_point until = std::chrono::system_clock::time_point::max();
};

}  // namespace leat
