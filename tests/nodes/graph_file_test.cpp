#include <leat/actors/actors.hpp>

#include "nodes/graph_file.hpp"

#include <boost/test/unit_test.hpp>

#include "nodes/graphs.hpp"

using namespace leat;
using namespace leat::nodes;

BOOST_AUTO_TEST_SUITE(graph_file)

BOOST_AUTO_TEST_CASE(a_sound_file_is_read_whole) {
  says(kSound, {});
  Complaints complaints;
  auto all = stock_kinds();
  GraphFile file =
      read_graph("name = \"flights\"\nsentence = \"Copies.\"\n" + kSound, all, complaints);
  BOOST_TEST(complaints.empty());
  BOOST_TEST(file.name == "flights");
  BOOST_TEST(file.sentence == "Copies.");
  BOOST_REQUIRE(file.params.size() == 2);
  BOOST_TEST(file.params[0].name == "data");
  BOOST_TEST(!file.params[0].fallback);
  BOOST_TEST(*file.params[1].fallback == "out.csv");
  BOOST_REQUIRE(file.stages.size() == 3);
  BOOST_TEST(file.stages[1].from.at(0).at(0).index == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_no_graph_is_refused) {
  says("", {"1:1: the graph has no stages: write a [[stage]] for each"});
  says("stage = []", {"1:9: the graph has no stages: write a [[stage]] for each"});
  says("[stage]\nname = 'x'", {"1:1: stage: expected [[stage]], found a table"});
  says("stage = [ 1 ]", {"1:11: stage: expected [[stage]], found an integer"});
  says("name = 3\n" + kSound, {"1:8: name: expected a string, found an integer"});
  says("nme = 'x'\n" + kSound, {"1:1: there is no key nme, did you mean name?"});
  says("= 3", {"1:1: this is no TOML: Error while parsing root table: expected keys, tables, "
               "whitespace or comments, saw '='"});
}

BOOST_AUTO_TEST_CASE(the_latency_is_read_and_held_to_its_bounds) {
  for (const char* value : {"-1", "3600001", "\"5 ms\"", "0.5"}) {
    says("latency_ms = " + std::string(value) + "\n" + kSound,
         {"1:14: latency_ms: expected a number of milliseconds from 0 to 3600000"});
  }
  Complaints complaints;
  auto kinds = stock_kinds();
  GraphFile file = read_graph("latency_ms = 3\n" + kSound, kinds, complaints);
  auto graph = build_graph(file, parameters_of(file, {{"data", "in.csv"}}), "", complaints);
  BOOST_REQUIRE(graph);
  BOOST_TEST(graph->latency().count() == 3);
}

BOOST_AUTO_TEST_CASE(unknown_keys_are_named_with_what_was_meant) {
  says(changed("from = \"read\"", "from = \"read\"\n  colums = [\"a\"]"),
       {"12:3: stage parse: there is no option colums, did you mean columns?"});
  says(changed("from = \"read\"", "from = \"read\"\nxyzzyx = 1"),
       {"12:1: stage parse: there is no option xyzzyx: see leat kinds csv.parse"});
  says(changed("from = \"read\"", "form = \"read\""),
       {"8:1: stage parse: has no from: name the stage to read from",
        "11:1: stage parse: there is no option form, did you mean from?"});
}

BOOST_AUTO_TEST_CASE(missing_and_wrong_names_and_kinds_are_named) {
  says(changed("name = \"parse\"\n", ""), {"8:1: a stage: has no name: give each stage its own",
                                           "14:8: stage write: from: there is no stage parse"});
  says(changed("name = \"parse\"", "name = \"\""),
       {"9:8: a stage: name is empty: give each stage its own",
        "15:8: stage write: from: there is no stage parse"});
  says(changed("name = \"parse\"", "name = [1]"),
       {"9:8: a stage: name: expected a string, found an array",
        "15:8: stage write: from: there is no stage parse"});
  says(changed("kind = \"csv.parse\"\n", ""), {"8:1: stage parse: has no kind: see leat kinds"});
  says(changed("csv.parse", "csv.prase"),
       {"10:8: stage parse: there is no kind csv.prase, did you mean csv.parse?"});
  says(changed("csv.parse", "frobnicate"),
       {"10:8: stage parse: there is no kind frobnicate: see leat kinds"});
  says(changed("path = \"${data}\"\n", ""), {"4:1: stage read: has no path: files, plain, gzip or zstd: names, patterns such as data/*.csv, - for standard input"});
}

BOOST_AUTO_TEST_CASE(names_that_are_there_twice_are_named_with_the_first) {
  says(changed("name = \"write\"", "name = \"parse\""),
       {"13:8: stage parse: is there twice: the first is on line 9"});
}

BOOST_AUTO_TEST_CASE(a_name_that_a_combining_stage_needs_is_taken) {
  says(changed("kind = \"csv.write\"\nfrom = \"parse\"\npath = \"${out}\"",
               "kind = \"moments\"\nfrom = \"parse\"\n[[stage]]\nname = \"write combine\"\n"
               "kind = \"discard\"\nfrom = \"write\""),
       {"17:8: stage write combine: this name is for the combiner of write: choose another"});
}

BOOST_AUTO_TEST_CASE(references_to_stages_that_are_not_there_are_named) {
  says(changed("from = \"read\"", "from = \"raed\""),
       {"11:8: stage parse: from: there is no stage raed, did you mean read?"});
  says(changed("from = \"read\"", "from = \"read\"\nafter = [\"read\", \"wrte\"]"),
       {"12:18: stage parse: after: there is no stage wrte, did you mean write?"});
  says(changed("from = \"read\"", "from = 3"),
       {"11:8: stage parse: from: expected a stage's name or an array of them, found an integer"});
  says(changed("from = \"read\"", "from = [\"read\", 3]"),
       {"11:17: stage parse: from: expected a stage's name, found an integer"});
  says(changed("from = \"read\"", "from = []"),
       {"11:8: stage parse: from is empty: name the stage to read from"});
}

BOOST_AUTO_TEST_CASE(inputs_that_do_not_fit_are_named) {
  says(changed("path = \"${data}\"", "path = \"x\"\nfrom = \"parse\""),
       {"8:8: stage read: csv.blocks is a source and reads from no stage: leave from out"});
  says(changed("from = \"parse\"", "from = \"read\""),
       {"8:1: stage parse: gives Table that nothing takes: end it in a sink",
        "15:8: stage write: csv.write takes Table but read gives CsvBlock: put a stage between "
        "that converts"});
  says(changed("kind = \"csv.write\"\nfrom = \"parse\"\npath = \"${out}\"",
               "kind = \"evaluate\"\nfrom = \"parse\""),
       {"15:8: stage write: from: evaluate reads from 2 stages, in this order: Table and "
        "LinearModel"});
  says(kSound + "[[stage]]\nname = \"x\"\nkind = \"discard\"\nfrom = \"write\"\n",
       {"20:8: stage x: from: write is a sink (csv.write) and gives nothing"});
}

BOOST_AUTO_TEST_CASE(streams_that_nothing_takes_are_named) {
  says(kSound + "[[stage]]\nname = \"x\"\nkind = \"moments\"\nfrom = \"parse\"\n",
       {"17:1: stage x: gives Moments that nothing takes: end it in a sink"});
}

BOOST_AUTO_TEST_CASE(cycles_are_named_stage_by_stage) {
  std::string text =
      kSound +
      "[[stage]]\nname = \"a\"\nkind = \"split.train\"\nfraction = 0.5\nfrom = [\"parse\", \"b\"]\n"
      "[[stage]]\nname = \"b\"\nkind = \"split.train\"\nfraction = 0.5\nfrom = \"a\"\n"
      "[[stage]]\nname = \"end\"\nkind = \"discard\"\nfrom = \"b\"\n";
  says(text, {"26:8: stage b: the stages form a cycle: a waits for b waits for a"});
  says(changed("from = \"read\"", "from = \"read\"\nafter = \"parse\""),
       {"12:9: stage parse: the stages form a cycle: parse waits for parse"});
}

BOOST_AUTO_TEST_CASE(replicas_and_dispatch_are_checked) {
  std::string replicas =
      "stage parse: replicas: expected a number from 1 to 1024, or a least and a greatest: [1, 8]";
  for (const char* value : {"0", "-1", "1025", "\"two\"", "[2]", "[8, 1]", "[1, 2, 3]", "1.0"}) {
    says(changed("from = \"read\"", "from = \"read\"\nreplicas = " + std::string(value)),
         {"12:12: " + replicas});
  }
  says(changed("from = \"read\"", "from = \"read\"\nreplicas = [2, 4]\nordered = true"), {});
  says(changed("from = \"parse\"", "from = \"parse\"\ndispatch = \"balanced\""),
       {"16:12: stage write: dispatch: \"balanced\" is not one of forward, balance, broadcast, or "
        "{ key = \"COLUMN\" }, "
        "did you mean balance?"});
  says(changed("from = \"parse\"", "from = \"parse\"\ndispatch = { kye = \"a\" }"),
       {"16:12: stage write: dispatch: expected \"forward\", \"balance\", \"broadcast\" or { key = "
        "\"COLUMN\" }"});
  says(changed("from = \"parse\"", "from = \"parse\"\ndispatch = { key = 1 }"),
       {"16:20: stage write: dispatch: key: expected a column's name, found an integer"});
  says(changed("from = \"read\"", "from = \"read\"\ndispatch = { key = \"a\" }"),
       {"12:12: stage parse: dispatch: only Tables have columns to key by; this is CsvBlock"});
}

BOOST_AUTO_TEST_CASE(options_and_settings_are_checked_like_each_other) {
  says(changed("from = \"read\"",
               "from = \"read\"\nordered = \"yes\"\ncredit = \"lots\"\nbad = \"nul\"\ntypes = 3"),
       {"12:11: stage parse: ordered: expected a boolean, found a string",
        "13:10: stage parse: credit: \"lots\" must be a size such as 64MiB",
        "14:7: stage parse: bad: \"nul\" must be one of fail, null and drop, did you mean null?",
        "15:9: stage parse: types: expected a table of columns and their types, found an integer"});
}

BOOST_AUTO_TEST_CASE(every_mistake_is_named_in_order_of_place) {
  says(changed("from = \"read\"", "from = \"raed\"\nbad = 1") + "x = 1\n",
       {"11:8: stage parse: from: there is no stage raed, did you mean read?",
        "12:7: stage parse: bad: expected a string, found an integer",
        "18:1: stage write: there is no option x: see leat kinds csv.write"});
}

BOOST_AUTO_TEST_CASE(a_complaint_is_one_line_whatever_names_it_quotes) {
  says(changed("name = \"parse\"", "name = \"p\\rrse\""),
       {"15:8: stage write: from: there is no stage parse, did you mean p\\x0drse?"});
  std::vector<std::string> texts = {
      changed("name = \"read\"", "name = \"re\\nd\""),
      changed("from = \"parse\"", "from = [\"pa\\nrse\"]"),
      changed("kind = \"csv.parse\"", "kind = \"csv\\u001bparse\""),
      changed("from = \"read\"", "from = \"read\"\n\"colu\\nmns\" = []"),
      changed("from = \"read\"", "from = \"read\"\ntypes = { \"a\\nb\" = \"f6\\n4\" }"),
      changed("from = \"read\"", "from = \"read\"\nbad = \"dr\\nop\""),
      changed("from = \"read\"", "from = \"read\"\nbad = \"${dat\\na}\""),
      changed("from = \"read\"", "from = \"read\"\ndispatch = \"bal\\nance\""),
      changed("data = {", "\"da\\nta\" = {"),
      changed("default = \"out.csv\"", "default = \"out.csv\", \"defau\\nlt\" = 1"),
      changed("default = \"out.csv\"", "default = 1"),
      changed("out = { type = \"path\"", "out = { choices = [\"a\\nb\", \"c\"], type = \"choice\""),
      changed("name = \"parse\"", "name = \"re\\nad\"\nafter = [\"re\\nad\"]"),
      "\"na\\nme\" = 1\n" + kSound};
  for (const std::string& text : texts) {
    auto complaints = examine(text, {});
    BOOST_TEST(!complaints.empty(), text);
    for (const Complaint& complaint : complaints) {
      bool one_line = complaint.sentence.find_first_of("\n\r\x1b") == std::string::npos;
      BOOST_TEST(one_line, complaint.sentence);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
