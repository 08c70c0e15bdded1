#include <leat/actors/output/discard.hpp>

#include <utility>

#include <leat/chunk/table.hpp>

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

DeclaredKind declared_discard() {
  auto declared = declared_kind("Drops what comes, and counts it.", discard<Table>);
  declared.takes_any = true;
  return declared;
}

}  // namespace leat
