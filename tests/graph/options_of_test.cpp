// One declaration, bound to a struct's member.
#include <leat/graph/options_of.hpp>

#include <boost/test/unit_test.hpp>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

enum class Colour { red, blue };

struct Painting {
  std::string name;
  std::string file = "a.txt";
  double share = 0.5;
  std::uint64_t seed = 0;
  std::size_t room = 2048;
  bool thick = false;
  char mark = ',';
  Colour colour = Colour::blue;
  std::optional<bool> dry = {};
  std::vector<std::string> names = {};
  std::map<std::string, Colour> each = {};
};

OptionsOf<Painting> options() {
  Choices<Colour> colours{{"red", Colour::red}, {"blue", Colour::blue}};
  return OptionsOf<Painting>()
      .needs(&Painting::name, {.name = "name", .sentence = "n"})
      .takes(&Painting::file, {.name = "file", .type = OptionType::path})
      .takes(&Painting::share, {.name = "share", .least = 0, .most = 1})
      .takes(&Painting::seed, {.name = "seed", .least = 0})
      .takes(&Painting::room, {.name = "room", .type = OptionType::bytes, .least = 64})
      .takes(&Painting::thick, {.name = "thick"})
      .takes(&Painting::mark, {.name = "mark"})
      .takes(&Painting::colour, {.name = "colour"}, colours)
      .takes(&Painting::dry, {.name = "dry", .fallback = "felt"})
      .takes(&Painting::names, {.name = "names", .fallback = "all"})
      .takes(&Painting::each, {.name = "each", .fallback = "none"}, colours);
}

std::string wrong(void (*change)(Painting&)) {
  Painting painting;
  change(painting);
  auto given = options().of(painting);
  return given.wrong ? given.wrong->sentence : "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(options_of)

BOOST_AUTO_TEST_CASE(types_and_defaults_are_those_of_the_struct) {
  std::string all;
  for (const Option& option : options().declared())
    all += option.name + " " + type_name(option.type) + " " + option.fallback.value_or("REQUIRED") + "\n";
  BOOST_TEST(all ==
             "name text REQUIRED\nfile path a.txt\nshare real 0.5\nseed integer 0\nroom bytes 2.00 KiB\n"
             "thick flag false\nmark character ,\ncolour choice blue\ndry flag felt\nnames texts all\n"
             "each types none\n");
}

BOOST_AUTO_TEST_CASE(the_canonical_text_has_all_that_is_given) {
  Painting painting;
  BOOST_TEST(options().of(painting).text ==
             "name=\"\" file=a.txt share=0.5 seed=0 room=2048 thick=false mark=\",\" colour=blue");
  painting.dry = false;
  painting.names = {"a", "b c"};
  painting.each = {{"x:y", Colour::red}, {"z", Colour::blue}};
  painting.seed = ~std::uint64_t{0};
  BOOST_TEST(options().of(painting).text ==
             "name=\"\" file=a.txt share=0.5 seed=18446744073709551615 room=2048 thick=false mark=\",\" "
             "colour=blue dry=false names=a,\"b c\" each=\"x:y\":red,z:blue");
}

BOOST_AUTO_TEST_CASE(what_is_not_as_declared_is_named_in_cpp_too) {
  BOOST_TEST(wrong([](Painting&) {}) == "");
  BOOST_TEST(wrong([](Painting& p) { p.file = ""; }) == "file: \"\" must name a file");
  BOOST_TEST(wrong([](Painting& p) { p.share = 1.5; }) == "share: 1.5 must be at most 1");
  BOOST_TEST(wrong([](Painting& p) { p.share = std::nan(""); }) == "share: nan must be a finite number");
  BOOST_TEST(wrong([](Painting& p) { p.seed = ~std::uint64_t{0}; }) == "");
  BOOST_TEST(wrong([](Painting& p) { p.room = 1; }) == "room: 1 must be at least 64");
  BOOST_TEST(wrong([](Painting& p) { p.mark = '\xe9'; }).find(" must be one ASCII character") != std::string::npos);
  BOOST_TEST(wrong([](Painting& p) { p.colour = static_cast<Colour>(7); }) == "colour: must be one of red and blue");
}

BOOST_AUTO_TEST_CASE(values_that_were_read_fill_the_struct_and_the_rest_keeps_its_default) {
  OptionValues given;
  for (auto [name, text] : {std::pair{"name", "n"}, {"share", "0.25"}, {"room", "4k"}, {"colour", "red"},
                            {"dry", "true"}, {"names", "a,b"}, {"mark", ";"}, {"seed", "9"}}) {
    for (const Option& option : options().declared()) {
      if (option.name == name) given.set(name, option_value(option, text).value());
    }
  }
  OptionValue types;
  types.types = {{"x", "red"}};
  given.set("each", types);
  BOOST_TEST(options().of(options().read(given)).text ==
             "name=n file=a.txt share=0.25 seed=9 room=4096 thick=false mark=\";\" colour=red dry=true names=a,b "
             "each=x:red");
}

BOOST_AUTO_TEST_CASE(check_names_the_stage_and_the_option) {
  Painting painting;
  painting.share = 2;
  auto kind = stage_kind<Number>("paint", options().of(painting));
  kind.source = numbers().source;
  Graph g{"g"};
  g.source("walls", kind).sink("sink", drop());
  auto checked = g.check();
  BOOST_REQUIRE(!checked);
  BOOST_TEST(checked.error().sentence == "graph g: stage walls: share: 2 must be at most 1");
  BOOST_TEST((checked.error().subject() == Subject{.graph = "g", .stage = "walls", .option = "share"}));
}

BOOST_AUTO_TEST_SUITE_END()
