// The limit for JSON lines to columns: one thread, simdjson's On-Demand over a block of lines, values into vectors that
// are cleared for each block.

#include <cstdint>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>
#include <simdjson.h>

#include "file_blocks.hpp"
#include "measure.hpp"

namespace {

using namespace simdjson;

void keep(const void* data) { asm volatile("" : : "r"(data) : "memory"); }

struct Columns {
  std::vector<std::int64_t> id, zip;
  std::vector<std::string> name, at, city;
  std::vector<double> score;
  std::vector<char> active;

  void clear() {
    id.clear(), zip.clear(), name.clear(), at.clear(), city.clear(), score.clear(), active.clear();
  }
  void take(ondemand::document_reference event) {
    id.push_back(event["id"].get_int64().value());
    name.emplace_back(event["name"].get_string().value());
    score.push_back(event["score"].get_double().value());
    active.push_back(event["active"].get_bool().value());
    at.emplace_back(event["at"].get_string().value());
    ondemand::object user = event["user"].get_object().value();
    city.emplace_back(user["city"].get_string().value());
    zip.push_back(user["zip"].get_int64().value());
  }
};

}  // namespace

int main(int argc, char** argv) {
  std::string data;
  CLI::App app{"limit: JSON lines to columns by hand"};
  app.add_option("--data", data, "JSON lines")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    const bench::Stopwatch watch;
    bench::FileBlocks file(data);
    ondemand::parser parser;
    Columns columns;
    std::size_t rows = 0;
    for (std::string_view text; !(text = file.next()).empty();) {
      columns.clear();
      ondemand::document_stream events = parser.iterate_many(text.data(), text.size(), text.size()).value();
      for (auto event : events) columns.take(event.value());
      keep(&columns);
      rows += columns.id.size();
    }
    bench::print_line("json_hand", watch.seconds(), static_cast<double>(rows), bench::Json::object());
  } catch (const std::exception& error) {
    std::cerr << "json_hand: error: " << error.what() << "\n";
    return 1;
  }
}
