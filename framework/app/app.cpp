#include <leat/app/app.hpp>

#include <leat/actor/guard.hpp>
#include <leat/app/command_line.hpp>
#include <leat/app/verbs.hpp>
#include <leat/app/console.hpp>
#include <leat/cluster/detached_call.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <iostream>

namespace leat {
namespace {

// Of standard streams that are closed, the numbers go to files that are opened next, and what is said into them.
void hold_standard_streams() {
  for (int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
    // Writing to it fails as before.
    int held = ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (held >= 0 && held != stream) ::dup2(held, stream), ::close(held);
  }
}

// A pipe that nobody reads any more, or a file that may not grow, is an error of what is written there: a node goes
// on without its log, and a job fails with a sentence.
void fail_writes_without_signals() {
  for (int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
}

// What a function that has not returned still uses must not be destroyed by a process that ends.
int leave(int status) {
  if (left_behind() == 0) return status;
  std::cout.flush();
  std::fflush(nullptr);
  ::_exit(status);
}

int run_command(int argc, char** argv, const std::vector<Program>& programs, Service* service) {
  hold_standard_streams();
  fail_writes_without_signals();
  std::vector<std::string> words(argv, argv + argc);
  std::string name = std::filesystem::path(words.at(0)).filename();
  auto request = parse_command_line(words, programs, verbs(service != nullptr));
  if (!request) return Console(name, Request{}).error(request.error(), false);
  Console console(name, *request);
  if (!request->verb) return console.text(request->help, "the help");
  auto ended = guarded([&] { return request->verb->run({name, programs, *request, console, service}); });
  return leave(ended ? *ended : console.error(ended.error(), true));
}

}  // namespace

int app(int argc, char** argv, std::vector<Program> programs) { return run_command(argc, argv, programs, nullptr); }

int app(int argc, char** argv, std::vector<Program> programs, Service& service) {
  return run_command(argc, argv, programs, &service);
}

int app(int argc, char** argv, Graph (*build)(const Args&)) {
  std::string name = std::filesystem::path(argv[0]).filename();
  return app(argc, argv, {Program{name, "Runs the graph " + name + ".", {}, build}});
}

}  // namespace leat
