#include <leat/cluster/control_sender.hpp>

#include <unistd.h>

#include <array>
#include <random>

namespace leat {

std::chrono::milliseconds instant() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch());
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return name.data();
}

control::Incarnation fresh_incarnation() {
  std::random_device system;
  auto word = [&] { return (std::uint64_t{system()} << 32) | system(); };
  return {word(), word()};
}

std::string fresh_token() {
  std::random_device system;
  std::string token(32, '\0');
  for (char& byte : token) byte = static_cast<char>(system());
  return token;
}

}  // namespace leat
