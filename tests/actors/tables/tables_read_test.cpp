#include <leat/actors/tables/read.hpp>

#include <leat/actors/group/ordered_cells.hpp>
#include <leat/actors/tables/file.hpp>
#include <leat/actors/tables/write.hpp>
#include <leat/graph/actor_kit.hpp>

#include "support/folder.hpp"
#include "actors/sqlite/fixture.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

void write_file(Pool& pool, const std::string& path, const std::vector<Chunk>& chunks) {
  RecordingOutbox out(pool);
  auto actor = tables::write(path).actor({});
  OutputName name{"job", 0, 1, 0, true};
  BOOST_REQUIRE(feed(*actor, chunks, out).ok());
  BOOST_REQUIRE(actor->seal(name).ok());
  BOOST_REQUIRE(actor->commit(name).ok());
}

// A file of a few chunks, of columns larger than a piece.
std::vector<Chunk> write_some(Pool& pool, const std::string& path) {
  std::vector<Chunk> chunks;
  for (std::uint64_t i = 0; i < 3; ++i) {
    Fields fields = {{"a"}, {"b", ColumnType::I32, true}, {"t", ColumnType::TEXT}, {"c", ColumnType::TEXT, true, true}, {"d"}};
    std::size_t rows = 6000 + i;
    TableBuilder builder(pool, fields, {.rows = rows, .heap = 20 * rows, .row_numbers = i == 1});
    for (std::size_t row = 0; row < rows; ++row) {
      builder.cells<double>(0)[row] = static_cast<double>(row);
      builder.cells<std::int32_t>(1)[row] = static_cast<std::int32_t>(row * i);
      builder.put(2, row, "text " + std::to_string(row));
      builder.put(3, row, row % 3 ? "odd" : "even");
      builder.cells<double>(4)[row] = 0.5 * static_cast<double>(row);
      if (row % 5 == 0) builder.set_null(1, row);
      if (row % 7 == 0) builder.set_null(3, row);
      if (i == 1) builder.row_numbers()[row] = 10000 + 2 * row;
    }
    chunks.push_back(std::move(builder).finish(rows, 6000 * i).chunk());
  }
  write_file(pool, path, chunks);
  return chunks;
}

std::string why(Pool& pool, const std::string& path, const std::vector<std::string>& columns = {}) {
  auto kind = tables::read(path);
  auto source = kind.source();
  auto described = source->probe();
  if (!described) return described.error().sentence;
  if (!columns.empty()) source->narrow(kind.narrow({*described}, ColumnNames::of(columns))->output.fields);
  RecordingOutbox out(pool);
  return sentence(drain(*source, out));
}

std::string only(const Table& table, const std::vector<std::size_t>& columns) {
  std::string all;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    all += std::to_string(table.row_number(row));
    for (std::size_t i : columns) {
      bool text = in_heap(table.type(i));
      all += "|";
      if (!table.valid(i, row)) continue;
      all += text ? std::string(table.text(i, row)) : std::to_string(table.number(i, row));
    }
    all += "\n";
  }
  return all;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tables_read)

BOOST_AUTO_TEST_CASE(it_says_what_is_in_the_file_and_goes_on_from_any_position) {
  Folder folder;
  auto pool = Pool::make();
  auto chunks = write_some(*pool, folder / "in");
  auto kind = tables::read(folder / "in");
  auto source = kind.source();
  auto described = source->probe();
  BOOST_REQUIRE(described.ok());
  BOOST_TEST(described->rows == 18003u);
  BOOST_TEST(described->bytes == std::filesystem::file_size(folder / "in"));
  BOOST_TEST(bool(described->fields == Table(chunks[0]).fields()));
  RecordingOutbox out(*pool);
  BOOST_REQUIRE(drain(*source, out).ok());
  for (const Chunk& chunk : out.emitted) BOOST_TEST(chunk.footprint() <= described->max_chunk);
  BOOST_TEST(source->extent().rows == described->rows);
  BOOST_TEST(source->extent().bytes == described->bytes);
  BOOST_TEST(sentence(kit::try_source(kind)) == "");
  auto at = **source->position();
  at.at = "1 2";
  BOOST_TEST(says(sentence(source->seek(at)), {"\"1 2\" is no position"}));
  at.identity += "1";
  BOOST_TEST(says(sentence(source->seek(at)), {"is not the file any more"}));
}

BOOST_AUTO_TEST_CASE(only_the_columns_that_are_read_are_given) {
  Folder folder;
  auto pool = Pool::make();
  auto chunks = write_some(*pool, folder / "in");
  auto kind = tables::read(folder / "in");
  std::vector<std::vector<std::size_t>> choices = {{0}, {1, 4}, {3}, {0, 2}, {0, 1, 2, 3, 4}};
  for (const auto& columns : choices) {
    auto source = kind.source();
    auto described = source->probe();
    BOOST_REQUIRE(described.ok());
    std::vector<std::string> names;
    std::vector<std::size_t> places;
    for (std::size_t column : columns) names.push_back(described->fields[column].name), places.push_back(places.size());
    auto narrow = kind.narrow({*described}, ColumnNames::of(names));
    BOOST_REQUIRE(narrow.ok());
    source->narrow(narrow->output.fields);
    RecordingOutbox out(*pool);
    BOOST_TEST(sentence(drain(*source, out)) == "");
    BOOST_REQUIRE(out.emitted.size() == chunks.size());
    for (std::size_t i = 0; i < chunks.size(); ++i) {
      Table table(out.emitted[i]);
      BOOST_TEST(bool(table.fields() == narrow->output.fields));
      BOOST_TEST((only(table, places) == only(Table(chunks[i]), columns)));
      BOOST_TEST(out.emitted[i].footprint() <= described->max_chunk);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_byte_that_is_another_anywhere_is_found) {
  Folder folder;
  auto pool = Pool::make();
  write_some(*pool, folder / "in");
  std::string bytes = text_of(folder / "in");
  for (std::size_t at = 0; at < bytes.size(); at += at < 200 || at + 600 > bytes.size() ? 1 : 4099) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 4);
    write_text(folder / "changed", changed);
    std::string said = why(*pool, folder / "changed");
    // But for what fills up a line, of which nothing is read.
    bool filling = bytes[at] == 0 && said.empty();
    BOOST_TEST((filling || says(said, {"changed: "})));
  }
}

BOOST_AUTO_TEST_CASE(chunks_that_are_of_no_use_below_are_not_read) {
  Folder folder;
  auto pool = Pool::make();
  Fields fields = {{"x", ColumnType::I32, true}, {"f"}, {"t", ColumnType::TEXT}, {"none", ColumnType::I64, true}};
  std::vector<Chunk> chunks;
  for (int i = 0; i < 4; ++i) {
    TableBuilder builder(*pool, fields, {.rows = 10, .heap = 10, .row_numbers = i == 3});
    for (std::size_t row = 0; row < 10; ++row) {
      builder.cells<std::int32_t>(0)[row] = 10 * i + static_cast<int>(row) - 20;
      builder.cells<double>(1)[row] = i == 2 ? -0.0 : i - 2.0;
      builder.put(2, row, "t");
      builder.set_null(3, row);
      if (i == 3) builder.row_numbers()[row] = 5 + row;
    }
    builder.set_null(0, 0);
    chunks.push_back(std::move(builder).finish(10, 10 * static_cast<std::uint64_t>(i)).chunk());
  }
  write_file(*pool, folder / "in", chunks);
  auto left = [&](const std::string& column, bool greatest, std::uint64_t code, std::uint64_t row = ~std::uint64_t{0}) {
    auto source = tables::read(folder / "in").source();
    BOOST_REQUIRE(source->probe().ok());
    RecordingOutbox out(*pool);
    out.cut_off({column, greatest, code, row});
    BOOST_TEST(sentence(drain(*source, out)) == "");
    BOOST_TEST(source->extent().rows == 40u);
    BOOST_TEST(out.counts["rows left out"] == 40 - 10 * out.emitted.size());
    std::string read;
    for (const Chunk& chunk : out.emitted) read += std::to_string(Table(chunk).first_row() / 10);
    return read;
  };
  auto whole = [](std::int64_t number) { return ordered(number); };
  BOOST_TEST(left("x", true, whole(-11)) == "0123");   // the greatest of chunk 0
  BOOST_TEST(left("x", true, whole(-10)) == "123");
  BOOST_TEST(left("x", true, whole(20)) == "");
  BOOST_TEST(left("x", false, whole(-10)) == "0");     // the least of chunk 1 is -9: its first row is null
  BOOST_TEST(left("x", false, whole(-9)) == "01");
  BOOST_TEST(left("x", true, whole(9), 25) == "23");   // rows 20 to 29, of which the last is before the cutoff
  BOOST_TEST(left("x", true, whole(9), 20) == "3");
  BOOST_TEST(left("x", true, whole(19), 6) == "3");    // its rows have numbers of their own, from 5 on
  BOOST_TEST(left("x", true, whole(19), 5) == "");
  BOOST_TEST(left("f", true, ordered(0.0)) == "23");
  BOOST_TEST(left("f", false, ordered(0.0)) == "012");
  BOOST_TEST(left("t", true, ~std::uint64_t{1}) == "0123");
  BOOST_TEST(left("none", true, 0) == "");
  BOOST_TEST(left("other", true, ~std::uint64_t{0}) == "0123");
}

BOOST_AUTO_TEST_CASE(rows_whose_numbers_go_past_the_end_are_not_left_out_by_them) {
  auto pool = Pool::make();
  auto table = [&](std::uint64_t first) {
    TableBuilder builder(*pool, {{"x"}}, 3);
    for (std::size_t row = 0; row < 3; ++row) builder.cells<double>(0)[row] = 1;
    return std::move(builder).finish(3, first);
  };
  Cutoff cutoff{"x", true, ordered(1.0), 7};
  auto left_out = [&](const Table& of) { return tables::Ranges(tables::ranges_of(of)).leave_out(cutoff, 0); };
  BOOST_TEST(left_out(table(7)));
  BOOST_TEST(!left_out(table(6)));
  BOOST_TEST(!left_out(table(~std::uint64_t{0} - 1)));
}

BOOST_AUTO_TEST_CASE(rows_without_columns_are_read_again) {
  Folder folder;
  auto pool = Pool::make();
  // As many numbers as there are eight pieces of.
  std::size_t rows = 8 * tables::kPiece / 8 - 100;
  TableBuilder builder(*pool, {}, {.rows = rows, .row_numbers = true});
  for (std::size_t row = 0; row < rows; ++row) builder.row_numbers()[row] = 2 * row;
  Chunk chunk = std::move(builder).finish(rows, 0).chunk();
  BOOST_REQUIRE(tables::pieces(chunk.message().size()) == 8);
  write_file(*pool, folder / "in", {chunk});
  BOOST_TEST(why(*pool, folder / "in") == "");
}

BOOST_AUTO_TEST_CASE(a_file_of_version_1_is_read_as_before) {
  Folder folder;
  auto pool = Pool::make();
  auto chunks = write_some(*pool, folder / "in");
  std::string file = tables::head();
  file[8] = 1;
  tables::Index index{Table(chunks[0]).fields()};
  for (std::uint64_t number = 0; number < chunks.size(); ++number) {
    Table table(chunks[number]);
    std::string before = tables::before(table, number);
    auto record = *tables::Record::of(std::as_bytes(std::span(before)).first(tables::kLine));
    auto sums = tables::sums_of(chunks[number].message());
    sums.resize(tables::lines(8 * sums.size()) / 8);
    auto bytes = std::as_bytes(std::span(sums));
    record.sums = tables::checksum(bytes);
    record.ranged = 0;
    file += record.text();
    file.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    auto message = chunks[number].message();
    file.append(reinterpret_cast<const char*>(message.data()), message.size());
    file.resize(tables::lines(file.size()));
    index.add(table);
  }
  file += tables::end_of(index, file.size());
  file[file.size() - 16] = 1;
  write_text(folder / "first", file);
  auto source = tables::read(folder / "first").source();
  BOOST_REQUIRE(source->probe().ok());
  RecordingOutbox out(*pool);
  out.cut_off({"a", true, ~std::uint64_t{0}});
  BOOST_TEST(sentence(drain(*source, out)) == "");
  BOOST_REQUIRE(out.emitted.size() == chunks.size());
  for (std::size_t i = 0; i < chunks.size(); ++i) {
    BOOST_TEST((only(Table(out.emitted[i]), {0, 1, 2, 3, 4}) == only(Table(chunks[i]), {0, 1, 2, 3, 4})));
  }
}

BOOST_AUTO_TEST_CASE(what_is_damaged_in_a_column_that_is_not_read_is_not_looked_at) {
  Folder folder;
  auto pool = Pool::make();
  write_some(*pool, folder / "in");
  std::string bytes = text_of(folder / "in");
  bytes[bytes.find("text 4000")] = 'T';
  write_text(folder / "in", bytes);
  BOOST_TEST(says(why(*pool, folder / "in"), {"in: chunk 0, at byte 64", "damaged", "copy it anew"}));
  BOOST_TEST(says(why(*pool, folder / "in", {"t"}), {"in: chunk 0, at byte 64", "damaged"}));
  BOOST_TEST(why(*pool, folder / "in", {"a", "d"}) == "");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_cut_or_none_or_of_another_version_is_said_at_once) {
  Folder folder;
  auto pool = Pool::make();
  write_some(*pool, folder / "in");
  std::string bytes = text_of(folder / "in");
  for (std::size_t size : {std::size_t{64}, std::size_t{90}, bytes.size() / 2, bytes.size() - 1}) {
    write_text(folder / "cut", bytes.substr(0, size));
    BOOST_TEST(says(why(*pool, folder / "cut"), {"cut: its end is missing"}));
  }
  write_text(folder / "csv", "a,b\n1,2\n");
  BOOST_TEST(says(why(*pool, folder / "csv"), {"csv: it is no file of tables", "tables.write"}));
  write_text(folder / "empty", "");
  BOOST_TEST(says(why(*pool, folder / "empty"), {"the file is empty"}));
  BOOST_TEST(says(why(*pool, folder / "none"), {"no such file"}));
  bytes[8] = 3;
  write_text(folder / "later", bytes);
  BOOST_TEST(says(why(*pool, folder / "later"), {"version 3", "reads versions 1 to 2"}));
}

BOOST_AUTO_TEST_SUITE_END()
