#include <leat/actors/group/plan.hpp>

#include <leat/actors/columns/number_columns.hpp>

namespace leat {
namespace {

constexpr const char* kName = "group";

// Splits "delay = mean(x): f64".
Result<std::pair<Aggregate, ColumnType>> part_of(const std::string& name) {
  std::size_t at = name.rfind(": ");
  if (at == std::string::npos) return corrupt("group got column " + name + ", which is none of its parts");
  auto type = type_named(name.substr(at + 2));
  auto aggregate = aggregate_of(name.substr(0, at));
  if (!type || !aggregate) return corrupt("group got column " + name + ", which is none of its parts");
  return std::pair(std::move(*aggregate), *type);
}

Result<void> all_once(const Fields& result) {
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (*find_field(result, result[i].name) == i) continue;
    return invalid("group makes column " + result[i].name + " twice: give one of them another name");
  }
  return {};
}

Result<void> add_aggregate(GroupPlan& plan, const Aggregate& aggregate, const Field& column) {
  auto result = result_of(aggregate, column);
  if (!result) return Error(result.error().kind, "group: " + result.error().sentence);
  plan.aggregates.push_back(aggregate);
  plan.types.push_back(column.type);
  std::string name = text_of(aggregate) + ": " + std::string(type_name(column.type));
  plan.parts.push_back({name, ColumnType::BYTES});
  plan.result.push_back(*result);
  return {};
}

void add_key(GroupPlan& plan, const Field& column) {
  Field key{column.name, column.type, column.nullable};
  plan.keys.push_back(key);
  plan.parts.push_back(key);
  plan.result.push_back(key);
}

}  // namespace

Groups GroupPlan::groups(std::uint64_t limit) const {
  std::vector<ColumnType> of_keys;
  for (const Field& key : keys) of_keys.push_back(key.type);
  auto make = [aggregates = aggregates, types = types] {
    GroupStates states;
    for (std::size_t i = 0; i < aggregates.size(); ++i) states.push_back(state_of(aggregates[i], types[i]));
    return states;
  };
  return Groups(std::move(of_keys), std::move(make), limit);
}

Result<std::vector<Aggregate>> aggregates_of(const Group& options) {
  std::vector<Aggregate> made;
  for (const std::string& text : options.columns) {
    auto aggregate = aggregate_of(text);
    if (!aggregate) return Error(aggregate.error().kind, "group: " + aggregate.error().sentence);
    made.push_back(std::move(*aggregate));
  }
  if (made.empty()) return invalid("group makes no column: name one, as in \"rows = count()\"");
  Fields result;
  for (const std::string& key : options.by) result.push_back({key});
  for (const Aggregate& aggregate : made) result.push_back({aggregate.name});
  if (auto once = all_once(result); !once) return once.error();
  return made;
}

Result<GroupPlan> group_plan(const Group& options, const Fields& fields) {
  auto aggregates = aggregates_of(options);
  if (!aggregates) return aggregates.error();
  GroupPlan plan;
  for (const std::string& key : options.by) {
    auto place = only_column(kName, fields, key);
    if (!place) return place.error();
    plan.key_places.push_back(*place);
    add_key(plan, fields[*place]);
  }
  for (const Aggregate& aggregate : *aggregates) {
    Field column{"", ColumnType::I64};
    plan.places.push_back(Groups::kNoColumn);
    if (!aggregate.column.empty()) {
      auto place = only_column(kName, fields, aggregate.column);
      if (!place) return place.error();
      plan.places.back() = *place;
      column = fields[*place];
    }
    if (auto added = add_aggregate(plan, aggregate, column); !added) return added.error();
  }
  return plan;
}

Result<GroupPlan> parts_plan(const Group& options, const Fields& parts) {
  if (parts.size() != options.by.size() + options.columns.size()) {
    return corrupt("group got " + std::to_string(parts.size()) + " columns of parts and expects " +
                   std::to_string(options.by.size() + options.columns.size()));
  }
  GroupPlan plan;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i < options.by.size()) {
      plan.key_places.push_back(i);
      add_key(plan, parts[i]);
      continue;
    }
    if (parts[i].type != ColumnType::BYTES) return corrupt("group got column " + parts[i].name + ", which is no part");
    auto part = part_of(parts[i].name);
    if (!part) return part.error();
    plan.places.push_back(i);
    if (auto added = add_aggregate(plan, part->first, {part->first.column, part->second}); !added) return added.error();
  }
  return plan;
}

}  // namespace leat
