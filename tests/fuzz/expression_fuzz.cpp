// Any bytes as an expression: no crash, sentences on one line, and what can be parsed and bound can be evaluated, or
// fails with a sentence, and gives no more than it declares.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <algorithm>
#include <string>

#include <leat/actor/recording_outbox.hpp>
#include <leat/actors/columns/compute.hpp>
#include <leat/actors/expression/expression.hpp>
#include <leat/chunk/table_builder.hpp>
#include <leat/chunk/validate.hpp>

using namespace leat;

namespace {

void require(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

void require_sentence(const Error& error) {
  bool one_line = std::none_of(error.sentence.begin(), error.sentence.end(), [](char c) { return c >= 0 && c < 0x20; });
  require(!error.sentence.empty() && one_line, "no sentence: " + error.sentence);
}

// A column of each type, with nulls, called by one letter.
Table rows_of(Pool& pool) {
  Fields fields = {{"d", ColumnType::F64, true},         {"f", ColumnType::F32},
                   {"i", ColumnType::I64, true},         {"j", ColumnType::I32},
                   {"b", ColumnType::BOOL, true},        {"t", ColumnType::TEXT, true},
                   {"w", ColumnType::TEXT, false, true}, {"s", ColumnType::TIMESTAMP}};
  TableBuilder builder(pool, fields, {.rows = 3, .heap = 64});
  for (std::size_t row = 0; row < 3; ++row) {
    auto n = static_cast<std::int64_t>(row);
    builder.cells<double>(0)[row] = static_cast<double>(n) - 0.5;
    builder.cells<float>(1)[row] = 1e30f;
    builder.cells<std::int64_t>(2)[row] = n == 1 ? INT64_MIN : n;
    builder.cells<std::int32_t>(3)[row] = -7;
    builder.cells<std::uint8_t>(4)[row] = row == 1;
    builder.put(5, row, row == 0 ? "" : "s\xC3\xBC\xC3\x9F x");
    builder.put(6, row, "1.5");
    builder.cells<std::int64_t>(7)[row] = n * 86'400'000'000'000;
  }
  for (std::size_t column : {0, 2, 4, 5}) builder.set_null(column, 2);
  return std::move(builder).finish(3, 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  auto parsed = parse_expression(text);
  if (!parsed) {
    require_sentence(parsed.error());
    return 0;
  }
  auto pool = Pool::make();
  Table table = rows_of(*pool);
  Description rows;
  rows.fields = table.fields();
  rows.max_chunk = table.chunk().footprint();
  auto kind = compute({"result = " + text});
  require(!kind.wrong_options, "what is an expression is none behind a name");
  auto described = kind.describe({rows});
  if (!described) {
    require_sentence(described.error());
    return 0;
  }
  RecordingOutbox out(*pool);
  auto ran = feed(*kind.actor({}), {table.chunk()}, out);
  if (!ran) {
    require_sentence(ran.error());
    return 0;
  }
  require(out.emitted.at(0).footprint() <= described->needs.max_output, "more output than declared");
  require(validate(out.emitted[0]).ok(), "an unsound table");
  require(Table(out.emitted[0]).fields() == described->output.fields, "other columns than declared");
  return 0;
}
