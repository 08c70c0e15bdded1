// However a file is cut into blocks, its rows are the same: compared with a simple parser.
#include <optional>

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include "actors/csv/fixture.hpp"

using namespace leat;
using csv_fixture::Files;
using csv_fixture::read;
using csv_fixture::Read;

namespace {

using Row = std::vector<std::string>;

// RFC 4180 by the letter, one byte at a time.
std::vector<Row> parsed_simply(const std::string& text) {
  std::vector<Row> rows;
  Row row{""};
  bool quoted = false, was_quoted = false, blank = true;
  auto end_row = [&] {
    if (!blank) rows.push_back(row);
    row = {""};
    blank = true;
    was_quoted = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (quoted) {
      if (c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
        row.back() += text[++i];
      } else if (c == '"') {
        quoted = false;
      } else {
        row.back() += c;
      }
    } else if (c == '\n' || c == '\r') {
      end_row();
    } else {
      if (c == '"' && row.back().empty() && !was_quoted) {
        quoted = was_quoted = true;
      } else if (c == ',') {
        row.emplace_back();
        was_quoted = false;
      } else {
        row.back() += c;
      }
      blank = false;
    }
  }
  end_row();
  return rows;
}

std::string cell() {
  auto raw = *rc::gen::resize(
      12, rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
              "a", "b", "1", " ", "\xC3\xA4", "\xF0\x9F\x98\x80", ",", "\"", "\n", "\r\n", "\r")));
  std::string text;
  for (const auto& part : raw)
    text += part;
  bool must = text.find_first_of(",\"\n\r") != text.npos;
  if (!must && *rc::gen::inRange(0, 4)) return text;
  std::string out = "\"";
  for (char c : text)
    out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string file_of(std::size_t rows, std::size_t columns) {
  auto end = *rc::gen::element<std::string>("\n", "\r\n", "\r");
  std::string out = "name0";
  for (std::size_t i = 1; i < columns; ++i)
    out += ",name" + std::to_string(i);
  out += end;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < columns; ++i)
      out += (i ? "," : "") + cell();
    out += end;
    if (*rc::gen::inRange(0, 5) == 0) out += end;
  }
  if (*rc::gen::arbitrary<bool>()) out.resize(out.size() - end.size());
  return out;
}

std::vector<Row> rows_of(const Read& got) {
  std::vector<Row> rows;
  for (const Table& table : got.tables) {
    for (std::size_t row = 0; row < table.rows(); ++row) {
      Row& out = rows.emplace_back();
      for (std::size_t i = 0; i < table.columns(); ++i)
        out.emplace_back(table.text(i, row));
    }
  }
  return rows;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_split)

BOOST_AUTO_TEST_CASE(any_cut_into_blocks_gives_the_same_rows_and_numbers) {
  Files files;
  BOOST_TEST(rc::check("split invariance", [&] {
    auto columns = *rc::gen::inRange<std::size_t>(2, 5);
    auto path = files.write(file_of(*rc::gen::inRange<std::size_t>(0, 40), columns));
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    auto wanted = parsed_simply(text);
    wanted.erase(wanted.begin());

    csv::ParseOptions as_text;
    for (std::size_t i = 0; i < columns; ++i) {
      as_text.types["name" + std::to_string(i)] = ColumnType::TEXT;
    }
    for (std::size_t bytes :
         {std::size_t{64}, *rc::gen::inRange<std::size_t>(64, 500), std::size_t{1 << 18}}) {
      auto got = read(path, as_text, {.block_bytes = bytes, .delimiter = ',', .header = true});
      RC_ASSERT(got.error == "");
      RC_ASSERT(rows_of(got) == wanted);
      auto numbers = got.numbers();
      for (std::size_t i = 0; i < numbers.size(); ++i)
        RC_ASSERT(numbers[i] == i);
    }
  }));
}

BOOST_AUTO_TEST_CASE(any_cut_drops_the_same_rows) {
  Files files;
  BOOST_TEST(rc::check("split invariance of dropping", [&] {
    std::string text = "x,w\n";
    std::vector<std::uint64_t> kept;
    auto rows = *rc::gen::inRange<std::uint64_t>(0, 60);
    for (std::uint64_t row = 0; row < rows; ++row) {
      auto line = *rc::gen::element<std::string>("1,a\n", "2.5,\"q\n\"\n", "bad,b\n", "3\n",
                                                 "4,c,d\n", "\"\",e\n", "5,f\r\n");
      if (line[0] != 'b' && line[0] != '3' && line[0] != '4' && line[0] != '"') kept.push_back(row);
      text += line;
    }
    auto path = files.write(text);
    csv::ParseOptions dropping{.types = {{"x", ColumnType::F32}, {"w", ColumnType::TEXT}},
                               .bad = csv::BadCells::drop};
    for (std::size_t bytes : {64, 90, 1 << 18}) {
      auto got = read(path, dropping, {.block_bytes = bytes, .delimiter = ',', .header = true});
      RC_ASSERT(got.error == "");
      RC_ASSERT(got.numbers() == kept);
      RC_ASSERT(got.counts["rows dropped"] == rows - kept.size());
    }
  }));
}

BOOST_AUTO_TEST_SUITE_END()
