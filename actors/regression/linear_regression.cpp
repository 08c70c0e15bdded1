#include <leat/actors/regression/linear_regression.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/columns/number_columns.hpp>
#include <leat/actors/regression/combine.hpp>
#include <leat/actors/regression/cross_moments.hpp>
#include <leat/actors/regression/training_columns.hpp>

#include <algorithm>
#include <optional>

namespace leat {
namespace {

constexpr const char* kName = "linear_regression";
TrainingColumns columns_of(const LinearRegression& options) { return {options.target, options.features}; }

class Fold final : public Actor {
 public:
  Fold(LinearRegression options, Description rows)
      : options_(std::move(options)), rows_(std::move(rows)), columns_(kName, {}) {}

  Result<void> start(Outbox& out) override {
    if (rows_.fields_known && !rows_.fields.empty()) return choose(rows_.fields, out);
    return {};
  }

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    if (!sums_) {
      if (auto chosen = choose(table.fields(), out); !chosen) return chosen.error();
    }
    if (auto found = columns_.find(table); !found) return found.error();
    std::uint64_t skipped = sums_->skipped();
    if (auto added = sums_->add(table, columns_.positions(), file_of(rows_)); !added) return added.error();
    if (sums_->skipped() > skipped) out.count("rows skipped", sums_->skipped() - skipped);
    return Step::done;
  }

  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::complete && sums_) out.emit(sums_->to_chunk(out.pool()));
    return Step::done;
  }

  Result<Snapshot> snapshot(Pool& pool) const override {
    return sums_ ? Snapshot{{sums_->to_chunk(pool)}} : Snapshot();
  }
  Result<void> restore(const Snapshot& from, Outbox& out) override {
    if (from.empty()) return {};
    auto sums = CrossMoments::of(from[0].chunk.root<schema::CrossMoments>());
    if (!sums) return std::move(sums).error();
    sums_.emplace(std::move(sums).value());
    columns_ = NumberColumns(kName, sums_->columns());
    return make_room(out);
  }

 private:
  Result<void> choose(const Fields& fields, Outbox& out) {
    auto names = training_columns(kName, columns_of(options_), fields);
    if (!names) return names.error();
    columns_ = NumberColumns(kName, *names);
    sums_.emplace(*names, options_.intercept);
    sums_->leave_out(left_out(columns_of(options_), rows_, fields));
    return make_room(out);
  }
  Result<void> make_room(Outbox& out) {
    held_ = Held();
    auto held = out.hold(CrossMoments::bytes(sums_->columns().size(), true));
    if (!held) return held.error();
    held_ = std::move(*held);
    return {};
  }

  LinearRegression options_;
  Description rows_;
  NumberColumns columns_;
  std::optional<CrossMoments> sums_;
  Held held_;
};

Result<Described> describe_fold(const Description& rows, const LinearRegression& options) {
  if (auto ok = sound(kName, columns_of(options)); !ok) return ok.error();
  std::size_t columns = std::max<std::size_t>(options.features.size() + 1, 256);
  std::size_t letters = 64 * columns + left_out_letters();
  if (rows.fields_known) {
    auto names = training_columns(kName, columns_of(options), rows.fields);
    if (!names) return names.error();
    auto said = options.features;
    said.push_back(options.target);
    if (auto sure = none_twice(kName, rows, said); !sure) return sure.error();
    columns = names->size();
    letters = 0;
    for (const std::string& name : *names) letters += name.size() + 16;
    for (const std::string& name : left_out(columns_of(options), rows, rows.fields)) letters += name.size() + 16;
  }
  Described made;
  made.output.max_chunk = CrossMoments::chunk_bytes(columns, letters);
  made.needs.state = CrossMoments::bytes(columns, true);
  made.needs.max_output = made.output.max_chunk;
  return made;
}

OptionsOf<LinearRegression> options_of_regression() {
  return OptionsOf<LinearRegression>()
      .needs(&LinearRegression::target, {.name = "target", .sentence = "column to predict"})
      .takes(&LinearRegression::features, {.name = "features",
                                           .sentence = "columns to predict from",
                                           .fallback = "all numeric ones but the target"})
      .takes(&LinearRegression::l2, {.name = "l2", .sentence = "ridge penalty", .least = 0})
      .takes(&LinearRegression::intercept,
             {.name = "intercept", .sentence = "whether the model has one; without, it goes through the origin"});
}

}  // namespace

Kind<Message<schema::LinearModel>, Table> linear_regression(LinearRegression options) {
  auto kind = stage_kind<Message<schema::LinearModel>, Table>(kName, options_of_regression().of(options));
  kind.output = Message<schema::CrossMoments>::payload_type();
  kind.sharing = Sharing::combinable;
  kind.holds = Holds::state;
  kind.state_version = std::string("2");
  kind.combine = std::make_shared<StageKind>(linear_regression_combine(options, options_of_regression().of(options)));
  kind.describe = [options](const std::vector<Description>& inputs) {
    return describe_fold(inputs[0], options);
  };
  kind.reads = [options](const std::vector<Description>& inputs, const ColumnNames&) {
    ColumnNames read = numeric_columns_read(inputs[0], options.features);
    read.add(ColumnNames::of({options.target}));
    return std::vector{read};
  };
  kind.actor = [options](const Making& making) {
    return std::make_unique<Fold>(options,
                                  making.inputs.empty() ? Description() : making.inputs[0]);
  };
  return kind;
}

DeclaredKind declared_linear_regression() {
  return declared_kind("Least squares in one pass: a model, at the end.", options_of_regression(),
                       [](LinearRegression options) { return linear_regression(std::move(options)); });
}

}  // namespace leat
