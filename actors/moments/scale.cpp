#include <leat/actors/moments/scale.hpp>

#include <leat/actors/columns/number_columns.hpp>

#include <optional>

namespace leat {
namespace {

constexpr const char* kName = "scale";

Result<void> keeps_fractions(const std::string& name, ColumnType type) {
  if (type == ColumnType::F64 || type == ColumnType::F32) return {};
  return invalid("scale cannot keep column " + name + " as " + std::string(type_name(type)) +
                 ": parse it as f64, or leave it out of the columns named to scale");
}

struct Transform {
  double mean;
  double inverse;
};

template <class T>
void apply(T* cells, std::size_t rows, Transform by) {
  for (std::size_t row = 0; row < rows; ++row) {
    cells[row] = static_cast<T>((static_cast<double>(cells[row]) - by.mean) * by.inverse);
  }
}

class Scale final : public Actor {
 public:
  explicit Scale(std::vector<std::string> names) : columns_(kName, std::move(names)) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    if (visit.port == 1) return learn(visit.chunk, out);
    if (!kept_) {
      return invalid("scale got rows and no moments: see that its second input is a finished fold");
    }
    Table table(visit.chunk);
    if (auto ready = prepare(table); !ready) return ready.error();
    std::size_t rows = table.rows();
    std::vector<std::size_t> offsets;
    for (std::size_t column : columns_.positions()) {
      offsets.push_back(
          static_cast<std::size_t>(table.cells(column) - table.chunk().message().data()));
    }
    table = Table();
    auto [chunk, bytes] = visit.take().edit(out.pool());
    Table edited(std::move(chunk));
    for (std::size_t i = 0; i < offsets.size(); ++i) change(edited, i, bytes + offsets[i], rows);
    out.emit(std::move(edited).chunk());
    return Step::done;
  }

  Result<Snapshot> snapshot(Pool&) const override { return kept_ ? Snapshot{{kept_->chunk}} : Snapshot(); }
  Result<void> restore(const Snapshot& from, Outbox& out) override {
    for (const StatePart& part : from) {
      if (auto learnt = learn(part.chunk, out); !learnt) return std::move(learnt).error();
    }
    return {};
  }

 private:
  Result<Step> learn(const Chunk& moments, Outbox& out) {
    if (kept_) return invalid("scale got moments twice: join it with one fold");
    auto kept = out.keep(moments);
    if (!kept) return kept.error();
    kept_ = std::move(*kept);
    return Step::done;
  }

  // The transform of each column found, in the columns' order.
  Result<void> prepare(const Table& table) {
    auto before = columns_.positions();
    if (auto found = columns_.find(table); !found) return found;
    if (!transforms_.empty() && before == columns_.positions()) return {};
    transforms_.clear();
    for (std::size_t i = 0; i < columns_.names().size(); ++i) {
      if (auto ok = keeps_fractions(columns_.names()[i], columns_.types()[i]); !ok) return ok;
      auto made = transform(columns_.names()[i]);
      if (!made) return made.error();
      transforms_.push_back(*made);
    }
    return {};
  }

  Result<Transform> transform(const std::string& name) const {
    auto moments = kept_->chunk.root<schema::Moments>();
    Fields known;
    for (auto column : moments.getColumns()) known.push_back({column.cStr()});
    auto found = find_field(known, name);
    if (!found) {
      return invalid("scale has no moments of column " + name + ": the fold made those of " +
                     listed(known));
    }
    auto at = static_cast<capnp::uint>(*found);
    if (moments.getCount()[at] == 0) {
      return invalid("scale cannot scale column " + name +
                     ": it holds no value, only nulls; leave it out");
    }
    if (!(moments.getDeviation()[at] > 0)) {
      return invalid("scale cannot scale column " + name +
                     ": it is constant, its deviation is 0; leave it out");
    }
    return Transform{moments.getMean()[at], 1 / moments.getDeviation()[at]};
  }

  void change(const Table& table, std::size_t i, std::byte* cells, std::size_t rows) const {
    std::size_t column = columns_.positions()[i];
    bool wide = columns_.types()[i] == ColumnType::F64;
    std::size_t width = wide ? sizeof(double) : sizeof(float);
    if (wide) {
      apply(reinterpret_cast<double*>(cells), rows, transforms_[i]);
    } else {
      apply(reinterpret_cast<float*>(cells), rows, transforms_[i]);
    }
    if (!table.validity(column)) return;
    for (std::size_t row = 0; row < rows; ++row) {
      if (!table.valid(column, row)) std::fill_n(cells + row * width, width, std::byte{0});
    }
  }

  NumberColumns columns_;
  std::vector<Transform> transforms_;
  std::optional<Kept> kept_;
};

Result<Described> describe(const std::vector<Description>& inputs,
                           const std::vector<std::string>& names) {
  const Description& rows = inputs[0];
  if (rows.fields_known) {
    auto found = numeric_columns(kName, rows.fields, names);
    if (!found) return found.error();
    for (std::size_t position : *found) {
      auto ok = keeps_fractions(rows.fields[position].name, rows.fields[position].type);
      if (!ok) return ok.error();
    }
  }
  return Described{rows, {inputs.size() > 1 ? inputs[1].max_chunk : rows.max_chunk, rows.max_chunk}};
}

struct Chosen {
  std::vector<std::string> names;
};

OptionsOf<Chosen> options() {
  return OptionsOf<Chosen>().takes(
      &Chosen::names,
      {.name = "columns", .sentence = "f64 or f32 columns", .fallback = "all numeric ones"});
}

}  // namespace

Kind<Table, Table, Message<schema::Moments>> scale(std::vector<std::string> columns) {
  auto kind = stage_kind<Table, Table, Message<schema::Moments>>(kName, options().of({columns}));
  kind.inputs[1].whole_first = true;
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.describe = [columns](const std::vector<Description>& inputs) {
    return describe(inputs, columns);
  };
  kind.reads = [columns](const std::vector<Description>& inputs, ColumnNames wanted) {
    wanted.add(numeric_columns_changed(inputs[0], columns));
    return std::vector{wanted, ColumnNames::all()};
  };
  kind.actor = [columns](const Making&) { return std::make_unique<Scale>(columns); };
  return kind;
}

DeclaredKind declared_scale() {
  return declared_kind("Standardises columns with finished moments.", options(),
                       [](Chosen columns) { return scale(std::move(columns.names)); });
}

}  // namespace leat
