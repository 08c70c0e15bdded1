// From execve to the end of a whole small job: an upper bound of the time to its first chunk.

#include "leat_bench.hpp"
#include "measure.hpp"

#include <spawn.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace bench {
namespace {

constexpr std::size_t kRuns = 20;

double run_once(const std::string& program, const std::string& data) {
  auto out = (std::filesystem::temp_directory_path() / "leat-bench-start.model").string();
  std::vector<std::string> words = {program, "run", "train", "--data", data, "--out", out, "--quiet"};
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  Stopwatch watch;
  pid_t child = 0;
  int status = 0;
  bool ran = ::posix_spawn(&child, program.c_str(), nullptr, nullptr, argv.data(), environ) == 0 &&
             ::waitpid(child, &status, 0) == child && status == 0;
  double seconds = watch.seconds();
  std::filesystem::remove(out);
  if (!ran) {
    std::fprintf(stderr, "leat_bench: %s did not run to its end\n", program.c_str());
    std::exit(1);
  }
  return seconds;
}

void run(const std::string& data) {
  auto program = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "regression";
  run_once(program, data);
  std::vector<double> times;
  for (std::size_t i = 0; i < kRuns; ++i) times.push_back(run_once(program, data));
  std::nth_element(times.begin(), times.begin() + kRuns / 2, times.end());
  print_line("leat", times[kRuns / 2], 1, {{"median_ms", times[kRuns / 2] * 1e3}, {"runs", kRuns}});
}

}  // namespace

void add_start(CLI::App& app) {
  auto data = std::make_shared<std::string>();
  auto* sub = app.add_subcommand("start", "a whole regression over a small file, median of 20");
  sub->add_option("--data", *data, "CSV file")->required();
  sub->callback([data] { run(*data); });
}

}  // namespace bench
