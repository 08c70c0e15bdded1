#include <leat/actors/discard.hpp>

#include <utility>

namespace leat {
namespace {

class Discard final : public Actor {
 public:
  Result<Step> visit(Visit& visit, Outbox& out) override {
    out.count("chunks", 1);
    out.count("bytes", visit.chunk.bytes());
    return Step::done;
  }
};

}  // namespace

std::unique_ptr<Actor> make_discard() { return std::make_unique<Discard>(); }

}  // namespace leat
