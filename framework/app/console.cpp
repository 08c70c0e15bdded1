#include <leat/app/console.hpp>

#include <leat/actors/output/staged_file.hpp>
#include <leat/app/show.hpp>

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace leat {
namespace {

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col - 1u;
}

}  // namespace

bool print(std::FILE* to, const std::string& text) {
  errno = 0;
  return std::fwrite(text.data(), 1, text.size(), to) == text.size() && std::fflush(to) == 0;
}

Console::Console(std::string program, const Request& request)
    : program_(std::move(program)),
      outcome_(request.outcome),
      json_(request.json),
      quiet_(request.quiet),
      bar_(!json_ && !quiet_ && ::isatty(STDERR_FILENO)) {}

void Console::progress(const Progress& progress) const {
  pace_.look(progress);
  if (json_ && !print(stdout, progress_json(progress, &pace_) + "\n")) lost_ = errno;
  if (auto still = standstill_.look(progress); still && !quiet_) {
    end_bar();
    print(stderr, program_ + ": warning: " + *still + "\n");
  }
  if (!bar_) return;
  shown_ = std::max(shown_, part_done(progress));
  print(stderr, "\r\033[K" + bar(progress, terminal_width(), shown_, &pace_));
}

void Console::stuck(const Why& why) const {
  if (quiet_) return;
  end_bar();
  std::string text = why_text(why);
  text.pop_back();
  print(stderr, program_ + ": warning: " + text + "; Ctrl-C ends the run\n");
}

void Console::waits(const std::string& what) const {
  if (json_ && !print(stdout, waiting_json(what) + "\n")) lost_ = errno;
  if (json_ || quiet_) return;
  end_bar();
  print(stderr, program_ + ": waiting " + one_line(what) + "\n");
}

int Console::report(const Report& report) const {
  end_bar();
  bool complete = report.ending == Ending::complete;
  std::string done = complete ? " (the run is complete, its results are there)" : "";
  if ((json_ || !quiet_) && !print(stdout, json_ ? report_json(report) + "\n" : summary(report))) lost_ = errno;
  for (const std::string& warning : report.warnings) {
    if (!quiet_) print(stderr, program_ + ": warning: " + one_line(warning) + "\n");
  }
  int status = settled(complete ? kDone : kInterrupted, report_json(report));
  if (lost_ != 0) return unwritten("what the run did" + done, lost_);
  return status;
}

int Console::error(const Error& error, bool started) const {
  end_bar();
  if (json_) print(stdout, error_json(error) + "\n");
  print(stderr, program_ + ": " + one_line(error.sentence) + "\n");
  bool refused = !started && (error.kind == ErrorKind::invalid || error.kind == ErrorKind::overloaded);
  return settled(refused ? kRefused : kFailed, error_json(error));
}

int Console::interrupted(const std::string& when) const {
  end_bar();
  std::string sentence = "interrupted " + when;
  if (json_) print(stdout, error_json(failed(sentence)) + "\n");
  print(stderr, program_ + ": " + sentence + "\n");
  return settled(kInterrupted, error_json(failed(sentence)));
}

// Whoever reads the file sees all of it or nothing.
int Console::settled(int status, const std::string& json) const {
  if (outcome_.empty()) return status;
  std::string text = "{\"type\":\"outcome\",\"version\":1,\"status\":" + std::to_string(status) + ",\"said\":" + json + "}\n";
  if (!curves_.empty()) text += curves_ + "\n";
  auto file = StagedFile::open(outcome_.string());
  auto written = file ? file->write(text) : Result<void>(file.error());
  if (written) written = file->publish();
  if (written) return status;
  print(stderr, program_ + ": how it ended could not be written: " + one_line(written.error().sentence) + "\n");
  return status == kDone ? kFailed : status;
}

int Console::text(const std::string& text, const std::string& what) const {
  return print(stdout, text) ? kDone : unwritten(what, errno);
}

int Console::unwritten(const std::string& what, int reason) const {
  return error(failed(what + " could not be written to standard output: " + std::generic_category().message(reason)), true);
}

void Console::end_bar() const {
  if (bar_) print(stderr, "\r\033[K");
}

}  // namespace leat
