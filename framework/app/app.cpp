#include <leat/app/app.hpp>

#include <leat/app/command_line.hpp>
#include <leat/app/show.hpp>
#include <leat/app/signals.hpp>
#include <leat/graph/render.hpp>
#include <leat/runtime/run.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

namespace leat {
namespace {

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kRefused = 2;
constexpr int kInterrupted = 130;

// False when it could not be written whole.
bool print(std::FILE* to, const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), to) == text.size() && std::fflush(to) == 0;
}

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col - 1u;
}

class Voice {
 public:
  Voice(std::string program, const Request& request)
      : program_(std::move(program)),
        json_(request.json),
        quiet_(request.quiet),
        bar_(!json_ && !quiet_ && ::isatty(STDERR_FILENO)) {}

  void progress(const Progress& progress) const {
    if (json_) print(stdout, progress_json(progress) + "\n");
    if (bar_) print(stderr, "\r\033[K" + bar(progress, terminal_width()));
  }

  void report(const Report& report) const {
    end_bar();
    if (json_) print(stdout, report_json(report) + "\n");
    if (!json_ && !quiet_) print(stdout, summary(report));
  }

  int error(const Error& error, bool started) const {
    end_bar();
    if (json_) print(stdout, error_json(error) + "\n");
    print(stderr, program_ + ": " + one_line(error.sentence) + "\n");
    bool refused =
        !started && (error.kind == ErrorKind::invalid || error.kind == ErrorKind::overloaded);
    return refused ? kRefused : kFailed;
  }

 private:
  void end_bar() const {
    if (bar_) print(stderr, "\r\033[K");
  }

  std::string program_;
  bool json_;
  bool quiet_;
  bool bar_;
};

RunOptions options_of(const Request& request, const Signals& signals, const Voice& voice) {
  RunOptions options;
  options.threads = request.threads;
  options.memory = request.memory;
  options.scheduling = request.scheduling == "sharing" ? Scheduling::sharing : Scheduling::stealing;
  options.stop = signals.stop();
  options.on_progress = [&voice](const Progress& progress) { voice.progress(progress); };
  return options;
}

int run_request(const Program& program, const Request& request, const Voice& voice) {
  Signals signals;
  auto planned = plan(program.build(request.args), request.threads);
  if (!planned) return voice.error(planned.error(), false);
  if (request.memory > 0) {
    if (auto ok = fits(planned->bound, request.memory); !ok) return voice.error(ok.error(), false);
  }
  auto report = run(std::move(planned).value(), options_of(request, signals, voice));
  if (!report) return voice.error(report.error(), true);
  voice.report(*report);
  return report->ending == Ending::complete ? kDone : kInterrupted;
}

int plan_request(const Program& program, const Request& request, const Voice& voice) {
  auto planned = plan(program.build(request.args), request.threads);
  if (!planned) return voice.error(planned.error(), false);
  const Plan& shown = *planned;
  std::string text = request.format == "dot"    ? plan_dot(shown.checked, shown.layout)
                     : request.format == "json" ? plan_json(shown.checked, shown.layout, shown.bound)
                                                : plan_text(shown.checked, shown.layout, shown.bound);
  if (print(stdout, text)) return kDone;
  return voice.error(failed("the plan could not be written to standard output: is the disk full?"), true);
}

}  // namespace

int app(int argc, char** argv, std::vector<Program> programs) {
  std::vector<std::string> words(argv, argv + argc);
  std::string name = std::filesystem::path(words.at(0)).filename();
  auto request = parse_command_line(words, programs);
  if (!request) return Voice(name, Request{}).error(request.error(), false);
  Voice voice(name, *request);
  switch (request->command) {
    case Request::Command::run: return run_request(programs[request->program], *request, voice);
    case Request::Command::plan: return plan_request(programs[request->program], *request, voice);
    case Request::Command::help: break;
  }
  print(stdout, request->help);
  return kDone;
}

int app(int argc, char** argv, Graph (*build)(const Args&)) {
  std::string name = std::filesystem::path(argv[0]).filename();
  return app(argc, argv, {Program{name, "Runs the graph " + name + ".", {}, build}});
}

}  // namespace leat
