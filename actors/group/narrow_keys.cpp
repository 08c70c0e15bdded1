#include <leat/actors/group/narrow_keys.hpp>

#include <algorithm>
#include <bit>

namespace leat {

bool NarrowKeys::take(const std::vector<const std::uint64_t*>& codes, std::size_t count) {
  places_.resize(std::max(places_.size(), count));
  if (!groups_.empty() && place(codes, count)) return true;
  if (!widen(codes, count)) {
    ++wide_;
    return false;
  }
  groups_.assign(kPlaces, 0);
  return place(codes, count);
}

// False where a key lies outside of what was met so far.
bool NarrowKeys::place(const std::vector<const std::uint64_t*>& codes, std::size_t count) {
  unsigned shift = 0;
  std::fill_n(places_.begin(), count, 0U);
  for (std::size_t column = 0; column < columns_.size(); ++column) {
    const Column& of = columns_[column];
    const std::uint64_t* each = codes[column];
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < count; ++i) {
      std::uint64_t from_least = each[i] - of.least;
      seen |= from_least;
      places_[i] |= static_cast<std::uint32_t>(from_least << shift);
    }
    if (seen >> of.bits != 0) return false;
    shift += of.bits;
  }
  return true;
}

bool NarrowKeys::widen(const std::vector<const std::uint64_t*>& codes, std::size_t count) {
  std::vector<Column> wider = columns_;
  wider.resize(codes.size());
  unsigned bits = 0;
  for (std::size_t column = 0; column < codes.size(); ++column) {
    Column& of = wider[column];
    auto [least, most] = std::minmax_element(codes[column], codes[column] + count);
    of.least = std::min(of.least, *least);
    of.most = std::max(of.most, *most);
    of.bits = static_cast<unsigned>(std::bit_width(of.most - of.least));
    bits += std::min(of.bits, kBits + 1);
    if (bits > kBits) return false;
  }
  columns_ = std::move(wider);
  return true;
}

}  // namespace leat
