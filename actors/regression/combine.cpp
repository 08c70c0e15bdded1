#include <leat/actors/regression/combine.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/regression/cross_moments.hpp>
#include <leat/actors/regression/equilibrated_sums.hpp>
#include <leat/actors/regression/linear_model.hpp>

#include <optional>

namespace leat {
namespace {

class Combine final : public Actor {
 public:
  explicit Combine(double l2) : l2_(l2) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    auto part = visit.chunk.root<schema::CrossMoments>();
    if (!sums_) {
      if (auto begun = begin(part, out); !begun) return std::move(begun).error();
    } else if (auto joined = sums_->join(part); !joined) {
      return joined.error();
    }
    return Step::done;
  }

  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::interrupted) return Step::done;
    if (!sums_ || sums_->rows() == 0) {
      std::uint64_t skipped = sums_ ? sums_->skipped() : 0;
      return invalid("linear_regression got no rows to train on" +
                     (skipped ? " (" + std::to_string(skipped) + " had nulls)" : std::string()) +
                     ": see that the source and the filters before it leave some");
    }
    auto solved = solve_least_squares(*sums_, l2_);
    if (!solved) return solved.error();
    Chunk model = linear_model(out.pool(), *sums_, *solved, l2_);
    report_model(out, model.root<schema::LinearModel>());
    out.emit(std::move(model));
    return Step::done;
  }

  Result<Snapshot> snapshot(Pool& pool) const override {
    return sums_ ? Snapshot{{sums_->to_chunk(pool)}} : Snapshot();
  }
  Result<void> restore(const Snapshot& from, Outbox& out) override {
    return from.empty() ? Result<void>() : begin(from[0].chunk.root<schema::CrossMoments>(), out);
  }

 private:
  Result<void> begin(schema::CrossMoments::Reader part, Outbox& out) {
    std::size_t columns = part.getColumns().size();
    held_ = Held();
    auto held = out.hold(CrossMoments::bytes(columns, false) + EquilibratedSums::bytes(columns));
    if (!held) return held.error();
    held_ = std::move(*held);
    auto sums = CrossMoments::of(part);
    if (!sums) return std::move(sums).error();
    sums_.emplace(std::move(sums).value());
    return {};
  }

  double l2_;
  std::optional<CrossMoments> sums_;
  Held held_;
};

}  // namespace

StageKind linear_regression_combine(const LinearRegression& options, GivenOptions given) {
  auto kind = stage_kind<Message<schema::LinearModel>, Message<schema::CrossMoments>>("linear_regression.combine",
                                                                                      std::move(given));
  kind.holds = Holds::state;
  kind.state_version = std::string("2");
  kind.describe = [](const std::vector<Description>& inputs) -> Result<Described> {
    // What comes in is the pairs once; they are held so, and as the triangle that is factored.
    std::uint64_t chunk = inputs[0].max_chunk;
    Description model;
    model.max_chunk = linear_model_bytes(chunk);
    return Described{model, {plus(times(5, chunk), std::uint64_t{64} << 10), model.max_chunk}};
  };
  kind.actor = [l2 = options.l2](const Making&) { return std::make_unique<Combine>(l2); };
  return kind;
}

}  // namespace leat
