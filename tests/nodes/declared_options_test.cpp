// Every declared option of every stock kind: what follows from its declaration follows it.
#include <boost/test/unit_test.hpp>

#include <leat/actors/actors.hpp>
#include <leat/graph/fingerprint.hpp>

#include "nodes/graph_build.hpp"
#include "nodes/kinds.hpp"

using namespace leat;
using namespace leat::nodes;

namespace {

std::string quoted(const std::string& text) {
  return "\"" + text + "\"";
}

// Two values of an option, as TOML; both are as declared, and none is a default.
std::pair<std::string, std::string> two_values(const std::string& kind, const Option& option) {
  if (option.name == "columns" && (kind == "compute" || kind == "fill")) return {"[\"a = 1\"]", "[\"a = 2\"]"};
  if (option.name == "columns" && kind == "rename") return {"[\"a as b\"]", "[\"a as c\"]"};
  double least = option.least.value_or(0);
  switch (option.type) {
    case OptionType::integer:
    case OptionType::bytes:
      return {std::to_string(static_cast<long long>(least) + 3),
              std::to_string(static_cast<long long>(least) + 4)};
    case OptionType::real:
      return {shortest_text(least + 0.25), shortest_text(least + 0.5)};
    case OptionType::flag:
      return {"true", "false"};
    case OptionType::choice:
      return {quoted(option.choices.at(0)), quoted(option.choices.at(1))};
    case OptionType::character:
      return {quoted(";"), quoted("|")};
    case OptionType::texts:
      return {"[\"a\"]", "[\"a\", \"b\"]"};
    case OptionType::types:
      return {"{ a = " + quoted(option.choices.at(0)) + " }", "{ a = " + quoted(option.choices.at(1)) + " }"};
    default:
      return {quoted("one"), quoted("other")};
  }
}

// A [[stage]] of this kind: what it must be given, and one option more or another value of one.
std::string stage_text(const DeclaredKind& kind, const std::string& name, const std::string& value) {
  std::string text = "[[stage]]\nname = \"s\"\nkind = " + quoted(kind.name) + "\n";
  for (const Option& option : kind.options) {
    if (option.name == name) {
      text += name + " = " + value + "\n";
    } else if (!option.fallback) {
      text += option.name + " = " + two_values(kind.name, option).first + "\n";
    }
  }
  // What none of their options must be given for, but one must.
  if (kind.name == "sqlite.read" && name != "table" && name != "query") text += "table = \"t\"\n";
  if (kind.name == "cast" && name != "types") text += "types = { a = \"f64\" }\n";
  return text;
}

// The stage as the file reader makes it, whatever it would read from.
StageKind made(const DeclaredKind& kind, const std::string& name = "", const std::string& value = "") {
  Parsed parsed = read_toml(stage_text(kind, name, value));
  BOOST_REQUIRE(std::holds_alternative<Value>(parsed));
  const Value& stage = std::get<Value>(parsed).table.at(0).value.list.at(0);
  OptionValues options;
  Complaints complaints;
  for (const Option& option : kind.options) {
    const Member* member = stage.find(option.name);
    if (!member) continue;
    auto read = read_option(option, member->value, {}, "stage s", complaints);
    std::string why = complaints.empty() ? "" : complaints.back().sentence;
    BOOST_REQUIRE_MESSAGE(read, kind.name << " " << option.name << ": " << why);
    options.set(option.name, *read);
  }
  return kind.make(options);
}

std::string fingerprint_of(StageKind kind) {
  Graph graph{"g"};
  Stage stage;
  stage.name = "s";
  stage.kind = std::move(kind);
  graph.add(std::move(stage));
  return fingerprint(canonical_lines(graph));
}

template <class Check>
void every_option(Check check) {
  for (const DeclaredKind& kind : stock_kinds()) {
    for (const Option& option : kind.options) {
      BOOST_TEST_CONTEXT(kind.name << " " << option.name) { check(kind, option); }
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(declared_options)

BOOST_AUTO_TEST_CASE(another_value_in_a_file_makes_another_kind_and_another_fingerprint) {
  every_option([](const DeclaredKind& kind, const Option& option) {
    auto [one, other] = two_values(kind.name, option);
    StageKind left_out = made(kind);
    StageKind first = made(kind, option.name, one);
    StageKind second = made(kind, option.name, other);
    BOOST_TEST(first.options != second.options);
    BOOST_TEST(fingerprint_of(first) != fingerprint_of(second));
    // One of them may be the default.
    BOOST_TEST((fingerprint_of(second) != fingerprint_of(left_out) || fingerprint_of(first) != fingerprint_of(left_out)));
    for (const StageKind& each : {left_out, first, second})
      BOOST_TEST(!each.wrong_options);
    std::string written = (" " + second.options);
    BOOST_TEST(written.find(" " + option.name + "=") != written.npos, written);
  });
}

BOOST_AUTO_TEST_CASE(the_help_of_a_kind_shows_what_is_declared) {
  every_option([](const DeclaredKind& kind, const Option& option) {
    std::string help = show_kind(kind);
    BOOST_TEST(help.find("  " + option.name + " ") != help.npos);
    BOOST_TEST(help.find(option.sentence) != help.npos);
    BOOST_TEST((!option.fallback || !option.fallback->empty()));
    for (auto change : std::initializer_list<void (*)(Option&)>{
             [](Option& o) { o.name += "x"; }, [](Option& o) { o.sentence += "x"; },
             [](Option& o) { o.unit += "x"; },
             [](Option& o) { o.fallback = o.fallback ? std::nullopt : std::optional<std::string>("x"); },
             [](Option& o) { o.type = o.type == OptionType::flag ? OptionType::real : OptionType::flag; }}) {
      DeclaredKind changed = kind;
      for (Option& each : changed.options) {
        if (each.name == option.name) change(each);
      }
      BOOST_TEST(show_kind(changed) != help);
    }
  });
}

BOOST_AUTO_TEST_CASE(the_default_that_is_shown_is_the_one_that_holds) {
  every_option([](const DeclaredKind& kind, const Option& option) {
    bool said = option.type != OptionType::texts && option.type != OptionType::types && option.fallback;
    // Where nothing is the default, words say what holds: of a text they could be one.
    bool words = option.type == OptionType::text && (kind.name == "sqlite.read" || kind.name == "explode");
    if (words) return;
    if (!said || !option_value(option, *option.fallback)) return;
    bool bare = option.type == OptionType::integer || option.type == OptionType::real ||
                option.type == OptionType::flag;
    std::string value = bare ? *option.fallback : quoted(*option.fallback);
    BOOST_TEST(made(kind, option.name, value).options == made(kind).options);
  });
}

BOOST_AUTO_TEST_CASE(what_is_out_of_bounds_is_refused_however_the_kind_is_made) {
  every_option([](const DeclaredKind& kind, const Option& option) {
    for (double beyond : {option.least.value_or(0) - 1, option.most.value_or(-1) + 1}) {
      bool below = option.least && beyond < *option.least;
      bool above = option.most && beyond > *option.most;
      if (!(below || above) || beyond < 0) continue;
      OptionValues values = stand_ins(kind.options);
      OptionValue value;
      value.real = beyond;
      value.integer = static_cast<std::int64_t>(beyond);
      value.bytes = static_cast<std::uint64_t>(beyond);
      values.set(option.name, value);
      auto wrong = kind.make(values).wrong_options;
      BOOST_REQUIRE(wrong);
      BOOST_TEST(wrong->sentence.find(option.name + ": ") == 0u, wrong->sentence);
    }
  });
}

BOOST_AUTO_TEST_SUITE_END()
