// Two kinds with other options have other texts of them; those that hold a function say so.
#include <set>

#include <boost/test/unit_test.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/actors.hpp>

using namespace leat;

namespace {

double sum(double a, double b) {
  return a + b;
}
double same(double a) {
  return a;
}

void all_differ(std::initializer_list<std::string> options) {
  std::set<std::string> seen;
  for (const std::string& text : options)
    BOOST_TEST(seen.insert(text).second, "twice: " << text);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(names_that_look_like_several_are_told_apart) {
  auto one = [](double) { return true; };
  auto two = [](double, double) { return true; };
  all_differ({where(one, "a b").options, where(two, "a", "b").options, where(one, "a").options,
              where(one, "").options, where(two, "a\" \"b", "c").options,
              where(two, "a", "b\" \"c").options});
  all_differ({derive("x", sum, "a", "b").options, derive("x", same, "a b").options,
              derive("x of a", same, "b").options, derive("x", sum, "of", "b").options,
              derive("x of of", same, "b").options});
  all_differ(
      {scale({}).options, scale({""}).options, scale({"a,b"}).options, scale({"a", "b"}).options});
  all_differ({moments({}).options, moments({""}).options, moments({"a,b"}).options,
              moments({"a", "b"}).options});
}

BOOST_AUTO_TEST_CASE(what_looks_like_another_option_is_told_apart) {
  auto regression = [](std::string target, std::vector<std::string> features, double l2 = 0) {
    LinearRegression options;
    options.target = std::move(target);
    options.features = std::move(features);
    options.l2 = l2;
    return linear_regression(options);
  };
  all_differ({regression("y", {"a", "b"}).options, regression("y", {"a,b"}).options,
              regression("y", {}).options, regression("y l2=0 features=a", {"b"}).options,
              regression("y", {"a", "b"}, 1).options});
  all_differ({regression("y", {}, 1).combine->options, regression("y", {}, 2).combine->options});
  csv::ParseOptions plain, typed, both;
  plain.columns = {"a column:b"};
  typed.columns = {"a", "b"};
  both.types = {{"a=f32 type:b", ColumnType::F64}};
  csv::ParseOptions apart;
  apart.types = {{"a", ColumnType::F32}, {"b", ColumnType::F64}};
  all_differ({csv::parse(plain).options, csv::parse(typed).options, csv::parse(both).options,
              csv::parse(apart).options});
  csv::BlockOptions small;
  small.max_record = 7;
  std::string all = csv::blocks("f", small).options;
  all_differ({csv::blocks("f").options, all, csv::blocks(all.substr(5)).options});
  all_differ({csv::write("f").options, csv::write("f delimiter=,").options,
              csv::write("f delimiter=").options});
}

BOOST_AUTO_TEST_CASE(kinds_that_hold_a_function_say_so_and_know_their_columns) {
  for (StageKind kind :
       {StageKind(where([](double) { return true; }, "a")), StageKind(derive("x", same, "a"))}) {
    BOOST_TEST(kind.has_function);
    BOOST_TEST(!kind.opaque);
  }
  for (StageKind kind :
       {StageKind(scale({})), StageKind(moments({})), StageKind(split::train(0.5)),
        StageKind(csv::write("f")), StageKind(csv::parse()), StageKind(predict("m"))}) {
    BOOST_TEST(!kind.has_function, kind.name);
  }
}

BOOST_AUTO_TEST_CASE(kinds_that_write_say_which_file) {
  BOOST_TEST((csv::write("a.csv").writes == std::vector<std::string>{"a.csv"}));
  BOOST_TEST((model_file("m.bin").writes == std::vector<std::string>{"m.bin"}));
  BOOST_TEST((sqlite::write({.path = "x.db", .table = "t"}).writes == std::vector<std::string>{"x.db"}));
  BOOST_TEST((sqlite::read({.path = "x.db", .table = "t"}).reads_from == std::vector<std::string>{"x.db"}));
  BOOST_TEST((tables::write("x.tables").writes == std::vector<std::string>{"x.tables"}));
  BOOST_TEST((tables::read("x.tables").reads_from == std::vector<std::string>{"x.tables"}));
  BOOST_TEST(predict("m.bin").writes.empty());
}

BOOST_AUTO_TEST_CASE(what_actors_need_of_endless_chunks_does_not_wrap) {
  Description endless;
  endless.fields = {{"a"}, {"b"}};
  for (std::uint64_t most : {std::uint64_t{1} << 62, kBoundless - 1, kBoundless}) {
    endless.max_chunk = most;
    auto needs = [&](const StageKind& kind) {
      auto described = kind.describe({endless});
      BOOST_REQUIRE(described);
      return described->needs;
    };
    BOOST_TEST(needs(where([](double, double) { return true; }, "a", "b")).state >= most / 16 * 12);
    BOOST_TEST(needs(where([](double) { return true; }, "a")).max_output >= most);
    BOOST_TEST(needs(derive("x", sum, "a", "b")).state >= most / 16 * 24);
    BOOST_TEST(needs(derive("x", same, "a")).max_output >= most);
    BOOST_TEST(needs(split::train(0.5)).max_output >= most);
    BOOST_TEST(needs(csv::write("f")).state >= most);
    BOOST_TEST(needs(sqlite::write({.path = "f", .table = "t"})).state >= most);
    BOOST_TEST(needs(tables::write("f", {tables::Floats::f16})).state >= most);
    BOOST_TEST(needs(predict("m")).state >= most / 16 * 12);
    BOOST_TEST(needs(model_file("m")).state >= most);
    BOOST_TEST(needs(moments({})).state >= most / 16 * 8);
  }
}

BOOST_AUTO_TEST_SUITE_END()
