#include <leat/actors/text/lines.hpp>

#include <leat/actors/text/line_scan.hpp>
#include <leat/graph/actor_kit.hpp>

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include "support/folder.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

struct Lines {
  std::string error;
  std::vector<std::string> lines;
  std::vector<std::uint64_t> numbers;
  std::uint64_t counted = 0;
  std::size_t tables = 0;
};

Lines lines_at(const InputPaths& paths, leat::text::LineOptions options = {}) {
  auto pool = Pool::make();
  auto source = leat::text::lines(paths, options).source();
  auto probed = source->probe();
  if (!probed) return {sentence(probed), {}, {}};
  RecordingOutbox out(*pool);
  auto drained = drain(*source, out);
  Lines read{sentence(drained), {}, {}, out.counts["rows"], out.emitted.size()};
  for (const Chunk& chunk : out.emitted) {
    Table table(chunk);
    BOOST_TEST((table.fields() == probed->fields));
    BOOST_TEST(chunk.footprint() <= probed->max_chunk);
    for (std::size_t row = 0; row < table.rows(); ++row) {
      read.lines.emplace_back(table.text(0, row));
      read.numbers.push_back(table.row_number(row));
    }
  }
  return read;
}

Lines lines_of(const std::string& content, leat::text::LineOptions options = {}) {
  Folder folder;
  write_text(folder / "a.txt", content);
  Lines read = lines_at(folder / "a.txt", options);
  auto at = read.error.find(folder.path());
  if (at != std::string::npos) read.error.erase(at, folder.path().size() + 1);
  return read;
}

using Texts = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(text_lines)

BOOST_AUTO_TEST_CASE(a_line_is_a_row_and_its_end_is_no_part_of_it) {
  Lines read = lines_of("one\ntwo\r\n\n\r\n l\rast");
  BOOST_TEST(read.error == "");
  BOOST_TEST((read.lines == Texts{"one", "two", "", "", " l\rast"}));
  BOOST_TEST((read.numbers == std::vector<std::uint64_t>{0, 1, 2, 3, 4}));
  BOOST_TEST(read.counted == 5u);
  BOOST_TEST((lines_of("\xEF\xBB\xBF" "a\n").lines == Texts{"a"}));
  BOOST_TEST((lines_of("a\r").lines == Texts{"a\r"}));
  BOOST_TEST((lines_of("\n").lines == Texts{""}));
  Lines empty = lines_of("");
  BOOST_TEST(empty.error == "");
  BOOST_TEST(empty.lines.empty());
}

BOOST_AUTO_TEST_CASE(any_lines_in_any_blocks_are_what_was_written) {
  bool holds = rc::check("lines", [] {
    auto lines = *rc::gen::container<Texts>(rc::gen::container<std::string>(rc::gen::elementOf(std::string("ab \t\"\\,"))));
    bool open = !lines.empty() && !lines.back().empty() && *rc::gen::arbitrary<bool>();
    std::string content;
    for (const std::string& line : lines) content += line + (*rc::gen::arbitrary<bool>() ? "\n" : "\r\n");
    if (open) content.resize(content.size() - (content.ends_with("\r\n") ? 2 : 1));
    auto read = lines_of(content, {.block_bytes = 64, .max_line = 4096});
    RC_ASSERT(read.error == "");
    RC_ASSERT(read.lines == lines);
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(a_chunk_of_short_lines_holds_no_more_than_it_may) {
  Lines read = lines_of(std::string(300'000, '\n'));
  BOOST_TEST(read.lines.size() == 300'000u);
  BOOST_TEST(read.numbers.back() == 299'999u);
  BOOST_TEST(read.tables > 4u);
}

BOOST_AUTO_TEST_CASE(a_long_line_is_read_up_to_what_is_said_and_refused_by_its_line) {
  std::string lines = "a\nb\n" + std::string(5000, 'x') + "\nc\n";
  BOOST_TEST(lines_of(lines, {.block_bytes = 64, .max_line = 5000}).lines.at(2).size() == 5000u);
  std::string error = lines_of(lines, {.block_bytes = 64, .max_line = 4000}).error;
  BOOST_TEST(says(error, {"a.txt:3: the line is longer than max_line, 4000 bytes", "raise max_line"}));
}

BOOST_AUTO_TEST_CASE(what_is_no_text_is_refused_by_its_line_unless_lines_are_bytes) {
  std::string content = "a\nb\nc\xff\n";
  BOOST_TEST(lines_of(content).error ==
             "a.txt:3: the line \"c\\xff\" is not UTF-8; save the file as UTF-8, or read its lines as bytes (option type: "
             "bytes)");
  BOOST_TEST((lines_of(content, {.type = ColumnType::BYTES}).lines == Texts{"a", "b", "c\xff"}));
  std::string nul("a\nb\0c\n", 6);
  BOOST_TEST(says(lines_of(nul).error, {"a.txt:2: the line has a NUL byte", "option type: bytes"}));
  BOOST_TEST((lines_of(nul, {.type = ColumnType::BYTES}).lines.at(1) == std::string("b\0c", 3)));
}

BOOST_AUTO_TEST_CASE(files_are_read_one_after_the_other) {
  Folder folder;
  write_text(folder / "a.txt", "1\n2");
  write_text(folder / "b.txt", "");
  write_text(folder / "c.txt", "3\n");
  Lines read = lines_at(folder / "*.txt", {.column = "text"});
  BOOST_TEST((read.lines == Texts{"1", "2", "3"}));
  BOOST_TEST((read.numbers == std::vector<std::uint64_t>{0, 1, 2}));
}

BOOST_AUTO_TEST_CASE(the_source_kit_finds_nothing) {
  Folder folder;
  std::string content;
  for (int i = 0; i < 500; ++i) content += std::string(static_cast<std::size_t>(i % 70), 'x') + "\n";
  write_text(folder / "a.txt", content);
  BOOST_TEST(sentence(kit::try_source(leat::text::lines(folder / "a.txt", {.block_bytes = 1000}))) == "");
  write_text(folder / "b.txt", std::string(200'000, '\n'));
  BOOST_TEST(sentence(kit::try_source(leat::text::lines(folder / "b.txt"))) == "");
}

BOOST_AUTO_TEST_CASE(ends_of_lines_are_counted_wherever_they_are) {
  for (std::size_t size : {0, 1, 239, 240, 241, 1000}) {
    BOOST_TEST(leat::text::count_lf(std::string(size, '\n')) == size);
    BOOST_TEST(leat::text::count_lf(std::string(size, 'x')) == 0u);
  }
}

BOOST_AUTO_TEST_SUITE_END()
