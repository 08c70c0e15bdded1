#include <leat/actors/rows/union_by_name.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/columns/number_columns.hpp>
#include <leat/chunk/column_copy.hpp>

#include <algorithm>
#include <numeric>

namespace leat {
namespace {

constexpr const char* kName = "union";

Error only_in(const Field& field, const Fields& others, const char* where, const char* other) {
  std::string near = nearest_name(others, field.name);
  return invalid("union: column " + field.name + " is in the " + where + " stream and not in the " + other +
                 (near.empty() ? "" : ", which has " + near) + ": rename it, compute it, or leave it out with select");
}

// Those of both, in the order of the first; of those that are wanted below.
Result<Fields> united(const Description& first, const Description& second, const ColumnNames& wanted) {
  if (!first.fields_known || !second.fields_known) {
    return invalid(
        "union must know the columns of both streams before the start, and one comes from a function: merge the "
        "streams, which takes them as they are");
  }
  Fields out;
  for (const Field& field : second.fields) {
    if (wanted.has(field.name) && !find_field(first.fields, field.name))
      return only_in(field, first.fields, "second", "first");
  }
  for (const Field& field : first.fields) {
    if (!wanted.has(field.name)) continue;
    auto place = find_field(second.fields, field.name);
    if (!place) return only_in(field, second.fields, "first", "second");
    for (const Fields* fields : {&first.fields, &second.fields}) {
      if (auto once = only_column(kName, *fields, field.name); !once) return once.error();
    }
    const Field& other = second.fields[*place];
    if (field.type != other.type) {
      return invalid("union: column " + field.name + " is " + std::string(type_name(field.type)) +
                     " in the first stream and " + std::string(type_name(other.type)) + " in the second: cast one");
    }
    out.push_back({field.name, field.type, field.nullable || other.nullable, field.dictionary || other.dictionary});
  }
  // A Table has at least one column.
  for (std::size_t i = 0; out.empty() && i < first.fields.size(); ++i) {
    if (find_field(second.fields, first.fields[i].name))
      return united(first, second, ColumnNames::of({first.fields[i].name}));
  }
  return out;
}

class Union final : public Actor {
 public:
  explicit Union(Fields fields) : fields_(std::move(fields)) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    Fields has = table.fields();
    ColumnCopy::Positions from;
    for (const Field& field : fields_) {
      auto place = only_column(kName, has, field.name);
      if (!place) return place.error();
      from.push_back(*place);
    }
    if (as_it_is(has, from)) {
      out.emit(visit.take());
    } else {
      out.emit(rebuilt(out.pool(), table, has, from).chunk());
    }
    return Step::done;
  }

 private:
  bool as_it_is(const Fields& has, const ColumnCopy::Positions& from) const {
    if (has.size() != fields_.size()) return false;
    for (std::size_t i = 0; i < from.size(); ++i) {
      if (from[i] != i || has[i].dictionary != fields_[i].dictionary || has[i].raw) return false;
    }
    return true;
  }

  Table rebuilt(Pool& pool, const Table& table, const Fields& has, const ColumnCopy::Positions& from) const {
    ColumnCopy::Positions same, to;
    std::vector<std::size_t> coded;
    Fields fields = fields_;
    for (std::size_t i = 0; i < from.size(); ++i) {
      // One that has a dictionary in some chunks has one in all.
      if (has[from[i]].dictionary != fields_[i].dictionary) {
        coded.push_back(i);
      } else {
        same.push_back(from[i]);
        to.push_back(i);
        fields[i].raw = has[from[i]].raw;
      }
    }
    std::size_t rows = table.rows();
    TableRoom room = ColumnCopy::room(table, same);
    for (std::size_t i : coded) {
      ColumnPlace place = place_of(table, from[i]);
      for (std::size_t row = 0; row < rows; ++row) room.heap += place.text(row).size();
    }
    TableBuilder builder(pool, fields, room);
    ColumnCopy copy(builder);
    copy.columns(table, same, to);
    for (std::size_t i : coded) {
      ColumnPlace place = place_of(table, from[i]);
      for (std::size_t row = 0; row < rows; ++row) builder.put(i, row, place.text(row));
      copy.nulls(i, place.validity, rows);
    }
    return finish_as(std::move(builder), table);
  }

  Fields fields_;
};

Result<Described> describe(const std::vector<Description>& inputs, const ColumnNames& wanted) {
  auto fields = united(inputs[0], inputs[1], wanted);
  if (!fields) return fields.error();
  Described made{inputs[0], {}};
  made.output.notes.clear();
  made.output.fields = *fields;
  made.output.bytes = plus(inputs[0].bytes, inputs[1].bytes);
  made.output.rows = plus(inputs[0].rows, inputs[1].rows);
  // A dictionary has an entry a row, and a code.
  std::uint64_t most =
      std::max(grown_chunk(inputs[0], 16 * fields->size()), grown_chunk(inputs[1], 16 * fields->size()));
  made.output.max_chunk = made.needs.max_output = most;
  return made;
}

// Of both what is wanted; not as a file has it, as two files differ.
std::vector<ColumnNames> read(const std::vector<Description>& inputs, const ColumnNames& wanted) {
  if (!inputs[0].fields_known || inputs[0].fields.empty()) return {2, ColumnNames::all_changed()};
  std::vector<std::string> names;
  for (const Field& field : inputs[0].fields) {
    if (wanted.has(field.name)) names.push_back(field.name);
  }
  if (names.empty()) names.push_back(inputs[0].fields[0].name);
  return {2, ColumnNames::changed(names)};
}

}  // namespace

Kind<Table, Table, Table> union_by_name() {
  auto kind = stage_kind<Table, Table, Table>(kName, "");
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::nothing;
  kind.pure = true;
  kind.describe = [](const std::vector<Description>& inputs) { return describe(inputs, ColumnNames::all()); };
  kind.narrow = [](const std::vector<Description>& inputs, const ColumnNames& wanted) {
    return describe(inputs, wanted);
  };
  kind.reads = [](const std::vector<Description>& inputs, const ColumnNames& wanted) {
    return read(inputs, wanted);
  };
  kind.actor = [](const Making& making) {
    auto fields = united(making.inputs.at(0), making.inputs.at(1), making.wanted);
    return std::make_unique<Union>(fields ? *fields : Fields());
  };
  return kind;
}

DeclaredKind declared_union_by_name() {
  return declared_kind("The rows of two streams as one, their columns brought together by name.",
                       [] { return union_by_name(); });
}

}  // namespace leat
