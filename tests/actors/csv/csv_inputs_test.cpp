#include <boost/test/unit_test.hpp>

#include <thread>

#include <sys/stat.h>

#include <leat/graph/actor_kit.hpp>

#include "actors/csv/fixture.hpp"
#include "actors/input/packed.hpp"
#include "actors/tables.hpp"

using namespace leat;
using csv_fixture::contains;
using csv_fixture::Files;
using csv_fixture::read;
using leat::tests::gzip;
using leat::tests::zstd;

namespace {

std::string rows(int from, int to) {
  std::string text;
  for (int i = from; i < to; ++i) text += std::to_string(i) + ",\"text\n" + std::to_string(i) + "\"\n";
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(csv_inputs)

BOOST_AUTO_TEST_CASE(packed_files_are_read_as_plain_ones) {
  Files files;
  std::string text = "n,t\n" + rows(0, 3000);
  auto plain = read(files.write(text), {}, {.block_bytes = 2048});
  BOOST_REQUIRE(plain.error == "");
  for (const std::string& content : {gzip(text), zstd(text), gzip(text.substr(0, 77)) + gzip(text.substr(77))}) {
    auto packed = read(files.write(content, "b"), {}, {.block_bytes = 2048});
    BOOST_TEST(packed.error == "");
    BOOST_TEST(packed.values<std::int64_t>(0) == plain.values<std::int64_t>(0));
    BOOST_TEST(packed.texts(1) == plain.texts(1));
    BOOST_TEST(packed.numbers() == plain.numbers());
    BOOST_TEST(packed.source.state > 0u);
    BOOST_TEST(packed.source.bytes == content.size());
  }
  BOOST_TEST(plain.source.state == 0u);
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_and_a_record_longer_than_a_block_are_read_in_packed_files) {
  Files files;
  std::string text = "\xEF\xBB\xBFn,t\n1,x\n2," + std::string(100000, 'y') + "\n3,z";
  for (const std::string& content : {gzip(text), zstd(text)}) {
    auto packed = read(files.write(content), {}, {.block_bytes = 1000, .max_record = 200000});
    BOOST_TEST(packed.error == "");
    BOOST_TEST(packed.source.fields[0].name == "n");
    BOOST_TEST(packed.rows() == 3u);
    BOOST_TEST(packed.texts(1)[1].size() == 100000u);
    auto long_one = read(files.path("a.csv"), {}, {.block_bytes = 1000, .max_record = 2000});
    BOOST_TEST(contains(long_one.error, "a.csv:3: a record is longer than max_record"), long_one.error);
  }
}

BOOST_AUTO_TEST_CASE(packed_files_without_rows_or_without_anything_are_told_apart) {
  Files files;
  auto header_only = read(files.write(gzip("n,t\n")));
  BOOST_TEST(header_only.error == "");
  BOOST_TEST(header_only.rows() == 0u);
  BOOST_TEST(contains(read(files.write(gzip(""))).error, "a.csv: the file is empty"));
  BOOST_TEST(contains(read(files.write(zstd(""))).error, "a.csv: the file is empty"));
}

BOOST_AUTO_TEST_CASE(complaints_in_packed_files_name_file_and_line) {
  Files files;
  std::string text = "n\n";
  for (int i = 0; i < 200000; ++i) text += "1\n";
  auto bad = read(files.write(gzip(text + "x\n"), "bad.gz"));
  BOOST_TEST(contains(bad.error, "bad.gz:200002: column n: \"x\" is not an i64"), bad.error);
  auto quote = read(files.write(gzip(text + "\"x\n"), "open.gz"));
  BOOST_TEST(contains(quote.error, "open.gz:200002: the file ends inside a quote"), quote.error);
  auto cut = read(files.write(gzip(text).substr(0, 100), "cut.gz"));
  BOOST_TEST(contains(cut.error, "cut.gz: ends in the middle of a gzip stream, at byte 100"), cut.error);
}

BOOST_AUTO_TEST_CASE(several_files_are_one_with_their_headers_once) {
  Files files;
  std::string one = files.write("n,t\n1,a\n2,b", "one.csv");
  std::string two = files.write(gzip("\xEF\xBB\xBFn,t\r\n3,c\r\n"), "two.csv.gz");
  std::string none = files.write("n,t\n", "none.csv");
  std::string three = files.write(zstd("# made by hand\nn,t\n4,d\n"), "three.csv.zst");
  auto all = read({one, two, none, three});
  BOOST_TEST(all.error == "");
  BOOST_TEST(all.values<std::int64_t>(0) == (std::vector<std::int64_t>{1, 2, 3, 4}));
  BOOST_TEST(all.texts(1) == (std::vector<std::string>{"a", "b", "c", "d"}));
  BOOST_TEST(all.numbers() == (std::vector<std::uint64_t>{0, 1, 2, 3}));
  auto last = all.blocks.at(2).root<schema::CsvBlock>();
  BOOST_TEST(std::string(last.getPath().cStr()) == three);
  BOOST_TEST(last.getFirstRow() == 3u);
  BOOST_TEST(last.getFirstLine() == 3u);
  auto bad = read({one, files.write("n,t\n3,c\nx,d\n", "four.csv")}, {.types = {{"n", ColumnType::I64}}});
  BOOST_TEST(contains(bad.error, "four.csv:3: column n: \"x\" is not an i64"), bad.error);
}

BOOST_AUTO_TEST_CASE(a_pattern_is_the_files_that_match_it_by_name) {
  Files files;
  files.write("n\n3\n", "b3.csv");
  files.write(gzip("n\n1\n"), "b1.csv");
  files.write("n\n2\n", "b2.csv");
  files.write("x\n9\n", "other.txt");
  auto all = read(files.path("b*.csv"));
  BOOST_TEST(all.values<std::int64_t>(0) == (std::vector<std::int64_t>{1, 2, 3}));
  auto none = read(files.path("c*.csv"));
  BOOST_TEST(none.error == files.path("c*.csv") + ": no file matches this pattern; check the path");
  auto twice = read({files.path("b2.csv"), files.path("b*.csv")});
  BOOST_TEST(contains(twice.error, "b2.csv: is named twice"), twice.error);
  BOOST_TEST(read(files.write("n\n7\n", "odd[1].csv")).rows() == 1u);
}

BOOST_AUTO_TEST_CASE(files_with_other_columns_are_refused_with_column_and_both_files) {
  Files files;
  std::string first = files.write("id,price\n1,2\n", "first.csv");
  auto refusal = [&](const std::string& content) { return read({first, files.write(content, "next.csv")}).error; };
  BOOST_TEST(refusal("id,cost\n1,2\n") == files.path("next.csv") + ": column 2 is \"cost\", and \"price\" in " + first +
                                              "; make their columns alike, in one order, or read them apart");
  BOOST_TEST(contains(refusal("price,id\n1,2\n"), "column 1 is \"price\", and \"id\" in"));
  BOOST_TEST(contains(refusal("id,price,n\n1,2,3\n"), "next.csv: has 3 columns, and " + first + " has 2 columns"));
  BOOST_TEST(contains(refusal("1,2\n"), "column 1 is \"1\", and \"id\" in"));
  std::string bare = files.write("1,x\n2,y\n", "bare.csv");
  BOOST_TEST(contains(read({bare, first}).error, "first.csv: begins with a header, and " + bare + " has none"));
  BOOST_TEST(read({bare, files.write("3,z\n", "more.csv")}).rows() == 3u);
}

BOOST_AUTO_TEST_CASE(types_are_those_that_all_files_have) {
  Files files;
  auto all = read({files.write("n,t\n1,2\n", "a.csv"), files.write("n,t\n2.5,x\n", "b.csv")});
  BOOST_TEST(all.error == "");
  BOOST_TEST(all.values<double>(0) == (std::vector<double>{1, 2.5}));
  BOOST_TEST(all.texts(1) == (std::vector<std::string>{"2", "x"}));
}

BOOST_AUTO_TEST_CASE(sources_of_packed_and_several_files_return_to_their_positions) {
  Files files;
  std::string one = files.write(gzip("n,t\n" + rows(0, 60)), "one.gz");
  std::string two = files.write("n,t\n" + rows(60, 100), "two.csv");
  std::string three = files.write(zstd("n,t\n" + rows(100, 150)), "three.zst");
  for (const InputPaths& paths : {InputPaths(one), InputPaths(three), InputPaths{one, two, three}}) {
    auto tried = kit::try_source(csv::blocks(paths, {.block_bytes = 256}));
    BOOST_TEST(tried.ok(), (tried ? "" : tried.error().sentence));
  }
}

BOOST_AUTO_TEST_CASE(a_position_beyond_a_packed_files_end_and_one_of_other_files_are_refused) {
  Files files;
  std::string one = files.write(gzip("n\n1\n2\n"), "one.gz");
  std::string two = files.write("n\n1\n", "two.csv");
  auto source = csv::blocks({one, two}).source();
  BOOST_REQUIRE(source->probe().ok());
  auto at = **source->position();
  at.at = "0 1000 3 4";
  BOOST_REQUIRE(source->seek(at).ok());
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto step = source->pull(out);
  BOOST_REQUIRE(!step.ok());
  BOOST_TEST(contains(step.error().sentence, "the position 1000 is beyond its end, 6 bytes"), step.error().sentence);
  files.write("n\n1\n2\n", "two.csv");
  auto changed = csv::blocks({one, two}).source();
  BOOST_REQUIRE(changed->probe().ok());
  auto went = changed->seek(at);
  BOOST_REQUIRE(!went.ok());
  BOOST_TEST(contains(went.error().sentence, "is not the file any more that was read before"));
}

BOOST_AUTO_TEST_CASE(a_file_that_changes_before_it_is_read_and_one_that_grows_in_the_middle_are_refused) {
  Files files;
  std::string one = files.write("n\n1\n", "one.csv");
  std::string two = files.write("n\n2\n", "two.csv");
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  auto source = csv::blocks({one, two}).source();
  BOOST_REQUIRE(source->probe().ok());
  files.write("n\n22\n", "two.csv");
  auto drained = drain(*source, out);
  BOOST_REQUIRE(!drained.ok());
  BOOST_TEST(contains(drained.error().sentence, "two.csv: was changed while the files before it were read"));

  std::string whole = gzip("n\n1\n2\n");
  std::string path = files.write(gzip("n\n0\n") + whole.substr(0, 12), "grows.gz");
  auto grows = csv::blocks(path, {.block_bytes = 64}).source();
  // Its end is seen at probe already, where it is as small as that.
  auto probed = grows->probe();
  BOOST_REQUIRE(!probed.ok());
  BOOST_TEST(contains(probed.error().sentence, "grows.gz: ends in the middle of a gzip stream"));
}

BOOST_AUTO_TEST_CASE(a_pipe_is_read_once_from_its_sample_on_and_has_no_position) {
  Files files;
  std::string pipe = files.path("pipe");
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  std::string text = "n,t\n" + rows(0, 30000);
  for (const std::string& content : {text, gzip(text), zstd(text)}) {
    std::thread writer([&] { std::ofstream(pipe, std::ios::binary) << content; });
    auto source = csv::blocks(pipe).source();
    auto probed = source->probe();
    BOOST_REQUIRE(probed.ok());
    BOOST_TEST(probed->bytes == 0u);
    BOOST_TEST(probed->state >= 256u * 1024);
    BOOST_TEST(!source->position().value().has_value());
    auto pool = Pool::make();
    RecordingOutbox out(*pool);
    auto drained = drain(*source, out);
    writer.join();
    BOOST_REQUIRE(drained.ok());
    BOOST_TEST(source->extent().rows == 30000u);
    std::string all;
    for (const Chunk& chunk : out.emitted) {
      auto data = chunk.root<schema::CsvBlock>().getText();
      all.append(reinterpret_cast<const char*>(data.begin()), data.size());
    }
    BOOST_TEST((all == text.substr(4)));
  }
}

BOOST_AUTO_TEST_SUITE_END()
