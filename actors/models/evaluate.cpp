#include <leat/actors/models/evaluate.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/models/linear_prediction.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace leat {
namespace {

constexpr const char* kName = "evaluate";

struct Sums {
  std::string target;
  std::uint64_t rows = 0;
  double absolute = 0;
  double squared = 0;
  double shift = 0;
  double sum = 0;
  double sum_squares = 0;
  bool logistic = false;
  double log_loss = 0;
  std::uint64_t right = 0;

  void add(double predicted, double actual) {
    if (rows == 0) shift = actual;
    double error = predicted - actual;
    double distance = actual - shift;
    ++rows;
    absolute += std::abs(error);
    squared += error * error;
    sum += distance;
    sum_squares += distance * distance;
    if (logistic) add_probability(predicted, actual);
  }

  // A probability of 0 is taken for the smallest that 1 can be told from.
  void add_probability(double predicted, double actual) {
    double p = std::clamp(predicted, 0x1p-53, 1 - 0x1p-53);
    log_loss -= actual * std::log(p) + (1 - actual) * std::log1p(-p);
    right += (predicted >= 0.5) == (actual >= 0.5);
  }

  // Moves the other's sums to this shift first.
  void join(const Sums& other) {
    if (other.rows == 0) return;
    if (rows == 0) shift = other.shift;
    double count = static_cast<double>(other.rows);
    double apart = other.shift - shift;
    rows += other.rows;
    absolute += other.absolute;
    squared += other.squared;
    sum += other.sum + count * apart;
    sum_squares += other.sum_squares + 2 * apart * other.sum + count * apart * apart;
    logistic = other.logistic;
    log_loss += other.log_loss;
    right += other.right;
  }
};

Chunk to_chunk(Pool& pool, const Sums& sums) {
  Building<schema::ScoreSums> building(pool, 256 + sums.target.size());
  auto root = building.root();
  root.setTarget(sums.target.c_str());
  root.setRows(sums.rows);
  root.setAbsolute(sums.absolute);
  root.setSquared(sums.squared);
  root.setShift(sums.shift);
  root.setSum(sums.sum);
  root.setSumSquares(sums.sum_squares);
  root.setLogistic(sums.logistic);
  root.setLogLoss(sums.log_loss);
  root.setRight(sums.right);
  return std::move(building).finish();
}

Sums from_chunk(const Chunk& chunk) {
  auto root = chunk.root<schema::ScoreSums>();
  return {root.getTarget().cStr(), root.getRows(),  root.getAbsolute(),  root.getSquared(),
          root.getShift(),         root.getSum(),   root.getSumSquares(), root.getLogistic(),
          root.getLogLoss(),       root.getRight()};
}

Chunk to_score(Pool& pool, const Sums& sums) {
  double count = static_cast<double>(sums.rows);
  double spread = sums.sum_squares - sums.sum * sums.sum / count;
  Building<schema::Score> building(pool, 128 + sums.target.size());
  auto root = building.root();
  root.setTarget(sums.target.c_str());
  root.setRows(sums.rows);
  root.setRmse(std::sqrt(sums.squared / count));
  root.setMae(sums.absolute / count);
  root.setR2(spread > 0 ? 1 - sums.squared / spread : std::numeric_limits<double>::quiet_NaN());
  if (sums.logistic) {
    root.setLogLoss(sums.log_loss / count);
    root.setAccuracy(static_cast<double>(sums.right) / count);
  }
  return std::move(building).finish();
}

class Evaluate final : public Actor {
 public:
  explicit Evaluate(std::string file) : file_(std::move(file)) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    if (visit.port == 1) return learn(visit.chunk, out);
    if (!model_) {
      return invalid("evaluate got rows and no model: see that its second input is a finished fold");
    }
    Table table(visit.chunk);
    if (auto found = find(table); !found) return found.error();
    model_->predict(table, predicted_);
    std::uint64_t before = sums_.rows;
    add_rows(table);
    if (!std::isfinite(sums_.squared) || !std::isfinite(sums_.sum_squares)) {
      if (auto finite = all_finite(kName, table, positions_, file_); !finite) return finite.error();
      return corrupt("evaluate found numbers in column " + sums_.target +
                     " or its prediction whose squares are too large for f64: give the columns in "
                     "other units");
    }
    std::uint64_t skipped = table.rows() - (sums_.rows - before);
    if (skipped) out.count("rows skipped", skipped);
    return Step::done;
  }

  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::complete) out.emit(to_chunk(out.pool(), sums_));
    return Step::done;
  }

  Result<Snapshot> snapshot(Pool& pool) const override {
    if (!learnt_) return Snapshot();
    return Snapshot{{learnt_->chunk}, {to_chunk(pool, sums_)}};
  }
  Result<void> restore(const Snapshot& from, Outbox& out) override {
    if (from.empty()) return {};
    if (from.size() != 2) return corrupt("evaluate's state is not a model and its sums: it was taken from another actor");
    if (auto learnt = learn(from[0].chunk, out); !learnt) return std::move(learnt).error();
    sums_ = from_chunk(from[1].chunk);
    return {};
  }

 private:
  Result<Step> learn(const Chunk& chunk, Outbox& out) {
    if (model_) return invalid("evaluate got two models: join it with one fold");
    auto made = LinearPrediction::of(kName, chunk.root<schema::LinearModel>());
    if (!made) return made.error();
    auto held = out.hold(made->bytes());
    if (!held) return held.error();
    auto kept = out.keep(chunk);
    if (!kept) return kept.error();
    held_ = std::move(*held);
    learnt_ = std::move(*kept);
    model_.emplace(std::move(*made));
    target_ = NumberColumns(kName, {model_->target()});
    sums_.target = model_->target();
    sums_.logistic = model_->logistic();
    return Step::done;
  }

  Result<void> find(const Table& table) {
    if (auto found = model_->find(table); !found) return found;
    if (auto found = target_.find(table); !found) return found;
    positions_ = model_->positions();
    positions_.push_back(target_.positions()[0]);
    return {};
  }

  void add_rows(const Table& table) {
    actual_.resize(table.rows());
    read_numbers(table, positions_.back(), actual_.data());
    std::vector<std::uint32_t> whole;
    if (rows_without_null(table, positions_, whole)) {
      for (std::uint32_t row : whole) sums_.add(predicted_[row], actual_[row]);
    } else {
      for (std::size_t row = 0; row < actual_.size(); ++row) sums_.add(predicted_[row], actual_[row]);
    }
  }

  std::string file_;  // that the rows come from
  std::optional<LinearPrediction> model_;
  std::optional<Kept> learnt_;
  NumberColumns target_{kName, {}};
  std::vector<std::size_t> positions_;
  std::vector<double> predicted_;
  std::vector<double> actual_;
  Sums sums_;
  Held held_;
};

class Combine final : public Actor {
 public:
  Result<Step> visit(Visit& visit, Outbox&) override {
    Sums part = from_chunk(visit.chunk);
    if (sums_.target.empty()) sums_.target = part.target;
    sums_.join(part);
    return Step::done;
  }
  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::interrupted) return Step::done;
    if (sums_.rows == 0) {
      return invalid("evaluate got no rows to score the model of " +
                     (sums_.target.empty() ? std::string("the target") : sums_.target) +
                     " on: hold out a larger share of the rows, or give it more");
    }
    out.emit(to_score(out.pool(), sums_));
    return Step::done;
  }
  Result<Snapshot> snapshot(Pool& pool) const override { return Snapshot{{to_chunk(pool, sums_)}}; }
  Result<void> restore(const Snapshot& from, Outbox&) override {
    if (!from.empty()) sums_ = from_chunk(from[0].chunk);
    return {};
  }

 private:
  Sums sums_;
};

constexpr std::uint64_t kScoreBytes = 4096;

StageKind combine_kind() {
  auto kind = stage_kind<Message<schema::Score>, Message<schema::ScoreSums>>("evaluate.combine", "");
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.describe = [](const std::vector<Description>&) -> Result<Described> {
    Description score;
    score.max_chunk = kScoreBytes;
    return Described{score, {kScoreBytes, kScoreBytes}};
  };
  kind.actor = [](const Making&) { return std::make_unique<Combine>(); };
  return kind;
}

Result<Described> describe(const std::vector<Description>& inputs) {
  Description sums;
  sums.max_chunk = kScoreBytes;
  // A model's message is smaller than what is read out of it, by less than this; and it is kept itself.
  std::uint64_t model = inputs.size() > 1 ? times(9, inputs[1].max_chunk) : 0;
  return Described{sums, {plus(model, times(20, most_rows(inputs[0]))), kScoreBytes}};
}

}  // namespace

Kind<Message<schema::Score>, Table, Message<schema::LinearModel>> evaluate(Evaluation options) {
  auto kind = stage_kind<Message<schema::Score>, Table, Message<schema::LinearModel>>(kName, OptionsOf<Evaluation>().of(options));
  kind.inputs[1].whole_first = true;
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.output = Message<schema::ScoreSums>::payload_type();
  kind.sharing = Sharing::combinable;
  kind.combine = std::make_shared<StageKind>(combine_kind());
  kind.describe = describe;
  kind.actor = [](const Making& making) {
    return std::make_unique<Evaluate>(making.inputs.empty() ? "" : file_of(making.inputs[0]));
  };
  return kind;
}

DeclaredKind declared_evaluate() {
  return declared_kind("Errors of a finished model on rows, at the end.", OptionsOf<Evaluation>(), evaluate);
}

}  // namespace leat
