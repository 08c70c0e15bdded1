#include "nodes/toml_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace leat::nodes;

namespace {

Value sound(const std::string& text) {
  Parsed parsed = read_toml(text);
  BOOST_REQUIRE(std::holds_alternative<Value>(parsed));
  return std::get<Value>(parsed);
}

Complaint refused(const std::string& text) {
  Parsed parsed = read_toml(text);
  BOOST_REQUIRE(std::holds_alternative<Complaint>(parsed));
  return std::get<Complaint>(parsed);
}

void stands(const Position& at, std::size_t line, std::size_t column) {
  BOOST_TEST(at.line == line);
  BOOST_TEST(at.column == column);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(toml_text)

BOOST_AUTO_TEST_CASE(members_stand_in_the_order_of_the_text_and_know_their_places) {
  Value root = sound("zebra = 1\n apple = [ \"a\",\n  true ]\n[middle]\nx = -1.5\n");
  BOOST_REQUIRE(root.table.size() == 3);
  BOOST_TEST(root.table[0].key == "zebra");
  BOOST_TEST(root.table[1].key == "apple");
  BOOST_TEST(root.table[2].key == "middle");
  stands(root.table[1].at, 2, 2);
  stands(root.table[1].value.at, 2, 10);
  stands(root.table[1].value.list.at(0).at, 2, 12);
  stands(root.table[1].value.list.at(1).at, 3, 3);
  stands(root.table[2].at, 4, 2);
  BOOST_TEST(root.find("zebra")->value.integer == 1);
  BOOST_TEST(root.find("apple")->value.list[1].flag);
  BOOST_TEST(root.find("middle")->value.find("x")->value.real == -1.5);
  BOOST_TEST(root.find("nothing") == nullptr);
}

BOOST_AUTO_TEST_CASE(columns_count_characters_not_bytes) {
  stands(sound("\"größe\" = 1").table.at(0).value.at, 1, 11);
}

BOOST_AUTO_TEST_CASE(other_characters_than_ascii_come_out_as_they_went_in) {
  Value root = sound("\xef\xbb\xbf\"ã\" = \"größe 水 🐟 \\u00e9\" # ß\nb = [\"ã\"]\n");
  BOOST_TEST(root.table.at(0).key == "ã");
  stands(root.table[0].at, 1, 1);
  BOOST_TEST(root.table[0].value.text == "größe 水 🐟 é");
  stands(root.table.at(1).value.list.at(0).at, 2, 6);
  BOOST_TEST(root.table[1].value.list[0].text == "ã");
  BOOST_TEST(refused("a = \"ã\\q\"").sentence.find("\\q") != std::string::npos);
  BOOST_TEST(refused("a = \"\\U000F0000 ã\"").sentence.find("private use") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(types_are_told_apart) {
  Value root =
      sound("a = 'x'\nb = 1\nc = 1.0\nd = false\ne = 2024-05-01\nf = []\ng = {}\nh = 12:30:00\n");
  std::vector<std::string> names;
  for (const Member& member : root.table)
    names.emplace_back(type_name(member.value.type));
  std::vector<std::string> wanted = {"a string", "an integer", "a float", "a boolean",
                                     "a date",   "an array",   "a table", "a date"};
  BOOST_TEST(names == wanted, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_no_toml_is_refused_at_its_place) {
  Complaint open = refused("a = 1\nb = \"x\n");
  stands(open.at, 2, 7);
  BOOST_TEST(open.sentence.find("this is no TOML: ") == 0u);
  BOOST_TEST(open.sentence.find('\n') == std::string::npos);
  stands(refused("a = 1\na = 2\n").at, 2, 5);
  stands(refused("[[stage\n").at, 1, 8);
  stands(refused("x = 1\n\xff = 1\n").at, 2, 1);
}

// What toml++ asserts, or in release builds assumes.
BOOST_AUTO_TEST_CASE(what_toml_plus_plus_does_not_foresee_is_refused_at_its_line) {
  Complaint complaint = refused("x = [\n1,\n]\na = [}\nb = 1\n");
  BOOST_TEST(complaint.at.line == 4u);
  BOOST_TEST(complaint.sentence.find("this is no TOML: ") == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_said_of_line_ends_stays_on_one_line) {
  Complaint complaint = refused("a = i\n");
  BOOST_TEST(complaint.sentence.find('\n') == std::string::npos, complaint.sentence);
}

BOOST_AUTO_TEST_CASE(dots_that_are_no_keys_do_no_harm) {
  BOOST_TEST(sound("a = \"1.2.3.4.5.6.7.8.9.10.11 = x\"\n# a.a.a.a.a.a.a.a.a.a.a = 1\n"
                   "b = [0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,0.10]\n'q\"' = 1 # .........]\n")
                 .table.size() == 3u);
}

BOOST_AUTO_TEST_CASE(values_nested_too_deep_are_refused) {
  for (const char* open : {"[", "{a="}) {
    std::string text = "x = ";
    for (int i = 0; i < 10000; ++i)
      text += open;
    BOOST_TEST(refused(text).sentence.find("this is no TOML") == 0u);
  }
}

BOOST_AUTO_TEST_CASE(a_text_that_is_too_large_is_refused) {
  std::string comment = "#";
  comment.resize(kMostText, 'x');
  BOOST_TEST(sound(comment).table.empty());
  BOOST_TEST(refused(comment + "x").sentence.find("1 MiB") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(text_in_sentences_breaks_no_lines_and_is_not_endless) {
  BOOST_TEST(shown("a\nb\x1b[31m") == "a\\nb\\x1b[31m");
  BOOST_TEST(shown(std::string(100, 'x')) == std::string(60, 'x') + "...");
  BOOST_TEST(shown("aé", 2) == "a...");
  BOOST_TEST(located("f.toml", {{3, 7}, "it is wrong"}) == "f.toml:3:7: it is wrong");
}

BOOST_AUTO_TEST_SUITE_END()
