#include <leat/gateway/job_routes.hpp>

#include <leat/actor/guard.hpp>
#include <leat/diagnosis/why.hpp>
#include <leat/gateway/access.hpp>
#include <leat/gateway/charts.hpp>
#include <leat/gateway/file_answer.hpp>
#include <leat/gateway/job_json.hpp>
#include <leat/gateway/job_picture.hpp>
#include <leat/graph/json_text.hpp>
#include <leat/inspect/snapshot_json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <semaphore>
#include <system_error>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostBody = std::size_t{1} << 20;
constexpr double kMostWhy = 20;  // seconds

Option id_param() { return {.name = "id", .type = OptionType::integer, .sentence = "the job's number", .least = 1}; }

std::uint64_t id_of(const RouteCall& call) { return static_cast<std::uint64_t>(call.params["id"].integer); }

// What is not there is 404 rather than 400; what stands against it, 409.
Result<HttpAnswer> shown(const Jobs& jobs, std::uint64_t id, const Result<JobView>& view, unsigned status = 200) {
  if (view) return json_answer(job_json(*view), status);
  if (is_of_quota(view.error())) return refusal(429, view.error().sentence);
  if (view.error().kind != ErrorKind::invalid) return view.error();
  return refusal(jobs.find(id) ? 409 : 404, view.error().sentence);
}

// Others' jobs are theirs: only their tenant and an admin change them.
std::optional<HttpAnswer> not_theirs(const Jobs& jobs, const RouteCall& call) {
  auto job = jobs.find(id_of(call));
  if (!job) return refusal(404, job.error().sentence);
  if (call.who.role == Role::admin || job->record.tenant == call.who.name) return std::nullopt;
  return refusal(403, "job " + std::to_string(id_of(call)) + " is of " + job->record.tenant + ", and this needs the role admin");
}

Result<HttpAnswer> submitted(Jobs& jobs, const RouteCall& call) {
  auto request = parse_job_request(call.body);
  if (!request) return std::move(request).error();
  request->tenant = call.who.name;
  auto view = jobs.submit(*request);
  if (!view && is_of_quota(view.error())) return refusal(429, view.error().sentence);
  if (!view) return std::move(view).error();
  HttpAnswer answer = json_answer(job_json(*view), 201);
  answer.fields.push_back({"Location", "/api/v1/jobs/" + std::to_string(view->record.id)});
  return answer;
}

Result<HttpAnswer> listed_jobs(const Jobs& jobs, const RouteCall& call) {
  std::optional<JobStage> stage;
  if (call.params.has("stage")) stage = stage_called(call.params["stage"].text);
  auto most = static_cast<std::size_t>(call.params["limit"].integer);
  auto before = call.params.has("before") ? static_cast<std::uint64_t>(call.params["before"].integer) : 0;
  auto views = jobs.list(stage, before, most + 1);
  bool more = views.size() > most;
  if (more) views.pop_back();
  return json_answer(jobs_json(views, more));
}

// One that runs says more of itself, and why it is as fast as it was when it was looked at last.
Result<HttpAnswer> one_job(const Jobs& jobs, const RouteCall& call) {
  auto view = jobs.find(id_of(call));
  if (!view) return refusal(404, view.error().sentence);
  bool runs = view->record.stage == JobStage::running;
  auto said = runs ? jobs.ask(view->record.id, {"describe"}) : Result<std::string>("");
  std::string text = whole_job_json(jobs, *view, said ? *said : "");
  std::string why = runs ? last_why(jobs, view->record.id) : "";
  return json_answer(why.empty() ? std::move(text) : with_member(std::move(text), "why", why));
}

Result<HttpAnswer> asked(const Jobs& jobs, const RouteCall& call, const inspect::Question& question) {
  auto said = jobs.ask(id_of(call), question);
  if (said) return json_answer(std::move(*said));
  if (said.error().kind != ErrorKind::invalid) return std::move(said).error();
  return refusal(jobs.find(id_of(call)) ? 409 : 404, said.error().sentence);
}

Result<JobSnapshot> snapshot_of(const Jobs& jobs, std::uint64_t id) {
  auto said = jobs.ask(id, {"snapshot"});
  return said ? inspect::parse_snapshot_answer(*said) : Result<JobSnapshot>(std::move(said).error());
}

Result<HttpAnswer> why_of(const Jobs& jobs, const RouteCall& call) {
  std::uint64_t id = id_of(call);
  auto view = jobs.find(id);
  if (!view) return refusal(404, view.error().sentence);
  if (std::string last = has_ended(view->record.stage) ? last_why(jobs, id) : ""; !last.empty()) return json_answer(std::move(last));
  auto before = snapshot_of(jobs, id);
  if (!before) return refusal(409, before.error().sentence);
  jobs.gone_within(id, std::chrono::milliseconds(static_cast<int>(call.params["over"].real * 1000)));
  auto after = snapshot_of(jobs, id);
  if (!after) return refusal(409, after.error().sentence);
  return json_answer(job_why_json(jobs, view->record, why(*before, *after)));
}

// A question of a verb, as a process on this machine is asked; those that end a job have routes of their own.
Result<HttpAnswer> question_to(const Jobs& jobs, const RouteCall& call) {
  auto question = inspect::parse_question(call.body);
  if (!question) return std::move(question).error();
  for (const char* verb : {"describe", "snapshot", "dump", "logs", "tap"}) {
    if (question->verb == verb) return asked(jobs, call, *question);
  }
  return invalid("a job is asked describe, snapshot, dump, logs or tap here");
}

Result<HttpAnswer> results_of(const Jobs& jobs, const RouteCall& call) {
  auto view = jobs.find(id_of(call));
  if (!view) return refusal(404, view.error().sentence);
  Json json = {{"results", Json::array()}};
  std::error_code error;
  for (std::filesystem::directory_iterator at(jobs.results_of(id_of(call)), error), end; !error && at != end; at.increment(error)) {
    std::string name = at->path().filename();
    if (view->record.stage == JobStage::done && is_result_name(name)) json["results"].push_back({{"name", name}, {"bytes", at->file_size(error)}});
  }
  std::sort(json["results"].begin(), json["results"].end(), [](const Json& a, const Json& b) { return a["name"] < b["name"]; });
  return json_answer(json_text(json));
}

Result<HttpAnswer> result_of(const Jobs& jobs, const RouteCall& call) {
  auto view = jobs.find(id_of(call));
  if (!view) return refusal(404, view.error().sentence);
  const std::string& name = call.params["name"].text;
  if (view->record.stage != JobStage::done || !is_result_name(name)) return refusal(404, "there is no such result");
  return file_answer(jobs.results_of(id_of(call)) / name, call.request, "application/octet-stream", name);
}

Route of_job(const char* method, const std::string& rest, Role role, const char* sentence,
             std::function<Result<HttpAnswer>(const RouteCall&)> answer, std::vector<Option> more = {}) {
  more.insert(more.begin(), id_param());
  Route route{.method = method, .pattern = "/api/v1/jobs/{id}" + rest, .role = role, .sentence = sentence, .params = std::move(more)};
  route.answer = std::move(answer);
  return route;
}

// A route that changes a job of the client's own.
Route changes(const char* method, const std::string& rest, const char* sentence, Jobs& jobs,
              std::function<Result<HttpAnswer>(const RouteCall&)> answer) {
  Route route = of_job(method, rest, Role::run, sentence, [&jobs, answer = std::move(answer)](const RouteCall& call) -> Result<HttpAnswer> {
    if (auto refused = not_theirs(jobs, call)) return std::move(*refused);
    return answer(call);
  });
  route.limits.body = kMostBody;
  route.gives = "Job";
  return route;
}

std::vector<Route> looks(Jobs& jobs) {
  Option over{"over", OptionType::real, "how long it is looked at", "1", "seconds", 0.1, kMostWhy};
  Option place{.name = "place", .type = OptionType::text, .sentence = "a stage, or FROM>TO"};
  Option rows{"rows", OptionType::integer, "how many rows", "10", "rows", 1, 100};
  Option of{.name = "tap", .type = OptionType::text, .sentence = "a name for what is asked again until it is over", .fallback = "gateway"};
  Option from{"from", OptionType::integer, "the number of the first line", "0", "", 0};
  auto tap = [&jobs](const RouteCall& call) {
    return asked(jobs, call, {"tap", {{"place", call.params["place"].text}, {"tap", call.params["tap"].text},
                                      {"rows", std::to_string(call.params["rows"].integer)}}});
  };
  return {of_job("GET", "/describe", Role::read, "What its process says of itself.", [&jobs](const RouteCall& call) { return asked(jobs, call, {"describe"}); }),
          of_job("GET", "/snapshot", Role::read, "What its cells and channels do now.", [&jobs](const RouteCall& call) { return asked(jobs, call, {"snapshot"}); }),
          of_job("GET", "/dump", Role::read, "Its threads and cells, also where all are stuck.", [&jobs](const RouteCall& call) { return asked(jobs, call, {"dump"}); }),
          of_job("GET", "/lines", Role::read, "The last lines of its log.",
                 [&jobs](const RouteCall& call) { return asked(jobs, call, {"logs", {{"from", std::to_string(call.params["from"].integer)}}}); }, {from}),
          of_job("GET", "/why", Role::read, "What it waits for in the end; after its end, what it last waited for.", [&jobs, places = std::make_shared<std::counting_semaphore<2>>(2)](const RouteCall& call) -> Result<HttpAnswer> {
                   // A look takes a thread of the pool for as long as it lasts: others have work for those.
                   if (!places->try_acquire()) return overloaded("two others look at jobs at this moment: ask again");
                   auto answer = guarded([&] { return why_of(jobs, call); });
                   places->release();
                   return answer;
                 }, {over}),
          of_job("GET", "/tap", Role::read, "The first rows that a stage emits from now on.", tap, {place, rows, of})};
}

std::vector<Route> files(Jobs& jobs) {
  Option name{.name = "name", .type = OptionType::text, .sentence = "the result's name"};
  auto log = [&jobs](const RouteCall& call) -> Result<HttpAnswer> {
    if (auto view = jobs.find(id_of(call)); !view) return refusal(404, view.error().sentence);
    return file_answer(jobs.log_of(id_of(call)), call.request, "text/plain; charset=utf-8", "", kMostLog);
  };
  return {of_job("GET", "/log", Role::read, "What its process has said, the last 64 MiB.", log),
          of_job("GET", "/results", Role::read, "What it has written.", [&jobs](const RouteCall& call) { return results_of(jobs, call); }),
          of_job("GET", "/results/{name}", Role::read, "One of its results, or a range of it.", [&jobs](const RouteCall& call) { return result_of(jobs, call); }, {name})};
}

// What is there however it has ended.
std::vector<Route> kept_routes(Jobs& jobs, JobHistory& history) {
  Route charts = of_job("GET", "/charts", Role::read, "What it has drawn so far: the curves of its stages, rates of its sources, memory.",
                        [&jobs, &history](const RouteCall& call) -> Result<HttpAnswer> {
                          if (auto view = jobs.find(id_of(call)); !view) return refusal(404, view.error().sentence);
                          return json_answer(charts_json(history.curves(id_of(call))));
                        });
  charts.gives = "Charts";
  Route graph = of_job("GET", "/graph", Role::read, "Its stages and links, as it was planned.", [&jobs](const RouteCall& call) -> Result<HttpAnswer> {
    if (auto view = jobs.find(id_of(call)); !view) return refusal(404, view.error().sentence);
    std::string plan = jobs.plan_of(id_of(call));
    return plan.empty() ? refusal(404, "the graph of job " + std::to_string(id_of(call)) + " was not kept: an earlier version took it") : json_answer(std::move(plan));
  });
  graph.gives = "Graph";
  return {std::move(charts), std::move(graph)};
}

}  // namespace

std::vector<Route> job_routes(Jobs& jobs, JobHistory& history, const std::vector<Program>& programs, bool has_cluster) {
  std::vector<Route> routes = looks(jobs);
  for (Route& route : files(jobs)) routes.push_back(std::move(route));
  for (Route& route : kept_routes(jobs, history)) routes.push_back(std::move(route));
  Route graphs{.method = "GET", .pattern = "/api/v1/graphs", .sentence = "The program's graphs and their parameters, and whether there is a cluster to run them on.", .gives = "Graphs"};
  graphs.answer = [text = graphs_json(programs, has_cluster)](const RouteCall&) -> Result<HttpAnswer> { return json_answer(text); };
  graphs.quick = true;
  routes.push_back(std::move(graphs));
  Route list{.method = "GET", .pattern = "/api/v1/jobs", .sentence = "Jobs, youngest first.", .gives = "Jobs"};
  list.params = {{.name = "stage", .type = OptionType::choice, .sentence = "only those", .choices = {"queued", "running", "done", "failed", "cancelled", "crashed"}},
                 {.name = "before", .type = OptionType::integer, .sentence = "only those below this number", .least = 1},
                 {"limit", OptionType::integer, "at most so many", "100", "jobs", 1, 1000}};
  list.optional = {"stage", "before"};
  list.answer = [&jobs](const RouteCall& call) { return listed_jobs(jobs, call); };
  routes.push_back(std::move(list));
  Route submit{.method = "POST", .pattern = "/api/v1/jobs", .role = Role::run, .sentence = "Submits a job.", .limits = {.body = kMostBody},
               .takes = "JobRequest", .gives = "Job", .status = 201};
  submit.answer = [&jobs](const RouteCall& call) { return submitted(jobs, call); };
  routes.push_back(std::move(submit));
  Route one = of_job("GET", "", Role::read, "A job, what its process says, and how it ended.", [&jobs](const RouteCall& call) { return one_job(jobs, call); });
  one.gives = "Job";
  routes.push_back(std::move(one));
  Route ask = of_job("POST", "/ask", Role::read, "Asks its process what the commands ask: a question as framework/inspect has it.", [&jobs](const RouteCall& call) { return question_to(jobs, call); });
  ask.limits.body = inspect::kMostQuestion;
  routes.push_back(std::move(ask));
  routes.push_back(changes("POST", "/cancel", "Has it end, with nothing of it left.", jobs, [&jobs](const RouteCall& call) { return shown(jobs, id_of(call), jobs.cancel(id_of(call))); }));
  routes.push_back(changes("POST", "/restore", "Has one that has failed, was cancelled or has crashed go on from its latest checkpoint.", jobs,
                           [&jobs](const RouteCall& call) { return shown(jobs, id_of(call), jobs.restore(id_of(call))); }));
  routes.push_back(changes("POST", "/drain", "Has its sources end early, and the rest finish.", jobs, [&jobs](const RouteCall& call) { return shown(jobs, id_of(call), jobs.drain(id_of(call))); }));
  Route change = changes("PATCH", "", "Changes its priority, or pins it.", jobs, [&jobs](const RouteCall& call) -> Result<HttpAnswer> {
    auto said = parse_job_change(call.body);
    if (!said) return std::move(said).error();
    return shown(jobs, id_of(call), jobs.change(id_of(call), said->priority, said->pinned));
  });
  change.takes = "JobChange";
  routes.push_back(std::move(change));
  Route remove = changes("DELETE", "", "Forgets one that has ended, and its results.", jobs, [&jobs](const RouteCall& call) -> Result<HttpAnswer> {
    auto done = jobs.remove(id_of(call));
    if (!done && done.error().kind == ErrorKind::invalid) return refusal(409, done.error().sentence);
    return done ? Result<HttpAnswer>(HttpAnswer{204, ""}) : std::move(done).error();
  });
  remove.gives = "";
  remove.status = 204;
  routes.push_back(std::move(remove));
  return routes;
}

}  // namespace leat
