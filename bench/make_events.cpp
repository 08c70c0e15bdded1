// Writes the JSON lines the benchmarks read, always the same bytes for the same arguments: events with an id, a name, a
// measure, a flag, an instant and an object, about 126 bytes each.

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <random>
#include <string>

#include <CLI/CLI.hpp>

namespace {

void append_event(std::string& text, std::uint64_t id, std::mt19937_64& random) {
  const std::uint64_t draw = random();
  char line[256];
  const int size = std::snprintf(
      line, sizeof line,
      "{\"id\":%llu,\"name\":\"user%u\",\"score\":%u.%03u,\"active\":%s,\"at\":\"2024-05-01T12:%02u:%02uZ\","
      "\"user\":{\"city\":\"c%u\",\"zip\":%u}}\n",
      static_cast<unsigned long long>(id), static_cast<unsigned>(draw % 1000), static_cast<unsigned>(draw >> 10 & 4095),
      static_cast<unsigned>(draw >> 22) % 1000, draw >> 63 ? "true" : "false", static_cast<unsigned>(draw >> 32) % 60,
      static_cast<unsigned>(draw >> 38) % 60, static_cast<unsigned>(draw >> 44) % 100,
      static_cast<unsigned>(draw >> 46) % 99999);
  text.append(line, static_cast<std::size_t>(size));
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t rows = 1'000'000;
  std::string path;
  CLI::App app{"writes JSON lines"};
  app.add_option("--rows", rows, "lines");
  app.add_option("path", path, "the file")->required();
  CLI11_PARSE(app, argc, argv);
  std::ofstream file(path, std::ios::binary);
  std::mt19937_64 random(7);
  std::string text;
  for (std::uint64_t id = 0; id < rows; ++id) {
    append_event(text, id, random);
    if (text.size() < 1 << 20 && id + 1 < rows) continue;
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    text.clear();
  }
  file.close();
  std::cout << "{\"rows\": " << rows << "}\n";
  return file.fail() ? 1 : 0;
}
