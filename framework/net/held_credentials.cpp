#include <sys/mman.h>

#include <unistd.h>

#include <leat/net/held_credentials.hpp>
#include <leat/net/private_folder.hpp>

namespace leat {

Result<HeldCredentials> HeldCredentials::of(const Credentials& files) {
  HeldCredentials held;
  for (auto file : {&Credentials::certificate, &Credentials::key, &Credentials::authority}) {
    auto content = read_whole_file(files.*file, "the file");
    if (!content) return std::move(content).error();
    int copy = ::memfd_create("leat credentials", MFD_CLOEXEC);
    if (copy < 0) return failed("cannot keep " + (files.*file).string() + " in memory");
    held.descriptors_.push_back(copy);
    auto size = static_cast<ssize_t>(content->size());
    if (::write(copy, content->data(), content->size()) != size) {
      return failed("cannot keep " + (files.*file).string() + " in memory");
    }
    held.files_.*file = "/proc/self/fd/" + std::to_string(copy);
  }
  return held;
}

HeldCredentials::~HeldCredentials() {
  for (int copy : descriptors_)
    ::close(copy);
}

}  // namespace leat
