#include <boost/test/unit_test.hpp>

#include <leat/gateway/route_table.hpp>

using namespace leat;

namespace {

struct Tables {
  RouteTable table;
  void add(const char* method, const char* pattern) { BOOST_REQUIRE(table.add(method, pattern)); }
  RouteSearch found(const char* method, const char* path) {
    auto search = table.find(method, path);
    BOOST_REQUIRE_MESSAGE(search, path);
    return *search;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(route_table, Tables)

BOOST_AUTO_TEST_CASE(a_path_fits_the_pattern_with_its_words_whatever_came_first) {
  add("GET", "/jobs/{id}");
  add("GET", "/jobs/all");
  add("GET", "/jobs/{id}/log");
  BOOST_TEST(found("GET", "/jobs/all").match->route == 1u);
  auto one = found("GET", "/jobs/41");
  BOOST_TEST(one.match->route == 0u);
  BOOST_TEST(one.match->values.at("id") == "41");
  BOOST_TEST(found("GET", "/jobs/all/log").match->values.at("id") == "all");
}

BOOST_AUTO_TEST_CASE(an_encoded_slash_is_a_part_of_a_value) {
  add("GET", "/files/{name}");
  BOOST_TEST(found("GET", "/files/a%2Fb%20c").match->values.at("name") == "a/b c");
  BOOST_TEST(!found("GET", "/files/a/b").match);
}

BOOST_AUTO_TEST_CASE(another_method_is_told_which_there_are) {
  add("GET", "/jobs");
  add("POST", "/jobs");
  auto search = found("DELETE", "/jobs");
  BOOST_TEST(!search.match);
  BOOST_TEST(search.allowed == (std::vector<std::string>{"GET", "POST"}), boost::test_tools::per_element());
  BOOST_TEST(found("HEAD", "/jobs").match->route == 0u);
  BOOST_TEST(found("GET", "/nothing").allowed.empty());
}

BOOST_AUTO_TEST_CASE(what_is_no_path_is_an_error) {
  add("GET", "/{name}");
  for (const char* path : {"", "jobs", "/..", "/a/../b", "/%2e%2E", "/.", "//", "/a/", "/%zz", "/%", "/%1", "/a%00b"}) {
    BOOST_TEST(!table.find("GET", path).ok(), path << " is taken");
  }
  std::string deep;
  for (std::size_t i = 0; i <= RouteTable::kMostParts; ++i) deep += "/a";
  BOOST_TEST(!table.find("GET", deep).ok());
}

BOOST_AUTO_TEST_CASE(a_pattern_that_is_there_or_is_none_is_refused) {
  add("GET", "/jobs/{id}");
  BOOST_TEST(!table.add("GET", "/jobs/{number}").ok());
  BOOST_TEST(!table.add("GET", "/jobs/x{id}").ok());
  BOOST_TEST(!table.add("GET", "jobs").ok());
  BOOST_TEST(table.add("POST", "/jobs/{number}").ok());
}

BOOST_AUTO_TEST_SUITE_END()
