// The columns each stock kind says it reads.
#include <boost/test/unit_test.hpp>

#include <leat/actors/actors.hpp>

#include "actors/csv/fixture.hpp"

using namespace leat;
using namespace csv_fixture;

namespace {

ColumnNames read_by(const StageKind& kind, const ColumnNames& wanted) {
  Description rows;
  rows.fields = {{"x"}, {"y", ColumnType::I64}, {"name", ColumnType::TEXT}};
  std::vector<Description> inputs(kind.inputs.size());
  inputs[0] = rows;
  return kind.reads ? kind.reads(inputs, wanted).at(0) : ColumnNames::all();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(columns_read)

BOOST_AUTO_TEST_CASE(what_passes_rows_on_reads_what_is_wanted_and_its_own) {
  ColumnNames wanted = ColumnNames::of({"name"});
  BOOST_TEST((read_by(split::train(0.5), wanted) == wanted));
  BOOST_TEST((read_by(where("x > 1 or x is null"), wanted) == ColumnNames::of({"name", "x"})));
  BOOST_TEST((read_by(where([](double) { return true; }, "y"), wanted) == ColumnNames::of({"name", "y"})));
  auto twice = derive("twice", [](double x) { return 2 * x; }, "x");
  BOOST_TEST((read_by(twice, ColumnNames::of({"name", "twice"})) == ColumnNames::of({"name", "x"})));
  auto scaled = ColumnNames::changed({"x", "y"});
  scaled.add(wanted);
  BOOST_TEST((read_by(scale(), wanted) == scaled));
  BOOST_TEST((read_by(split::train(0.5), ColumnNames::all()) == ColumnNames::all()));
}

BOOST_AUTO_TEST_CASE(what_folds_rows_reads_what_it_names_or_all_that_is_numeric) {
  BOOST_TEST((read_by(moments({"x"}), ColumnNames::all()) == ColumnNames::of({"x"})));
  BOOST_TEST((read_by(moments(), ColumnNames::all()) == ColumnNames::of({"x", "y"})));
  BOOST_TEST((read_by(linear_regression({.target = "y", .features = {"x"}}), ColumnNames::all()) ==
              ColumnNames::of({"x", "y"})));
  BOOST_TEST((read_by(linear_regression({.target = "y"}), ColumnNames::all()) == ColumnNames::of({"x", "y"})));
}

BOOST_AUTO_TEST_CASE(what_groups_or_orders_rows_reads_what_it_does_so_by) {
  ColumnNames wanted = ColumnNames::of({"y"});
  BOOST_TEST((read_by(group({.by = {"name"}, .columns = {"n = count()", "m = mean(x)"}}), wanted) ==
              ColumnNames::of({"name", "x"})));
  BOOST_TEST((read_by(distinct({.columns = {"x"}}), wanted) == ColumnNames::of({"x", "y"})));
  BOOST_TEST((read_by(distinct({}), wanted) == ColumnNames::all()));
  BOOST_TEST((read_by(top({.by = {"x"}}), wanted) == ColumnNames::of({"x", "y"})));
  ColumnNames kept = ColumnNames::carried();
  kept.add(ColumnNames::of({"x"}));
  BOOST_TEST((read_by(top({.by = {"x"}}), ColumnNames::carried()) == kept));
}

BOOST_AUTO_TEST_CASE(what_writes_counts_or_finds_its_columns_in_a_model_reads_all) {
  ColumnNames none = ColumnNames::of({});
  for (const StageKind& kind : {StageKind(discard<Table>()), StageKind(predict("m")), StageKind(evaluate())}) {
    BOOST_TEST(read_by(kind, none).are_all(), kind.name);
  }
  BOOST_TEST((read_by(csv::write("f"), none) == ColumnNames::carried()));
}

BOOST_AUTO_TEST_CASE(a_parser_makes_the_columns_that_are_wanted_in_their_order) {
  Files files;
  Read file;
  BOOST_REQUIRE(read_blocks(file, files.write("a,b,c\n1,x,2\n3,4,y\n"), {}));
  auto fields = [&](csv::ParseOptions options, const ColumnNames& wanted) {
    return listed(csv::parse(options).narrow({file.source}, wanted).value().output.fields);
  };
  BOOST_TEST(fields({}, ColumnNames::of({"c", "a"})) == "a and c");
  BOOST_TEST(fields({.columns = {"c", "b", "a"}}, ColumnNames::of({"c", "a"})) == "c and a");
  BOOST_TEST(fields({}, ColumnNames::all()) == "a, b and c");
  BOOST_TEST(fields({.columns = {"b", "a"}}, ColumnNames::of({})) == "b");
  auto whole = csv::parse().describe({file.source}).value();
  auto narrow = csv::parse().narrow({file.source}, ColumnNames::of({"a"})).value();
  BOOST_TEST(narrow.needs.max_output <= whole.needs.max_output);
}

BOOST_AUTO_TEST_CASE(a_bad_cell_is_judged_where_its_column_is_wanted) {
  Files files;
  Read file;
  BOOST_REQUIRE(read_blocks(file, files.write("a,b\n1,x\n3,4\n"), {}));
  auto kind = csv::parse({.numbers = {"a", "b"}});
  auto sentence = [&](const ColumnNames& wanted) {
    auto actor = kind.actor(Making{0, 1, {file.source}, {}, wanted});
    RecordingOutbox outbox(*file.pool);
    auto fed = feed(*actor, file.blocks, outbox);
    if (!fed) return fed.error().sentence;
    return listed(Table(outbox.emitted.at(0)).fields());
  };
  BOOST_TEST(sentence(ColumnNames::of({"a"})) == "a");
  BOOST_TEST(contains(sentence(ColumnNames::of({"b"})), ":2: column b: \"x\" is not an f64"));
  BOOST_TEST(contains(sentence(ColumnNames::all()), "column b"));
}

BOOST_AUTO_TEST_SUITE_END()
