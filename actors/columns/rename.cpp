#include <leat/actors/columns/rename.hpp>

#include <leat/actors/columns/number_columns.hpp>
#include <leat/actors/expression/expression.hpp>
#include <leat/chunk/column_copy.hpp>

#include <algorithm>
#include <numeric>
#include <optional>

namespace leat {
namespace {

constexpr const char* kName = "rename";
using Renamings = std::vector<Renaming>;

std::string* new_name(Renamings& all, const std::string& old) {
  auto found = std::find_if(all.begin(), all.end(), [&](const Renaming& each) { return each.first == old; });
  return found == all.end() ? nullptr : &found->second;
}

Result<void> once_each(const Renamings& all) {
  if (all.empty()) return invalid("columns: rename is told of no column: write OLD as NEW");
  for (auto each = all.begin(); each != all.end(); ++each) {
    if (each->first.empty() || each->second.empty()) return invalid("columns: rename is told of a name that is empty");
    auto same = [&](const Renaming& other) { return other.first == each->first; };
    if (std::find_if(all.begin(), each, same) != each)
      return invalid("columns: rename names column " + each->first + " twice: name it once");
  }
  return {};
}

// Columns that are not there are left to who looks for them.
Fields renamed(Fields fields, Renamings all) {
  for (Field& field : fields) {
    if (std::string* name = new_name(all, field.name)) field.name = *name;
  }
  return fields;
}

Result<Fields> checked(const Fields& fields, const Renamings& all, bool some_may_miss) {
  for (const auto& [old, name] : all) {
    if (some_may_miss && !find_field(fields, old)) continue;
    if (auto ok = only_column(kName, fields, old); !ok) return ok.error();
  }
  Fields out = renamed(fields, all);
  for (const auto& [old, name] : all) {
    auto same = [&, wanted = std::string_view(name)](const Field& field) { return field.name == wanted; };
    if (std::count_if(out.begin(), out.end(), same) < 2) continue;
    return invalid("rename makes " + old + " to " + name +
                   ", which another column is called: give one of them another name");
  }
  return out;
}

class Rename final : public Actor {
 public:
  Rename(Renamings all, bool narrowed) : all_(std::move(all)), narrowed_(narrowed) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    auto fields = checked(table.fields(), all_, narrowed_);
    if (!fields) return fields.error();
    ColumnCopy::Positions positions(fields->size());
    std::iota(positions.begin(), positions.end(), 0);
    TableBuilder builder(out.pool(), *fields, ColumnCopy::room(table, positions));
    ColumnCopy(builder).columns(table, positions, positions);
    out.emit(finish_as(std::move(builder), table).chunk());
    return Step::done;
  }

 private:
  Renamings all_;
  bool narrowed_;  // columns that nobody reads are missing
};

Result<Described> describe(const Description& rows, const Renamings& all, bool narrowed) {
  Described made{rows, {}};
  std::uint64_t longer = 1024;
  for (const auto& each : all) longer += each.second.size();
  std::uint64_t entries = 8;
  if (rows.fields_known) {
    auto fields = checked(rows.fields, all, narrowed);
    if (!fields) return fields.error();
    made.output.fields = *fields;
    entries = 0;
    for (const Field& field : *fields) entries += field.dictionary ? sizeof(Span) : 0;
  }
  made.output.max_chunk = made.needs.max_output = Pool::footprint(grown_chunk(rows, entries) + longer);
  return made;
}

// What is asked for by its new name is asked for by the old one.
ColumnNames old_names(const Renamings& all, const ColumnNames& wanted) {
  ColumnNames out = wanted;
  for (const auto& [old, name] : all) out.remove(name);
  for (const auto& [old, name] : all) out.add(wanted, name, old);
  return out;
}

struct Renamed {
  std::vector<std::string> columns;
};

OptionsOf<Renamed> options() {
  return OptionsOf<Renamed>().needs(&Renamed::columns,
                                    {.name = "columns", .sentence = "each OLD as NEW, as in \"dep_delay as delay\""});
}

Kind<Table, Table> renaming(const Renamings& all, std::optional<Error> wrong) {
  Renamed written;
  for (const auto& [old, name] : all) written.columns.push_back(written_name(old) + " as " + written_name(name));
  GivenOptions given = options().of(written);
  if (auto ok = once_each(all); !ok) given.wrong = ok.error();
  if (wrong) given.wrong = wrong;
  auto kind = stage_kind<Table, Table>(kName, std::move(given));
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::nothing;
  kind.pure = true;
  kind.describe = [all](const std::vector<Description>& inputs) { return describe(inputs[0], all, false); };
  kind.narrow = [all](const std::vector<Description>& inputs, const ColumnNames&) {
    return describe(inputs[0], all, true);
  };
  kind.reads = [all](const std::vector<Description>&, const ColumnNames& wanted) {
    return std::vector{old_names(all, wanted)};
  };
  kind.actor = [all](const Making& making) { return std::make_unique<Rename>(all, !making.wanted.are_all()); };
  return kind;
}

}  // namespace

Kind<Table, Table> rename(std::vector<Renaming> columns) { return renaming(columns, std::nullopt); }

DeclaredKind declared_rename() {
  return declared_kind("Other names for columns.", options(), [](const Renamed& written) {
    Renamings all;
    std::optional<Error> wrong;
    for (const std::string& line : written.columns) {
      auto names = parse_renaming(line);
      if (names) {
        all.push_back(*names);
      } else if (!wrong) {
        wrong = names.error().in("columns").about({.option = "columns"});
      }
    }
    return renaming(all, wrong);
  });
}

}  // namespace leat
