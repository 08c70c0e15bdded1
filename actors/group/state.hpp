/// What a group keeps of its rows for one aggregate: one object has the states of all groups.
///
///   auto sums = leat::sum_state(ColumnType::F64, false);
///   sums->resize(keys.size(), capacity);         // those that are new are of no rows
///   sums->add(block);                            // a column at a time
///   sums->write_part(group, blob);               // for another that goes on with it
///
/// Contract. A state does not depend on the order of rows and parts. A part is the state of one group as bytes, empty
/// where there is nothing to say; add_part() is for parts of the same state. Items (distinct values)
/// are not in the part of their group: each is a part of its own. Threads: one.
#pragma once

#include <leat/actors/group/keys.hpp>
#include <leat/actors/group/ordered_cells.hpp>
#include <leat/chunk/result.hpp>

#include <memory>
#include <string>

namespace leat {

/// Rows of one chunk, and the group of each.
struct GroupedRows {
  const Table* table = nullptr;
  ColumnPlace cells;  ///< of the column that the aggregate is of
  std::size_t from = 0;
  std::span<const std::uint32_t> groups;  ///< of the rows from `from` on
  bool first_of_chunk = false;            ///< what is known of the chunk before is not true of this one

  std::size_t count() const { return groups.size(); }
};

class GroupState {
 public:
  virtual ~GroupState() = default;

  virtual std::size_t bytes_a_group() const = 0;
  /// So many groups from now on, with room for `capacity`.
  virtual void resize(std::size_t groups, std::size_t capacity) = 0;
  /// What it holds besides; it depends on the rows, not on their order.
  virtual std::uint64_t held() const { return 0; }
  /// By how much held() can grow with these rows; with this part.
  virtual std::uint64_t most_more(const GroupedRows&) const { return 0; }
  virtual std::uint64_t most_more(std::string_view) const { return 0; }

  virtual void add(const GroupedRows& rows) = 0;
  /// Of a part that is not empty. False: this is no part of such a state.
  virtual bool add_part(std::uint32_t group, std::string_view part) = 0;
  virtual std::size_t part_bytes(std::uint32_t group) const = 0;
  virtual void write_part(std::uint32_t group, std::string& to) const = 0;

  virtual std::size_t items() const { return 0; }
  virtual std::uint32_t group_of(std::size_t) const { return 0; }
  virtual std::size_t item_bytes(std::size_t) const { return 0; }
  virtual void write_item(std::size_t, std::string&) const {}

  /// Letters of the result.
  virtual std::size_t text_bytes(std::uint32_t) const { return 0; }
  /// Writes the results of these groups as one column. Errors: a result that its type cannot hold.
  virtual Result<void> write(std::span<const std::uint32_t> groups, TableBuilder& builder, std::size_t to) const = 0;
};

/// The number of rows; of a column, of cells that are not null. i64.
std::unique_ptr<GroupState> count_state();
/// The sum, or the mean, of a numeric column: i64 of integers, f64 of floats; means f64. Null of no cells.
std::unique_ptr<GroupState> sum_state(ColumnType type, bool mean);
/// The least, or greatest, cell of a column of any type.
std::unique_ptr<GroupState> extreme_state(ColumnType type, bool greatest);
/// The cell with the least, or greatest, row number; of several with one number the least, or greatest, cell.
std::unique_ptr<GroupState> place_state(ColumnType type, bool last);
/// The number of distinct cells of a column. i64.
std::unique_ptr<GroupState> distinct_state(ColumnType type);

/// Reads and writes numbers of a part.
template <class T>
void write_number(std::string& to, T number) {
  to.append(reinterpret_cast<const char*>(&number), sizeof number);
}
template <class T>
bool read_number(std::string_view& from, T& number) {
  if (from.size() < sizeof number) return false;
  std::memcpy(&number, from.data(), sizeof number);
  from.remove_prefix(sizeof number);
  return true;
}

}  // namespace leat
