#include <leat/actors/json/path.hpp>

#include <boost/test/unit_test.hpp>
#include <rapidcheck.h>

#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

BOOST_AUTO_TEST_SUITE(json_path)

BOOST_AUTO_TEST_CASE(a_path_is_keys_and_elements) {
  BOOST_TEST((json::read_path("a").value() == json::FieldPath{{"a"}}));
  BOOST_TEST((json::read_path("user.first name[12].x").value() ==
              json::FieldPath{{"user"}, {"first name"}, {{}, 12}, {"x"}}));
  BOOST_TEST((json::read_path("\"a.b\".\"\\\"\\\\\\n\".\"\"").value() == json::FieldPath{{"a.b"}, {"\"\\\n"}, {""}}));
}

BOOST_AUTO_TEST_CASE(what_is_no_path_says_why) {
  for (const char* wrong : {"", ".a", "a.", "a..b", "[0]", "a[", "a[x]", "a[1", "a]", "\"a", "a\"b\"", "a=b"}) {
    BOOST_TEST(says(sentence(json::read_path(wrong)), {"is no path into an object", "user.name"}), wrong);
  }
}

BOOST_AUTO_TEST_CASE(any_path_is_read_as_it_is_written) {
  bool holds = rc::check("a path written and read", [] {
    auto keys = *rc::gen::nonEmpty<std::vector<std::string>>();
    json::FieldPath path;
    for (const std::string& key : keys) {
      path.push_back({key});
      if (key.size() % 3 == 1) path.push_back({{}, static_cast<std::uint32_t>(key.size())});
    }
    auto read = json::read_path(json::path_text(path));
    RC_ASSERT(read.ok());
    RC_ASSERT(*read == path);
    RC_ASSERT(json::path_text(path).find('\n') == std::string::npos);
  });
  BOOST_TEST(holds);
}

BOOST_AUTO_TEST_CASE(a_column_may_have_a_name_of_its_own) {
  auto asked = [](const char* text) {
    auto column = json::asked_column(text);
    return column.name + "|" + column.path;
  };
  BOOST_TEST(asked("id") == "id|id");
  BOOST_TEST(asked("name = user.name") == "name|user.name");
  BOOST_TEST(asked("x=\"a=b\"") == "x|\"a=b\"");
  BOOST_TEST(asked("\"a=b\"") == "\"a=b\"|\"a=b\"");
}

BOOST_AUTO_TEST_SUITE_END()
