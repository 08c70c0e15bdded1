#include <leat/actors/rows/limit.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/columns/number_columns.hpp>
#include <leat/chunk/gather.hpp>
#include <leat/schemas/chunk.capnp.h>

#include <numeric>

namespace leat {
namespace {

class Limit final : public Actor {
 public:
  explicit Limit(std::uint64_t rows) : left_(rows) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    std::uint64_t rows = table.rows();
    if (left_ == 0) return Step::done;
    if (rows <= left_) {
      left_ -= rows;
      out.emit(visit.take());
    } else {
      std::vector<std::uint32_t> first(left_);
      std::iota(first.begin(), first.end(), 0);
      left_ = 0;
      out.emit(select_rows(out.pool(), table, first).chunk());
    }
    if (left_ == 0) out.enough();
    return Step::done;
  }

  Result<Snapshot> snapshot(Pool& pool) const override {
    Building<schema::Number> building(pool);
    building.root().setValue(left_);
    Snapshot parts;
    parts.push_back({std::move(building).finish()});
    return parts;
  }

  Result<void> restore(const Snapshot& from, Outbox&) override {
    for (const StatePart& part : from) left_ = part.chunk.root<schema::Number>().getValue();
    return {};
  }

 private:
  std::uint64_t left_;
};

struct Limited {
  std::uint64_t rows = 1;
};

OptionsOf<Limited> options() {
  return OptionsOf<Limited>().needs(&Limited::rows,
                                    {.name = "rows", .sentence = "how many rows to pass on", .least = 1});
}

}  // namespace

Kind<Table, Table> limit(std::uint64_t rows) {
  auto kind = stage_kind<Table, Table>("limit", options().of({rows}));
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.in_order = true;
  kind.describe = [](const std::vector<Description>& inputs) -> Result<Described> {
    Described made{inputs[0], {}};
    made.needs.state = times(most_rows(inputs[0]), sizeof(std::uint32_t));
    made.output.max_chunk = made.needs.max_output = grown_chunk(inputs[0], 8);
    return made;
  };
  kind.reads = [](const std::vector<Description>&, const ColumnNames& wanted) { return std::vector{wanted}; };
  kind.actor = [rows](const Making&) { return std::make_unique<Limit>(rows); };
  return kind;
}

DeclaredKind declared_limit() {
  return declared_kind("The first rows, in the order of the source.", options(),
                       [](Limited of) { return limit(of.rows); });
}

}  // namespace leat
