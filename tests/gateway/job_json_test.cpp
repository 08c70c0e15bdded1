#include <boost/test/unit_test.hpp>

#include <leat/gateway/event_log.hpp>
#include <leat/gateway/file_answer.hpp>
#include <leat/gateway/job_json.hpp>
#include <leat/gateway/job_paths.hpp>

#include <filesystem>
#include <fstream>

#include "support/folder.hpp"

using namespace leat;

namespace {

std::string refused(const std::string& text) {
  auto request = parse_job_request(text);
  return request ? "taken" : request.error().sentence;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(job_json)

BOOST_AUTO_TEST_CASE(a_request_is_read_and_what_is_none_is_named) {
  auto request = parse_job_request("{\"graph\": \"train\", \"args\": {\"data\": \"data:a.csv\", \"l2\": 0.5, \"intercept\": false}, \"priority\": -3, \"threads\": 2}");
  BOOST_REQUIRE(request);
  BOOST_TEST((request->graph == "train" && request->priority == -3 && request->threads == 2));
  BOOST_TEST(request->args.at("l2") == "0.5");
  BOOST_TEST(request->args.at("intercept") == "false");
  BOOST_TEST(has(refused("{"), "no JSON"));
  BOOST_TEST(has(refused("[]"), "no object"));
  BOOST_TEST(has(refused("{}"), "graph is missing"));
  BOOST_TEST(has(refused("{\"graf\": \"a\"}"), "did you mean graph?"));
  BOOST_TEST(has(refused("{\"graph\": \"a\", \"args\": [1]}"), "args is an object"));
  BOOST_TEST(has(refused("{\"graph\": \"a\", \"args\": {\"b\": null}}"), "b is a text"));
  BOOST_TEST(has(refused("{\"graph\": \"a\", \"priority\": 1e9}"), "priority is a whole number"));
  BOOST_TEST(has(refused("{\"graph\": \"a\", \"threads\": 0}"), "threads is a whole number"));
  BOOST_TEST(has(refused("{\"graph\": \"a\", \"cluster\": 1}"), "cluster is true or false"));
  BOOST_TEST(has(refused("{\"graph\": \"a\", \"cluster\": true, \"threads\": 2}"), "leave threads out"));
  BOOST_TEST(!request->on_cluster);
  BOOST_TEST(parse_job_request("{\"graph\": \"a\", \"cluster\": true}")->on_cluster);
  BOOST_TEST(!parse_job_change("{}").ok());
  BOOST_TEST(!parse_job_change("{\"pinned\": 1}").ok());
  BOOST_TEST(*parse_job_change("{\"priority\": 7}")->priority == 7);
  BOOST_TEST(parse_link_request("{\"hours\": 24}")->count() == 24);
  for (const char* text : {"{}", "{\"hours\": 0}", "{\"hours\": 721}", "{\"hours\": \"1\"}", "{\"days\": 1}"}) BOOST_TEST(!parse_link_request(text).ok(), text);
}

BOOST_AUTO_TEST_CASE(a_job_is_shown_with_times_in_utc_and_large_numbers_as_text) {
  JobView view;
  view.record.id = (std::uint64_t{1} << 53) + 1;
  view.record.graph = "train\n\xff";
  view.record.submitted = Time(std::chrono::milliseconds(1'700'000'000'042));
  view.position = 2;
  view.reason = "behind 1 other";
  std::string json = leat::job_json(view);
  BOOST_TEST(has(json, "\"id\":\"9007199254740993\""), json);
  BOOST_TEST(has(json, "\"submitted\":\"2023-11-14T22:13:20.042Z\""), json);
  BOOST_TEST(has(json, "\"started\":null"));
  BOOST_TEST(has(json, "\"stage\":\"queued\",\"submitted\""));
  BOOST_TEST(has(json, "\"position\":2,\"reason\":\"behind 1 other\""));
  BOOST_TEST(!has(json, "\n"));
}

BOOST_AUTO_TEST_CASE(a_range_is_what_is_there_of_it) {
  auto range = [](const char* field, std::uint64_t size) { return byte_range(field, size); };
  BOOST_TEST((*range("bytes=0-9", 100) == std::optional<ByteRange>({0, 10})));
  BOOST_TEST((*range("bytes=90-", 100) == std::optional<ByteRange>({90, 10})));
  BOOST_TEST((*range("bytes=90-1000", 100) == std::optional<ByteRange>({90, 10})));
  BOOST_TEST((*range("bytes=-30", 100) == std::optional<ByteRange>({70, 30})));
  BOOST_TEST((*range("bytes=-300", 100) == std::optional<ByteRange>({0, 100})));
  for (const char* field : {"bytes=100-", "bytes=100-200", "bytes=-0"}) BOOST_TEST(!range(field, 100).ok(), field);
  BOOST_TEST(!range("bytes=0-", 0).ok());
  for (const char* field : {"", "lines=0-9", "bytes=9-0", "bytes=a-b", "bytes=0-1,3-4", "bytes=-", "bytes=1", "bytes=99999999999999999999-"}) {
    BOOST_TEST((range(field, 100).ok() && !*range(field, 100)), field);
  }
}

BOOST_AUTO_TEST_CASE(clients_name_no_paths) {
  leat::tests::Folder folder;
  namespace fs = std::filesystem;
  fs::path root = fs::canonical(folder.path());
  fs::create_directories(root / "data" / "sub");
  fs::create_directories(root / "results");
  std::ofstream(root / "data" / "a.csv") << "x\n1\n";
  std::ofstream(root / "data" / "sub" / "b.csv") << "x\n1\n";
  std::ofstream(root / "secret") << "s";
  std::ofstream(root / "results" / "model.bin") << "m";
  fs::create_symlink(root / "secret", root / "data" / "link");
  JobPaths paths{root / "data", root / "mine", [&](std::uint64_t job) -> Result<fs::path> {
                   return job == 41 ? Result<fs::path>(root / "results") : invalid("there is no job");
                 }, [&](const std::string& id) -> Result<fs::path> { return id == "u" ? Result<fs::path>(root / "secret") : invalid("there is no upload"); }};
  Option in{.name = "data", .type = OptionType::path}, several{.name = "data", .type = OptionType::paths};
  Option out = output_path("out", "where to");
  BOOST_TEST(*path_value(in, "data:a.csv", paths) == (root / "data/a.csv").string());
  BOOST_TEST(*path_value(several, "data:a.csv,data:sub/b.csv", paths) == (root / "data/a.csv").string() + "," + (root / "data/sub/b.csv").string());
  BOOST_TEST(*path_value(in, "result:41/model.bin", paths) == (root / "results/model.bin").string());
  BOOST_TEST(*path_value(in, "upload:u", paths) == (root / "secret").string());
  BOOST_TEST(*path_value(out, "model.bin", paths) == (root / "mine/model.bin").string());
  for (const char* given : {"/etc/passwd", "a.csv", "data:", "data:/etc/passwd", "data:../secret", "data:sub/../../secret", "data:link", "data:sub",
                            "data:none.csv", "result:41", "result:41/", "result:41/../secret", "result:42/model.bin", "result:x/y", "result:41/none", "upload:", "upload:v"}) {
    BOOST_TEST(!path_value(in, given, paths).ok(), given);
    BOOST_TEST(!path_value(several, std::string("data:a.csv,") + given, paths).ok(), given);
  }
  for (const char* given : {"", ".", "..", ".hidden", "a/b", "/tmp/x", "data:a.csv", "a\nb"}) BOOST_TEST(!path_value(out, given, paths).ok(), given);
  paths.data_root.clear();
  BOOST_TEST(!path_value(in, "data:a.csv", paths).ok());
}

BOOST_AUTO_TEST_CASE(events_are_numbered_and_a_gap_is_told) {
  EventLog log;
  for (int i = 0; i < 3; ++i) log.add("job", 41);
  std::vector<std::uint64_t> heard;
  bool gap = true;
  auto id = log.listen(1, [&](const LoggedEvent& event) { heard.push_back(event.number); }, gap);
  log.add("job", 1);
  BOOST_TEST(heard == (std::vector<std::uint64_t>{2, 3, 4}), boost::test_tools::per_element());
  BOOST_TEST(!gap);
  log.forget(id);
  for (std::size_t i = 0; i < EventLog::kKept; ++i) log.add("job", 1);
  BOOST_TEST(heard.size() == 3u);
  auto missed = log.after(3);
  BOOST_TEST((missed.gap && missed.events.size() == EventLog::kKept));
  BOOST_TEST(!log.after(log.last()).gap);
  BOOST_TEST(log.after(log.last() + 5).gap);
  BOOST_TEST(has(*missed.events.front().text, "{\"type\":\"job\",\"number\":5,\"time\":\""));
}

BOOST_AUTO_TEST_SUITE_END()
