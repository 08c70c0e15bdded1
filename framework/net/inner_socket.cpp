#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include <sys/socket.h>
#include <sys/un.h>

#include <fcntl.h>
#include <unistd.h>

#include <leat/net/inner_socket.hpp>

namespace leat {
namespace {

std::string descriptor_path(int descriptor) { return "/proc/self/fd/" + std::to_string(descriptor); }

// By way of the folder's descriptor: a socket's path may have 107 bytes only.
bool bind_in(int folder, int listener) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  auto path = descriptor_path(folder) + "/inside";
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return ::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
         ::listen(listener, SOMAXCONN) == 0;
}

}  // namespace

Result<InnerSocket> InnerSocket::listen() {
  std::error_code problem;
  auto pattern = (std::filesystem::temp_directory_path(problem) / "leat-XXXXXX").string();
  if (problem || !::mkdtemp(pattern.data())) {  // mode 0700
    return failed("cannot make a folder for the inner socket: " +
                  (problem ? problem.message() : pattern + ": " + std::strerror(errno)));
  }
  InnerSocket inner(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), -1);
  int folder = ::open(pattern.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  bool bound = inner.listener_ >= 0 && folder >= 0 && bind_in(folder, inner.listener_);
  if (bound) inner.node_ = ::openat(folder, "inside", O_PATH | O_CLOEXEC);
  std::string why = std::strerror(errno);
  if (folder >= 0) ::close(folder);
  std::filesystem::remove_all(pattern, problem);
  if (inner.node_ < 0) return failed("cannot listen inside, in " + pattern + ": " + why);
  return inner;
}

InnerSocket::InnerSocket(InnerSocket&& other) noexcept
    : listener_(std::exchange(other.listener_, -1)), node_(std::exchange(other.node_, -1)) {}

InnerSocket::~InnerSocket() {
  if (listener_ >= 0) ::close(listener_);
  if (node_ >= 0) ::close(node_);
}

int InnerSocket::take_listener() { return std::exchange(listener_, -1); }

std::filesystem::path InnerSocket::way() const { return descriptor_path(node_); }

}  // namespace leat
