#include "nodes/kinds.hpp"

#include <set>

#include <boost/test/unit_test.hpp>

#include <leat/actors/actors.hpp>

#include "nodes/graph_file.hpp"

using namespace leat;
using namespace leat::nodes;

BOOST_AUTO_TEST_SUITE(kinds)

BOOST_AUTO_TEST_CASE(every_kind_is_called_as_the_actor_it_makes) {
  for (const DeclaredKind& entry : stock_kinds()) {
    BOOST_TEST(entry.name == entry.shape.name);
    BOOST_TEST(!entry.sentence.empty());
    BOOST_TEST((entry.shape.source != nullptr) == entry.shape.inputs.empty());
  }
}

BOOST_AUTO_TEST_CASE(no_key_of_a_stage_means_two_things) {
  for (const DeclaredKind& entry : stock_kinds()) {
    std::set<std::string> keys = {"name", "kind", "from", "after", "replicas", "dispatch"};
    auto all = stage_settings();
    all.insert(all.end(), entry.options.begin(), entry.options.end());
    for (const Option& option : all) {
      BOOST_TEST(keys.insert(option.name).second, entry.name << ": " << option.name);
      BOOST_TEST(!option.sentence.empty());
      BOOST_TEST((option.type != OptionType::choice || !option.choices.empty()));
    }
  }
}

BOOST_AUTO_TEST_CASE(stand_ins_satisfy_every_declaration) {
  for (const DeclaredKind& entry : stock_kinds()) {
    OptionValues options = stand_ins(entry.options);
    for (const Option& option : entry.options) {
      const OptionValue& value = options[option.name];
      if (option.least) BOOST_TEST(value.real >= *option.least);
      if (option.most) BOOST_TEST(value.real <= *option.most);
    }
  }
}

BOOST_AUTO_TEST_CASE(kinds_are_listed_and_shown) {
  auto all = stock_kinds();
  std::string list = list_kinds(all);
  for (const DeclaredKind& entry : all)
    BOOST_TEST(list.find("\n" + entry.name + " ") != list.npos);
  std::string split = show_kind(*find_kind(all, "split.train"));
  BOOST_TEST(
      split.find("fraction      share of the rows to train on [fraction] REQUIRED: a number, 0 to 1\n") !=
      split.npos);
  BOOST_TEST(split.find("(0): an integer, at least 0") != split.npos);
  BOOST_TEST(find_kind(all, "split.tran") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
