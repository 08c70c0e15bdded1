// Random expressions over random tables come to what the scalar evaluator says, cell by cell.
#include <leat/actors/columns/compute.hpp>
#include <leat/actors/rows/where.hpp>
#include <leat/chunk/validate.hpp>

#include "actors/expression/scalar_expression.hpp"
#include "actors/tables.hpp"

#include <bit>

using namespace leat;
using namespace leat::tests;

namespace {

constexpr std::int64_t kWhole[] = {0, 1, 3, -5, 7, -1, 1000000007, INT64_MAX, INT64_MIN, 2};
const double kReal[] = {0, -0.0, 1, -2.5, 3.25, 1e300, -1e300, INFINITY, -INFINITY, NAN, 1e-310, 9.3e18};
const char* const kTexts[] = {"", "a", "ab", "b", "abba", "s\xC3\xBC\xC3\x9F", " x ", "zz top", "0"};
constexpr std::int64_t kTimes[] = {0, -1, 1709226309000000000, INT64_MIN, INT64_MAX, 86'400'000'000'000};

struct Made {
  Table table;
  std::vector<ScalarRow> rows;
};

Made random_table(Pool& pool, std::mt19937_64& random, std::size_t size, bool nulls) {
  Fields fields = {
      {"d", ColumnType::F64, nulls},  {"f", ColumnType::F32, nulls},        {"h", ColumnType::F16, nulls},
      {"i", ColumnType::I64, nulls},  {"j", ColumnType::I32, nulls},        {"b", ColumnType::BOOL, nulls},
      {"t", ColumnType::TEXT, nulls}, {"w", ColumnType::TEXT, nulls, true}, {"s", ColumnType::TIMESTAMP, nulls}};
  TableBuilder builder(pool, fields, {.rows = size, .heap = 64 * size + 64});
  Made made{{}, std::vector<ScalarRow>(size)};
  auto any = [&](auto& from) { return from[random() % std::size(from)]; };
  for (std::size_t row = 0; row < size; ++row) {
    for (std::size_t at = 0; at < fields.size(); ++at) {
      Scalar& cell = made.rows[row][fields[at].name];
      double real = any(kReal);
      std::int64_t whole = any(kWhole);
      std::string text = any(kTexts);
      switch (at) {
        case 0: builder.cells<double>(at)[row] = cell.real = real; break;
        case 1: cell.real = builder.cells<float>(at)[row] = static_cast<float>(real); break;
        case 2:
          cell.real = static_cast<double>(builder.cells<Eigen::half>(at)[row] = static_cast<Eigen::half>(real));
          break;
        case 3: builder.cells<std::int64_t>(at)[row] = cell.integer = whole; break;
        case 4: cell.integer = builder.cells<std::int32_t>(at)[row] = static_cast<std::int32_t>(whole % 100); break;
        case 5: cell.integer = builder.cells<std::uint8_t>(at)[row] = whole & 1; break;
        case 8: builder.cells<std::int64_t>(at)[row] = cell.integer = any(kTimes); break;
        default: builder.put(at, row, cell.text = text); break;
      }
      if (nulls && random() % 5 == 0) {
        builder.set_null(at, row);
        cell = Scalar::nothing();
      }
    }
  }
  made.table = std::move(builder).finish(size, 100);
  return made;
}

bool same(const Table& table, std::size_t column, std::size_t row, const Scalar& wanted) {
  if (table.valid(column, row) == wanted.null) return false;
  if (wanted.null) return true;
  auto at = static_cast<Eigen::Index>(row);
  switch (table.type(column)) {
    case ColumnType::F64: {
      double is = table.values<double>(column)[at];
      return std::isnan(is) ? std::isnan(wanted.real)
                            : std::bit_cast<std::uint64_t>(is) == std::bit_cast<std::uint64_t>(wanted.real);
    }
    case ColumnType::F32:
    case ColumnType::F16:
    case ColumnType::I32: {
      double is = table.number(column, row);
      double number = table.type(column) == ColumnType::I32 ? static_cast<double>(wanted.integer) : wanted.real;
      return is == number || (std::isnan(is) && std::isnan(number));
    }
    case ColumnType::BOOL: return table.values<std::uint8_t>(column)[at] == wanted.integer;
    case ColumnType::TEXT: return table.text(column, row) == wanted.text;
    default: return table.values<std::int64_t>(column)[at] == wanted.integer;
  }
}

void check(const Tree& tree, const Made& made, Pool& pool, std::size_t& failures) {
  RecordingOutbox out(pool);
  auto ran = feed(*compute({"result = " + tree.text}).actor({}), {made.table.chunk()}, out);
  std::optional<std::size_t> failed;
  std::vector<Scalar> wanted;
  for (std::size_t row = 0; row < made.rows.size(); ++row) {
    wanted.push_back(tree.value(made.rows[row]));
    if (wanted.back().failed && !failed) failed = row;
  }
  if (failed) {
    ++failures;
    BOOST_REQUIRE_MESSAGE(!ran.ok(), tree.text << " does not fail");
    BOOST_TEST(says(sentence(ran), {("row " + std::to_string(101 + *failed) + " (").c_str(), "column result"}),
               tree.text);
    BOOST_TEST(sentence(ran).back() != ' ', sentence(ran) << " of " << tree.text);
    return;
  }
  BOOST_REQUIRE_MESSAGE(ran.ok(), tree.text << ": " << sentence(ran));
  Table result(out.emitted.at(0));
  BOOST_TEST(sentence(validate(result.chunk())) == "");
  std::size_t column = *result.find("result");
  for (std::size_t row = 0; row < wanted.size(); ++row) {
    BOOST_REQUIRE_MESSAGE(same(result, column, row, wanted[row]), tree.text << " in row " << row);
  }
  auto described = compute({"result = " + tree.text}).describe({[&] {
    Description rows = describing(made.table);
    rows.max_chunk = made.table.chunk().footprint();
    return rows;
  }()});
  BOOST_REQUIRE_MESSAGE(described.ok(), sentence(described));
  BOOST_TEST((described->output.fields == result.fields()), tree.text);
  BOOST_TEST(result.chunk().footprint() <= described->needs.max_output, tree.text);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(expression_properties)

BOOST_AUTO_TEST_CASE(columns_are_what_the_scalar_evaluator_says) {
  auto pool = Pool::make();
  std::mt19937_64 random(20240229);
  std::size_t failures = 0;
  for (int round = 0; round < 1500; ++round) {
    constexpr ValueType kTypes[] = {ValueType::f64, ValueType::i64, ValueType::boolean, ValueType::text,
                                    ValueType::time};
    Tree tree = RandomTree(random).make(kTypes[round % 5], 1 + round % 4);
    // Around the ends of words and blocks; few rows fail less often.
    constexpr std::size_t kSizes[] = {0, 1, 3, 7, 63, 64, 65, 2, 5, 1023, 1025};
    check(tree,
          random_table(*pool, random, kSizes[static_cast<std::size_t>(round) % std::size(kSizes)], round % 3 != 0),
          *pool, failures);
  }
  BOOST_TEST(failures > 50u);
  BOOST_TEST(failures < 900u);
}

BOOST_AUTO_TEST_CASE(where_keeps_the_rows_that_are_true) {
  auto pool = Pool::make();
  std::mt19937_64 random(7);
  for (int round = 0; round < 400; ++round) {
    Tree tree = RandomTree(random).make(ValueType::boolean, 1 + round % 3);
    Made made = random_table(*pool, random, 1 + random() % 9, true);
    RecordingOutbox out(*pool);
    auto ran = feed(*where(tree.text).actor({}), {made.table.chunk()}, out);
    std::vector<std::uint64_t> kept;
    std::size_t nulls = 0;
    bool failed = false;
    for (std::size_t row = 0; row < made.rows.size(); ++row) {
      Scalar is = tree.value(made.rows[row]);
      failed = failed || is.failed;
      nulls += is.null;
      if (is.holds() && is.integer) kept.push_back(100 + row);
    }
    BOOST_REQUIRE_MESSAGE(ran.ok() != failed, tree.text << ": " << sentence(ran));
    if (failed) continue;
    std::vector<std::uint64_t> is;
    for (const Chunk& chunk : out.emitted) {
      for (std::size_t row = 0; row < Table(chunk).rows(); ++row) is.push_back(Table(chunk).row_number(row));
    }
    BOOST_TEST((is == kept), tree.text);
    BOOST_TEST(out.counts["rows dropped"] == nulls, tree.text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
