#include <leat/gateway/running_service.hpp>

#include <leat/actors/output/staged_file.hpp>
#include <leat/chunk/one_line.hpp>
#include <leat/gateway/datasets.hpp>
#include <leat/gateway/job_routes.hpp>
#include <leat/gateway/live_socket.hpp>
#include <leat/gateway/open_api.hpp>
#include <leat/gateway/page_routes.hpp>
#include <leat/gateway/route_files.hpp>
#include <leat/gateway/session_routes.hpp>
#include <leat/gateway/tus.hpp>
#include <leat/net/certificates.hpp>
#include <leat/runtime/machine.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <system_error>

namespace leat {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::minutes kLooksAtOldJobs{10};

std::string url_of(const ServiceCall& call, const Endpoint& at) {
  return (call.options.tls ? "https://" : "http://") + to_string(at);
}

// As many descriptors as the system lets it have; half of them for connections.
std::size_t connections_allowed() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 64;
  limit.rlim_cur = limit.rlim_max;
  [[maybe_unused]] int raised = ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return std::min<std::size_t>(RunningService::kConnections, limit.rlim_cur / 2);
}

Capacity capacity_of(const ServiceOptions& options) {
  auto machine = static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return {options.memory > 0 ? options.memory : machine / 4 * 3, options.threads > 0 ? options.threads : cpu_budget()};
}

}  // namespace

Result<std::unique_ptr<RunningService>> RunningService::open(const ServiceCall& call, const std::vector<Route>& own,
                                                             const StandingGraphs& standing) {
  std::unique_ptr<RunningService> serving(new RunningService(call, standing));
  if (auto begun = serving->begin(own); !begun) return std::move(begun).error();
  return serving;
}

RunningService::~RunningService() {
  if (jobs_) jobs_->end();
  if (waits_) waits_->close();
  if (server_) {
    // What has been answered is sent first.
    std::promise<void> sent;
    server_->post([&sent] { sent.set_value(); });
    sent.get_future().wait();
  }
  server_.reset();
  waits_.reset();
  pool_.reset();
}

Result<void> RunningService::begin(const std::vector<Route>& own) {
  folder_ = call_.options.state.empty() ? state_folder() / "service" : fs::absolute(call_.options.state);
  if (auto made = make_private_folder(folder_); !made) return made;
  auto lock = FolderLock::of(folder_, std::chrono::milliseconds(0));
  if (!lock && lock.error().sentence.find("has held") == std::string::npos) return std::move(lock).error();
  if (!lock) return invalid("another service has " + folder_.string() + ": end it, or give another --state");
  lock_.emplace(std::move(*lock));
  auto tokens = Tokens::open(call_.options.tokens.empty() ? folder_ / "tokens" : call_.options.tokens);
  if (!tokens) return std::move(tokens).error();
  tokens_ = std::move(*tokens);
  if (auto kept = tokens_->keep_sessions(folder_ / "sessions"); !kept) return kept;
  if (auto opened = open_jobs(); !opened) return opened;
  pool_ = std::make_unique<WorkPool>(kThreads, kMostWaiting);
  waits_ = std::make_unique<EndWaits>(*jobs_, events_);
  if (auto opened = open_server(); !opened) return opened;
  if (auto added = add_routes(own); !added) return added;
  ready_ = true;
  if (auto told = announce(); !told) return told;
  std::string url = url_of(call_, server_->endpoint());
  call_.log.info("service open", {{"at", url}, {"folder", folder_.string()}});
  call_.say("serving " + call_.name + " at " + url + "\n" + "open " + url + "/login?once=" + tokens_->link({"admin", Role::admin}) +
            " in a browser: good once, for 10 minutes\n");
  return {};
}

Result<void> RunningService::open_jobs() {
  std::error_code error;
  fs::path root;
  if (!call_.options.data_root.empty()) {
    root = fs::canonical(call_.options.data_root, error);
    if (error || !fs::is_directory(root, error)) return invalid("--data-root " + call_.options.data_root.string() + " is no folder");
  }
  fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return failed("cannot find this program's file: " + error.message());
  auto uploads = Uploads::open(folder_ / "uploads", call_.log);
  if (!uploads) return std::move(uploads).error();
  uploads_ = std::move(*uploads);
  auto coming = [this](const std::string& id) {
    auto found = uploads_->find(id);
    bool comes = found && !found->complete();
    std::error_code gone;
    std::uint64_t there = comes ? fs::file_size(uploads_->file_of(id), gone) : 0;
    return comes && !gone ? "upload " + id + ": " + std::to_string(there) + " of " + std::to_string(found->length) + " bytes are there" : "";
  };
  auto upload = [this, coming](const std::string& id, const std::string& tenant, bool whole) -> Result<fs::path> {
    auto found = uploads_->find(id);
    if (!found || found->tenant != tenant) return invalid("there is no upload " + one_line(id));
    std::string comes = whole ? coming(id) : "";
    if (comes.empty()) return uploads_->file_of(id);
    return invalid(comes + ": ask again when it is complete");
  };
  auto jobs = Jobs::open({program, call_.programs, folder_ / "jobs", root, capacity_of(call_.options), events_, upload, coming,
                          [this](const std::string& tenant) { return tokens_->quota_of(tenant); },
                          [this](const std::string& tenant) { return uploads_->bytes_of(tenant); }, call_.options.keep, call_.options.cluster, call_.log});
  if (!jobs) return std::move(jobs).error();
  jobs_ = std::move(*jobs);
  history_ = std::make_unique<JobHistory>(*jobs_, events_);
  live_ = std::make_unique<LiveJobs>(*jobs_, events_);
  return {};
}

Result<void> RunningService::open_server() {
  HttpServer::Options options;
  options.listen = call_.options.listen;
  options.tls = call_.options.tls;
  options.log = call_.log;
  options.limits.connections = connections_allowed();
  options.limits.header = 16 << 10;
  options.limits.patience = std::chrono::seconds(20);
  options.limits.idle = std::chrono::seconds(60);
  options.serve = [this](const std::shared_ptr<HttpExchange>& exchange) {
    if (ready_) return router_->serve(exchange);
    exchange->answer(refusal(503, "the service is starting: ask again"));
  };
  auto server = HttpServer::open(std::move(options));
  if (!server) return std::move(server).error();
  server_ = std::move(*server);
  return {};
}

Result<void> RunningService::add_routes(const std::vector<Route>& own) {
  Endpoint at = server_->endpoint();
  AccessRules rules;
  rules.hosts = {to_string(at)};
  if (is_loopback(at)) rules.hosts.push_back("localhost:" + std::to_string(at.port));
  for (const std::string& name : call_.options.hosts) rules.hosts.push_back(name);
  rules.by_token = [this](const std::string& token) { return tokens_->by_token(token); };
  rules.by_cookie = [this](const std::string& cookie) { return tokens_->by_session(cookie); };
  router_ = std::make_unique<Router>(std::move(rules), *pool_, call_.log);
  std::vector<Route> all = own_routes();
  for (Route& route : job_routes(*jobs_, *history_, call_.programs, !call_.options.cluster.empty())) all.push_back(std::move(route));
  auto dataset = [this](const std::string& said, const Identity& who) { return file_of("the dataset", said, who, true); };
  for (Route& route : dataset_routes(dataset)) all.push_back(std::move(route));
  for (Route& route : page_routes()) all.push_back(std::move(route));
  for (Route& route : session_routes(*tokens_, call_.options.tls.has_value())) all.push_back(std::move(route));
  auto room_for = [this](const std::string& tenant, std::uint64_t bytes) { return jobs_->room_for(tenant, bytes); };
  for (Route& route : upload_routes(*uploads_, *pool_, room_for)) all.push_back(std::move(route));
  all.push_back(live_route(events_, *live_));
  all.push_back(waits_->route());
  auto named = [this](const std::string& name, const std::string& said, const Identity& who) { return file_of(name, said, who, false); };
  for (const Route& route : own) all.push_back(with_files(route, named));
  for (Route& route : all) {
    if (auto added = router_->add(std::move(route)); !added) return added;
  }
  Route api{.method = "GET", .pattern = "/api/v1/openapi.json", .role = Role::none, .sentence = "This description."};
  api.quick = true;
  std::vector<Route> described = router_->routes();
  described.push_back(api);
  api.answer = [text = open_api(call_.name, described)](const RouteCall&) -> Result<HttpAnswer> { return json_answer(text); };
  return router_->add(std::move(api));
}

// An admin sees the uploads of all.
Result<fs::path> RunningService::file_of(const std::string& name, const std::string& said, const Identity& who, bool whole) const {
  auto upload = said.rfind("upload:", 0) == 0 && who.role == Role::admin ? uploads_->find(said.substr(7)) : std::nullopt;
  return jobs_->file_of(name, said, upload ? upload->tenant : who.name, whole);
}

std::vector<Route> RunningService::own_routes() {
  auto quick = [](const char* path, Role role, const char* sentence, std::function<Result<HttpAnswer>(const RouteCall&)> answer) {
    Route route{.method = "GET", .pattern = path, .role = role, .sentence = sentence};
    route.quick = true;
    route.answer = std::move(answer);
    return route;
  };
  std::vector<Route> routes;
  routes.push_back(quick("/livez", Role::none, "Whether it lives.", [](const RouteCall&) -> Result<HttpAnswer> { return HttpAnswer{.body = "ok\n"}; }));
  routes.push_back(quick("/readyz", Role::none, "Whether it takes jobs.", [](const RouteCall&) -> Result<HttpAnswer> { return HttpAnswer{.body = "ready\n"}; }));
  routes.push_back(quick("/metrics", Role::read, "Counts, as Prometheus reads them.", [this](const RouteCall&) -> Result<HttpAnswer> {
    return HttpAnswer{.type = "text/plain; version=0.0.4; charset=utf-8", .body = metrics()};
  }));
  Route standing = quick("/api/v1/standing", Role::read, "What the standing graphs do.", [this](const RouteCall&) -> Result<HttpAnswer> {
    return json_answer(standing_json(standing_));
  });
  standing.gives = "StandingGraphs";
  routes.push_back(std::move(standing));
  return routes;
}

std::string RunningService::metrics() const {
  Jobs::Counts counts = jobs_->counts();
  std::string text = "# HELP leat_service_jobs Jobs by stage.\n# TYPE leat_service_jobs gauge\n";
  auto jobs = [&](const char* stage, std::size_t count) { text += std::string("leat_service_jobs{stage=\"") + stage + "\"} " + std::to_string(count) + "\n"; };
  jobs("queued", counts.queued);
  jobs("running", counts.running);
  jobs("ended", counts.ended);
  text += "# HELP leat_service_connections Connections that are open.\n# TYPE leat_service_connections gauge\nleat_service_connections " +
          std::to_string(server_->connections()) + "\n";
  text += "# HELP leat_service_requests_total Requests by route.\n# TYPE leat_service_requests_total counter\n";
  for (std::size_t i = 0; i < router_->routes().size(); ++i) {
    const Route& route = router_->routes()[i];
    text += "leat_service_requests_total{method=\"" + route.method + "\",route=\"" + route.pattern + "\"} " + std::to_string(router_->count(i).asked) + "\n";
  }
  return text + standing_metrics(standing_);
}

// Whoever reads it sees all of it or nothing.
Result<void> RunningService::announce() const {
  if (call_.options.announce.empty()) return {};
  auto file = StagedFile::open(call_.options.announce.string());
  auto written = file ? file->write(to_string(server_->endpoint()) + "\n") : Result<void>(file.error());
  if (written) written = file->publish();
  return written ? written : written.error().in("--announce");
}

Result<void> RunningService::wait(std::stop_token stop) {
  std::stop_callback ends(stop, [this] { jobs_->end(); });
  std::uint64_t seen = 0;
  while (!stop.stop_requested()) {
    jobs_->forget_old(now_utc() - Jobs::kKept);
    uploads_->forget_before(now_utc() - Uploads::kKept, now_utc() - Jobs::kKept);
    seen = jobs_->ended_within(seen, kLooksAtOldJobs);
  }
  call_.log.info("service ends", {});
  return {};
}

}  // namespace leat
