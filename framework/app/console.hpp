/// What a command says, and how it ends.
#pragma once

#include <leat/app/exit_status.hpp>
#include <leat/app/pace.hpp>
#include <leat/app/request.hpp>
#include <leat/app/standstill.hpp>
#include <leat/runtime/run.hpp>

#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>

namespace leat {

/// False when it could not be written whole; then errno says why.
bool print(std::FILE* to, const std::string& text);

/// Threads: one.
class Console {
 public:
  Console(std::string program, const Request& request);

  /// Lines that are lost are said with the report.
  void progress(const Progress& progress) const;
  /// Says that nothing moves, and why.
  void stuck(const Why& why) const;
  /// Says that a run begins anew from a checkpoint (0: from its beginning), and why.
  void restarts(const Error& why, std::uint64_t n) const;
  /// What the run has drawn so far, of itself too, as curves_json() has it: a second line where it is said how it ended.
  void drawn(std::string curves) const { curves_ = std::move(curves); }
  /// Says what a job waits for: a line each.
  void waits(const std::string& what) const;
  /// Says how the run ended; returns the exit status.
  int report(const Report& report) const;
  /// Says the sentence; returns the exit status. `started`: work had begun.
  int error(const Error& error, bool started) const;
  /// Says that the run was interrupted before it began, `when`; returns the exit status.
  int interrupted(const std::string& when) const;
  /// Text on standard output; returns the exit status.
  int text(const std::string& text, const std::string& what) const;

 private:
  void end_bar() const;
  int unwritten(const std::string& what, int reason) const;
  int settled(int status, const std::string& json) const;

  std::string program_;
  std::filesystem::path outcome_;
  bool json_;
  bool quiet_;
  bool bar_;
  mutable Standstill standstill_;
  mutable Pace pace_;
  mutable double shown_ = 0;  // the part of the work that the bar has shown: more comes to light, no less is done
  mutable std::string curves_;
  mutable int lost_ = 0;  // why a line of progress could not be written
};

}  // namespace leat
