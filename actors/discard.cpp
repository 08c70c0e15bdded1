#include <leat/actors/discard.hpp>

#include <utility>

#include <leat/chunk/table.hpp>

namespace leat {
namespace {

class Discard final : public Actor {
 public:
  Result<Step> visit(Visit& visit, Outbox& out) override {
    bytes_ += visit.chunk.bytes();
    if (++chunks_ == 256) tell(out);
    return Step::done;
  }
  Result<Step> finish(Ending, Outbox& out) override {
    if (chunks_) tell(out);
    return Step::done;
  }

 private:
  void tell(Outbox& out) {
    out.count("chunks", std::exchange(chunks_, 0));
    out.count("bytes", std::exchange(bytes_, 0));
  }

  std::uint64_t chunks_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace

std::unique_ptr<Actor> make_discard() { return std::make_unique<Discard>(); }

DeclaredKind declared_discard() {
  auto declared = declared_kind("Drops what comes, and counts it.", discard<Table>);
  declared.takes_any = true;
  return declared;
}

}  // namespace leat
