#include <leat/actors/group/output.hpp>

#include <algorithm>
#include <array>

namespace leat {
namespace {

// Fields whose first columns are nullable where one of the keys is null.
Fields with_nulls(Fields fields, const Groups& groups, std::span<const std::uint32_t> order) {
  for (std::size_t i = 0; i < groups.keys().columns(); ++i) {
    if (fields[i].nullable) continue;
    auto is_null = [&](std::uint32_t group) { return groups.keys().null(i, group); };
    fields[i].nullable = std::any_of(order.begin(), order.end(), is_null);
  }
  return fields;
}

std::size_t part_letters(const Groups& groups, GroupPart part) {
  std::size_t bytes = groups.keys().text_bytes(group_of(groups, part));
  if (part.state != GroupPart::kGroup) return bytes + groups.states()[part.state]->item_bytes(part.index);
  for (const auto& state : groups.states()) bytes += state->part_bytes(part.index);
  return bytes;
}

std::size_t result_letters(const Groups& groups, std::uint32_t group) {
  std::size_t bytes = groups.keys().text_bytes(group);
  for (const auto& state : groups.states()) bytes += state->text_bytes(group);
  return bytes;
}

}  // namespace

std::uint64_t output_footprint(const Fields& fields, std::uint64_t letters) {
  std::size_t cells = 1;
  Fields nullable = fields;
  for (Field& field : nullable) {
    cells += cell_bytes(field.type) + 1;
    field.nullable = true;
  }
  // No Table has more.
  auto heap = kOutputBytes + static_cast<std::size_t>(std::min<std::uint64_t>(letters, std::uint64_t{512} << 20));
  return TableBuilder::footprint(nullable, {.rows = kOutputBytes / cells + 1, .heap = heap, .row_numbers = true});
}

std::uint32_t group_of(const Groups& groups, GroupPart part) {
  return part.state == GroupPart::kGroup ? part.index : groups.states()[part.state]->group_of(part.index);
}

std::vector<GroupPart> parts_in_order(const Groups& groups, bool items_first) {
  std::array<std::uint32_t, kKeyGroups + 1> starts{};
  auto each_item = [&](auto f) {
    for (std::uint32_t state = 0; state < groups.states().size(); ++state) {
      auto items = static_cast<std::uint32_t>(groups.states()[state]->items());
      for (std::uint32_t item = 0; item < items; ++item) f(GroupPart{state, item});
    }
  };
  auto each_group = [&](auto f) {
    for (std::uint32_t group = 0; group < groups.size(); ++group) f(GroupPart{GroupPart::kGroup, group});
  };
  auto key_group_of = [&](GroupPart part) { return groups.keys().key_group_of(group_of(groups, part)); };
  std::size_t parts = 0;
  auto count = [&](GroupPart part) {
    ++starts[key_group_of(part) + 1u];
    ++parts;
  };
  each_item(count);
  each_group(count);
  for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
  std::vector<GroupPart> order(parts);
  auto put = [&](GroupPart part) { order[starts[key_group_of(part)]++] = part; };
  if (items_first) each_item(put);
  each_group(put);
  if (!items_first) each_item(put);
  return order;
}

std::size_t parts_that_fit(const Fields& parts, const Groups& groups, std::span<const GroupPart> order) {
  return rows_that_fit(parts, order.size(), [&](std::size_t row) { return part_letters(groups, order[row]); });
}

Table write_parts(Pool& pool, const Fields& parts, const Groups& groups, std::span<const GroupPart> order,
                  std::uint64_t first_row) {
  std::vector<std::uint32_t> of;
  TableRoom room{.rows = order.size()};
  for (GroupPart part : order) {
    of.push_back(group_of(groups, part));
    room.heap += part_letters(groups, part);
  }
  TableBuilder builder(pool, with_nulls(parts, groups, of), room);
  std::size_t keys = groups.keys().columns();
  for (std::size_t i = 0; i < keys; ++i) groups.keys().write(i, of, builder, i);
  std::string letters;
  for (std::size_t i = 0; i < groups.states().size(); ++i) {
    for (std::size_t row = 0; row < order.size(); ++row) {
      letters.clear();
      if (order[row].state == GroupPart::kGroup) {
        groups.states()[i]->write_part(of[row], letters);
      } else if (order[row].state == i) {
        groups.states()[i]->write_item(order[row].index, letters);
      }
      builder.put(keys + i, row, letters);
    }
  }
  return std::move(builder).finish(order.size(), first_row);
}

std::vector<std::uint32_t> groups_in_order(const Groups& groups) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order(groups.size());
  for (std::uint32_t group = 0; group < groups.size(); ++group) order[group] = {groups.keys().prefix(group), group};
  std::sort(order.begin(), order.end(), [&](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : groups.keys().compare(a.second, b.second) < 0;
  });
  std::vector<std::uint32_t> sorted(order.size());
  std::transform(order.begin(), order.end(), sorted.begin(), [](const auto& each) { return each.second; });
  return sorted;
}

std::size_t results_that_fit(const Fields& result, const Groups& groups, std::span<const std::uint32_t> order) {
  return rows_that_fit(result, order.size(), [&](std::size_t row) { return result_letters(groups, order[row]); });
}

Result<Table> write_results(Pool& pool, const GroupPlan& plan, const Groups& groups,
                            std::span<const std::uint32_t> order, std::uint64_t first_row) {
  TableRoom room{.rows = order.size()};
  for (std::uint32_t group : order) room.heap += result_letters(groups, group);
  TableBuilder builder(pool, with_nulls(plan.result, groups, order), room);
  std::size_t keys = plan.keys.size();
  for (std::size_t i = 0; i < keys; ++i) groups.keys().write(i, order, builder, i);
  for (std::size_t i = 0; i < groups.states().size(); ++i) {
    if (auto written = groups.states()[i]->write(order, builder, keys + i); !written) {
      return Error(written.error().kind, "group: \"" + text_of(plan.aggregates[i]) + "\": " + written.error().sentence);
    }
  }
  return std::move(builder).finish(order.size(), first_row);
}

}  // namespace leat
