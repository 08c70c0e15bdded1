#include <leat/actors/group/keys.hpp>

#include <algorithm>

#include <xxhash.h>

namespace leat {
namespace {

constexpr std::uint64_t kFirst = 0xa0761d6478bd642fU;
constexpr std::uint64_t kSecond = 0xe7037ed1a0b428dbU;
constexpr std::uint64_t kNullHash = 0x8ebc6af09c88c6e3U;

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  auto product = static_cast<unsigned __int128>(a ^ kFirst) * (b ^ kSecond);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t hash_of(const ShortText& text) {
  if (text.in_place()) return mixed(text.start(), text.rest());
  auto view = text.view();
  return XXH3_64bits(view.data(), view.size());
}

std::size_t places_for(std::size_t capacity) { return std::bit_ceil(capacity + capacity / 2); }

}  // namespace

GroupKeys::GroupKeys(const std::vector<ColumnType>& types) {
  for (ColumnType type : types) {
    Column column;
    column.type = type;
    column.is_text = in_heap(type);
    stored_.push_back(column);
    if (column.is_text) {
      column.texts.resize(kBlock);
    } else {
      column.codes.resize(kBlock);
      column.nulls.resize(kBlock);
    }
    block_.push_back(std::move(column));
  }
  dictionaries_.resize(types.size());
  block_hashes_.resize(kBlock);
}

std::size_t GroupKeys::capacity(std::size_t groups) {
  std::size_t room = 16;
  while (room < groups) room += room / 2;
  return room;
}

std::uint64_t GroupKeys::bytes(std::size_t groups) const {
  std::size_t room = capacity(groups);
  std::uint64_t each = sizeof(std::uint64_t);
  for (const Column& column : stored_) each += column.is_text ? sizeof(ShortText) : 9;
  // One array is there twice while it grows.
  return room * (each + sizeof(ShortText)) + places_for(room) * sizeof(std::uint64_t);
}

std::uint64_t GroupKeys::block_bytes(std::size_t entries) const {
  return (stored_.size() + 1) * (kBlock + entries) * (sizeof(ShortText) + 8);
}

void GroupKeys::begin(std::span<const ColumnPlace> columns) {
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!stored_[i].is_text || !columns[i].dictionary) continue;
    Dictionary& dictionary = dictionaries_[i];
    dictionary.texts.resize(columns[i].dictionary_size);
    dictionary.hashes.resize(columns[i].dictionary_size);
    for (std::size_t at = 0; at < columns[i].dictionary_size; ++at) {
      dictionary.texts[at] = ShortText::of(columns[i].entry(at), columns[i].heap_end());
      dictionary.hashes[at] = hash_of(dictionary.texts[at]);
    }
  }
}

void GroupKeys::read(std::span<const ColumnPlace> columns, std::size_t from, std::size_t count) {
  block_is_narrow_ = narrow_.may_be() && read_narrow(columns, from, count);
  if (block_is_narrow_) return;
  if (columns.empty()) std::fill_n(block_hashes_.begin(), count, kNullHash);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (stored_[i].is_text) {
      read_texts(columns[i], i, from, count);
    } else {
      read_numbers(columns[i], i, from, count);
    }
  }
}

// Without hashes: they are found by their places.
bool GroupKeys::read_narrow(std::span<const ColumnPlace> columns, std::size_t from, std::size_t count) {
  if (columns.empty() || count == 0) return false;
  for (const ColumnPlace& cells : columns) {
    if (in_heap(cells.type) || is_real(cells.type) || cells.validity) return false;
  }
  block_codes_.clear();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    ordered_cells(columns[i], from, count, block_[i].codes.data());
    std::fill_n(block_[i].nulls.begin(), count, std::uint8_t{0});
    block_codes_.push_back(block_[i].codes.data());
  }
  return narrow_.take(block_codes_, count);
}

void GroupKeys::read_numbers(const ColumnPlace& cells, std::size_t column, std::size_t from, std::size_t count) {
  Column& to = block_[column];
  std::uint64_t* codes = to.codes.data();
  ordered_cells(cells, from, count, codes);
  for (std::size_t i = 0; is_real(to.type) && i < count; ++i) codes[i] += codes[i] == ordered(-0.0);
  if (cells.validity) {
    for (std::size_t i = 0; i < count; ++i) {
      bool null = !cells.valid(from + i);
      to.nulls[i] = null;
      if (null) codes[i] = 0;
    }
  } else {
    std::fill_n(to.nulls.begin(), count, std::uint8_t{0});
  }
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t before = column == 0 ? 0 : block_hashes_[i];
    block_hashes_[i] = mixed(to.nulls[i] ? kNullHash : codes[i], before);
  }
}

void GroupKeys::read_texts(const ColumnPlace& cells, std::size_t column, std::size_t from, std::size_t count) {
  ShortText* texts = block_[column].texts.data();
  const Dictionary& dictionary = dictionaries_[column];
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t hash = kNullHash;
    if (!cells.valid(from + i)) {
      texts[i] = ShortText();
    } else if (cells.dictionary) {
      auto code = static_cast<std::size_t>(cells.codes()[from + i]);
      texts[i] = dictionary.texts[code];
      hash = dictionary.hashes[code];
    } else {
      texts[i] = ShortText::of(cells.text(from + i), cells.heap_end());
      hash = hash_of(texts[i]);
    }
    block_hashes_[i] = column == 0 ? hash : mixed(hash, block_hashes_[i]);
  }
}

std::size_t GroupKeys::find(std::size_t at, std::size_t count, std::uint32_t* groups, GroupRoom& room) {
  return block_is_narrow_ ? find_narrow(at, count, groups, room) : find_hashed(at, count, groups, room);
}

std::size_t GroupKeys::find_narrow(std::size_t at, std::size_t count, std::uint32_t* groups, GroupRoom& room) {
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t row = at + i;
    groups[i] = narrow_.group(row) - 1;
    if (groups[i] + 1 != 0) continue;
    std::uint64_t hash = 0;
    for (const std::uint64_t* codes : block_codes_) hash = mixed(codes[row], hash);
    block_hashes_[row] = hash;
    if (find_hashed(row, 1, groups + i, room) == 0) return i;
    narrow_.set(row, groups[i] + 1);
  }
  return count;
}

std::size_t GroupKeys::find_hashed(std::size_t at, std::size_t count, std::uint32_t* groups, GroupRoom& room) {
  if (stored_.size() == 1 && stored_[0].is_text) {
    return find_each(at, count, groups, room, [&](std::uint32_t group, std::size_t row) {
      return stored_[0].texts[group] == block_[0].texts[row];
    });
  }
  auto same_number = [&](std::size_t column, std::uint32_t group, std::size_t row) {
    const Column& all = stored_[column];
    const Column& mine = block_[column];
    return all.codes[group] == mine.codes[row] && all.nulls[group] == mine.nulls[row];
  };
  if (stored_.size() == 1) {
    return find_each(at, count, groups, room,
                     [&](std::uint32_t group, std::size_t row) { return same_number(0, group, row); });
  }
  if (stored_.size() == 2 && !stored_[0].is_text && !stored_[1].is_text) {
    return find_each(at, count, groups, room, [&](std::uint32_t group, std::size_t row) {
      return same_number(0, group, row) && same_number(1, group, row);
    });
  }
  return find_each(at, count, groups, room, [&](std::uint32_t group, std::size_t row) { return same(group, row); });
}

template <class Same>
std::size_t GroupKeys::find_each(std::size_t at, std::size_t count, std::uint32_t* groups, GroupRoom& room, Same same) {
  constexpr std::size_t kAhead = 8;
  if (places_.empty()) grow();
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t row = at + i;
    std::size_t mask = places_.size() - 1;
    if (i + kAhead < count) __builtin_prefetch(&places_[block_hashes_[row + kAhead] & mask]);
    std::uint64_t hash = block_hashes_[row];
    for (std::size_t place = hash & mask;; place = (place + 1) & mask) {
      std::uint64_t held = places_[place];
      if (held == 0) {
        if (!add(row, room)) return i;
        groups[i] = static_cast<std::uint32_t>(size() - 1);
        break;
      }
      auto group = static_cast<std::uint32_t>(held) - 1;
      if ((held ^ hash) >> 32 != 0 || !same(group, row)) continue;
      groups[i] = group;
      break;
    }
  }
  return count;
}

bool GroupKeys::same(std::uint32_t group, std::size_t row) const {
  for (std::size_t i = 0; i < stored_.size(); ++i) {
    const Column& all = stored_[i];
    const Column& mine = block_[i];
    bool equal = all.is_text ? all.texts[group] == mine.texts[row]
                             : all.codes[group] == mine.codes[row] && all.nulls[group] == mine.nulls[row];
    if (!equal) return false;
  }
  return true;
}

bool GroupKeys::add(std::size_t row, GroupRoom& room) {
  std::uint64_t letters = 0;
  for (const Column& column : block_) {
    if (column.is_text && !column.texts[row].in_place()) letters += KeptTexts::cost(column.texts[row].length());
  }
  if (!room.has(size() + 1, letters)) return false;
  if (size() == hashes_.capacity()) grow();
  for (std::size_t i = 0; i < stored_.size(); ++i) {
    if (!stored_[i].is_text) {
      stored_[i].codes.push_back(block_[i].codes[row]);
      stored_[i].nulls.push_back(block_[i].nulls[row]);
      continue;
    }
    ShortText text = block_[i].texts[row];
    if (!text.in_place()) text.point_to(letters_.keep(text.view()));
    stored_[i].texts.push_back(text);
  }
  hashes_.push_back(block_hashes_[row]);
  std::size_t mask = places_.size() - 1;
  std::size_t place = hashes_.back() & mask;
  while (places_[place] != 0) place = (place + 1) & mask;
  places_[place] = hashes_.back() >> 32 << 32 | size();
  return true;
}

void GroupKeys::grow() {
  std::size_t room = capacity(size() + 1);
  hashes_.reserve(room);
  for (Column& column : stored_) {
    if (column.is_text) {
      column.texts.reserve(room);
    } else {
      column.codes.reserve(room);
      column.nulls.reserve(room);
    }
  }
  if (places_for(room) == places_.size()) return;
  places_ = {};
  places_.resize(places_for(room));
  std::size_t mask = places_.size() - 1;
  for (std::size_t group = 0; group < size(); ++group) {
    std::size_t place = hashes_[group] & mask;
    while (places_[place] != 0) place = (place + 1) & mask;
    places_[place] = hashes_[group] >> 32 << 32 | (group + 1);
  }
}

bool GroupKeys::null(std::size_t column, std::uint32_t group) const {
  const Column& of = stored_[column];
  return of.is_text ? of.texts[group].null() : of.nulls[group] != 0;
}

std::size_t GroupKeys::text_bytes(std::uint32_t group) const {
  std::size_t bytes = 0;
  for (const Column& column : stored_) {
    if (column.is_text && !column.texts[group].null()) bytes += column.texts[group].length();
  }
  return bytes;
}

int GroupKeys::compare(std::uint32_t a, std::uint32_t b) const {
  for (std::size_t i = 0; i < stored_.size(); ++i) {
    if (null(i, a) || null(i, b)) {
      if (null(i, a) != null(i, b)) return null(i, a) ? 1 : -1;
    } else if (stored_[i].is_text) {
      if (int said = text(i, a).view().compare(text(i, b).view()); said != 0) return said;
    } else if (code(i, a) != code(i, b)) {
      return code(i, a) < code(i, b) ? -1 : 1;
    }
  }
  return 0;
}

std::uint64_t GroupKeys::prefix(std::uint32_t group) const {
  if (stored_.empty()) return 0;
  if (null(0, group)) return ~std::uint64_t{0};
  if (!stored_[0].is_text) return code(0, group);
  auto letters = text(0, group).view();
  std::uint64_t prefix = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    prefix = prefix << 8 | (i < letters.size() ? static_cast<unsigned char>(letters[i]) : 0);
  }
  return prefix;
}

void GroupKeys::write(std::size_t column, std::span<const std::uint32_t> groups, TableBuilder& builder,
                      std::size_t to) const {
  const Column& of = stored_[column];
  std::byte* cells = of.is_text ? nullptr : builder.raw_cells(to);
  for (std::size_t row = 0; row < groups.size(); ++row) {
    if (null(column, groups[row])) {
      builder.set_null(to, row);
    } else if (of.is_text) {
      builder.put(to, row, of.texts[groups[row]].view());
    } else {
      put_ordered(of.type, cells, row, of.codes[groups[row]]);
    }
  }
}

}  // namespace leat
