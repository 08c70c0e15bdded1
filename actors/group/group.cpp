#include <leat/actors/group/group.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/columns/number_columns.hpp>
#include <leat/actors/group/output.hpp>
#include <leat/actors/group/stage.hpp>

#include <algorithm>

namespace leat {
namespace {

std::vector<std::string> names_of(const Group& options) {
  std::vector<std::string> names = options.by;
  for (const std::string& text : options.columns) {
    auto aggregate = aggregate_of(text);
    if (aggregate && !aggregate->column.empty()) names.push_back(aggregate->column);
  }
  return names;
}

Result<Described> describe(const Description& rows, const Group& options) {
  auto aggregates = aggregates_of(options);
  if (!aggregates) return aggregates.error();
  Described made;
  made.output.fields_known = rows.fields_known;
  // What a part has besides texts of the input, of which each may be of another chunk.
  std::uint64_t letters = plus(rows.max_chunk, times(400, aggregates->size()));
  Fields parts(options.by.size() + aggregates->size(), Field{"a name of some length", ColumnType::TEXT});
  std::uint64_t texts = aggregates->size();
  if (rows.fields_known) {
    if (auto sure = none_twice("group", rows, names_of(options)); !sure) return sure.error();
    auto plan = group_plan(options, rows.fields);
    if (!plan) return plan.error();
    made.output.fields = parts = plan->parts;
    texts = static_cast<std::uint64_t>(std::count_if(plan->types.begin(), plan->types.end(), in_heap));
  }
  made.output.max_chunk = output_footprint(parts, plus(letters, times(texts, rows.max_chunk)));
  made.needs.max_output = made.output.max_chunk;
  made.needs.state = plus(replica_memory(options), Groups::block_bytes(parts.size(), most_rows(rows)));
  return made;
}

OptionsOf<Group> options_of_group() {
  return OptionsOf<Group>()
      .takes(&Group::by, {.name = "by",
                          .sentence = "key columns: rows with equal cells there are one group",
                          .fallback = "none: all rows are one group"})
      .needs(&Group::columns, {.name = "columns",
                               .sentence = "what is made of each group, \"name = function(column)\" with count, sum, "
                                           "mean, min, max, first, last, distinct"})
      .takes(&Group::memory, {.name = "memory",
                              .type = OptionType::bytes,
                              .sentence = "what all groups may take; a replica has a quarter of it",
                              .unit = "bytes",
                              .least = 256 << 10});
}

}  // namespace

Kind<Table, Table> group(Group options) {
  auto kind = stage_kind<Table, Table>("group", options_of_group().of(options));
  kind.sharing = Sharing::combinable;
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.combine = std::make_shared<StageKind>(group_combine(options, options_of_group().of(options)));
  kind.describe = [options](const std::vector<Description>& inputs) { return describe(inputs[0], options); };
  kind.reads = [options](const std::vector<Description>&, const ColumnNames&) {
    return std::vector{ColumnNames::of(names_of(options))};
  };
  kind.actor = [options](const Making& making) { return group_fold(options, making); };
  return kind;
}

DeclaredKind declared_group() {
  return declared_kind("Counts, sums, means and more of rows with equal keys, at the end.", options_of_group(),
                       [](Group options) { return group(std::move(options)); });
}

}  // namespace leat
