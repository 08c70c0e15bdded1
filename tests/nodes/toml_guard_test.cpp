#include "nodes/toml_guard.hpp"

#include <boost/test/unit_test.hpp>

using namespace leat::nodes;

namespace {

void sound(const std::string& text) {
  auto complaint = guard_toml(text);
  BOOST_TEST(!complaint, text << ": " << (complaint ? located("", *complaint) : ""));
  BOOST_TEST(std::holds_alternative<Value>(read_toml(text)), text);
}

void refused(const std::string& text, std::size_t line, std::size_t column,
             const std::string& part) {
  auto complaint = guard_toml(text);
  BOOST_REQUIRE(complaint);
  BOOST_TEST(complaint->at.line == line, text << ": line " << complaint->at.line);
  BOOST_TEST(complaint->at.column == column, text << ": column " << complaint->at.column);
  BOOST_TEST(complaint->sentence.find(part) != std::string::npos, complaint->sentence);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(toml_guard)

BOOST_AUTO_TEST_CASE(headers_without_a_name_are_refused) {
  for (const char* text : {"x = 1\n[&", "x = 1\n[[[a]]]", "x = 1\n[[=", "x = 1\n[\n"}) {
    auto complaint = guard_toml(text);
    BOOST_REQUIRE(complaint);
    BOOST_TEST(complaint->at.line == 2u);
    BOOST_TEST(complaint->sentence.find("[header]") != std::string::npos);
  }
  refused("[&", 1, 2, "[header]");
  sound("  [ a . 'b' ]\n[[\"c\"]] # [&\n");
  sound("a = [\n [ 1 ],\n [ [ ] ] ]\n[b]\n");
  sound("a = \"\"\"\n[&\n\"\"\"\nb = '''\n[&'''\n");
}

BOOST_AUTO_TEST_CASE(characters_that_belong_in_quotes_are_refused_elsewhere) {
  refused("a = 1\nb = \xc3\xa3", 2, 5, "ASCII");
  refused(
      "gr\xc3\xb6\xc3\x9f"
      "e = 1",
      1, 3, "ASCII");
  refused("a = \"\xc3\xa3\" \xc3\xa3", 1, 9, "ASCII");
  sound(
      "a = \"\xc3\xa3\" # \xc3\xa3\nb = '\xf0\x9f\x90\x9f'\n\"\xc3\xb6\" = "
      "\"\"\"\xc3\xa3\n\xc3\xa3\"\"\"\n");
}

BOOST_AUTO_TEST_CASE(quotes_end_where_toml_ends_them) {
  for (std::string text :
       {R"(a = "\\")", R"(a = "\"")", R"(a = '\')", R"(a = "")", R"(a = '')", R"(a = """""")",
        R"(a = """x"""")", R"(a = """x""""")", R"(a = """\"""")", R"(a = '''it's'''')"}) {
    refused(text + "\nb = \xc3\xa3", 2, 5, "ASCII");
    BOOST_TEST(std::holds_alternative<Value>(read_toml(text)), text);
  }
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_are_refused_wherever_they_are) {
  for (const char* bytes :
       {"\xff", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\x80"}) {
    refused("a = 1\n\"b" + std::string(bytes) + "\" = 1", 2, 3, "UTF-8");
    refused("#" + std::string(bytes), 1, 2, "UTF-8");
    refused(std::string(bytes), 1, 1, "UTF-8");
  }
}

BOOST_AUTO_TEST_CASE(a_key_of_too_many_parts_is_refused_before_it_nests) {
  std::string deep = "a";
  for (int i = 0; i < 100000; ++i)
    deep += ".a";
  for (const std::string& text :
       {deep + " = 1\n", "[" + deep + "]\n", "b = { \"q\" . " + deep + "=1 }\n"}) {
    refused("x = 1\n" + text, 2, 1, "8 parts");
  }
  sound("a.b.c.d.e.f.g.h = 1\n");
  refused("a.b.c.d.e.f.g.h.i = 1\n", 1, 1, "8 parts");
}

BOOST_AUTO_TEST_SUITE_END()
