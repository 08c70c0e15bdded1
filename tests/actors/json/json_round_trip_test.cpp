// What json::write writes, json::lines reads back.
#include <leat/actors/json/write.hpp>

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <bit>
#include <cmath>
#include <cstring>

#include "actors/json/fixture.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

const Fields kFields = {{"x", ColumnType::F64, true},  {"f", ColumnType::F32, true},       {"h", ColumnType::F16, true},
                        {"n", ColumnType::I64, true},  {"i", ColumnType::I32, true},       {"b", ColumnType::BOOL, true},
                        {"t \"1\".x", ColumnType::TEXT, true}, {"at", ColumnType::TIMESTAMP, true}};

// A number of each kind from the bits of one.
void fill(TableBuilder& builder, std::size_t row, std::uint64_t bits) {
  auto finite = [](auto number, auto other) { return std::isfinite(static_cast<double>(number)) ? number : other; };
  builder.cells<double>(0)[row] = finite(std::bit_cast<double>(bits), -0.0);
  builder.cells<float>(1)[row] = finite(std::bit_cast<float>(static_cast<std::uint32_t>(bits)), 1e-45f);
  builder.cells<Eigen::half>(2)[row] = Eigen::half(static_cast<float>(static_cast<int>(bits % 4096)) / 16);
  builder.cells<std::int64_t>(3)[row] = static_cast<std::int64_t>(bits);
  builder.cells<std::int32_t>(4)[row] = static_cast<std::int32_t>(bits >> 7);
  builder.cells<std::uint8_t>(5)[row] = bits & 1;
  builder.cells<std::int64_t>(7)[row] = static_cast<std::int64_t>(bits * 31);
}

std::string utf8(const std::vector<std::uint32_t>& points) {
  std::string out;
  for (std::uint32_t point : points) {
    std::uint32_t at = point % 0x110000;
    if (at >= 0xD800 && at < 0xE000) at = point % 128;
    if (at < 0x80) {
      out += static_cast<char>(at);
    } else if (at < 0x800) {
      out += {static_cast<char>(0xC0 | at >> 6), static_cast<char>(0x80 | (at & 63))};
    } else if (at < 0x10000) {
      out += {static_cast<char>(0xE0 | at >> 12), static_cast<char>(0x80 | (at >> 6 & 63)), static_cast<char>(0x80 | (at & 63))};
    } else {
      out += {static_cast<char>(0xF0 | at >> 18), static_cast<char>(0x80 | (at >> 12 & 63)),
              static_cast<char>(0x80 | (at >> 6 & 63)), static_cast<char>(0x80 | (at & 63))};
    }
  }
  return out;
}

void write(const std::string& path, const Chunk& chunk) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto actor = json::write(path).actor({});
  RC_ASSERT(feed(*actor, {chunk}, out).ok());
  OutputName name{"job", 0, 1, 0, true};
  RC_ASSERT(actor->seal(name).ok());
  RC_ASSERT(actor->commit(name).ok());
}

// Cells as bits, so that -0 is not 0.
std::string bits_of(const Table& table) {
  std::string out;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (std::size_t i = 0; i < table.columns(); ++i) {
      std::size_t width = cell_bytes(table.type(i));
      out += table.valid(i, row) ? '+' : '-';
      if (!table.valid(i, row)) continue;
      out += in_heap(table.type(i)) ? std::string(table.text(i, row))
                                    : std::string(reinterpret_cast<const char*>(table.cells(i)) + row * width, width);
    }
  }
  return out;
}

std::string read_bits(const std::string& path) {
  json::ParseOptions options;
  for (const Field& field : kFields) options.types[field.name] = field.type;
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto source = json::lines(path, options).source();
  auto probed = source->probe();
  RC_ASSERT(sentence(probed) == "");
  RC_ASSERT(sentence(drain(*source, out)) == "");
  std::string bits;
  for (const Chunk& chunk : out.emitted) bits += bits_of(Table(chunk));
  return bits;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_round_trip)

BOOST_AUTO_TEST_CASE(every_cell_of_every_type_comes_back_to_the_bit) {
  bool holds = rc::check("written and read", [] {
    Folder folder;
    auto pool = Pool::make();
    auto numbers = *rc::gen::nonEmpty<std::vector<std::uint64_t>>();
    std::vector<std::string> texts;
    std::size_t heap = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      texts.push_back(utf8(*rc::gen::arbitrary<std::vector<std::uint32_t>>()));
      heap += texts.back().size();
    }
    TableBuilder builder(*pool, kFields, {.rows = numbers.size(), .heap = heap});
    for (std::size_t row = 0; row < numbers.size(); ++row) {
      fill(builder, row, numbers[row]);
      builder.put(6, row, texts[row]);
      if (*rc::gen::inRange(0, 4) == 0) builder.set_null(*rc::gen::inRange<std::size_t>(0, kFields.size()), row);
    }
    Table table = std::move(builder).finish(numbers.size(), 0);
    write(folder / "a.jsonl", table.chunk());
    RC_ASSERT(read_bits(folder / "a.jsonl") == bits_of(table));
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(extremes_come_back_with_the_types_that_are_found) {
  Folder folder;
  auto pool = Pool::make();
  constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
  Fields fields = {{"n", ColumnType::I64}, {"x", ColumnType::F64}, {"at", ColumnType::TIMESTAMP}, {"t", ColumnType::TEXT}};
  TableBuilder builder(*pool, fields, {.rows = 2, .heap = 16});
  builder.cells<std::int64_t>(0)[0] = kLeast;
  builder.cells<std::int64_t>(0)[1] = ~kLeast;
  builder.cells<double>(1)[0] = 5e-324;
  builder.cells<double>(1)[1] = 1.7976931348623157e308;
  builder.cells<std::int64_t>(2)[0] = kLeast;
  builder.cells<std::int64_t>(2)[1] = ~kLeast;
  builder.put(3, 0, std::string_view("a\0\x1f\x7f", 4));
  builder.put(3, 1, "\u2028\"\\/");
  Table table = std::move(builder).finish(2, 0);
  write(folder / "a.jsonl", table.chunk());
  auto source = json::lines(folder / "a.jsonl").source();
  auto probed = source->probe();
  BOOST_REQUIRE(probed.ok());
  BOOST_TEST(json_fixture::columns_of(probed->fields) == json_fixture::columns_of(fields));
  RecordingOutbox out(*pool);
  BOOST_REQUIRE(drain(*source, out).ok());
  BOOST_TEST((bits_of(Table(out.emitted.at(0))) == bits_of(table)));
}

BOOST_AUTO_TEST_SUITE_END()
