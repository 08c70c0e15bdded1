#include <boost/test/unit_test.hpp>

#include <leat/gateway/access.hpp>

using namespace leat;

namespace {

struct Asked {
  AccessRules rules;
  Asked() {
    rules.hosts = {"127.0.0.1:8080", "localhost:8080"};
    rules.by_token = [](const std::string& token) -> std::optional<Identity> {
      if (token == "of-a-reader") return Identity{"reader", Role::read};
      if (token == "of-an-admin") return Identity{"admin", Role::admin};
      return std::nullopt;
    };
    rules.by_cookie = [](const std::string& cookie) -> std::optional<Identity> {
      if (cookie == "session") return Identity{"browser", Role::run};
      return std::nullopt;
    };
  }
  // 200, or the status of the refusal.
  unsigned ask(const char* method, Role role, std::vector<HttpField> fields, bool host = true) {
    HttpRequest request{method, "/", std::move(fields)};
    if (host) request.fields.push_back({"host", "127.0.0.1:8080"});
    auto decided = decide(request, role, rules);
    if (auto* refused = std::get_if<HttpAnswer>(&decided)) return refused->status;
    return 200;
  }
  static HttpField bearer(const char* token) { return {"Authorization", std::string("Bearer ") + token}; }
  static HttpField cookie() { return {"Cookie", "other=1; leat_session=session"}; }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(access, Asked)

BOOST_AUTO_TEST_CASE(nobody_in_particular_may_do_what_needs_nobody_and_nothing_else) {
  BOOST_TEST(ask("GET", Role::none, {}) == 200u);
  for (Role role : {Role::read, Role::run, Role::admin}) BOOST_TEST(ask("GET", role, {}) == 401u);
}

BOOST_AUTO_TEST_CASE(a_role_may_what_those_below_it_may) {
  BOOST_TEST(ask("GET", Role::read, {bearer("of-a-reader")}) == 200u);
  BOOST_TEST(ask("POST", Role::run, {bearer("of-a-reader")}) == 403u);
  BOOST_TEST(ask("POST", Role::run, {bearer("of-an-admin")}) == 200u);
  BOOST_TEST(ask("GET", Role::read, {bearer("of-nobody")}) == 401u);
  BOOST_TEST(ask("GET", Role::read, {{"Authorization", "Basic of-a-reader"}}) == 401u);
  BOOST_TEST(ask("GET", Role::read, {bearer("of-a-reader"), bearer("of-an-admin")}) == 400u);
}

BOOST_AUTO_TEST_CASE(a_wrong_host_is_refused_whoever_asks_for_whatever) {
  BOOST_TEST(ask("GET", Role::none, {}, false) == 400u);
  BOOST_TEST(ask("GET", Role::none, {{"Host", "evil.example:8080"}}, false) == 403u);
  BOOST_TEST(ask("GET", Role::read, {{"Host", "127.0.0.1"}, bearer("of-an-admin")}, false) == 403u);
  BOOST_TEST(ask("GET", Role::none, {{"Host", "127.0.0.1:8080"}}) == 400u);
  BOOST_TEST(ask("GET", Role::none, {{"Host", "LOCALHOST:8080"}}, false) == 200u);
}

BOOST_AUTO_TEST_CASE(pages_of_others_may_not_ask) {
  BOOST_TEST(ask("GET", Role::none, {{"Origin", "http://evil.example"}}) == 403u);
  BOOST_TEST(ask("GET", Role::read, {{"Origin", "https://127.0.0.1:8080"}, bearer("of-an-admin")}) == 403u);
  BOOST_TEST(ask("GET", Role::read, {{"Origin", "null"}, bearer("of-an-admin")}) == 403u);
  BOOST_TEST(ask("GET", Role::read, {{"Origin", "http://127.0.0.1:8080"}, bearer("of-an-admin")}) == 200u);
}

BOOST_AUTO_TEST_CASE(a_cookie_is_enough_for_our_own_page_only) {
  HttpField ours{"Origin", "http://127.0.0.1:8080"};
  BOOST_TEST(ask("GET", Role::read, {cookie()}) == 200u);
  BOOST_TEST(ask("GET", Role::read, {cookie(), {"Sec-Fetch-Site", "cross-site"}}) == 403u);
  BOOST_TEST(ask("POST", Role::run, {cookie()}) == 403u);
  BOOST_TEST(ask("POST", Role::run, {cookie(), ours}) == 200u);
  BOOST_TEST(ask("DELETE", Role::run, {cookie()}) == 403u);
  BOOST_TEST(ask("GET", Role::read, {cookie(), {"Upgrade", "websocket"}}) == 403u);
  BOOST_TEST(ask("GET", Role::read, {cookie(), {"Upgrade", "websocket"}, ours}) == 200u);
  BOOST_TEST(ask("GET", Role::read, {{"Cookie", "xleat_session=session"}}) == 401u);
}

BOOST_AUTO_TEST_SUITE_END()
