#include <leat/gateway/role.hpp>

#include <array>

namespace leat {
namespace {

constexpr std::array<std::string_view, 4> kNames = {"none", "read", "run", "admin"};

}  // namespace

std::string_view role_name(Role role) { return kNames.at(static_cast<std::size_t>(role)); }

std::optional<Role> role_called(std::string_view name) {
  for (Role role : {Role::read, Role::run, Role::admin}) {
    if (role_name(role) == name) return role;
  }
  return std::nullopt;
}

}  // namespace leat
