/// The keys of groups: rows of cells of any type, each numbered when it is first met.
///
///   leat::GroupKeys keys({ColumnType::I32, ColumnType::TEXT});
///   keys.begin(columns);                          // of one chunk
///   keys.read(columns, 0, 1024);                  // no more rows than kBlock
///   keys.find(0, 1024, groups, room);             // the number of each row's group
///
/// Nulls are equal to each other, and so is NaN; -0 is 0, and kept as 0. Keys are hashed a column at a time
/// (the multiplication of Wang Yi's wyhash, 2019; XXH3 of Yann Collet for long texts), each text of a dictionary
/// once a chunk, and looked up in a table with linear probing (W. Peterson, 1957) of eight bytes a place, which
/// is at most two thirds full: their number and half of their hash; integers that lie close together by their places
/// (narrow_keys.hpp). A hash is the same in every process.
/// Threads: one.
#pragma once

#include <leat/actor/state.hpp>
#include <leat/actors/group/narrow_keys.hpp>
#include <leat/actors/group/ordered_cells.hpp>
#include <leat/actors/text/kept_texts.hpp>
#include <leat/actors/text/short_text.hpp>
#include <leat/chunk/table_builder.hpp>

#include <span>
#include <vector>

namespace leat {

/// Says whether there is room for one group more; asked before each.
class GroupRoom {
 public:
  virtual ~GroupRoom() = default;
  /// For so many groups in all, and that much more in letters.
  virtual bool has(std::size_t groups, std::uint64_t letters) = 0;
};

class GroupKeys {
 public:
  static constexpr std::size_t kBlock = 1024;

  explicit GroupKeys(const std::vector<ColumnType>& types);

  /// Looks at a chunk's dictionaries; `columns` in the order of the types.
  void begin(std::span<const ColumnPlace> columns);
  /// Takes the keys of rows [from, from + count) and hashes them.
  void read(std::span<const ColumnPlace> columns, std::size_t from, std::size_t count);
  /// The groups of the rows that were read, from the one at `at`. Returns how many it has numbered: fewer than
  /// `count` where there is no room for the next.
  std::size_t find(std::size_t at, std::size_t count, std::uint32_t* groups, GroupRoom& room);

  std::size_t size() const { return hashes_.size(); }
  std::size_t columns() const { return stored_.size(); }
  KeyGroup key_group_of(std::uint32_t group) const { return key_group(hashes_[group]); }

  bool null(std::size_t column, std::uint32_t group) const;
  /// Of a number; of a text.
  std::uint64_t code(std::size_t column, std::uint32_t group) const { return stored_[column].codes[group]; }
  const ShortText& text(std::size_t column, std::uint32_t group) const { return stored_[column].texts[group]; }
  /// Letters of all texts of a group.
  std::size_t text_bytes(std::uint32_t group) const;
  /// -1, 0 or 1: texts as bytes, NaN after all numbers, nulls last.
  int compare(std::uint32_t a, std::uint32_t b) const;
  /// Eight bytes that do not contradict compare() on the first column, but that a null may be like others.
  std::uint64_t prefix(std::uint32_t group) const;

  /// Writes one column of these groups.
  void write(std::size_t column, std::span<const std::uint32_t> groups, TableBuilder& builder, std::size_t to) const;

  /// What room for so many keys takes, letters apart; it depends on nothing else.
  std::uint64_t bytes(std::size_t groups) const;
  std::uint64_t letters(std::uint64_t more = 0) const { return letters_.bytes(more); }
  /// What find() keeps at hand for a chunk of so many entries of dictionaries.
  std::uint64_t block_bytes(std::size_t entries) const;
  static std::size_t capacity(std::size_t groups);

 private:
  // Of one column: the keys of all groups, or those of the block.
  struct Column {
    ColumnType type = ColumnType::F64;
    bool is_text = false;
    std::vector<std::uint64_t> codes;
    std::vector<std::uint8_t> nulls;
    std::vector<ShortText> texts;
  };
  struct Dictionary {
    std::vector<ShortText> texts;
    std::vector<std::uint64_t> hashes;
  };

  void read_numbers(const ColumnPlace& cells, std::size_t column, std::size_t from, std::size_t count);
  bool read_narrow(std::span<const ColumnPlace> columns, std::size_t from, std::size_t count);
  std::size_t find_narrow(std::size_t at, std::size_t count, std::uint32_t* groups, GroupRoom& room);
  std::size_t find_hashed(std::size_t at, std::size_t count, std::uint32_t* groups, GroupRoom& room);
  void read_texts(const ColumnPlace& cells, std::size_t column, std::size_t from, std::size_t count);
  template <class Same>
  std::size_t find_each(std::size_t at, std::size_t count, std::uint32_t* groups, GroupRoom& room, Same same);
  bool same(std::uint32_t group, std::size_t row) const;
  bool add(std::size_t row, GroupRoom& room);
  void grow();

  std::vector<Column> stored_;
  std::vector<Column> block_;
  std::vector<Dictionary> dictionaries_;
  std::vector<std::uint64_t> block_hashes_;
  std::vector<std::uint64_t> hashes_;   // by group
  std::vector<std::uint64_t> places_;   // half a hash, and a group counted from 1; 0: free
  KeptTexts letters_;
  NarrowKeys narrow_;
  bool block_is_narrow_ = false;
  std::vector<const std::uint64_t*> block_codes_;
};

}  // namespace leat
