// What a collector of OpenTelemetry is told, and what becomes of a process whose collector is bad.
#include <leat/app/command_line.hpp>
#include <leat/app/job_spans.hpp>
#include <leat/app/otlp_export.hpp>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>

using namespace leat;
using Json = nlohmann::json;

namespace {

using std::chrono::milliseconds;

// Takes connections one after the other; says `answer` to each, or nothing until it goes.
class Collector {
 public:
  explicit Collector(std::string answer) : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    BOOST_REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&at), size) == 0);
    BOOST_REQUIRE(::listen(listener_, 16) == 0);
    BOOST_REQUIRE(::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) == 0);
    place.at = {"127.0.0.1", ntohs(at.sin_port)};
    thread_ = std::thread([this] { serve(); });
  }
  ~Collector() {
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }

  // The requests so far, once there are so many.
  std::vector<std::string> requests(std::size_t count) {
    std::unique_lock lock(mutex_);
    BOOST_REQUIRE(changed_.wait_for(lock, std::chrono::seconds(60), [&] { return requests_.size() >= count; }));
    return requests_;
  }

  HttpPlace place;

 private:
  void serve() {
    std::vector<int> held;
    for (int socket = 0; (socket = ::accept(listener_, nullptr, nullptr)) >= 0;) {
      std::string request = read(socket);
      {
        std::lock_guard lock(mutex_);
        requests_.push_back(std::move(request));
      }
      if (!answer_.empty()) [[maybe_unused]] auto sent = ::send(socket, answer_.data(), answer_.size(), MSG_NOSIGNAL);
      answer_.empty() ? held.push_back(socket) : void(::close(socket));
      changed_.notify_all();
    }
    for (int socket : held) ::close(socket);
  }

  static std::string read(int socket) {
    std::string text;
    char some[65536];
    for (std::size_t whole = text.npos; text.size() < whole;) {
      ssize_t got = ::recv(socket, some, sizeof some, 0);
      if (got <= 0) break;
      text.append(some, static_cast<std::size_t>(got));
      std::size_t head = text.find("\r\n\r\n"), length = text.find("Content-Length: ");
      if (head != text.npos && length < head) whole = head + 4 + std::stoul(text.substr(length + 16));
    }
    return text;
  }

  const std::string answer_;
  const int listener_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> requests_;
  std::thread thread_;
};

constexpr const char* kOk = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

Json body_of(const std::string& request) { return Json::parse(request.substr(request.find("\r\n\r\n") + 4)); }

struct Warnings {
  std::mutex mutex;
  std::vector<std::string> said;
};

OtlpExport::Options options_for(const HttpPlace& place, Warnings& warnings, milliseconds every) {
  OtlpExport::Options options;
  options.to = place;
  options.metrics = [] { return MetricFamilies{{"leat_cluster_jobs", MetricKind::gauge, "Jobs.", {{{}, 3}}}}; };
  options.warn = [&warnings](const std::string& why) {
    std::lock_guard lock(warnings.mutex);
    warnings.said.push_back(why);
  };
  options.every = every;
  return options;
}

TraceSpan span_called(const std::string& name) {
  TraceSpan span;
  span.trace = fresh_id(16);
  span.id = fresh_id(8);
  span.name = name;
  return span;
}

std::string refusal(const std::string& place) {
  auto request = parse_command_line({"prog", "run", "--otlp", place}, {{"t", "Does.", {}, [](const Args&) { return Graph("t"); }}});
  return request ? "not refused" : request.error().sentence;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(otlp)

BOOST_AUTO_TEST_CASE(metrics_are_sums_and_gauges_in_the_json_of_the_protocol) {
  MetricFamilies families = {
      {"leat_stage_visits_total", MetricKind::counter, "Visits.", {{{{"job", "g 1"}, {"stage", "a\"b"}}, 9007199254740992.0}}},
      {"leat_stage_busy_seconds_total", MetricKind::counter, "Busy.", {{{}, 1.5}}},
      {"leat_edge_window_bytes", MetricKind::gauge, "Window.", {{{}, 7}}},
      {"leat_none", MetricKind::gauge, "Nothing.", {}}};
  Json json = Json::parse(otlp_metrics(families, {{"service.name", "words"}}, 1'700'000'000'000'000'001, 1'700'000'010'000'000'002));
  BOOST_TEST(json["resourceMetrics"][0]["resource"]["attributes"] ==
             Json::parse(R"([{"key":"service.name","value":{"stringValue":"words"}}])"));
  const Json& scope = json["resourceMetrics"][0]["scopeMetrics"][0];
  BOOST_TEST(scope["scope"]["name"] == "leat");
  const Json& metrics = scope["metrics"];
  BOOST_REQUIRE(metrics.size() == 3u);
  BOOST_TEST(metrics[0] == Json::parse(R"({"name":"leat_stage_visits_total","description":"Visits.","unit":"1","sum":{"dataPoints":[
    {"attributes":[{"key":"job","value":{"stringValue":"g 1"}},{"key":"stage","value":{"stringValue":"a\"b"}}],
     "startTimeUnixNano":"1700000000000000001","timeUnixNano":"1700000010000000002","asInt":"9007199254740992"}],
    "aggregationTemporality":2,"isMonotonic":true}})"));
  BOOST_TEST(metrics[1]["unit"] == "s");
  BOOST_TEST(metrics[1]["sum"]["dataPoints"][0]["asDouble"] == 1.5);
  BOOST_TEST(metrics[2]["unit"] == "By");
  BOOST_TEST(metrics[2]["gauge"]["dataPoints"][0]["asInt"] == "7");
  BOOST_TEST(!metrics[2].contains("sum"));
}

BOOST_AUTO_TEST_CASE(spans_have_ids_in_hex_and_say_what_failed) {
  TraceSpan job = span_called("job t");
  job.began = 5;
  job.ended = 9;
  TraceSpan part = span_called("running");
  part.trace = job.trace;
  part.parent = job.id;
  part.error = "disk \xff full";
  Json json = Json::parse(otlp_traces({job, part}, {}));
  const Json& spans = json["resourceSpans"][0]["scopeSpans"][0]["spans"];
  BOOST_REQUIRE(spans.size() == 2u);
  BOOST_TEST(spans[0]["traceId"].get<std::string>().size() == 32u);
  BOOST_TEST(spans[0]["spanId"].get<std::string>().size() == 16u);
  BOOST_TEST(!spans[0].contains("parentSpanId"));
  BOOST_TEST(spans[0]["startTimeUnixNano"] == "5");
  BOOST_TEST(spans[0]["endTimeUnixNano"] == "9");
  BOOST_TEST(spans[0]["kind"] == 1);
  BOOST_TEST(spans[0]["status"] == Json::object());
  BOOST_TEST(spans[1]["parentSpanId"] == spans[0]["spanId"]);
  BOOST_TEST(spans[1]["status"]["code"] == 2);
}

BOOST_AUTO_TEST_CASE(what_a_collector_rejects_of_a_request_is_said) {
  BOOST_TEST(otlp_rejection("{}") == "");
  BOOST_TEST(otlp_rejection("no json") == "");
  BOOST_TEST(otlp_rejection(R"({"partialSuccess":{}})") == "");
  BOOST_TEST(otlp_rejection(R"({"partialSuccess":{"rejectedDataPoints":"0"}})") == "");
  BOOST_TEST(otlp_rejection(R"({"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"too old"}})") == "it has rejected 3: too old");
  BOOST_TEST(otlp_rejection(R"({"partialSuccess":{"rejectedSpans":2}})") == "it has rejected 2");
}

BOOST_AUTO_TEST_CASE(a_collector_is_told_again_and_again_and_at_the_end) {
  Collector collector(kOk);
  collector.place.path = "/otlp";
  Warnings warnings;
  std::atomic<int> ended{0};
  {
    auto options = options_for(collector.place, warnings, milliseconds(1));
    options.spans = [&ended] { return ended++ == 1 ? std::vector{span_called("job t")} : std::vector<TraceSpan>(); };
    OtlpExport told(std::move(options));
    collector.requests(4);
  }
  auto requests = collector.requests(5);
  BOOST_TEST(requests[0].starts_with("POST /otlp/v1/metrics HTTP/1.1\r\nHost: 127.0.0.1:"), requests[0]);
  BOOST_TEST(requests[0].find("\r\nContent-Type: application/json\r\n") != std::string::npos);
  BOOST_TEST(body_of(requests[0])["resourceMetrics"][0]["scopeMetrics"][0]["metrics"][0]["name"] == "leat_cluster_jobs");
  std::size_t traces = 0;
  for (const std::string& request : requests) traces += request.starts_with("POST /otlp/v1/traces ") ? 1u : 0u;
  BOOST_TEST(traces == 1u);
  BOOST_TEST(requests.back().starts_with("POST /otlp/v1/metrics "));
  BOOST_TEST(warnings.said.empty());
  // Where nothing was told for want of time the end is.
  { OtlpExport told(options_for(collector.place, warnings, std::chrono::hours(1))); }
  BOOST_TEST(collector.requests(requests.size() + 1).size() == requests.size() + 1);
}

BOOST_AUTO_TEST_CASE(one_that_refuses_or_is_gone_is_one_warning) {
  for (bool gone : {true, false}) {
    auto collector = std::make_unique<Collector>("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    HttpPlace place = collector->place;
    if (gone) collector.reset();
    Warnings warnings;
    std::atomic<int> asked{0};
    {
      auto options = options_for(place, warnings, milliseconds(1));
      options.spans = [&asked] { return ++asked, std::vector<TraceSpan>(2 * OtlpExport::kMostSpans, span_called("job t")); };
      OtlpExport told(std::move(options));
      while (asked < 20) std::this_thread::yield();
    }
    BOOST_REQUIRE(warnings.said.size() == 1u);
    std::string why = gone ? "cannot reach " + to_string(place) + ": nothing listens there"
                           : to_string(place) + "/v1/metrics: answered with status 404 Not Found";
    BOOST_TEST(warnings.said[0] == why);
  }
}

BOOST_AUTO_TEST_CASE(one_that_does_not_answer_holds_up_the_end_for_two_seconds_at_most) {
  Collector collector("");
  Warnings warnings;
  auto began = std::chrono::steady_clock::now();
  {
    OtlpExport told(options_for(collector.place, warnings, milliseconds(1)));
    collector.requests(1);
    began = std::chrono::steady_clock::now();
  }
  BOOST_TEST((std::chrono::steady_clock::now() - began < 10 * OtlpExport::kLast));
  BOOST_TEST(collector.requests(2).size() == 2u);  // what was under way made way for the last
  BOOST_REQUIRE(warnings.said.size() == 1u);
  BOOST_TEST(warnings.said[0].find("it did not answer within ") != std::string::npos, warnings.said[0]);
}

BOOST_AUTO_TEST_CASE(what_does_not_speak_http_or_says_too_much_is_told_so) {
  Warnings warnings;
  Collector other("SSH-2.0-x\r\n");
  auto answer = http_post(other.place, "/v1/metrics", "{}", std::chrono::seconds(30));
  BOOST_REQUIRE(!answer);
  BOOST_TEST(answer.error().sentence.find("it does not speak HTTP") != std::string::npos, answer.error().sentence);
  Collector large("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n" + std::string(2 * kMostHttpAnswer, 'x'));
  answer = http_post(large.place, "/v1/metrics", "{}", std::chrono::seconds(30));
  BOOST_TEST((!answer || answer->size() <= kMostHttpAnswer));
  Collector empty("HTTP/1.1 204 No Content\r\n\r\n");
  answer = http_post(empty.place, "/v1/metrics", "{}", std::chrono::seconds(30));
  BOOST_TEST_REQUIRE(answer.ok());
  BOOST_TEST(*answer == "");
}

BOOST_AUTO_TEST_CASE(an_address_is_plain_http_and_else_one_sentence) {
  auto place = parse_http_place("http://127.0.0.1", kOtlpPort);
  BOOST_REQUIRE(place);
  BOOST_TEST((*place == HttpPlace{{"127.0.0.1", 4318}, ""}));
  BOOST_TEST((*parse_http_place("http://[::1]:99/a/b/", kOtlpPort) == HttpPlace{{"::1", 99}, "/a/b"}));
  BOOST_TEST((*parse_http_place("http://[::1]/", kOtlpPort) == HttpPlace{{"::1", 4318}, ""}));
  BOOST_TEST(refusal("https://collector:4318") ==
             "--otlp https://collector:4318: https is not spoken here: name a collector on this machine as "
             "http://127.0.0.1:4318, which can go on with https");
  for (const char* wrong : {"", "collector:4318", "http://", "http://:4318", "http://a:0", "http://a:x", "http://a b", "http://u@a:1",
                            "http://a:1?x", "ftp://a:1", "http://a:70000"}) {
    BOOST_TEST(refusal(wrong) == "--otlp " + std::string(wrong) + ": must be an address such as http://127.0.0.1:4318", wrong);
  }
}

BOOST_AUTO_TEST_CASE(a_coordinators_log_tells_of_jobs_and_their_phases) {
  JobSpans spans;
  std::vector<LogField> one{{"job", "1"}, {"graph", "t"}};
  spans.see("job running", one, 1);  // of one that was submitted before
  spans.see("job submitted", one, 10);
  spans.see("job building", one, 11);
  spans.see("node lost", {{"node", "b"}}, 12);
  spans.see("job submitted", {{"job", "2"}, {"graph", "u"}}, 13);
  spans.see("job running", one, 20);
  auto ended = spans.take();
  BOOST_REQUIRE(ended.size() == 1u);
  BOOST_TEST(ended[0].name == "building");
  BOOST_TEST((ended[0].began == 11u && ended[0].ended == 20u));
  spans.see("job failed", {{"job", "1"}, {"why", "node b was lost"}}, 30);
  spans.see("job committed", one, 31);
  auto more = spans.take();
  BOOST_REQUIRE(more.size() == 2u);
  BOOST_TEST(more[0].name == "running");
  BOOST_TEST(more[1].name == "job t");
  BOOST_TEST(more[1].error == "node b was lost");
  BOOST_TEST((more[1].began == 10u && more[1].ended == 30u));
  for (const TraceSpan* part : {&ended[0], &more[0]}) {
    BOOST_TEST(part->trace == more[1].trace);
    BOOST_TEST(part->parent == more[1].id);
  }
}

BOOST_AUTO_TEST_CASE(a_run_has_spans_of_its_stages_from_the_first_to_the_last_visit) {
  RunSpans run("t", 10);
  Progress progress;
  progress.stages.resize(2);
  progress.stages[0].name = "read";
  progress.stages[1].name = "write";
  run.see(progress, 20);
  progress.stages[0].chunks_out = 5;
  run.see(progress, 30);
  run.see(progress, 40);
  progress.stages[1].visits = 5;
  run.see(progress, 50);
  auto spans = run.take(60, "");
  BOOST_REQUIRE(spans.size() == 3u);
  BOOST_TEST(spans[0].name == "job t");
  BOOST_TEST((spans[0].began == 10u && spans[0].ended == 60u));
  BOOST_TEST(spans[1].name == "stage read");
  BOOST_TEST((spans[1].began == 20u && spans[1].ended == 30u));
  BOOST_TEST((spans[2].began == 40u && spans[2].ended == 50u));
  BOOST_TEST(spans[2].parent == spans[0].id);
}

BOOST_AUTO_TEST_SUITE_END()
