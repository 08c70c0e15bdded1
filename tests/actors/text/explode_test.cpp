#include <leat/actors/text/explode.hpp>

#include <leat/actors/text/piece_scan.hpp>
#include <leat/chunk/validate.hpp>
#include <leat/graph/actor_kit.hpp>

#include "actors/tables.hpp"

#include <random>

using namespace leat;
using namespace leat::tests;

namespace {

using Words = std::vector<std::string>;

bool space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

Words pieces_of(const std::string& text, const std::string& delimiter) {
  Words all;
  if (!delimiter.empty()) {
    std::size_t at = 0;
    for (std::size_t end; (end = text.find(delimiter, at)) != text.npos; at = end + delimiter.size())
      all.push_back(text.substr(at, end - at));
    all.push_back(text.substr(at));
    return all;
  }
  std::string word;
  for (char c : text + ' ') {
    if (!space(c)) {
      word += c;
    } else if (!word.empty()) {
      all.push_back(std::move(word));
      word.clear();
    }
  }
  return all;
}

// Texts with what else a row may have; "null" is one.
Table lines(Pool& pool, const Words& texts, bool dictionary = false) {
  Fields fields = {{"n", ColumnType::I32, true},
                   {"line", ColumnType::TEXT, true, dictionary},
                   {"tag", ColumnType::TEXT},
                   {"code", ColumnType::TEXT, true, true}};
  std::size_t heap = 64;
  for (const std::string& text : texts) heap += text.size() + 32;
  TableBuilder builder(pool, fields, {.rows = texts.size(), .heap = heap});
  for (std::size_t row = 0; row < texts.size(); ++row) {
    builder.cells<std::int32_t>(0)[row] = static_cast<std::int32_t>(row);
    if (row % 3 == 2) builder.set_null(0, row);
    if (texts[row] == "null") builder.set_null(1, row);
    else builder.put(1, row, texts[row]);
    builder.put(2, row, "tag " + std::to_string(row));
    builder.put(3, row, row % 2 ? "odd" : "even");
  }
  return std::move(builder).finish(texts.size(), 1000);
}

void check(Pool& pool, const Words& texts, const std::string& delimiter, bool dictionary = false) {
  Table table = lines(pool, texts, dictionary);
  Description rows = describing(table);
  rows.max_chunk = table.chunk().footprint();
  auto kind = explode({.column = "line", .delimiter = delimiter});
  auto described = kind.describe({rows});
  BOOST_REQUIRE_MESSAGE(described.ok(), sentence(described));
  RecordingOutbox out(pool, 0);
  auto fed = feed(*kind.actor({}), {table.chunk()}, out);
  BOOST_REQUIRE_MESSAGE(fed.ok(), sentence(fed));
  std::size_t chunk = 0, at = 0;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    bool null = texts[row] == "null";
    for (const std::string& piece : null ? Words{""} : pieces_of(texts[row], delimiter)) {
      if (chunk < out.emitted.size() && at == Table(out.emitted[chunk]).rows()) ++chunk, at = 0;
      BOOST_REQUIRE(chunk < out.emitted.size());
      Table made(out.emitted[chunk]);
      BOOST_REQUIRE_MESSAGE(made.text(1, at) == piece, made.text(1, at) << " is not " << piece << " in row " << row);
      BOOST_REQUIRE(made.valid(1, at) == !null);
      BOOST_REQUIRE(made.row_number(at) == 1000 + row);
      BOOST_REQUIRE(made.valid(0, at) == (row % 3 != 2));
      BOOST_REQUIRE(made.number(0, at) == (row % 3 == 2 ? 0 : static_cast<double>(row)));
      BOOST_REQUIRE(made.text(2, at) == "tag " + std::to_string(row));
      BOOST_REQUIRE(made.text(3, at) == (row % 2 ? "odd" : "even"));
      ++at;
    }
  }
  for (std::size_t i = 0; i < out.emitted.size(); ++i) {
    BOOST_TEST(sentence(validate(out.emitted[i])) == "");
    BOOST_TEST(out.emitted[i].footprint() <= described->needs.max_output);
    BOOST_TEST((Table(out.emitted[i]).fields() == described->output.fields));
  }
  BOOST_TEST(out.emitted.size() == chunk + (at > 0));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(explode)

BOOST_AUTO_TEST_CASE(a_text_becomes_its_words) {
  auto pool = Pool::make();
  check(*pool, {"to be  or not\tto be", "", "null", "  ", "alone", " \r\n that is\v\f"}, "");
}

BOOST_AUTO_TEST_CASE(a_text_becomes_what_lies_between_delimiters) {
  auto pool = Pool::make();
  for (bool dictionary : {false, true}) {
    check(*pool, {"a;b;;c", "", "null", ";", "alone", ";;x"}, ";", dictionary);
    check(*pool, {"a, b, , c", "a,b", ", ", "null", "aa, ,, "}, ", ", dictionary);
  }
}

BOOST_AUTO_TEST_CASE(texts_of_any_length_are_cut_at_any_place) {
  auto pool = Pool::make();
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    Words texts(1 + random() % 6);
    for (std::string& text : texts) {
      std::size_t size = random() % 200;
      for (std::size_t i = 0; i < size; ++i) text += "ab ;, \t\n\xC3\xA9"[random() % (round % 2 ? 10 : 3)];
    }
    check(*pool, texts, round % 3 == 0 ? "" : round % 3 == 1 ? ";" : ", ");
  }
}

BOOST_AUTO_TEST_CASE(a_step_gives_a_bounded_number_of_rows) {
  auto pool = Pool::make();
  std::string long_one;
  for (int i = 0; i < 40000; ++i) long_one += "x ";
  for (const char* delimiter : {"", " "}) check(*pool, {"a b", long_one, "c", long_one + long_one, "d e f"}, delimiter);
  Words many(5000, std::string(60, 'y') + " z z");
  check(*pool, many, "");
  check(*pool, {std::string(300000, 'x')}, "");
}

BOOST_AUTO_TEST_CASE(words_are_found_in_pieces_of_any_size) {
  std::string text;
  for (int i = 0; i < 500; ++i)
    text += std::string(static_cast<std::size_t>(i % 7), 'w') + std::string(static_cast<std::size_t>(1 + i % 3), ' ');
  Words wanted = pieces_of(text, "");
  for (std::size_t most : {1, 2, 63, 1000}) {
    PieceScan scan{text};
    Words found;
    std::vector<Span> pieces(most);
    while (!scan.ended) {
      std::size_t n = scan_words(scan, pieces.data(), most);
      for (std::size_t i = 0; i < n; ++i) found.push_back(text.substr(pieces[i].offset, pieces[i].length));
    }
    BOOST_TEST((found == wanted));
  }
}

BOOST_AUTO_TEST_CASE(wrong_columns_are_found_before_the_start) {
  Description rows;
  rows.fields = {{"line", ColumnType::TEXT}, {"n"}};
  auto said = [&](const Exploding& options) { return sentence(leat::explode(options).describe({rows})); };
  BOOST_TEST(says(said({.column = "lien"}), {"explode wants column lien", "did you mean line"}));
  BOOST_TEST(says(said({.column = "n"}), {"takes a text apart, and column n is f64"}));
  BOOST_TEST(says(leat::explode({.column = "line", .delimiter = std::string(65, 'x')}).wrong_options->sentence,
                  {"delimiter", "64"}));
  rows.fields_known = false;
  BOOST_TEST(said({.column = "any"}) == "");
}

BOOST_AUTO_TEST_CASE(the_actor_kit_finds_nothing) {
  auto pool = Pool::make();
  std::string long_one;
  for (int i = 0; i < 20000; ++i) long_one += "x ";
  Table table = lines(*pool, {"a b", long_one, "null", "c d"});
  Description rows = describing(table);
  rows.max_chunk = table.chunk().footprint();
  for (const char* delimiter : {"", " "}) {
    auto kind = leat::explode({.column = "line", .delimiter = delimiter});
    BOOST_TEST(sentence(kit::try_actor({kind, {rows}, {{table.chunk()}, {table.chunk()}}})) == "");
  }
}

BOOST_AUTO_TEST_SUITE_END()
