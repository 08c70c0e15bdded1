#include <leat/app/serve.hpp>

#include <leat/actors/output/dead_letter_file.hpp>
#include <leat/actors/output/staged_file.hpp>
#include <leat/app/inspected_member.hpp>
#include <leat/app/logging.hpp>
#include <leat/app/metrics.hpp>
#include <leat/app/notify.hpp>
#include <leat/app/otlp_told.hpp>
#include <leat/app/signals.hpp>
#include <leat/app/verbs.hpp>
#include <leat/graph/node_list.hpp>
#include <leat/net/certificates.hpp>
#include <leat/net/http_paths.hpp>
#include <leat/runtime/machine.hpp>

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <mutex>
#include <system_error>

namespace leat {
namespace {

constexpr const char* kMetrics = "text/plain; version=0.0.4; charset=utf-8";

std::optional<Credentials> given(const CoordinatorAccess& access) {
  if (access.certificate.empty()) return std::nullopt;
  return Credentials{access.certificate, access.key, access.authority};
}

std::string default_name() {
  char host[256] = {};
  if (::gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
  return std::string(host[0] ? host : "node") + "-" + std::to_string(::getpid());
}

// Whoever reads it sees all of it or nothing.
Result<void> announce(const std::filesystem::path& path, const Endpoint& endpoint) {
  if (path.empty()) return {};
  auto file = StagedFile::open(path);
  if (!file) return file.error().in("--announce");
  auto written = file->write(to_string(endpoint) + "\n");
  if (written) written = file->publish();
  return written ? written : written.error().in("--announce");
}

Result<std::unique_ptr<HttpServer>> serve_http(const std::optional<Endpoint>& at, const Log& log,
                                               std::function<bool()> ready, std::function<std::string()> metrics) {
  if (!at) return std::unique_ptr<HttpServer>();
  if (!is_loopback(*at)) return invalid(to_string(*at) + " is not loopback: probes and metrics are served there only");
  HttpPaths paths;
  paths["/livez"] = [] { return HttpAnswer{.body = "ok\n"}; };
  paths["/readyz"] = [ready] { return ready() ? HttpAnswer{.body = "ready\n"} : HttpAnswer{.status = 503, .body = "not ready\n"}; };
  paths["/metrics"] = [metrics] { return HttpAnswer{.type = kMetrics, .body = metrics()}; };
  HttpServer::Options options;
  options.listen = *at;
  options.log = log;
  options.serve = serve_paths(std::move(paths));
  auto opened = HttpServer::open(std::move(options));
  if (opened) log.info("http endpoint open", {{"at", to_string((*opened)->endpoint())}});
  return opened;
}

Log log_of(const Serving& serving) { return serving.log_format == "json" ? json_log() : standard_log(); }

void add_log_format(CLI::App& command, Serving& serving) {
  command.add_option("--log-format", serving.log_format, "of the lines on standard error (text)")
      ->type_name("json|text")
      ->check(one_of({"json", "text"}));
}

Result<NodeOptions> node_options(const ProgramIdentity& identity, const Request& request) {
  const Serving& serving = request.serving;
  NodeOptions options;
  options.coordinator = *request.access.cluster;
  auto credentials = credentials_of(request.access);
  if (!credentials) return std::move(credentials).error();
  options.credentials = std::move(credentials).value();
  if (!serving.data && !is_loopback(options.coordinator)) {
    return invalid("--data is missing: the coordinator is not on this machine, so say at which of this machine's "
                   "addresses other nodes reach it, such as --data 10.0.0.2:0");
  }
  options.data = serving.data.value_or(Endpoint{});
  if (options.data.host == "0.0.0.0" || options.data.host == "::") {
    return invalid("--data " + to_string(options.data) + ": other nodes are told this address, so say one that reaches "
                   "this machine");
  }
  if (!is_loopback(options.data)) options.data_tls = options.credentials;
  options.node.name = serving.name.empty() ? default_name() : serving.name;
  options.node.labels = serving.labels;
  options.node.cpus = serving.cpus ? serving.cpus : cpu_budget();
  options.node.memory = serving.memory;
  options.identity = identity;
  options.join_within = serving.join_within;
  return options;
}

int serve_node(const VerbCall& call) {
  const Request& request = call.request;
  const Console& console = call.console;
  Signals signals("draining: leaving once the jobs here have ended; again to leave now", false);
  auto options = node_options(call.identity(), request);
  if (!options) return console.error(options.error(), false);
  std::atomic<bool> ready{false};
  auto logs = std::make_shared<LogLines>();
  options->log = with_field(kept(log_of(request.serving), logs), "node", options->node.name);
  options->dead_letters = dead_letter_folder(request.dead_letters);
  options->drain = signals.stop();
  options->leave = signals.again();
  auto through = std::make_shared<ClusterAnswers>();
  options->answer = [through](const std::string& question) { return through->answer(question); };
  std::string joined = "joined " + to_string(options->coordinator) + " as " + options->node.name + ", data on ";
  Supervised supervised;
  options->on_state = [&ready, &supervised, joined, log = options->log](NodeState state, const Endpoint& data) {
    ready = state == NodeState::ready;
    if (state == NodeState::draining) supervised.stopping();
    if (state != NodeState::ready) return;
    if (!print(stdout, joined + to_string(data) + "\n")) {
      log.warning("standard output cannot be written", {{"why", std::generic_category().message(errno)}});
    }
    supervised.ready();
  };
  Log log = options->log;
  std::string name = options->node.name;
  auto node = ClusterNode::open(std::move(options).value());
  if (!node) return console.error(node.error(), false);
  auto state = [&ready, &signals] { return signals.stop().stop_requested() ? "draining" : ready ? "ready" : "waiting"; };
  InspectedProcess process = inspected_node(call, name, state, **node);
  process.logs = logs;
  auto answers = std::make_shared<Answers>(std::move(process));
  through->begin(answers);
  auto inspected = inspect_process(answers, log);
  Watchdog watchdog;
  auto http = serve_http(request.serving.http, log, [&ready] { return ready.load(); },
                         [&node] { return metrics_text((*node)->counters(), (*node)->snapshots(), peak_memory()); });
  if (!http) return console.error(http.error(), false);
  auto otlp = told_by_otlp(call, "node", name, log, [&node] {
    return node_metrics((*node)->counters(), (*node)->snapshots(), peak_memory());
  });
  auto ended = (*node)->wait();
  supervised.stopping();  // one that has nothing to finish is gone before it drains
  http->reset();
  return ended ? kDone : console.error(ended.error(), true);
}

int serve_coordinator(const VerbCall& call) {
  const Request& request = call.request;
  const Console& console = call.console;
  Signals signals("draining: leaving once the jobs here have ended; again to leave now", false);
  CoordinatorAccess access = request.access;
  if (!access.listen) access.listen = Endpoint{};
  auto credentials = credentials_of(access);
  if (!credentials) return console.error(credentials.error(), false);
  auto logs = std::make_shared<LogLines>();
  Coordinator::Options options{*access.listen, std::move(credentials).value(), call.identity(), kept(log_of(request.serving), logs)};
  options.answer = logs_of_coordinator(logs);
  auto spans = std::make_shared<JobSpans>();
  if (request.otlp) options.log = seen_by(options.log, spans);
  Log log = options.log;
  auto coordinator = Coordinator::open(std::move(options));
  if (!coordinator) return console.error(coordinator.error(), false);
  Endpoint at = (*coordinator)->endpoint();
  auto state = [&signals] { return signals.stop().stop_requested() ? "draining" : "ready"; };
  InspectedProcess process = inspected_coordinator(call, state, **coordinator);
  process.logs = logs;
  auto inspected = inspect_process(std::make_shared<Answers>(std::move(process)), log);
  Watchdog watchdog;
  auto http = serve_http(request.serving.http, log, [&signals] { return !signals.stop().stop_requested(); },
                         [&coordinator] { return metrics_text((*coordinator)->status(), peak_memory()); });
  if (!http) return console.error(http.error(), false);
  auto otlp = told_by_otlp(call, "coordinator", "", log, [&coordinator] {
    return cluster_metrics((*coordinator)->status(), peak_memory());
  }, [spans] { return spans->take(); });
  if (auto ok = announce(request.serving.announce, at); !ok) return console.error(ok.error(), false);
  if (int status = console.text("listening on " + to_string(at) + "\n", "where it listens"); status != kDone) return status;
  Supervised supervised;
  supervised.ready();
  std::mutex mutex;
  std::condition_variable_any asked;
  std::unique_lock lock(mutex);
  asked.wait(lock, signals.stop(), [] { return false; });
  supervised.stopping();
  (*coordinator)->drain(signals.again());
  http->reset();
  return kDone;
}

void add_node(CLI::App& command, ParsedCommand& parsed) {
  add_dead_letters(command, parsed.request);
  Serving& serving = parsed.request.serving;
  add_endpoint(command, parsed, "join", "the coordinator REQUIRED");
  command.add_option("--name", serving.name, "of this node (the host's name and the process's number)")
      ->type_name("text");
  command.add_option("--labels", parsed.labels, "labels that stages can ask for, with commas")->type_name("text");
  command.add_option("--cpus", serving.cpus, "threads for chunk work (those this process may use)")
      ->type_name("integer")
      ->check(whole_number(1, kMostCpus));
  add_memory(command, parsed, "refuse a job that may need more than this here");
  add_endpoint(command, parsed, "data", "take chunks there (127.0.0.1:0; needed when the coordinator is elsewhere)");
  command
      .add_option_function<int>(
          "--join-within", [&serving](int seconds) { serving.join_within = std::chrono::seconds(seconds); },
          "how long to look for a coordinator that is not there [seconds] (30)")
      ->type_name("integer")
      ->check(whole_number(0, 86400));
  add_http(command, parsed);
  add_otlp(command, parsed);
  add_log_format(command, serving);
  add_credentials(command, parsed.request.access);
}

void add_coordinator(CLI::App& command, ParsedCommand& parsed) {
  add_endpoint(command, parsed, "listen", "where nodes and runs come (127.0.0.1:0, a free port)");
  command.add_option("--announce", parsed.request.serving.announce, "file to write that address to")
      ->type_name("file");
  add_http(command, parsed);
  add_otlp(command, parsed);
  add_log_format(command, parsed.request.serving);
  add_credentials(command, parsed.request.access);
}

}  // namespace

Result<Credentials> credentials_of(const CoordinatorAccess& access) {
  const Endpoint& at = access.cluster ? *access.cluster : *access.listen;
  return credentials_for(at, given(access), state_folder());
}

extern const Verb kNodeVerb, kCoordinatorVerb;
const Verb kNodeVerb{"", "node", "join a cluster and work for it", false, add_node, serve_node, "join"};
const Verb kCoordinatorVerb{"", "coordinator", "let nodes join and runs come", false, add_coordinator, serve_coordinator};

}  // namespace leat
