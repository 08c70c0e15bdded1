#include <leat/actors/models/predict.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/columns/appended_column.hpp>
#include <leat/actors/models/saved_model.hpp>

#include <cmath>
#include <optional>

namespace leat {
namespace {

constexpr const char* kColumn = "prediction";
// A model of 5,000 features with names of 100 letters.
constexpr std::uint64_t kModelBytes = std::uint64_t{1} << 20;

Error taken() {
  return invalid("predict cannot add column prediction: there is one already; rename or drop it");
}

std::vector<std::string> names_of(const Fields& fields) {
  std::vector<std::string> names;
  for (const Field& field : fields) names.push_back(field.name);
  return names;
}

// Of the rows, where the model has been looked at. A name that a file has twice says nothing.
Result<void> has_features(const std::vector<Description>& inputs) {
  if (inputs.size() < 2 || !inputs[1].fields_known) return {};
  auto features = names_of(inputs[1].fields);
  if (auto sure = none_twice("predict", inputs[0], features); !sure) return sure;
  auto found = numeric_columns("predict", inputs[0].fields, features);
  return found ? Result<void>() : Result<void>(std::move(found).error());
}

class Predict final : public Actor {
 public:
  Predict(std::string path, std::string file) : path_(std::move(path)), file_(std::move(file)) {}

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
    if (auto finite = all_predicted(table, nulls ? &whole : nullptr); !finite) return finite.error();
    out.emit(append_column(out.pool(), table, kColumn, numbers_, nulls ? &whole : nullptr).chunk());
    return Step::done;
  }

 private:
  // As in training, a feature that is NaN or infinite is an error; in a row with a null it shows in none.
  Result<void> all_predicted(const Table& table, const std::vector<std::uint32_t>* whole) const {
    std::size_t rows = whole ? whole->size() : numbers_.size();
    for (std::size_t i = 0; i < rows; ++i) {
      std::size_t row = whole ? (*whole)[i] : i;
      if (std::isfinite(numbers_[row])) continue;
      if (auto finite = all_finite("predict", table, model_->positions(), file_); !finite) return finite;
      Error large = corrupt("predict finds a prediction too large for f64 in row " +
                            std::to_string(table.row_number(row) + 1) +
                            " (the first is 1): see that the features have the units the model was trained with");
      return at_row(large, table, row, file_);
    }
    return {};
  }

  std::string path_;
  std::string file_;  // that the rows come from
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
  kind.probe = [path]() -> Result<Description> {
    auto model = read_model("predict", path);
    if (!model) return std::move(model).error();
    Description said;
    for (const std::string& name : model->features()) said.fields.push_back({name});
    return said;
  };
  kind.reads = [](const std::vector<Description>& inputs, ColumnNames wanted) {
    wanted.remove(kColumn);
    bool known = inputs.size() > 1 && inputs[1].fields_known;
    wanted.add(known ? ColumnNames::of(names_of(inputs[1].fields)) : ColumnNames::all());
    return std::vector{wanted};
  };
  kind.describe = [](const std::vector<Description>& inputs) -> Result<Described> {
    Described made{inputs[0], {}};
    if (inputs[0].fields_known) {
      if (find_field(inputs[0].fields, kColumn)) return taken();
      if (auto ok = has_features(inputs); !ok) return std::move(ok).error();
      made.output.fields.push_back({kColumn, ColumnType::F64, true});
    }
    made.needs.state = plus(kModelBytes, times(12, most_rows(inputs[0])));
    made.output.max_chunk = made.needs.max_output = grown_chunk(inputs[0], 9);
    return made;
  };
  kind.actor = [path](const Making& making) {
    return std::make_unique<Predict>(path, making.inputs.empty() ? "" : file_of(making.inputs[0]));
  };
  return kind;
}

DeclaredKind declared_predict() {
  return declared_kind("A column of predictions of a saved model.", options(),
                       [](const Reading& reading) { return predict(reading.path); });
}

}  // namespace leat
