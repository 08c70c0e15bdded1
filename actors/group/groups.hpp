/// Groups: rows with equal keys, and what is kept of each. What group and distinct are made of.
///
///   leat::Groups groups({ColumnType::I32}, std::move(states), memory);
///   groups.begin(table, {0}, {1, 2});              // where the keys are, and the column of each state
///   std::size_t row = groups.add(0, out.budget()); // row < table.rows(): there is no room for that row
///
/// Rows are taken kBlock at a time: their keys are hashed a column at a time, looked up, and then each state is
/// brought up to date a column at a time. What it takes is counted, the copies while arrays grow included, and
/// depends on the groups alone, not on the order in which they came. Threads: one.
#pragma once

#include <leat/actors/group/growing_held.hpp>
#include <leat/actors/group/state.hpp>

#include <functional>

namespace leat {

using GroupStates = std::vector<std::unique_ptr<GroupState>>;

class Groups final : private GroupRoom {
 public:
  /// No state is of a column where begin() is given this.
  static constexpr std::size_t kNoColumn = ~std::size_t{0};

  /// `states` makes those of no groups; `limit`: bytes for all of it.
  Groups(std::vector<ColumnType> keys, std::function<GroupStates()> states, std::uint64_t limit);

  /// The chunk whose rows are next, until end(); what clear() forgets of it has to be begun again.
  void begin(const Table& table, const std::vector<std::size_t>& keys, const std::vector<std::size_t>& columns);
  void end() { table_ = Table(); }
  /// Adds its rows from `from` on. Returns the first that was not added: all were where that is rows().
  std::size_t add(std::size_t from, StateBudget& budget);
  /// The same of rows that are parts: column i of begin() has those of state i. Errors: a part that is none.
  Result<std::size_t> add_parts(std::size_t from, StateBudget& budget);
  /// A group without rows, where keys have no columns and there is none yet. False: no room.
  bool add_only(StateBudget& budget);

  std::size_t size() const { return keys_.size(); }
  const GroupKeys& keys() const { return keys_; }
  const GroupStates& states() const { return states_; }

  /// Forgets all groups and gives back what they took.
  void clear();

  /// What it keeps at hand besides, for chunks of at most so many rows, and so many columns.
  static std::uint64_t block_bytes(std::size_t columns, std::size_t rows);

 private:
  bool has(std::size_t groups, std::uint64_t letters) override { return room(groups, letters, 0); }
  bool room(std::size_t groups, std::uint64_t letters, std::uint64_t more);
  // Calls take(from, count) for rows whose groups are found, and which may take more(from, count) besides.
  template <class More, class Take>
  Result<std::size_t> each_block(std::size_t from, More more, Take take);
  std::size_t find(std::size_t from, std::size_t count);
  GroupedRows rows_of(std::size_t state, std::size_t from, std::size_t count) const;
  void resize();
  Result<void> join(std::size_t from, std::size_t count);

  std::vector<ColumnType> types_;
  std::function<GroupStates()> make_;
  std::uint64_t limit_;
  GroupKeys keys_;
  GroupStates states_;
  std::uint64_t each_ = 0;   // bytes of all states of a group
  std::size_t granted_ = 0;  // for so many groups there is room, and all their arrays take so much
  std::uint64_t fixed_ = 0;
  StateBudget* budget_ = nullptr;
  GrowingHeld held_;

  Table table_;
  std::vector<ColumnPlace> key_cells_;
  std::vector<ColumnPlace> cells_;
  bool first_of_chunk_ = false;
  std::vector<std::uint32_t> found_;
};

}  // namespace leat
