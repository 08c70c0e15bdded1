#include <sys/stat.h>

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <leat/schemas/chunk.capnp.h>

#include "actors/csv/fixture.hpp"

using namespace leat;
using csv_fixture::contains;
using csv_fixture::Files;
using csv_fixture::Read;

namespace {

Read blocks_of(const std::string& path, csv::BlockOptions options = {}) {
  Read out;
  csv_fixture::read_blocks(out, path, options);
  return out;
}

schema::CsvBlock::Reader block(const Read& read, std::size_t i) {
  return read.blocks.at(i).root<schema::CsvBlock>();
}

std::string text(schema::CsvBlock::Reader block) {
  auto data = block.getText();
  return {reinterpret_cast<const char*>(data.begin()), data.size()};
}

std::string types(const Description& description) {
  std::string out;
  for (const Field& field : description.fields) {
    out += field.name + ":" + std::string(type_name(field.type)) + " ";
  }
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_blocks)

BOOST_AUTO_TEST_CASE(a_small_file_is_one_block_without_its_header) {
  Files files;
  auto read = blocks_of(files.write("a,b\n1,2\n3,4\n"));
  BOOST_TEST(read.error == "");
  BOOST_REQUIRE(read.blocks.size() == 1u);
  BOOST_TEST(text(block(read, 0)) == "1,2\n3,4\n");
  BOOST_TEST(block(read, 0).getRows() == 2u);
  BOOST_TEST(block(read, 0).getFirstRow() == 0u);
  BOOST_TEST(block(read, 0).getOffset() == 4u);
  BOOST_TEST(block(read, 0).getFirstLine() == 2u);
}

BOOST_AUTO_TEST_CASE(blocks_are_cut_between_records_and_number_them) {
  Files files;
  std::string content = "name,note\n";
  for (int i = 0; i < 50; ++i)
    content += "n" + std::to_string(i) + ",\"two\nlines\"\n\n";
  auto read = blocks_of(files.write(content), {.block_bytes = 64});
  BOOST_TEST(read.error == "");
  BOOST_TEST(read.blocks.size() > 10u);
  std::uint64_t row = 0, line = 2, offset = 10;
  for (std::size_t i = 0; i < read.blocks.size(); ++i) {
    auto b = block(read, i);
    BOOST_TEST(b.getFirstRow() == row);
    BOOST_TEST(b.getFirstLine() == line);
    BOOST_TEST(b.getOffset() == offset);
    row += b.getRows();
    line += static_cast<std::uint64_t>(std::ranges::count(text(b), '\n'));
    offset += text(b).size();
  }
  BOOST_TEST(row == 50u);
  BOOST_TEST(offset == content.size());
}

BOOST_AUTO_TEST_CASE(a_file_may_end_in_any_line_end_or_none) {
  Files files;
  for (const char* end : {"", "\n", "\r", "\r\n", "\n\r", "\n\n", "\r\r", "\n\r\n", "\r\n\r", "\n\n\r"}) {
    for (std::size_t room : {std::size_t{64}, std::size_t{1} << 20}) {
      std::string content = "a,b\n";
      for (int i = 0; i < 40; ++i) content += (i ? "\n" : "") + std::to_string(i) + ",2";
      auto read = blocks_of(files.write(content + end), {.block_bytes = room});
      BOOST_TEST(read.error == "");
      std::uint64_t rows = 0;
      for (std::size_t i = 0; i < read.blocks.size(); ++i) rows += block(read, i).getRows();
      BOOST_TEST(rows == 40u, "the file ends in " << std::string(end).size() << " bytes, the last "
                                                  << (*end ? int{std::string(end).back()} : 0));
    }
  }
}

BOOST_AUTO_TEST_CASE(equal_blocks_are_equal_bytes_whatever_the_memory_held_before) {
  Files files;
  auto path = files.write("a\n12345\n1\n22\n");
  Read dirty;
  Chunk used = [&] {
    Building<schema::Bytes> building(*dirty.pool, 128);
    auto data = building.root().initData(80);
    std::fill(data.begin(), data.end(), kj::byte{0xee});
    return std::move(building).finish();
  }();
  used = Chunk();
  csv_fixture::read_blocks(dirty, path, {});
  auto clean = blocks_of(path);
  BOOST_TEST(dirty.blocks.at(0).hash() == clean.blocks.at(0).hash());
}

BOOST_AUTO_TEST_CASE(the_delimiter_is_detected) {
  Files files;
  for (auto [content, wanted] : {std::pair<std::string, std::string>{"a,b\n1,2\n", ","},
                                 {"a;b\n1,5;2,5\n", ";"},
                                 {"a\tb\n1\t2\n", "\t"},
                                 {"a|b\n1|2\n", "|"},
                                 {"a\n1\n", ","},
                                 {"a,b\n\"x;y;z\",\"x;y\"\n", ","}}) {
    auto read = blocks_of(files.write(content));
    BOOST_TEST(read.source.notes.at("delimiter") == wanted, content);
  }
  auto told = blocks_of(files.write("a~b\n1~2\n"), {.delimiter = '~'});
  BOOST_TEST(types(told.source) == "a:i64 b:i64 ");
}

BOOST_AUTO_TEST_CASE(types_are_inferred_and_empty_cells_do_not_decide) {
  Files files;
  auto read =
      blocks_of(files.write("n,flag,day,word,none,odd,quoted\n"
                            "1,true,2024-05-01,x,,1,\"7\"\n"
                            ",FALSE,,y,,b,\" 8 \"\n"
                            "nan,,2024-05-01T10:00Z,z,,2,+9e3\n"));
  BOOST_TEST(types(read.source) ==
             "n:f64 flag:bool day:timestamp word:text none:text odd:text quoted:f64 ");
  BOOST_TEST(read.source.notes.at("types") == "inferred");
  BOOST_TEST(read.source.notes.at("header") == "true");
  BOOST_TEST(read.source.bytes == std::filesystem::file_size(read.source.notes.at("path")));
}

BOOST_AUTO_TEST_CASE(a_header_is_detected_or_told) {
  Files files;
  BOOST_TEST(types(blocks_of(files.write("1,x\n2,y\n")).source) == "c0:i64 c1:text ");
  BOOST_TEST(types(blocks_of(files.write("k,v\nx,1\n")).source) == "k:text v:i64 ");
  BOOST_TEST(types(blocks_of(files.write("k,v\nx,y\n")).source) == "k:text v:text ");
  BOOST_TEST(types(blocks_of(files.write("x,x\nx,y\n")).source) == "c0:text c1:text ");
  auto told = blocks_of(files.write("2019,2020\n1,2\n"), {.header = true});
  BOOST_TEST(types(told.source) == "2019:i64 2020:i64 ");
  auto without = blocks_of(files.write("k,v\nx,1\n"), {.header = false});
  BOOST_TEST(types(without.source) == "c0:text c1:text ");
  BOOST_TEST(without.source.notes.at("header") == "false");
  BOOST_TEST(block(without, 0).getRows() == 2u);
}

BOOST_AUTO_TEST_CASE(empty_and_double_names_are_made_unique_and_noted) {
  Files files;
  auto read = blocks_of(files.write("x,,x,x_2, y \n1,2,3,4,5\n"));
  BOOST_TEST(types(read.source) == "x:i64 c1:i64 x_3:i64 x_2:i64 y:i64 ");
  BOOST_TEST(read.source.notes.at("renamed") == "c1, x -> x_3");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_skipped) {
  Files files;
  auto read =
      blocks_of(files.write("\xEF\xBB\xBF"
                            "a,b\n1,2\n"));
  BOOST_TEST(types(read.source) == "a:i64 b:i64 ");
  BOOST_TEST(block(read, 0).getOffset() == 7u);
}

BOOST_AUTO_TEST_CASE(a_file_of_a_header_only_has_no_rows) {
  Files files;
  for (auto content : {"a,b", "a,b\n", "a,b\r\n\r\n"}) {
    auto read = blocks_of(files.write(content), {.header = true});
    BOOST_TEST(read.error == "");
    BOOST_TEST(read.blocks.empty());
    BOOST_TEST(types(read.source) == "a:text b:text ");
  }
}

BOOST_AUTO_TEST_CASE(cr_lf_and_crlf_end_records_and_lines) {
  Files files;
  for (std::string end : {"\n", "\r", "\r\n"}) {
    for (std::size_t bytes : {64, 65, 66, 67, 256 * 1024}) {
      std::string content = "a,b" + end;
      for (int i = 0; i < 40; ++i)
        content += "1,2" + end + (i % 7 ? "" : end);
      auto read = blocks_of(files.write(content), {.block_bytes = bytes});
      BOOST_TEST(read.error == "");
      auto last = block(read, read.blocks.size() - 1);
      BOOST_TEST(last.getFirstRow() + last.getRows() == 40u);
      std::string rest = text(last);
      std::size_t ends = 0;
      for (std::size_t at = 0; (at = rest.find(end, at)) != rest.npos; at += end.size())
        ++ends;
      BOOST_TEST(last.getFirstLine() + ends == 48u);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_last_record_needs_no_line_end) {
  Files files;
  auto read = blocks_of(files.write("a,b\n1,2\n3,4"));
  BOOST_TEST(block(read, 0).getRows() == 2u);
  BOOST_TEST(text(block(read, 0)) == "1,2\n3,4");
}

BOOST_AUTO_TEST_CASE(a_record_longer_than_a_block_gets_a_larger_block) {
  Files files;
  std::string longest(1000, 'x');
  auto read = blocks_of(files.write("a,b\n1,y\n2," + longest + "\n3,z\n"),
                        {.block_bytes = 64, .max_record = 1002});
  BOOST_TEST(read.error == "");
  std::string all;
  for (std::size_t i = 0; i < read.blocks.size(); ++i)
    all += text(block(read, i));
  BOOST_TEST(all == "1,y\n2," + longest + "\n3,z\n");
  for (const Chunk& chunk : read.blocks)
    BOOST_TEST(chunk.footprint() <= read.source.max_chunk);
}

BOOST_AUTO_TEST_CASE(a_record_that_is_too_long_is_an_error_with_its_line) {
  Files files;
  std::string longest(5000, 'x');
  auto read = blocks_of(files.write("a,b\n\"1\n1\",y\n2," + longest + "\n3,z\n"),
                        {.block_bytes = 64, .max_record = 1000});
  BOOST_TEST(contains(read.error, "a.csv:4: a record is longer than max_record, 1000 bytes"));
  BOOST_TEST(contains(read.error, "raise max_record"));
  BOOST_TEST((read.kind == ErrorKind::corrupt));
}

BOOST_AUTO_TEST_CASE(a_line_of_100_mb_is_refused_at_probe) {
  Files files;
  auto path = files.write("");
  std::ofstream out(path, std::ios::binary);
  std::string mega(1 << 20, 'x');
  for (int i = 0; i < 100; ++i)
    out << mega;
  out.close();
  auto read = blocks_of(path);
  BOOST_TEST(contains(read.error, "a.csv:1: a record is longer than max_record, 1048576 bytes"));
}

BOOST_AUTO_TEST_CASE(an_unclosed_quote_is_named_by_its_line) {
  Files files;
  auto read = blocks_of(files.write("a,b\n1,\"x\ny\"\n2,\"open\n3,z\n"));
  BOOST_TEST(contains(read.error, "a.csv:4: the file ends inside a quote"));
  read = blocks_of(files.write("a,\"b\n1,2\n"), {.header = true});
  BOOST_TEST(contains(read.error, "a.csv:1: the file ends inside a quote"));
  std::string content = "a,b\n1,\"open\n";
  for (int i = 0; i < 500; ++i)
    content += "1,2\n";
  read = blocks_of(files.write(content), {.block_bytes = 64, .max_record = 500});
  BOOST_TEST(contains(read.error, "close the quote that opens on line 2"));
}

BOOST_AUTO_TEST_CASE(a_quote_inside_a_plain_cell_is_a_character) {
  Files files;
  auto read = blocks_of(files.write("a,b\n5\" pipe,x\n6\" pipe,y\n"));
  BOOST_TEST(read.error == "");
  BOOST_TEST(block(read, 0).getRows() == 2u);
}

BOOST_AUTO_TEST_CASE(nul_bytes_are_an_error_with_their_line) {
  Files files;
  using namespace std::string_literals;
  auto read = blocks_of(files.write("a,b\n1,2\n3,\0\n"s));
  BOOST_TEST(contains(read.error, "a.csv:3: there is a NUL byte"));
  std::string content = "a,b\n";
  for (int i = 0; i < 100000; ++i)
    content += "1,2\r\n";
  read = blocks_of(files.write(content + "1,\0"s));
  BOOST_TEST(contains(read.error, "a.csv:100002: there is a NUL byte"));
  read =
      blocks_of(files.write("\xFF\xFE"
                            "a\0,\0"s));
  BOOST_TEST(contains(read.error, "UTF-16"));
}

BOOST_AUTO_TEST_CASE(files_that_cannot_be_read_are_named_with_the_reason) {
  Files files;
  BOOST_TEST(contains(blocks_of(files.path("none.csv")).error,
                      "none.csv: cannot open: there is no such file"));
  BOOST_TEST(contains(blocks_of(files.folder()).error, "is a directory"));
  BOOST_TEST(contains(blocks_of(files.write("")).error, "the file is empty"));
  BOOST_TEST(contains(blocks_of(files.write("\xEF\xBB\xBF")).error, "empty"));
  BOOST_TEST(contains(blocks_of(files.write("\n\n")).error, "blank lines only"));
  auto closed = files.write("a\n1\n", "closed.csv");
  ::chmod(closed.c_str(), 0);
  if (::geteuid() != 0) BOOST_TEST(contains(blocks_of(closed).error, "permission denied"));
  BOOST_TEST(contains(blocks_of(files.write("a,\xFF\n1,2\n")).error, "column 2 is not UTF-8"));
}

BOOST_AUTO_TEST_CASE(a_file_that_shrinks_is_an_error) {
  Files files;
  std::string content = "a,b\n";
  for (int i = 0; i < 1000; ++i)
    content += "1,2\n";
  auto path = files.write(content);
  auto source = csv::blocks(path, {.block_bytes = 64}).source();
  BOOST_REQUIRE(source->probe().ok());
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  BOOST_REQUIRE(source->pull(out).ok());
  std::filesystem::resize_file(path, 500);
  auto drained = drain(*source, out);
  BOOST_REQUIRE(!drained.ok());
  BOOST_TEST(contains(drained.error().sentence, "became shorter while it was read"));
}

BOOST_AUTO_TEST_CASE(options_that_cannot_work_are_refused) {
  Files files;
  auto path = files.write("a,b\n1,2\n");
  for (csv::BlockOptions bad :
       {csv::BlockOptions{.delimiter = '"'}, csv::BlockOptions{.delimiter = '\n'},
        csv::BlockOptions{.delimiter = '.'}, csv::BlockOptions{.delimiter = 'x'}}) {
    auto read = blocks_of(path, bad);
    BOOST_TEST(read.error != "");
    BOOST_TEST((read.kind == ErrorKind::invalid));
  }
  auto wrong = [&](csv::BlockOptions bad) { return csv::blocks(path, bad).wrong_options->sentence; };
  BOOST_TEST(wrong({.block_bytes = 10}) == "block_bytes: 10 must be at least 64");
  BOOST_TEST(wrong({.max_record = std::size_t{1} << 32}) == "max_record: 4294967296 must be at most 268435456");
  BOOST_TEST(csv::blocks("").wrong_options->sentence == "path: \"\" must name files");
}

BOOST_AUTO_TEST_CASE(the_extent_says_what_has_been_emitted) {
  Files files;
  auto source = csv::blocks(files.write("a,b\n1,2\n3,4\n")).source();
  auto probed = source->probe();
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  BOOST_REQUIRE(drain(*source, out).ok());
  BOOST_TEST(source->extent().bytes == probed->bytes);
  BOOST_TEST(source->extent().rows == 2u);
}

BOOST_AUTO_TEST_CASE(a_file_that_grows_within_a_record_is_refused_and_one_that_grows_by_records_is_read_as_it_was) {
  for (bool whole : {false, true}) {
    Files files;
    std::string path = files.write(whole ? "a,b\n1,2\n3,4\n" : "a,b\n1,2\n3,4");
    auto source = csv::blocks(path).source();
    BOOST_REQUIRE(source->probe().ok());
    std::ofstream(path, std::ios::app) << "5\n6,7\n";
    auto pool = Pool::make();
    RecordingOutbox out(*pool);
    auto step = source->pull(out);
    BOOST_TEST(step.ok() == whole);
    if (!step) {
      BOOST_TEST(contains(step.error().sentence, "the file grew while it was read"), step.error().sentence);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
