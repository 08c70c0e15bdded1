/// Groups as Tables: as parts for who goes on with them, and as results.
///
///   auto order = leat::parts_in_order(groups, true);
///   leat::Table some = leat::write_parts(pool, plan.parts, groups, order.subspan(at, leat::parts_that_fit(...)));
///
/// A Table has about kOutputBytes at most, or one row. Pure.
#pragma once

#include <leat/actors/group/plan.hpp>

namespace leat {

/// What a Table of groups takes, the one row's letters that may be more apart.
inline constexpr std::size_t kOutputBytes = std::size_t{256} << 10;

/// The most that a Table of these fields takes, whose rows have so many letters at most.
std::uint64_t output_footprint(const Fields& fields, std::uint64_t letters);

/// How many of `rows`, each of so many bytes of cells and of letters, fit into one Table: at least one.
template <class Letters>
std::size_t rows_that_fit(const Fields& fields, std::size_t rows, Letters letters) {
  std::size_t cells = 1;
  for (const Field& field : fields) cells += cell_bytes(field.type) + 1;
  std::size_t bytes = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    bytes += cells + letters(row);
    if (bytes > kOutputBytes && row > 0) return row;
  }
  return rows;
}

/// One row of parts: a group's, or one of a state's items.
struct GroupPart {
  static constexpr std::uint32_t kGroup = ~std::uint32_t{0};
  std::uint32_t state = kGroup;  ///< whose item it is
  std::uint32_t index = 0;       ///< the group, or the item
};
std::uint32_t group_of(const Groups& groups, GroupPart part);

/// All parts by key group, and in each as they were met: items before their groups, or after them.
std::vector<GroupPart> parts_in_order(const Groups& groups, bool items_first);
std::size_t parts_that_fit(const Fields& parts, const Groups& groups, std::span<const GroupPart> order);
Table write_parts(Pool& pool, const Fields& parts, const Groups& groups, std::span<const GroupPart> order,
                  std::uint64_t first_row = 0);

/// Parts of one key group each, those that `left` says are left; all Tables begin with row `first_row`.
template <class Left>
Snapshot parts_by_key_group(Pool& pool, const Fields& fields, const Groups& groups, std::uint64_t first_row,
                            Left left) {
  Snapshot taken;
  std::vector<GroupPart> order = parts_in_order(groups, false);
  std::erase_if(order, [&](GroupPart part) { return !left(part); });
  for (std::size_t from = 0; from < order.size();) {
    KeyGroup of = groups.keys().key_group_of(group_of(groups, order[from]));
    std::size_t end = from;
    while (end < order.size() && groups.keys().key_group_of(group_of(groups, order[end])) == of) ++end;
    std::span<const GroupPart> some(order.data() + from, end - from);
    some = some.first(parts_that_fit(fields, groups, some));
    taken.push_back({write_parts(pool, fields, groups, some, first_row).chunk(), of});
    from += some.size();
  }
  return taken;
}

/// All groups by their keys.
std::vector<std::uint32_t> groups_in_order(const Groups& groups);
std::size_t results_that_fit(const Fields& result, const Groups& groups, std::span<const std::uint32_t> order);
/// Rows numbered from `first_row` on. Errors: those of GroupState::write.
Result<Table> write_results(Pool& pool, const GroupPlan& plan, const Groups& groups,
                            std::span<const std::uint32_t> order, std::uint64_t first_row);

}  // namespace leat
