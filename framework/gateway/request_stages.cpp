#include <leat/gateway/request_stages.hpp>

#include <utility>

namespace leat {
namespace {

// Of a request's parameters; a header of a request is smaller.
constexpr std::uint64_t kMostParams = std::uint64_t{64} << 10;

class RequestSource final : public Source {
 public:
  RequestSource(std::shared_ptr<RequestQueue> queue, std::vector<Option> params, std::size_t body)
      : queue_(std::move(queue)), params_(std::move(params)), body_(body) {}

  Result<Description> probe() override {
    Description description;
    description.max_chunk = body_ + kMostParams;
    return description;
  }

  Result<Step> pull(Outbox& out) override {
    auto now = std::chrono::steady_clock::now();
    auto taken = queue_->take(now, out.waker());
    if (!taken) return queue_->closed() ? Step::done : Step::later;
    out.emit(request_chunk(taken->id, params_, taken->params, taken->body, out.pool()).chunk());
    out.count("requests", 1);
    // One at a time: what is gathered waits no longer where it could be overtaken, or dropped.
    out.call_at(now);
    return Step::later;
  }

 private:
  std::shared_ptr<RequestQueue> queue_;
  std::vector<Option> params_;
  std::size_t body_;
};

class ReplySink final : public Actor {
 public:
  explicit ReplySink(std::shared_ptr<RequestQueue> queue) : queue_(std::move(queue)) {}

  Result<Step> visit(Visit& visit, Outbox&) override {
    ServiceReply reply(visit.take());
    queue_->answer(reply.id(), reply.answer());
    return Step::done;
  }

 private:
  std::shared_ptr<RequestQueue> queue_;
};

}  // namespace

Kind<ServiceRequest> requests_source(std::shared_ptr<RequestQueue> queue, std::vector<Option> params, std::size_t body) {
  auto kind = stage_kind<ServiceRequest>("http.requests", "");
  kind.has_function = true;
  kind.source = [queue = std::move(queue), params = std::move(params), body] {
    return std::make_unique<RequestSource>(queue, params, body);
  };
  return kind;
}

Kind<void, ServiceReply> replies_sink(std::shared_ptr<RequestQueue> queue) {
  auto kind = stage_kind<void, ServiceReply>("http.replies", "");
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::nothing;
  kind.has_function = true;
  kind.visible_early = true;
  kind.actor = [queue = std::move(queue)](const Making&) { return std::make_unique<ReplySink>(queue); };
  return kind;
}

}  // namespace leat
