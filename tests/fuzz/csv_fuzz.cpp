// Any bytes as a CSV file, which may be packed: no crash, and the same rows, counts and errors whatever the block size.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <sys/mman.h>

#include <unistd.h>

#include "actors/csv/fixture.hpp"

using namespace leat;
using csv_fixture::Read;

namespace {

// All that is observable, as text.
std::string told(const Read& read) {
  std::string out = read.error + "\n";
  for (const auto& [name, count] : read.counts)
    out += name + "=" + std::to_string(count) + "\n";
  for (const Table& table : read.tables) {
    Fields fields = table.fields();
    for (std::size_t row = 0; row < table.rows(); ++row) {
      out += std::to_string(table.row_number(row));
      for (std::size_t i = 0; i < fields.size(); ++i) {
        out += table.valid(i, row) ? '|' : '-';
        bool text = fields[i].type == ColumnType::TEXT || fields[i].type == ColumnType::BYTES;
        std::size_t width = cell_bytes(fields[i].type);
        auto* cell = reinterpret_cast<const char*>(table.cells(i)) + row * width;
        out += text ? table.text(i, row) : std::string_view(cell, width);
      }
      out += '\n';
    }
  }
  return out;
}

struct Options {
  csv::BlockOptions blocks;
  csv::ParseOptions parse;
};

// The first two bytes choose the options, the rest is the file.
Options options_from(std::uint8_t a, std::uint8_t b) {
  Options out;
  out.parse.bad = static_cast<csv::BadCells>(a % 3);
  out.parse.real = a & 4 ? ColumnType::F32 : ColumnType::F64;
  if (a & 8) out.blocks.delimiter = ",;\t|"[a >> 4 & 3];
  if (a & 64) out.blocks.header = (a & 128) != 0;
  // Columns get these names only when there is no header; others are refused, as they should be.
  if (out.blocks.header == false && (b & 1)) {
    out.parse.types["c0"] = static_cast<ColumnType>((b >> 4) % 9);
    if (b & 2) out.parse.columns = {"c0"};
  }
  out.blocks.block_bytes = 64 + b;
  return out;
}

// How far a packed file was taken when damage showed depends on how much was asked for.
std::string without_place(const std::string& error) {
  constexpr std::string_view kPlace = ": at byte ";
  std::size_t at = error.find(kPlace);
  if (at == error.npos) return error;
  return error.substr(0, at) + error.substr(error.find_first_not_of("0123456789", at + kPlace.size()));
}

void require(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 1 << 16) return 0;
  Options options = options_from(data[0], data[1]);
  int descriptor = ::memfd_create("csv", MFD_CLOEXEC);
  std::size_t written = 0;
  while (written < size - 2) {
    ssize_t now = ::write(descriptor, data + 2 + written, size - 2 - written);
    require(now > 0, "cannot write to memory");
    written += static_cast<std::size_t>(now);
  }
  std::string path = "/proc/self/fd/" + std::to_string(descriptor);
  Read small = csv_fixture::read(path, options.parse, options.blocks);
  options.blocks.block_bytes = 1 << 17;
  Read large = csv_fixture::read(path, options.parse, options.blocks);
  ::close(descriptor);

  require(without_place(small.error) == without_place(large.error), "errors differ: " + small.error + " / " + large.error);
  // What came before an error depends on where blocks end.
  if (small.error.empty()) require(told(small) == told(large), "rows differ");
  for (const Table& table : small.tables) {
    require(table.chunk().footprint() <= small.described.needs.max_output,
            "more output than declared");
  }
  for (const Chunk& block : large.blocks) {
    require(block.footprint() <= large.source.max_chunk, "a larger block than declared");
  }
  return 0;
}
