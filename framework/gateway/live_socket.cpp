#include <leat/gateway/live_socket.hpp>

#include <leat/gateway/access.hpp>

#include <vector>

namespace leat {
namespace {

// What listens for as long as its connection is open.
struct Listener {
  Listener(EventLog& of, LiveJobs& with) : events(of), jobs(with) {}
  EventLog& events;
  LiveJobs& jobs;
  std::shared_ptr<WebSocket> socket;
  std::uint64_t id = 0;
  std::vector<Watching> watching;
};

// What it was asked for.
struct Wanted {
  std::uint64_t after = 0, job = 0;
  bool jobs = true;
  LiveForm form = LiveForm::json;
  LatestText::Until until{};
};

std::shared_ptr<const std::string> shared(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

void begin(const std::shared_ptr<Listener>& listener, const Wanted& wanted) {
  EventLog& events = listener->events;
  auto socket = listener->socket;
  socket->send(shared("{\"type\":\"hello\",\"number\":" + std::to_string(events.last()) + "}"));
  bool gap = false;
  auto missed = events.after(wanted.after);
  if (missed.gap) socket->send(shared("{\"type\":\"gap\"}"));
  auto tell = [socket, job = wanted.job](const LoggedEvent& event) {
    if (job == 0 || event.job == job) socket->send(event.text);
  };
  listener->id = events.listen(missed.gap ? 0 : wanted.after, tell, gap);
  listener->watching.push_back(listener->jobs.join(socket, wanted.jobs, wanted.until, wanted.form));
  if (wanted.job == 0) return;
  auto watching = listener->jobs.join(wanted.job, socket, wanted.until, wanted.form);
  if (watching) listener->watching.push_back(*watching);
  else socket->close(std::to_string(LiveJobs::kMost) + " other jobs are watched at this moment: ask again");
}

Wanted wanted_by(const Identity& who, const OptionValues& params, const EventLog& events) {
  Wanted wanted;
  wanted.after = params.has("after") ? static_cast<std::uint64_t>(params["after"].integer) : events.last();
  wanted.job = params.has("job") ? static_cast<std::uint64_t>(params["job"].integer) : 0;
  wanted.jobs = params.has("jobs") ? params["jobs"].flag : wanted.job == 0;
  wanted.form = params["form"].text == "cbor" ? LiveForm::cbor : LiveForm::json;
  wanted.until = who.until;
  return wanted;
}

}  // namespace

Route live_route(EventLog& events, LiveJobs& jobs) {
  Route route{.method = "GET", .pattern = "/api/v1/live", .role = Role::read, .sentence = "Events as they happen, over a WebSocket."};
  route.params = {{.name = "after", .type = OptionType::integer, .sentence = "events after this number; without it, those to come", .least = 0},
                  {.name = "job", .type = OptionType::integer, .sentence = "events of that job only, and pictures of it", .least = 1},
                  {.name = "jobs", .type = OptionType::flag, .sentence = "whether pictures of all jobs come; without it, where no job is named"},
                  {.name = "form", .type = OptionType::choice, .sentence = "of pictures; events are always JSON", .fallback = "json", .choices = {"json", "cbor"}}};
  route.optional = {"after", "job", "jobs"};
  route.status = 101;
  route.take = [&events, &jobs](const std::shared_ptr<HttpExchange>& exchange, const Identity& who, const OptionValues& params) {
    Wanted wanted = wanted_by(who, params, events);
    if (auto known = wanted.job == 0 ? Result<JobView>(JobView{}) : jobs.jobs().find(wanted.job); !known) {
      return exchange->answer(refusal(404, known.error().sentence));
    }
    auto listener = std::make_shared<Listener>(events, jobs);
    WebSocketEvents heard;
    heard.closed = [listener] {
      if (listener->id != 0) listener->events.forget(listener->id);
      for (const Watching& one : listener->watching) listener->jobs.leave(one);
      listener->socket.reset();
    };
    exchange->upgrade(std::move(heard), "", [listener, wanted](std::shared_ptr<WebSocket> opened) {
      listener->socket = std::move(opened);
      if (listener->socket) begin(listener, wanted);
    });
  };
  return route;
}

}  // namespace leat
