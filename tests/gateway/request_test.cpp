#include <boost/test/unit_test.hpp>

#include <leat/gateway/request.hpp>

#include <stdexcept>

using namespace leat;

BOOST_AUTO_TEST_SUITE(request)

BOOST_AUTO_TEST_CASE(parameters_keep_their_types) {
  auto pool = Pool::make();
  std::vector<Option> params = {{"n", OptionType::integer}, {"share", OptionType::real}, {"all", OptionType::flag}, {"name", OptionType::text},
                                {"room", OptionType::bytes}, {"names", OptionType::texts}, {"absent", OptionType::text}};
  OptionValues values;
  values.set("n", {.integer = -(std::int64_t{1} << 60)});
  values.set("share", {.real = 0.25});
  values.set("all", {.flag = true});
  values.set("name", {.text = "a\"b"});
  values.set("room", {.bytes = std::uint64_t{1} << 40});
  values.set("names", {.texts = {"a", "b,c"}});
  std::string body("\0\n\xff", 3);
  ServiceRequest made = request_chunk(7, params, values, body, *pool);
  BOOST_TEST(made.id() == 7u);
  BOOST_TEST(made.integer("n") == -(std::int64_t{1} << 60));
  BOOST_TEST(made.real("share") == 0.25);
  BOOST_TEST(made.flag("all"));
  BOOST_TEST(made.text("name") == "a\"b");
  BOOST_TEST(made.integer("room") == std::int64_t{1} << 40);
  BOOST_TEST(made.text("names") == joined_with_commas({"a", "b,c"}));
  BOOST_TEST(made.body() == body);
  BOOST_TEST(made.has("n"));
  BOOST_TEST(!made.has("absent"));
  BOOST_CHECK_THROW(made.text("absent"), std::logic_error);
  BOOST_CHECK_THROW(made.text("n"), std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_reply_is_its_answer) {
  auto pool = Pool::make();
  ServiceRequest made = request_chunk(9, {}, {}, "", *pool);
  ServiceReply said = reply(made, {404, "text/html", std::string("no\0ne", 5)}, *pool);
  BOOST_TEST(said.id() == 9u);
  BOOST_TEST(said.answer().status == 404u);
  BOOST_TEST(said.answer().type == "text/html");
  BOOST_TEST(said.answer().body == std::string("no\0ne", 5));
}

BOOST_AUTO_TEST_CASE(urgency_is_read_as_rfc_9218_has_it) {
  auto of = [](const std::string& value) { return urgency_of({"GET", "/", {{"priority", value}}}); };
  BOOST_TEST(urgency_of({"GET", "/"}) == 3u);
  BOOST_TEST(of("u=0") == 0u);
  BOOST_TEST(of("i, u=7") == 7u);
  BOOST_TEST(of("u=1, i") == 1u);
  BOOST_TEST(of("u=2;x=y") == 2u);
  for (const char* wrong : {"", ",", "u", "u=", "u=8", "u=12", "u=-1", "v=1", "u =1", "au=1"}) BOOST_TEST(of(wrong) == 3u, wrong);
}

BOOST_AUTO_TEST_SUITE_END()
