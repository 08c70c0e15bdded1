#include <leat/gateway/live_socket.hpp>

namespace leat {
namespace {

// What listens for as long as its connection is open.
struct Listener {
  Listener(EventLog& of, LiveJobs& with) : events(of), jobs(with) {}
  EventLog& events;
  LiveJobs& jobs;
  std::shared_ptr<WebSocket> socket;
  std::uint64_t id = 0, watcher = 0;
};

std::shared_ptr<const std::string> shared(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

void begin(const std::shared_ptr<Listener>& listener, std::uint64_t after) {
  EventLog& events = listener->events;
  auto socket = listener->socket;
  socket->send(shared("{\"type\":\"hello\",\"number\":" + std::to_string(events.last()) + "}"));
  bool gap = false;
  auto missed = events.after(after);
  if (missed.gap) socket->send(shared("{\"type\":\"gap\"}"));
  listener->id = events.listen(missed.gap ? 0 : after, [socket](const LoggedEvent& event) { socket->send(event.text); }, gap);
}

}  // namespace

Route live_route(EventLog& events, LiveJobs& jobs) {
  Route route{.method = "GET", .pattern = "/api/v1/live", .role = Role::read, .sentence = "Events as they happen, over a WebSocket."};
  route.params = {{.name = "after", .type = OptionType::integer, .sentence = "events after this number; without it, those to come", .least = 0},
                  {.name = "jobs", .type = OptionType::flag, .sentence = "whether pictures of the jobs come, too", .fallback = "true"}};
  route.optional = {"after"};
  route.status = 101;
  route.take = [&events, &jobs](const std::shared_ptr<HttpExchange>& exchange, const Identity& who, const OptionValues& params) {
    auto listener = std::make_shared<Listener>(events, jobs);
    bool wants = params["jobs"].flag;
    std::uint64_t after = params.has("after") ? static_cast<std::uint64_t>(params["after"].integer) : events.last();
    WebSocketEvents heard;
    heard.closed = [listener] {
      if (listener->id != 0) listener->events.forget(listener->id);
      if (listener->watcher != 0) listener->jobs.leave(listener->watcher);
      listener->socket.reset();
    };
    exchange->upgrade(std::move(heard), "", [listener, after, wants, until = who.until](std::shared_ptr<WebSocket> opened) {
      listener->socket = std::move(opened);
      if (!listener->socket) return;
      begin(listener, after);
      listener->watcher = listener->jobs.join(listener->socket, wants, until);
    });
  };
  return route;
}

}  // namespace leat
