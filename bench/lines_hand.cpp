// The limit for lines: one thread, memchr over a block of a file, the lines of the block into one vector of views.

#include <cstring>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "file_blocks.hpp"
#include "measure.hpp"

namespace {

void keep(const void* data) { asm volatile("" : : "r"(data) : "memory"); }

void split(std::string_view text, std::vector<std::string_view>& lines) {
  lines.clear();
  for (const char *at = text.data(), *end = at + text.size(); at < end;) {
    const auto* found = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    const char* stop = found ? found : end;
    lines.emplace_back(at, static_cast<std::size_t>(stop - at));
    at = stop + 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::string data;
  CLI::App app{"limit: lines by hand"};
  app.add_option("--data", data, "text")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    const bench::Stopwatch watch;
    bench::FileBlocks file(data);
    std::vector<std::string_view> lines;
    std::size_t rows = 0;
    for (std::string_view text; !(text = file.next()).empty();) {
      split(text, lines);
      keep(lines.data());
      rows += lines.size();
    }
    bench::print_line("lines_hand", watch.seconds(), static_cast<double>(rows), bench::Json::object());
  } catch (const std::exception& error) {
    std::cerr << "lines_hand: error: " << error.what() << "\n";
    return 1;
  }
}
