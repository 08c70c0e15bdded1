// JSON lines: which columns there are, what values become, and what is refused.
#include <leat/actors/json/layout.hpp>
#include <leat/graph/actor_kit.hpp>

#include <boost/test/unit_test.hpp>

#include "actors/json/fixture.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;
using json_fixture::read;
using json_fixture::Told;

namespace {

std::string rows(const std::string& content, json::ParseOptions options = {}) {
  Told told = read(content, options);
  return told.error + told.rows;
}

std::string error_of(const std::string& content, json::ParseOptions options = {}) { return read(content, options).error; }

json::ParseOptions as(const std::string& column, ColumnType type, json::BadCells bad = json::BadCells::fail) {
  return {.types = {{column, type}}, .bad = bad};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(json_parse)

BOOST_AUTO_TEST_CASE(columns_are_the_fields_of_the_first_lines_and_of_objects_in_them) {
  Told told = read(R"({"id": 1, "user": {"name": "ann", "age": 3.5}, "ok": true, "at": "2024-05-01T12:30:00Z"}
{"id": -2, "user": {"name": "b\u00e9", "age": 4}, "ok": false, "at": "2024-05-02", "tags": ["a", "b"]}
)");
  BOOST_TEST(told.error == "");
  BOOST_TEST(told.columns == "id:i64 user.name:text user.age:f64 ok:bool at:timestamp tags:text");
  BOOST_TEST(told.rows ==
             "0|1|ann|3.5|true|2024-05-01T12:30:00Z|-\n"
             "1|-2|b\u00e9|4|false|2024-05-02T00:00:00Z|[\"a\", \"b\"]\n");
  BOOST_TEST(told.counts["rows"] == 2u);
  BOOST_TEST(told.counts["cells null"] == 1u);
  BOOST_TEST(told.counts["null in tags"] == 1u);
}

BOOST_AUTO_TEST_CASE(fields_may_come_in_any_order_and_with_blanks_and_escapes_in_their_names) {
  BOOST_TEST(rows("{\"a\":1,\"b\":2,\"c\":3}\n { \"c\" : 6 ,\t\"\\u0061\":4, \"b\":5 } \r\n\n  \n{\"b\":8,\"a\":7}") ==
             "0|1|2|3\n1|4|5|6\n2|7|8|-\n");
}

BOOST_AUTO_TEST_CASE(a_column_is_a_number_only_where_the_number_holds_what_the_lines_say) {
  BOOST_TEST(read("{\"a\":9223372036854775807}\n{\"a\":-9223372036854775808}").columns == "a:i64");
  Told large = read("{\"a\":9223372036854775808}\n{\"a\":1}");
  BOOST_TEST(large.columns == "a:text");
  BOOST_TEST(large.rows == "0|9223372036854775808\n1|1\n");
  BOOST_TEST(read("{\"a\":9007199254740993}\n{\"a\":1.5}").rows == "0|9007199254740993\n1|1.5\n");
  BOOST_TEST(read("{\"a\":1e400}\n{\"a\":1}").rows == "0|1e400\n1|1\n");
  Told signs = read("{\"a\":-0}\n{\"a\":1e-320}\n{\"a\":0.1}");
  BOOST_TEST(signs.columns == "a:f64");
  BOOST_TEST(signs.rows == "0|-0\n1|1e-320\n2|0.1\n");
  BOOST_TEST(read("{\"a\":\"1\"}\n{\"a\":\"2\"}").columns == "a:text");
  BOOST_TEST(read("{\"a\":null}\n{\"a\":null}").columns == "a:text");
}

BOOST_AUTO_TEST_CASE(what_is_of_several_types_is_text_of_its_json) {
  Told told = read(R"({"a": {"b": 1}, "c": 1, "d": {}}
{"a": [1, {"x": 2} ], "c": "one \"1\"", "d": {}}
{"a": null, "c": true, "d": null}
)");
  BOOST_TEST(told.columns == "a:text c:text d:text");
  BOOST_TEST(told.rows == "0|{\"b\": 1}|1|{}\n1|[1, {\"x\": 2} ]|one \"1\"|{}\n2|-|true|-\n");
}

BOOST_AUTO_TEST_CASE(fields_are_asked_for_by_path_and_may_be_named) {
  std::string content = R"({"id":1,"user":{"name":"ann","tags":["x","y"]},"pos":[12.5,41.9],"a.b":7,"a":{"b":8}}
{"id":2,"user":{"name":"bob","tags":[]},"pos":[1,2],"a.b":9,"a":{"b":10}})";
  Told told = read(content, {.columns = {"name = user.name", "lon = pos[0]", "pos[1]", "user.tags[1]", "user", "id"}});
  BOOST_TEST(told.error == "");
  BOOST_TEST(told.columns == "name:text lon:f64 pos[1]:f64 user.tags[1]:text user:text id:i64");
  BOOST_TEST(told.rows ==
             "0|ann|12.5|41.9|y|{\"name\":\"ann\",\"tags\":[\"x\",\"y\"]}|1\n"
             "1|bob|1|2|-|{\"name\":\"bob\",\"tags\":[]}|2\n");
  BOOST_TEST(read(content).columns == "id:i64 user.name:text user.tags:text pos:text a.b:i64 a.b_2:i64");
  BOOST_TEST(rows(content, {.columns = {"a.b", "inner = a.b_2", "quoted = id"}}) == "0|7|8|1\n1|9|10|2\n");
  BOOST_TEST(rows("{\"x\":1}\n{\"late\":{\"y\":2}}", {.columns = {"y = late.y"}, .types = {{"y", ColumnType::I32}}}) ==
             "0|-\n1|2\n");
}

BOOST_AUTO_TEST_CASE(what_is_asked_for_and_not_there_is_refused_with_what_is_near) {
  std::string content = "{\"id\":1,\"user\":{\"name\":\"ann\"}}\n";
  BOOST_TEST(says(error_of(content, {.columns = {"user.nam"}}),
                  {"there is no field \"user.nam\"", "did you mean \"user.name\"", "fields: id and user.name", "types"}));
  BOOST_TEST(says(error_of(content, as("usr.name", ColumnType::TEXT)),
                  {"no column \"usr.name\"", "did you mean \"user.name\"", "option columns"}));
  BOOST_TEST(says(error_of(content, {.columns = {"id", "id"}}), {"asked for twice", "name it once"}));
  BOOST_TEST(says(error_of(content, {.columns = {"id..x"}}), {"\"id..x\" is no path", "user.name or tags[0]"}));
  BOOST_TEST(says(error_of(content, {.columns = {"= id"}}), {"names no column", "NAME = PATH"}));
}

BOOST_AUTO_TEST_CASE(declared_types_win_and_round_once) {
  BOOST_TEST(rows("{\"a\":1}\n{\"a\":2.5}", as("a", ColumnType::F32)) == "0|1\n1|2.5\n");
  BOOST_TEST(rows("{\"a\":9007199254740993}", as("a", ColumnType::F64)) == "0|9007199254740992\n");
  BOOST_TEST(rows("{\"a\":1}\n{\"a\":-7}", as("a", ColumnType::I32)) == "0|1\n1|-7\n");
  BOOST_TEST(rows("{\"a\":0.1}", as("a", ColumnType::TEXT)) == "0|0.1\n");
  BOOST_TEST(rows("{\"a\":\"2024-05-01\"}", as("a", ColumnType::TEXT)) == "0|2024-05-01\n");
  BOOST_TEST(rows("{\"a\":0.5}", as("a", ColumnType::F16)) == "0|0.5\n");
}

BOOST_AUTO_TEST_CASE(a_value_of_another_type_is_one_sentence_with_line_column_and_advice) {
  std::string numbers;
  for (int i = 0; i < 4000; ++i) numbers += "{\"id\":" + std::to_string(i) + ",\"pad\":\"" + std::string(80, 'x') + "\"}\n";
  auto after = [&](const std::string& value, json::ParseOptions options = {}) {
    return error_of(numbers + "{\"id\":" + value + "}\n", options);
  };
  BOOST_TEST(after("\"abc\"") ==
             "a.jsonl:4001: column id: \"abc\" is not an i64; mend it, declare the column as text (option types), or "
             "choose what becomes of bad values (option bad: null, or drop for their rows)");
  BOOST_TEST(says(after("1.5"), {"a.jsonl:4001", "column id: 1.5 is not an i64"}));
  BOOST_TEST(says(after("9223372036854775808"), {"9223372036854775808 is out of range for an i64"}));
  BOOST_TEST(says(after("true"), {"true is not an i64"}));
  BOOST_TEST(says(after("{\"x\":1}"), {"{\"x\":1} is not an i64"}));
  BOOST_TEST(after("\"abc\"", as("id", ColumnType::TEXT)) == "");
  BOOST_TEST(after("null") == "");
  BOOST_TEST(says(after("1,\"id\":2"), {"column id: the field is in one object twice"}));
  BOOST_TEST(says(error_of("{\"a\":1.5}\n{\"a\":\"x\"}", as("a", ColumnType::F64)), {":2:", "\"x\" is not an f64"}));
  BOOST_TEST(says(error_of("{\"a\":\"x\"}", as("a", ColumnType::TIMESTAMP)), {"\"x\" is not a timestamp"}));
  BOOST_TEST(says(error_of("{\"a\":\"\\ud800\"}"), {":1:", "mend it"}));
}

BOOST_AUTO_TEST_CASE(an_integer_is_never_rounded_in_silence) {
  std::string decimals;
  for (int i = 0; i < 4000; ++i) decimals += "{\"x\":0.5,\"pad\":\"" + std::string(80, 'x') + "\"}\n";
  BOOST_TEST(says(error_of(decimals + "{\"x\":9007199254740993}"),
                  {":4001: column x: 9007199254740993 is no number that an f64 holds as it is", "option types"}));
  BOOST_TEST(error_of(decimals + "{\"x\":9007199254740992}") == "");
  BOOST_TEST(error_of(decimals + "{\"x\":-1208925819614629174706176}") == "");
  BOOST_TEST(says(error_of(decimals + "{\"x\":100000000000000000000000}"), {"no number that an f64 holds"}));
  BOOST_TEST(error_of(decimals + "{\"x\":9007199254740993}", as("x", ColumnType::F64)) == "");
}

BOOST_AUTO_TEST_CASE(lines_that_are_no_objects_are_one_sentence_each) {
  auto second = [](const std::string& line) { return error_of("{\"a\":1}\n" + line + "\n"); };
  BOOST_TEST(second("{\"a\":1") ==
             "a.jsonl:2: the object does not end on its line; write each object whole, on one line, or leave out what "
             "cannot be read (option bad: drop): \"{\"a\":1\"");
  BOOST_TEST(says(second("{\"a\":[1,2}"), {":2:"}));
  BOOST_TEST(says(second("{\"a\":\"x"), {"a string does not end on its line"}));
  BOOST_TEST(says(second("[{\"a\":1}]"), {"holds an array and no object"}));
  BOOST_TEST(says(second("17"), {"is no JSON object"}));
  BOOST_TEST(says(second("{\"a\":1} {\"a\":2}"), {"something follows the object"}));
  BOOST_TEST(says(second("{\"a\":1x}"), {":2:", "is no JSON object"}));
  BOOST_TEST(says(second("{\"a\":tru}"), {":2:", "is no JSON object"}));
  BOOST_TEST(says(second("{\"a\" 1}"), {":2:", "is no JSON object"}));
  BOOST_TEST(says(second("{\"a\":1,}"), {":2:"}));
  BOOST_TEST(says(second("{\"a\":\"\xff\"}"), {"is not UTF-8", "save the file as UTF-8"}));
  BOOST_TEST(says(second("{\"a\":\"x\ty\"}"), {"control character"}));
  BOOST_TEST(says(second(std::string("{\"a\":1\0}", 8)), {":2:"}));
  BOOST_TEST(says(error_of("[{\"a\":1},\n{\"a\":2}]"), {"a.jsonl:1:", "holds an array", "a line of its own"}));
  BOOST_TEST(says(error_of("{\n\"a\":1\n}\n"), {"a.jsonl:1:", "does not end on its line"}));
  BOOST_TEST(error_of("[{\"a\":1}]").find("option bad") == std::string::npos);
  BOOST_TEST(says(error_of(""), {"nothing to read"}));
  BOOST_TEST(says(error_of("{}\n{}\n"), {"no object with a field"}));
}

BOOST_AUTO_TEST_CASE(deep_json_is_read_or_text_and_never_a_crash) {
  std::string deep = "1";
  for (int i = 0; i < 3000; ++i) deep = (i % 2 ? "[" : "{\"a\":") + deep + (i % 2 ? "]" : "}");
  BOOST_TEST(error_of("{\"x\":" + deep + "}") == "");
  BOOST_TEST(rows("{\"y\":1,\"x\":" + deep + "}", {.columns = {"y"}}) == "0|1\n");
  std::string open = "{\"x\":" + std::string(100'000, '[') + "}";
  BOOST_TEST(says(error_of("{\"x\":[]}\n" + open), {":2:"}));
}

BOOST_AUTO_TEST_CASE(bad_values_and_lines_can_be_null_or_dropped) {
  std::string content = "{\"a\":1,\"b\":2}\n{\"a\":\"x\",\"b\":3}\n{\"a\":4\n{\"a\":5,\"a\":6}\n\n{\"a\":7,\"b\":8}\n";
  Told null = read(content, as("a", ColumnType::I64, json::BadCells::null));
  BOOST_TEST(null.rows == "0|1|2\n1|-|3\n4|7|8\n");
  BOOST_TEST(null.counts["rows dropped"] == 2u);
  BOOST_TEST(null.counts["null in a"] == 1u);
  Told drop = read(content, as("a", ColumnType::I64, json::BadCells::drop));
  BOOST_TEST(drop.rows == "0|1|2\n4|7|8\n");
  BOOST_TEST(drop.counts["rows dropped"] == 3u);
  BOOST_TEST(drop.counts["rows"] == 2u);
}

BOOST_AUTO_TEST_CASE(a_field_that_is_no_object_any_more_is_bad_where_what_was_in_it_is_wanted) {
  std::string objects;
  for (int i = 0; i < 4000; ++i) objects += "{\"u\":{\"n\":1,\"pad\":\"" + std::string(80, 'x') + "\"},\"k\":2}\n";
  Told told = read(objects + "{\"u\":\"ann\",\"k\":3}\n");
  BOOST_TEST(says(told.error, {":4001: column u.n: \"ann\" is there and no object", "option columns"}));
  BOOST_TEST(read(objects + "{\"u\":\"ann\",\"k\":3}\n", {.columns = {"u", "k"}}).error == "");
  BOOST_TEST(read(objects + "{\"u\":null,\"k\":3}\n").error == "");
  BOOST_TEST(read(objects + "{\"u\":[],\"k\":3}\n", {.columns = {"k"}}).error == "");
}

BOOST_AUTO_TEST_CASE(fields_that_the_first_lines_lack_are_counted) {
  std::string first;
  for (int i = 0; i < 4000; ++i) first += "{\"a\":{\"b\":1},\"pad\":\"" + std::string(80, 'x') + "\"}\n";
  Told told = read(first + "{\"a\":{\"b\":2,\"new\":3},\"other\":4}\n");
  BOOST_TEST(told.error == "");
  BOOST_TEST(told.counts["fields left out"] == 2u);
  BOOST_TEST(read(first + "{\"other\":4}\n", {.columns = {"pad"}}).counts.count("fields left out") == 0u);
}

BOOST_AUTO_TEST_CASE(what_is_not_wanted_is_not_read) {
  Folder folder;
  write_text(folder / "a.jsonl", "{\"a\":1,\"b\":2,\"c\":{\"d\":3,\"e\":4}}\n{\"a\":5,\"b\":\"x\",\"c\":{\"d\":6,\"e\":\"y\"}}\n");
  auto wanted = [&](std::vector<std::string> names) {
    auto told = json_fixture::parsed(folder / "a.jsonl", {.types = {{"b", ColumnType::I64}, {"c.e", ColumnType::I64}}}, {},
                                     ColumnNames::of(names));
    return told.error.empty() ? told.columns + "\n" + told.rows : told.error;
  };
  BOOST_TEST(wanted({"c.d", "a"}) == "a:i64 c.d:i64\n0|1|3\n1|5|6\n");
  BOOST_TEST(wanted({}) == "a:i64\n0|1\n1|5\n");
  BOOST_TEST(says(wanted({"b"}), {":2: column b"}));
}

BOOST_AUTO_TEST_CASE(blocks_may_end_anywhere) {
  std::string content = "\xEF\xBB\xBF";
  std::string expected;
  for (int i = 0; i < 300; ++i) {
    std::string text(static_cast<std::size_t>(i % 50), 'x');
    content += "{\"i\":" + std::to_string(i) + ",\"t\":\"" + text + "\\n\"}" + (i % 3 ? "\n" : "\r\n\n");
    expected += std::to_string(i) + "|" + std::to_string(i) + "|" + text + "\n\n";
  }
  for (std::size_t block : {64, 100, 1000, 100000}) {
    Told told = read(content, {}, {.block_bytes = block, .max_line = 128});
    BOOST_TEST(told.error == "");
    BOOST_TEST(told.rows == expected, block);
  }
  BOOST_TEST(says(read("{\"a\":1}\n{\"b\":\"" + std::string(300, 'x') + "\"}\n", {}, {.block_bytes = 64, .max_line = 100}).error,
                  {"a.jsonl:2:", "longer than max_line, 100 bytes", "raise max_line"}));
}

BOOST_AUTO_TEST_CASE(a_table_holds_no_more_than_it_may) {
  std::string content;
  for (int i = 0; i < 100'000; ++i) content += "{\"a\":1}\n";
  Told told = read(content);
  BOOST_TEST(told.error == "");
  BOOST_TEST(told.counts["rows"] == 100'000u);
  BOOST_TEST(told.tables > 2u);
}

BOOST_AUTO_TEST_CASE(the_kits_find_nothing) {
  Folder folder;
  std::string content;
  for (int i = 0; i < 200; ++i) content += "{\"i\":" + std::to_string(i) + ",\"t\":\"" + std::string(30, 'x') + "\"}\n";
  write_text(folder / "a.jsonl", content);
  auto blocks = json::blocks(folder / "a.jsonl", {.block_bytes = 1000});
  BOOST_TEST(sentence(kit::try_source(blocks)) == "");
  BOOST_TEST(sentence(kit::try_source(json::lines(folder / "a.jsonl", {}, {.block_bytes = 1000}))) == "");
  auto source = blocks.source();
  auto probed = source->probe();
  BOOST_REQUIRE(probed.ok());
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  BOOST_REQUIRE(drain(*source, out).ok());
  kit::Trial trial{json::parse(), {*probed}, {}};
  for (const Chunk& chunk : out.emitted) trial.chunks.push_back({chunk});
  BOOST_TEST(sentence(kit::try_actor(trial)) == "");
}

BOOST_AUTO_TEST_CASE(blocks_of_anything_else_are_refused) {
  Description rows;
  rows.fields = {{"x"}};
  BOOST_TEST(says(sentence(json::parse().describe({rows})), {"json.parse", "feed it from json.blocks"}));
}

BOOST_AUTO_TEST_SUITE_END()
