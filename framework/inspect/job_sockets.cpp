#include <leat/inspect/job_sockets.hpp>

#include <leat/net/certificates.hpp>
#include <leat/net/private_folder.hpp>

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>

namespace leat::inspect {
namespace {

constexpr const char* kSuffix = ".socket";
constexpr int kWaiting = 64;  // connections that nobody has taken yet

std::string file_of(JobNumber number) { return std::to_string(number) + kSuffix; }

Error because(const std::string& what) { return failed(what + ": " + std::generic_category().message(errno)); }

// A path of any length, by way of its folder's descriptor: an address holds 107 bytes.
struct Address {
  Descriptor folder;
  sockaddr_un at{};

  static Result<Address> of(const std::filesystem::path& folder, JobNumber number) {
    Address address;
    address.folder = Descriptor(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!address.folder) return because("cannot open the folder " + folder.string());
    std::string path = "/proc/self/fd/" + std::to_string(address.folder.get()) + "/" + file_of(number);
    address.at.sun_family = AF_UNIX;
    std::memcpy(address.at.sun_path, path.c_str(), path.size() + 1);
    return address;
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&at); }
};

Result<void> is_ours(const std::filesystem::path& folder) {
  struct stat found {};
  if (::stat(folder.c_str(), &found) != 0) return because("cannot look at the folder " + folder.string());
  if (!S_ISDIR(found.st_mode)) return invalid(folder.string() + " is not a folder: set LEAT_STATE to another one");
  if (found.st_uid == ::geteuid()) return {};
  return invalid("the jobs in " + folder.string() + " are those of user " + std::to_string(found.st_uid) + ", and this is user " +
                 std::to_string(::geteuid()) + ": ask as that user, or set LEAT_STATE to a folder of your own");
}

// Whether somebody listens there. errno says why not.
bool answers(const std::filesystem::path& folder, JobNumber number, Descriptor* into = nullptr) {
  auto address = Address::of(folder, number);
  if (!address) return false;
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket) return false;
  if (::connect(socket.get(), address->get(), sizeof address->at) != 0) return false;
  if (into) *into = std::move(socket);
  return true;
}

std::vector<JobNumber> numbers_in(const std::filesystem::path& folder) {
  std::vector<JobNumber> numbers;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::string name = at->path().filename().string();
    JobNumber number = 0;
    auto [rest, wrong] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (wrong == std::errc() && std::string_view(rest) == kSuffix) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

// Under the folder's lock.
std::vector<JobNumber> without_the_dead(const std::filesystem::path& folder) {
  std::vector<JobNumber> living;
  for (JobNumber number : numbers_in(folder)) {
    if (!answers(folder, number) && errno == ECONNREFUSED) {
      ::unlink((folder / file_of(number)).c_str());
    } else {
      living.push_back(number);
    }
  }
  return living;
}

// Under the folder's lock. The file may be missing or damaged: then the sockets that are there say it.
JobNumber next_number(const std::filesystem::path& folder) {
  JobNumber last = 0;
  std::ifstream(folder / "last") >> last;
  for (JobNumber number : numbers_in(folder)) last = std::max(last, number);
  return last + 1;
}

Result<void> keep_number(const std::filesystem::path& folder, JobNumber number) {
  auto path = folder / "last";
  Descriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  std::string text = std::to_string(number) + "\n";
  if (file && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())) return {};
  return because("cannot write " + path.string());
}

Error no_such_job(const std::filesystem::path& folder, JobNumber number) {
  auto living = living_jobs(folder);
  std::string all;
  if (living) {
    for (JobNumber one : *living) all += (all.empty() ? "" : ", ") + std::to_string(one);
  }
  std::string there = all.empty() ? "no job runs here" : "those that run here are " + all;
  return invalid("there is no job " + std::to_string(number) + ": " + there);
}

}  // namespace

std::filesystem::path jobs_folder() { return state_folder() / "jobs"; }

Result<JobSocket> JobSocket::claim(const std::filesystem::path& folder) {
  if (std::error_code none; std::filesystem::exists(folder, none)) {
    if (auto ours = is_ours(folder); !ours) return std::move(ours).error();
    ::chmod(folder.c_str(), 0700);
  }
  if (auto made = make_private_folder(folder); !made) return std::move(made).error();
  auto lock = FolderLock::of(folder);
  if (!lock) return std::move(lock).error();
  without_the_dead(folder);
  JobNumber number = next_number(folder);
  if (auto kept = keep_number(folder, number); !kept) return std::move(kept).error();
  auto address = Address::of(folder, number);
  if (!address) return std::move(address).error();
  auto path = folder / file_of(number);
  Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket || ::bind(socket.get(), address->get(), sizeof address->at) != 0) return because("cannot make the socket " + path.string());
  JobSocket claimed(path, number, std::move(socket));
  if (::chmod(path.c_str(), 0600) != 0 || ::listen(claimed.descriptor(), kWaiting) != 0) {
    return because("cannot listen on the socket " + path.string());
  }
  return claimed;
}

JobSocket::~JobSocket() {
  if (socket_) ::unlink(path_.c_str());
}

Result<std::vector<JobNumber>> living_jobs(const std::filesystem::path& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder, error) && !error) return std::vector<JobNumber>{};
  if (auto ours = is_ours(folder); !ours) return std::move(ours).error();
  auto lock = FolderLock::of(folder);
  if (!lock) return std::move(lock).error();
  return without_the_dead(folder);
}

Result<Descriptor> connect_to_job(const std::filesystem::path& folder, JobNumber number) {
  std::error_code error;
  if (!std::filesystem::exists(folder, error) && !error) return no_such_job(folder, number);
  if (auto ours = is_ours(folder); !ours) return std::move(ours).error();
  Descriptor socket;
  std::string name = "job " + std::to_string(number);
  if (!answers(folder, number, &socket)) {
    if (errno == ENOENT) return no_such_job(folder, number);
    if (errno == EAGAIN) return overloaded(name + " takes no connections: its process is stopped, or others ask it all the time");
    if (errno != ECONNREFUSED) return because(name + " cannot be asked at " + (folder / file_of(number)).string());
    if (auto living = living_jobs(folder); !living) return std::move(living).error();
    return Error{ErrorKind::disconnected, name + " is no more: its process died and left its socket, which is now gone"};
  }
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid()) return socket;
  return invalid(name + " is a process of user " + std::to_string(peer.uid) + ", and this is user " + std::to_string(::geteuid()) +
                 ": ask as that user");
}

}  // namespace leat::inspect
