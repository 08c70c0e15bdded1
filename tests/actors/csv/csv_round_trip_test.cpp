// Whatever csv.write takes, csv.parse reads back as it was.
#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <set>

#include <leat/chunk/table_builder.hpp>

#include "actors/csv/fixture.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;
using csv_fixture::Files;

namespace {

using Limits = std::numeric_limits<double>;

const std::vector<ColumnType> kTypes = {ColumnType::F64, ColumnType::F32,  ColumnType::F16,  ColumnType::I64,
                                        ColumnType::I32, ColumnType::BOOL, ColumnType::TEXT, ColumnType::TIMESTAMP};

// Pieces that a parser may take for something: of them names and texts are made.
std::string words(std::size_t least) {
  auto piece = rc::gen::element<std::string>("a", " ", ",", ";", "\"", "\n", "\r", "\r\n", "|", "\t", "1", "#", "sep", "=",
                                             "NA", "nan", "\xEF\xBB\xBF", "\xC2\xA0", "\xC3\xA9", "c0", "-", "'", "\\");
  auto pieces = *rc::gen::resize(6, rc::gen::container<std::vector<std::string>>(piece));
  while (pieces.size() < least) pieces.push_back(*piece);
  std::string word;
  for (const std::string& each : pieces) word += each;
  return word;
}

char any_delimiter() {
  if (*rc::gen::arbitrary<bool>()) return *rc::gen::element(',', ';', '\t', '|', ' ', '#', '=');
  return *rc::gen::suchThat(rc::gen::map(rc::gen::inRange(1, 128), [](int c) { return static_cast<char>(c); }),
                            [](char c) { return csv::check_delimiter(c).ok(); });
}

template <class T, class Bits>
T any_real(std::initializer_list<T> extremes) {
  if (*rc::gen::arbitrary<bool>()) return *rc::gen::elementOf(std::vector<T>(extremes));
  return std::bit_cast<T>(*rc::gen::arbitrary<Bits>());
}

template <class T>
T any_integer() {
  std::vector<T> extremes = {0, 1, -1, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()};
  return *rc::gen::arbitrary<bool>() ? *rc::gen::elementOf(extremes) : *rc::gen::arbitrary<T>();
}

void put_any(TableBuilder& builder, const Field& field, std::size_t column, std::size_t row) {
  using L = std::numeric_limits<float>;
  switch (field.type) {
    case ColumnType::F64:
      builder.cells<double>(column)[row] = any_real<double, std::uint64_t>(
          {0.0, -0.0, 0.1, Limits::max(), Limits::lowest(), Limits::min(), Limits::denorm_min(), Limits::infinity(),
           -Limits::infinity(), Limits::quiet_NaN(), 9007199254740993.0, 12345678.12345678, 1e22, 1e23});
      break;
    case ColumnType::F32:
      builder.cells<float>(column)[row] = any_real<float, std::uint32_t>(
          {0.0F, -0.0F, 0.1F, L::max(), L::lowest(), L::min(), L::denorm_min(), L::infinity(), L::quiet_NaN(), 16777217.0F});
      break;
    case ColumnType::F16: {
      auto bits = *rc::gen::arbitrary<std::uint16_t>();
      builder.cells<Eigen::half>(column)[row] = Eigen::numext::bit_cast<Eigen::half>(bits);
      break;
    }
    case ColumnType::I32: builder.cells<std::int32_t>(column)[row] = any_integer<std::int32_t>(); break;
    case ColumnType::BOOL: builder.cells<std::uint8_t>(column)[row] = *rc::gen::inRange<std::uint8_t>(0, 2); break;
    case ColumnType::TEXT: RC_ASSERT(builder.put(column, row, words(0))); break;
    default: builder.cells<std::int64_t>(column)[row] = any_integer<std::int64_t>(); break;
  }
}

Fields any_fields() {
  Fields fields;
  std::set<std::string> names;
  auto columns = *rc::gen::inRange<std::size_t>(1, 6);
  while (fields.size() < columns) {
    std::string name = words(1);
    if (!names.insert(name).second) continue;
    auto type = *rc::gen::elementOf(kTypes);
    bool coded = type == ColumnType::TEXT && *rc::gen::arbitrary<bool>();
    fields.push_back({name, type, *rc::gen::arbitrary<bool>(), coded});
  }
  return fields;
}

Table any_table(Pool& pool, const Fields& fields) {
  auto rows = *rc::gen::inRange<std::size_t>(0, 6);
  TableBuilder builder(pool, fields, {.rows = rows, .heap = rows * fields.size() * 64});
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      put_any(builder, fields[i], i, row);
      // Alone on its line the null of a text is none: csv.write says so.
      bool may = fields[i].nullable && (fields.size() > 1 || fields[i].type != ColumnType::TEXT);
      if (may && *rc::gen::inRange(0, 3) == 0) builder.set_null(i, row);
    }
  }
  return std::move(builder).finish(rows, 0);
}

bool same_cell(const Table& a, const Table& b, std::size_t column, std::size_t row, std::size_t at) {
  if (a.valid(column, row) != b.valid(column, at)) return false;
  if (!a.valid(column, row)) return true;
  if (in_heap(a.type(column))) return a.text(column, row) == b.text(column, at);
  if (a.type(column) <= ColumnType::F16 && std::isnan(a.number(column, row))) return std::isnan(b.number(column, at));
  std::size_t width = cell_bytes(a.type(column));
  return std::memcmp(a.cells(column) + row * width, b.cells(column) + at * width, width) == 0;
}

std::string write(const std::string& path, const Table& table, char delimiter) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto kind = csv::write(path, {.delimiter = delimiter});
  if (auto ok = kind.describe({describing(table)}); !ok) return ok.error().sentence;
  auto actor = kind.actor({.inputs = {describing(table)}});
  if (auto fed = feed(*actor, {table.chunk()}, out); !fed) return fed.error().sentence;
  OutputName name{"job", 0, 1, 0, true};
  auto sealed = actor->seal(name);
  if (sealed) sealed = actor->commit(name);
  return sealed ? "" : sealed.error().sentence;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_round_trip)

BOOST_AUTO_TEST_CASE(any_table_reads_back_as_it_was_written) {
  Files files;
  bool holds = rc::check("parse(write(t)) = t", [&] {
    auto pool = Pool::make();
    Fields fields = any_fields();
    Table table = any_table(*pool, fields);
    char delimiter = any_delimiter();
    std::string said = write(files.path("t.csv"), table, delimiter);
    RC_LOG() << "delimiter " << static_cast<int>(delimiter) << ", said " << said << "\n" << text_of(files.path("t.csv"));
    RC_ASSERT(said == "");
    std::map<std::string, ColumnType> types;
    for (const Field& field : fields) types[field.name] = field.type;
    auto back = csv_fixture::read(files.path("t.csv"), {.types = types}, {.delimiter = delimiter, .header = true});
    RC_LOG() << back.error << "\n";
    RC_ASSERT(back.error == "");
    RC_ASSERT(back.rows() == table.rows());
    std::size_t row = 0;
    for (const Table& part : back.tables) {
      RC_ASSERT(part.columns() == fields.size());
      for (std::size_t at = 0; at < part.rows(); ++at, ++row) {
        for (std::size_t i = 0; i < fields.size(); ++i) {
          RC_ASSERT(part.name(i) == fields[i].name);
          RC_ASSERT(same_cell(table, part, i, row, at));
        }
      }
    }
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(a_header_that_looks_like_a_line_before_it_is_quoted) {
  Files files;
  auto pool = Pool::make();
  Table table = TableBuilder(*pool, {{"sep"}, {"x"}}, 0).finish(0, 0);
  BOOST_TEST(write(files.path("t.csv"), table, '=') == "");
  BOOST_TEST(text_of(files.path("t.csv")) == "\"sep\"=x\n");
  BOOST_TEST(write(files.path("t.csv"), table, ',') == "");
  BOOST_TEST(text_of(files.path("t.csv")) == "sep,x\n");
}

BOOST_AUTO_TEST_CASE(what_would_not_read_back_is_refused) {
  Files files;
  auto pool = Pool::make();
  TableBuilder alone(*pool, {{"name", ColumnType::TEXT, true}}, {.rows = 2, .heap = 8});
  alone.put(0, 0, "");
  alone.set_null(0, 1);
  BOOST_TEST(says(write(files.path("t.csv"), std::move(alone).finish(2, 0), ','), {"null in row 2", "column name"}));
  Table nul = TableBuilder(*pool, {{std::string("a\0b", 3)}}, 1).finish(0, 0);
  BOOST_TEST(says(write(files.path("t.csv"), nul, ','), {"holds a NUL", "a\\x00b"}));
}

BOOST_AUTO_TEST_SUITE_END()
