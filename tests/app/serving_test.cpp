#include <leat/app/logging.hpp>
#include <leat/app/metrics.hpp>
#include <leat/app/notify.hpp>
#include <leat/app/show.hpp>
#include <leat/app/show_status.hpp>

#include <boost/test/unit_test.hpp>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

using namespace leat;

namespace {

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::pair<std::string, Progress> running() {
  Progress progress;
  StageProgress stage;
  stage.name = "pa\"rse\n";
  stage.visits = 7;
  stage.busy = 1.5;
  progress.stages = {stage};
  return {"train-1", progress};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(serving)

BOOST_AUTO_TEST_CASE(a_log_line_is_a_phrase_and_fields_on_one_line) {
  BOOST_TEST(log_line("node joined", {{"node", "a"}, {"cpus", "2"}}) == "node joined node=a cpus=2");
  BOOST_TEST(log_line("node lost", {{"why", "silent for 3 s"}, {"name", ""}}) ==
             "node lost why=\"silent for 3 s\" name=\"\"");
  BOOST_TEST(log_line("x", {{"peer", "a\nb \"c\""}}) == "x peer=\"a\\nb \\\"c\\\"\"");
}

BOOST_AUTO_TEST_CASE(metrics_have_one_type_line_a_family_and_escaped_labels) {
  NodeCounters counters;
  counters.jobs_started = 3;
  counters.running = {running(), running()};
  std::string text = metrics_text(counters, {}, 42);
  BOOST_TEST(says(text, "leat_node_jobs_started_total 3\n"));
  BOOST_TEST(says(text, "leat_stage_visits_total{job=\"train-1\",stage=\"pa\\\"rse\\n\"} 7\n"));
  std::string type = "# TYPE leat_stage_visits_total counter\n";
  BOOST_TEST(text.find(type) == text.rfind(type));
  BOOST_TEST(text.back() == '\n');
}

BOOST_AUTO_TEST_CASE(a_status_shows_nodes_and_jobs) {
  ClusterStatus status;
  status.members = {{{"a", {"gpu"}, 4, std::uint64_t{1} << 30}, {"127.0.0.1", 4711}, true}};
  status.jobs = {{5, "train", "running", {}}};
  BOOST_TEST(status_text(status) ==
             "node a: 4 cpus, 1.00 GiB, labels gpu, data on 127.0.0.1:4711, draining\njob 5: train, running, 0 rows\n");
  BOOST_TEST(says(status_json(status), "\"name\":\"a\""));
  BOOST_TEST(says(status_json(status), "\"phase\":\"running\""));
  status.jobs = {{6, "train", "waiting", {}, "for nodes: 1 of 3"}};
  BOOST_TEST(says(status_text(status), "job 6: train, waiting for nodes: 1 of 3, 0 rows\n"));
  BOOST_TEST(says(status_json(status), "\"why\":\"for nodes: 1 of 3\""));
}

BOOST_AUTO_TEST_CASE(a_status_shows_how_far_a_job_is_its_slowest_stage_and_what_stages_count) {
  Progress progress = running().second;
  progress.seconds = 2;
  progress.bytes = 500;
  progress.bytes_total = 1000;
  progress.rows = 20;
  progress.stages[0].name = "parse";
  progress.stages[0].counts = {{"rows", 20}, {"rows dropped", 3}};
  ClusterStatus status;
  status.jobs = {{5, "train", "running", progress}};
  BOOST_TEST(status_text(status) ==
             "job 5: train, running, 50%, 20 rows, parse 75% busy\n  parse: rows 20, rows dropped 3\n");
  std::string json = status_json(status);
  for (const char* part : {"\"done\":0.5", "\"name\":\"parse\"", "\"counts\":{\"rows\":20,\"rows dropped\":3}"}) {
    BOOST_TEST(says(json, part), json);
  }
  std::string text = metrics_text(status, 42);
  BOOST_TEST(says(text, "# TYPE leat_stage_own_count_total counter\n"));
  BOOST_TEST(says(text, "leat_stage_own_count_total{job=\"train-5\",stage=\"parse\",count=\"rows dropped\"} 3\n"), text);
  NodeCounters counters;
  counters.running = {{"train-5", progress}};
  BOOST_TEST(says(metrics_text(counters, {}, 42), "count=\"rows dropped\"} 3\n"));
}

BOOST_AUTO_TEST_CASE(restarts_and_dead_letters_are_in_status_metrics_and_summary) {
  Progress progress = running().second;
  progress.stages.push_back(progress.stages[0]);
  progress.stages[0].restarts = 5;
  progress.stages[0].dead_letters = 1;
  progress.stages[1].restarts = 2;
  ClusterStatus status;
  status.jobs = {{5, "train", "running", progress}};
  BOOST_TEST(says(status_text(status), "job 5: train, running, 0 rows, 7 restarts, 1 dead letters\n"));
  BOOST_TEST(says(status_json(status), "\"restarts\":7,\"dead_letters\":1"));
  std::string text = metrics_text(status, 42);
  BOOST_TEST(says(text, "leat_stage_restarts_total{job=\"train-5\",stage=\"pa\\\"rse\\n\"} 5\n"));
  BOOST_TEST(says(text, "leat_stage_dead_letters_total{job=\"train-5\",stage=\"pa\\\"rse\\n\"} 1\n"));
  Report report;
  report.progress = progress;
  BOOST_TEST(says(summary(report), "dead letters: 1 in "));
}

BOOST_AUTO_TEST_CASE(every_metric_of_a_stage_is_in_json_and_each_that_is_exposed_in_metrics) {
  Progress progress = running().second;
  std::uint64_t units = 0;
  for (const StageMetric& metric : kStageMetrics) metric.add(progress.stages[0], 1'500'000'000 * ++units);
  NodeCounters counters;
  counters.running = {{"train-1", progress}};
  std::string text = metrics_text(counters, {}, 42);
  std::string json = progress_json(progress);
  for (const StageMetric& metric : kStageMetrics) {
    char number[40];
    std::snprintf(number, sizeof number, "%.17g", metric.value(progress.stages[0]));
    BOOST_TEST(says(json, "\"" + std::string(metric.name) + "\":" + number), metric.name << " in " << json);
    if (metric.exposed.empty()) continue;
    BOOST_TEST(says(text, std::string(metric.exposed) + "{job=\"train-1\",stage=\"pa\\\"rse\\n\"} " + number + "\n"), text);
    BOOST_TEST(says(text, "# HELP " + std::string(metric.exposed) + " " + std::string(metric.sentence) + "\n"));
  }
}

BOOST_AUTO_TEST_CASE(a_supervisor_that_asked_is_told) {
  ::unsetenv("NOTIFY_SOCKET");
  BOOST_TEST(!notify_supervisor("READY=1"));
  std::string name = "@leat-notify-" + std::to_string(::getpid());
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path + 1, name.data() + 1, name.size() - 1);
  int supervisor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  BOOST_REQUIRE(::bind(supervisor, reinterpret_cast<sockaddr*>(&address), length) == 0);
  ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  BOOST_TEST(notify_supervisor("READY=1"));
  char got[64] = {};
  BOOST_TEST(::recv(supervisor, got, sizeof got, MSG_DONTWAIT) == 7);
  BOOST_TEST(std::string(got) == "READY=1");
  ::unsetenv("NOTIFY_SOCKET");
  ::close(supervisor);
}

BOOST_AUTO_TEST_SUITE_END()
