// Writes the inputs of the tables benchmark, always the same bytes for the same arguments.
//
//   --what flights  hour,delay,distance,fare,state: three integers, a decimal, two letters; narrow and mixed
//   --what words    lines of words, some of them everywhere and most of them rare, as in a book
//   --what json     one object a line: {"id":7,"user":{"name":"ab","age":31},"amount":12.5,"paid":true}

#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <random>
#include <string>

#include <CLI/CLI.hpp>

namespace {

std::string digits(std::uint64_t n) { return std::to_string(n); }

std::string letters(std::uint64_t n, std::size_t most) {
  std::string text;
  do {
    text += static_cast<char>('a' + n % 26);
    n /= 26;
  } while (n > 0 && text.size() < most);
  return text;
}

std::string flight(std::uint64_t draw) {
  std::string line = digits(draw % 24) + ',';
  auto delay = static_cast<std::int64_t>((draw >> 8) % 400) - 60;
  line += std::to_string(delay) + ',' + digits(60 + (draw >> 20) % 4900) + ',';
  std::uint64_t cents = (draw >> 34) % 100000;
  line += digits(cents / 100) + '.' + static_cast<char>('0' + cents / 10 % 10) + static_cast<char>('0' + cents % 10) + ',';
  line += static_cast<char>('A' + (draw >> 52) % 10);
  line += static_cast<char>('A' + (draw >> 58) % 5);
  return line;
}

// As in a book: each doubling of the rank has as many words of the text (Zipf's law), of 131,071 in all.
std::string words(std::mt19937_64& random) {
  std::string line;
  for (std::size_t count = 6 + random() % 9; count > 0; --count) {
    std::uint64_t first = std::uint64_t{1} << random() % 17;
    std::uint64_t rank = first + random() % first - 1;
    line += letters(rank * 2654435761u % 300'000'000, 3 + rank % 9) + (count > 1 ? " " : "");
  }
  return line;
}

std::string object(std::uint64_t draw, std::size_t row) {
  return "{\"id\":" + digits(row) + ",\"user\":{\"name\":\"" + letters(draw % 1'000'003, 8) + "\",\"age\":" +
         digits(18 + (draw >> 20) % 80) + "},\"amount\":" + digits((draw >> 30) % 5000) + '.' +
         digits(10 + (draw >> 44) % 90) + ",\"paid\":" + ((draw >> 52) % 2 ? "true" : "false") + "}";
}

}  // namespace

int main(int argc, char** argv) {
  std::string what, path;
  std::uint64_t rows = 10'000'000, bytes = 0;
  CLI::App app{"makes the inputs of the tables benchmark"};
  app.add_option("--what", what)->required()->check(CLI::IsMember({"flights", "words", "json"}));
  app.add_option("--rows", rows, "lines");
  app.add_option("--bytes", bytes, "stop at so many bytes");
  app.add_option("path", path, "file to write")->required();
  CLI11_PARSE(app, argc, argv);
  std::mt19937_64 random(1);
  std::ofstream file;
  file.exceptions(std::ios::failbit | std::ios::badbit);
  try {
    file.open(path + ".part", std::ios::binary);
    std::uint64_t written = 0;
    if (what == "flights") file << "hour,delay,distance,fare,state\n";
    for (std::uint64_t row = 0; row < rows && (bytes == 0 || written < bytes); ++row) {
      std::string line = what == "flights" ? flight(random()) : what == "words" ? words(random) : object(random(), row);
      line += '\n';
      written += line.size();
      file << line;
    }
    file.close();
    std::filesystem::rename(path + ".part", path);
  } catch (const std::exception& error) {
    std::cerr << "make_tables: cannot write " << path << ": " << error.what() << '\n';
    return 1;
  }
  std::cout << "{\"rows\":" << rows << ",\"bytes\":" << std::filesystem::file_size(path) << "}\n";
}
