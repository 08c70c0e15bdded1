#include <leat/actors/predict.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/appended_column.hpp>
#include <leat/actors/saved_model.hpp>

#include <optional>

namespace leat {
namespace {

constexpr const char* kColumn = "prediction";
// A model of 5,000 features with names of 100 letters.
constexpr std::uint64_t kModelBytes = std::uint64_t{1} << 20;

Error taken() {
  return invalid("predict cannot add column prediction: there is one already; rename or drop it");
}

class Predict final : public Actor {
 public:
  explicit Predict(std::string path) : path_(std::move(path)) {}

  Result<void> start(Outbox& out) override {
    auto made = read_model("predict", path_);
    if (!made) return made.error();
    auto held = out.hold(made->bytes());
    if (!held) return held.error();
    held_ = std::move(*held);
    model_.emplace(std::move(*made));
    return {};
  }

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    if (auto found = model_->find(table); !found) return found.error();
    if (table.find(kColumn)) return taken();
    model_->predict(table, numbers_);
    std::vector<std::uint32_t> whole;
    bool nulls = rows_without_null(table, model_->positions(), whole);
    out.emit(append_column(out.pool(), table, kColumn, numbers_, nulls ? &whole : nullptr).chunk());
    return Step::done;
  }

 private:
  std::string path_;
  std::optional<LinearPrediction> model_;
  std::vector<double> numbers_;
  Held held_;
};

struct Reading {
  std::string path;
};

OptionsOf<Reading> options() {
  return OptionsOf<Reading>().needs(
      &Reading::path, {.name = "path", .type = OptionType::path, .sentence = "model file to read"});
}

}  // namespace

Kind<Table, Table> predict(std::string path) {
  auto kind = stage_kind<Table, Table>("predict", options().of({path}));
  kind.reads_from = {path};
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::nothing;
  kind.describe = [](const std::vector<Description>& inputs) -> Result<Described> {
    Described made{inputs[0], {}};
    if (inputs[0].fields_known) {
      if (find_field(inputs[0].fields, kColumn)) return taken();
      made.output.fields.push_back({kColumn, ColumnType::F64, true});
    }
    made.needs.state = plus(kModelBytes, times(12, most_rows(inputs[0])));
    made.output.max_chunk = made.needs.max_output = grown_chunk(inputs[0], 9);
    return made;
  };
  kind.actor = [path](const Making&) { return std::make_unique<Predict>(path); };
  return kind;
}

DeclaredKind declared_predict() {
  return declared_kind("A column of predictions of a saved model.", options(),
                       [](const Reading& reading) { return predict(reading.path); });
}

}  // namespace leat
