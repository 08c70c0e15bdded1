// Preloaded into a program: holds it before or after one of the calls that make a file visible, so that a test
// can end it at that very moment.
//
//   HOLD_AT="rename 2 before"   of link, linkat, rename and fsync, the how-manieth call, before or after it
//   HOLD_SAY=PATH               a pipe: gets a line once the program is held
//   HOLD_GO=PATH              a pipe: the program goes on once it can be read; without, never
//   HOLD_NO_TMPFILE=1           as on a file system without O_TMPFILE
//   HOLD_OPEN=PATH              who opens this file for reading is held, as on a mount whose server is gone
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

namespace {

template <class F> F* next(const char* name) { return reinterpret_cast<F*>(::dlsym(RTLD_NEXT, name)); }

void hold_here() {
  if (const char* path = std::getenv("HOLD_SAY")) {
    int pipe = ::open(path, O_WRONLY | O_CLOEXEC);
    if (::write(pipe, "held\n", 5) != 5) std::abort();
    ::close(pipe);
  }
  if (const char* path = std::getenv("HOLD_GO")) {
    char go = 0;
    int pipe = ::open(path, O_RDONLY | O_CLOEXEC);
    if (::read(pipe, &go, 1) != 1) std::abort();
    ::close(pipe);
    return;
  }
  while (true) ::pause();
}

template <class Call> int held(const char* name, std::atomic<int>& calls, Call call) {
  const char* at = std::getenv("HOLD_AT");
  std::string before = std::string(name) + " " + std::to_string(++calls) + " before";
  std::string after = std::string(name) + " " + std::to_string(calls) + " after";
  if (at && before == at) hold_here();
  int result = call();
  if (at && after == at) hold_here();
  return result;
}

std::atomic<int> new_links{0}, links{0}, renames{0}, flushes{0};

void hold_if_lost(const char* path) {
  const char* lost = std::getenv("HOLD_OPEN");
  if (lost && std::strcmp(lost, path) == 0) hold_here();
}

int opened(const char* name, const char* path, int flags, mode_t mode) {
  if ((flags & O_TMPFILE) == O_TMPFILE && std::getenv("HOLD_NO_TMPFILE")) {
    errno = EOPNOTSUPP;
    return -1;
  }
  if ((flags & O_ACCMODE) == O_RDONLY) hold_if_lost(path);
  return next<int(const char*, int, ...)>(name)(path, flags, mode);
}

}  // namespace

extern "C" {

int link(const char* old, const char* path) noexcept {
  return held("link", new_links, [&] { return next<int(const char*, const char*)>("link")(old, path); });
}
int linkat(int from, const char* old, int to, const char* path, int flags) {
  return held("linkat", links, [&] {
    return next<int(int, const char*, int, const char*, int)>("linkat")(from, old, to, path, flags);
  });
}
int rename(const char* from, const char* to) noexcept {
  return held("rename", renames, [&] { return next<int(const char*, const char*)>("rename")(from, to); });
}
int fsync(int file) {
  return held("fsync", flushes, [&] { return next<int(int)>("fsync")(file); });
}
int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return opened("open", path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return opened("open64", path, flags, mode);
}

std::FILE* fopen64(const char* path, const char* mode) {
  hold_if_lost(path);
  return next<std::FILE*(const char*, const char*)>("fopen64")(path, mode);
}

}  // extern "C"
