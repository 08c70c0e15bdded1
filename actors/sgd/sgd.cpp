#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>

#include <leat/actor/saturating.hpp>
#include <leat/actors/regression/linear_model.hpp>
#include <leat/actors/regression/training_columns.hpp>
#include <leat/actors/sgd/measured_columns.hpp>
#include <leat/actors/sgd/sgd.hpp>
#include <leat/actors/sgd/table_floats.hpp>

namespace leat {
namespace {

constexpr const char* kName = "sgd";

TrainingColumns columns_of(const Sgd& options) {
  return {options.target, options.features};
}

DescentOptions descent_of(const Sgd& options) {
  return {options.loss, options.rate, options.batch, options.l2, options.standardise, options.seed};
}

// That the stream is given in; 0: nobody says.
std::uint64_t passes_of(const Description& rows) {
  auto noted = rows.notes.find("passes");
  std::uint64_t passes = 0;
  if (noted != rows.notes.end())
    std::from_chars(noted->second.data(), noted->second.data() + noted->second.size(), passes);
  return passes;
}

Error rows_come_once() {
  return invalid("sgd goes over its rows in passes, and they come once: put cache before it, with again = 20");
}

class Train final : public Actor {
 public:
  Train(Sgd options, Description rows)
      : options_(std::move(options)), rows_(std::move(rows)), passes_(passes_of(rows_)), columns_(kName, {}) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    if (!measured_) {
      if (auto chosen = choose(table.fields()); !chosen) return chosen.error();
    }
    if (table.rows() == 0) return Step::done;
    if (auto found = columns_.find(table); !found) return found.error();
    if (auto held = make_room(table.rows(), out); !held) return held.error();
    if (seen_ && table.row_number(0) < last_row_) {
      if (auto begun = next_pass(out); !begun) return begun.error();
    }
    seen_ = true;
    last_row_ = table.row_number(table.rows() - 1);
    const auto& places = columns_.places();
    bool nulls = std::any_of(places.begin(), places.end(), [](const auto& place) { return place.validity; }) &&
                 rows_without_null(table, columns_.positions(), whole_);
    auto worked = pass_ == 0 ? measure(table, nulls, out) : train(table, nulls, out);
    if (!worked) return worked.error();
    return Step::done;
  }

  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::interrupted) return Step::done;
    if (!measured_ || pass_ == 0) {
      if (measured_ && measured_->rows() > 0) return one_row_or_once();
      MeasuredColumns none(kName, {options_.target});
      return (measured_ ? *measured_ : none).worth_training(options_.loss).error();
    }
    if (auto ended = end_pass(out); !ended) return ended.error();
    Chunk model = made_model(out.pool());
    auto root = model.root<schema::LinearModel>();
    bool finite = std::isfinite(root.getIntercept());
    for (double coefficient : root.getCoefficients()) finite = finite && std::isfinite(coefficient);
    if (!finite) return invalid("sgd finds coefficients that f64 cannot hold: give the columns in other units");
    report_model(out, root);
    out.emit(std::move(model));
    return Step::done;
  }

  Result<Snapshot> snapshot(Pool& pool) const override {
    if (!measured_) return Snapshot();
    Building<schema::Descent> building(pool, 1024 + letters() + 128 * measured_->names().size());
    auto root = building.root();
    measured_->write(root);
    if (descent_) descent_->write(root);
    set(root.initLeftOut(static_cast<capnp::uint>(left_out_.size())), left_out_);
    root.setPass(pass_);
    root.setLastRow(last_row_);
    Snapshot parts;
    parts.push_back({std::move(building).finish()});
    return parts;
  }

  Result<void> restore(const Snapshot& from, Outbox& out) override {
    if (from.empty()) return {};
    auto root = from[0].chunk.root<schema::Descent>();
    measured_.emplace(MeasuredColumns::read(kName, root));
    columns_ = NumberColumns(kName, measured_->names());
    for (auto name : root.getLeftOut()) left_out_.emplace_back(name.cStr(), name.size());
    pass_ = root.getPass();
    last_row_ = root.getLastRow();
    seen_ = measured_->rows() + measured_->skipped() > 0;
    if (pass_ > 0) {
      descent_.emplace(descent_of(options_), measured_->moments(), passes_ - 1);
      descent_->read(root);
    }
    return make_room(0, out);
  }

 private:
  static void set(capnp::List<capnp::Text>::Builder to, const std::vector<std::string>& names) {
    for (capnp::uint i = 0; i < to.size(); ++i) to.set(i, names[i].c_str());
  }
  std::size_t letters() const {
    std::size_t all = 0;
    for (const std::string& name : measured_->names()) all += name.size();
    for (const std::string& name : left_out_) all += name.size() + 16;
    return all;
  }

  Result<void> choose(const Fields& fields) {
    auto names = training_columns(kName, columns_of(options_), fields);
    if (!names) return names.error();
    left_out_ = left_out(columns_of(options_), rows_, fields);
    measured_.emplace(kName, *names);
    columns_ = NumberColumns(kName, *names);
    return {};
  }

  Result<void> make_room(std::size_t rows, Outbox& out) {
    std::size_t columns = measured_->names().size();
    std::uint64_t bytes =
        MeasuredColumns::bytes(columns) + Descent::bytes(columns) + TableFloats::bytes(columns, rows) + 20 * rows;
    if (bytes <= bytes_) return {};
    held_ = Held();
    auto held = out.hold(bytes);
    if (!held) return held.error();
    held_ = std::move(*held);
    bytes_ = bytes;
    return {};
  }

  Result<void> measure(const Table& table, bool nulls, Outbox& out) {
    std::uint64_t skipped = measured_->skipped();
    auto added = measured_->add(table, columns_.positions(), nulls ? &whole_ : nullptr, options_.loss, file_of(rows_));
    if (!added) return added;
    if (measured_->skipped() > skipped) out.count("rows skipped", measured_->skipped() - skipped);
    return {};
  }

  Result<void> train(const Table& table, bool nulls, Outbox& out) {
    const std::vector<std::uint32_t>* whole = nulls ? &whole_ : nullptr;
    std::size_t rows = whole ? whole->size() : table.rows();
    std::size_t features = columns_.positions().size() - 1;
    floats_.read(columns_, features, table.rows(), descent_->shifts(), whole);
    targets_.resize(rows);
    with_cells(columns_.types()[features], columns_.places()[features].cells, [&](auto* cells) {
      if (whole) {
        for (std::size_t i = 0; i < rows; ++i) targets_[i] = descent_->target(static_cast<double>(cells[(*whole)[i]]));
      } else {
        for (std::size_t i = 0; i < rows; ++i) targets_[i] = descent_->target(static_cast<double>(cells[i]));
      }
    });
    descent_->add(floats_.columns(), targets_.data(), rows);
    if (auto good = descent_->converges(); !good) return good;
    double loss = 0;
    if (descent_->take_loss(loss) > 0) out.sample("loss", static_cast<double>(descent_->steps()), loss);
    return {};
  }

  Result<void> next_pass(Outbox& out) {
    if (pass_ + 1 >= passes_) {
      return invalid(
          "sgd got rows whose numbers do not rise within a pass: number them, or train on a source that does");
    }
    if (pass_ == 0) {
      if (auto worth = measured_->worth_training(options_.loss); !worth) return worth;
      descent_.emplace(descent_of(options_), measured_->moments(), passes_ - 1);
      out.sample("loss of a pass", 0, descent_->base_loss());
    } else if (auto ended = end_pass(out); !ended) {
      return ended;
    }
    ++pass_;
    return {};
  }

  Result<void> end_pass(Outbox& out) {
    if (auto ended = descent_->end_pass(); !ended) return ended;
    out.sample("loss of a pass", static_cast<double>(pass_), descent_->pass_loss());
    return {};
  }

  // All rows of the stream have one number, or came once.
  Error one_row_or_once() const {
    return passes_ < 2 ? rows_come_once() : invalid("sgd got one row, from which nothing can be learnt: give it more");
  }

  Chunk made_model(Pool& pool) const {
    auto weights = descent_->weights();
    auto count = static_cast<capnp::uint>(weights.size() - 1);
    Building<schema::LinearModel> building(pool, 1024 + letters() + 128 * weights.size());
    auto root = building.root();
    root.setTarget(measured_->names().back().c_str());
    auto features = root.initFeatures(count);
    auto coefficients = root.initCoefficients(count);
    for (capnp::uint i = 0; i < count; ++i) {
      features.set(i, measured_->names()[i].c_str());
      coefficients.set(i, weights[i]);
    }
    root.setIntercept(weights.back());
    root.setL2(options_.l2);
    root.setRows(measured_->rows());
    root.setSkipped(measured_->skipped());
    set(root.initLeftOut(static_cast<capnp::uint>(left_out_.size())), left_out_);
    root.setLogistic(options_.loss == Loss::logistic);
    root.setPasses(pass_);
    root.setSteps(descent_->steps());
    root.setLoss(descent_->pass_loss());
    return std::move(building).finish();
  }

  Sgd options_;
  Description rows_;
  std::uint64_t passes_;
  NumberColumns columns_;
  std::vector<std::string> left_out_;
  std::optional<MeasuredColumns> measured_;
  std::optional<Descent> descent_;
  std::uint64_t pass_ = 0;
  bool seen_ = false;  // a row
  std::uint64_t last_row_ = 0;
  std::vector<std::uint32_t> whole_;
  TableFloats floats_;
  std::vector<float> targets_;
  Held held_;
  std::uint64_t bytes_ = 0;
};

Result<Described> describe(const Description& rows, const Sgd& options) {
  if (auto ok = sound(kName, columns_of(options)); !ok) return ok.error();
  if (passes_of(rows) < 2) return rows_come_once();
  std::uint64_t columns = std::max<std::uint64_t>(options.features.size() + 1, 256);
  std::uint64_t letters = 64 * columns + left_out_letters();
  if (rows.fields_known) {
    auto names = training_columns(kName, columns_of(options), rows.fields);
    if (!names) return names.error();
    auto said = options.features;
    said.push_back(options.target);
    if (auto sure = none_twice(kName, rows, said); !sure) return sure.error();
    columns = names->size();
    letters = left_out_letters();
    for (const std::string& name : *names) letters += name.size() + 16;
  }
  Described made;
  made.output.max_chunk = Pool::footprint(1024 + 128 * columns + 2 * letters);
  std::uint64_t most = most_rows(rows);
  // A cell has a byte at least, and is a float of four.
  std::uint64_t floats =
      std::min(TableFloats::bytes(columns, most), plus(times(4, rows.max_chunk), TableFloats::bytes(columns, 16)));
  made.needs.state = plus(plus(MeasuredColumns::bytes(columns) + Descent::bytes(columns), floats), times(20, most));
  made.needs.max_output = made.output.max_chunk;
  return made;
}

OptionsOf<Sgd> options_of_sgd() {
  return OptionsOf<Sgd>()
      .needs(&Sgd::target, {.name = "target", .sentence = "column to predict"})
      .takes(&Sgd::features,
             {.name = "features", .sentence = "columns to predict from", .fallback = "all numeric ones but the target"})
      .takes(&Sgd::loss, {.name = "loss", .sentence = "squared of a number, logistic of a target of 0 and 1"},
             Choices<Loss>{{"squared", Loss::squared}, {"logistic", Loss::logistic}})
      .takes(&Sgd::rate, {.name = "rate", .sentence = "how far a step goes", .least = 1e-12, .most = 1e6})
      .takes(&Sgd::batch, {.name = "batch", .sentence = "rows of a step", .unit = "rows", .least = 1, .most = 1e9})
      .takes(&Sgd::l2,
             {.name = "l2", .sentence = "share of the coefficients that a step of rate 1 takes off", .least = 0})
      .takes(&Sgd::standardise, {.name = "standardise", .sentence = "whether columns are centred and scaled first"})
      .takes(&Sgd::seed, {.name = "seed", .sentence = "says in which order the batches of a chunk come", .least = 0});
}

}  // namespace

Kind<Message<schema::LinearModel>, Table> sgd(Sgd options) {
  auto kind = stage_kind<Message<schema::LinearModel>, Table>(kName, options_of_sgd().of(options));
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.in_order = true;
  kind.describe = [options](const std::vector<Description>& inputs) { return describe(inputs[0], options); };
  kind.reads = [options](const std::vector<Description>& inputs, const ColumnNames&) {
    ColumnNames read = numeric_columns_read(inputs[0], options.features);
    read.add(ColumnNames::of({options.target}));
    return std::vector{read};
  };
  kind.actor = [options](const Making& making) {
    return std::make_unique<Train>(options, making.inputs.empty() ? Description() : making.inputs[0]);
  };
  return kind;
}

DeclaredKind declared_sgd() {
  return declared_kind("Gradient descent over mini-batches, in passes: a linear or logistic model, at the end.",
                       options_of_sgd(), [](Sgd options) { return sgd(std::move(options)); });
}

}  // namespace leat
