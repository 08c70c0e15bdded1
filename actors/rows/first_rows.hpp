/// Of each group the row with the least number: what distinct keeps.
///
///   auto state = std::make_unique<leat::FirstRows>(rows);
///
/// A GroupState without parts. Of rows with one number it is the one whose bytes are least. Threads: one.
#pragma once

#include <leat/actors/group/state.hpp>
#include <leat/actors/rows/bytes.hpp>

namespace leat {

class FirstRows final : public GroupState {
 public:
  explicit FirstRows(RowBytes rows) : rows_(std::move(rows)) {}

  std::size_t bytes_a_group() const override { return sizeof(std::uint64_t) + sizeof(std::string) + 1; }
  void resize(std::size_t groups, std::size_t capacity) override;
  std::uint64_t held() const override { return held_; }
  std::uint64_t most_more(const GroupedRows& rows) const override;
  void add(const GroupedRows& rows) override;

  /// False for a group whose rows found no room.
  bool has(std::uint32_t group) const { return has_[group] != 0; }
  std::uint64_t number(std::uint32_t group) const { return numbers_[group]; }
  /// The rows' bytes, as RowBytes has them.
  const std::string& bytes(std::uint32_t group) const { return bytes_[group]; }

  bool add_part(std::uint32_t, std::string_view) override { return false; }
  std::size_t part_bytes(std::uint32_t) const override { return 0; }
  void write_part(std::uint32_t, std::string&) const override {}
  Result<void> write(std::span<const std::uint32_t>, TableBuilder&, std::size_t) const override { return {}; }

 private:
  // Calls f(group, number, bytes) for rows that may be the first of their groups.
  template <class F>
  void each_nearer(const GroupedRows& rows, F f) const;

  RowBytes rows_;
  std::vector<std::uint64_t> numbers_;
  std::vector<std::string> bytes_;
  std::vector<std::uint8_t> has_;
  std::uint64_t held_ = 0;
};

}  // namespace leat
