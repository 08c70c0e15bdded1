// Compiled once per instruction set by foreach_target.h, hence the guards.
#include <bit>
#include <cstring>

#include <leat/actors/text/piece_scan.hpp>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE <leat/actors/text/piece_scan.cpp>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace leat::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Bytes = hn::CappedTag<std::uint8_t, 64>;
constexpr std::size_t kWord = 64;

template <class Test>
HWY_INLINE std::uint64_t mask_of(const char* at, Test test) {
  const Bytes d;
  auto bytes = reinterpret_cast<const std::uint8_t*>(at);
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < kWord; i += hn::Lanes(d)) {
    std::uint64_t part = 0;
    hn::StoreMaskBits(d, test(hn::LoadU(d, bytes + i)), reinterpret_cast<std::uint8_t*>(&part));
    out |= part << i;
  }
  return out;
}

// A space, or one of the five from tab to CR.
HWY_INLINE std::uint64_t spaces(const char* at) {
  const Bytes d;
  auto space = hn::Set(d, std::uint8_t{' '});
  auto tab = hn::Set(d, std::uint8_t{'\t'});
  auto five = hn::Set(d, std::uint8_t{5});
  return mask_of(at, [=](auto v) { return hn::Or(hn::Eq(v, space), hn::Lt(hn::Sub(v, tab), five)); });
}

HWY_INLINE std::uint64_t equal(const char* at, char wanted) {
  const Bytes d;
  auto same = hn::Set(d, static_cast<std::uint8_t>(wanted));
  return mask_of(at, [=](auto v) { return hn::Eq(v, same); });
}

// 64 bytes of the text; behind its end bytes that are `filler`.
HWY_INLINE const char* word_at(std::string_view text, std::size_t at, char filler, char* rest) {
  if (text.size() - at >= kWord) return text.data() + at;
  std::memset(rest, filler, kWord);
  std::memcpy(rest, text.data() + at, text.size() - at);
  return rest;
}

std::size_t Words(PieceScan& scan, Span* pieces, std::size_t most) {
  std::size_t size = 0;
  std::size_t begin = 0;
  bool inside = false;
  char rest[kWord];
  for (std::size_t base = scan.at; base < scan.text.size(); base += kWord) {
    std::uint64_t outside = spaces(word_at(scan.text, base, ' ', rest));
    // Where words begin and end, in turns.
    std::uint64_t turns = outside ^ (outside << 1 | std::uint64_t{!inside});
    for (; turns; turns &= turns - 1) {
      std::size_t at = base + static_cast<std::size_t>(std::countr_zero(turns));
      if (!inside) {
        if (size == most) return scan.at = at, size;
        begin = at;
      } else {
        pieces[size++] = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at - begin)};
      }
      inside = !inside;
    }
  }
  if (inside)
    pieces[size++] = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(scan.text.size() - begin)};
  scan.at = scan.text.size();
  scan.ended = true;
  return size;
}

std::size_t Parts(PieceScan& scan, char delimiter, Span* pieces, std::size_t most) {
  std::size_t size = 0;
  std::size_t begin = scan.at;
  char rest[kWord];
  char filler = static_cast<char>(delimiter ^ 1);
  for (std::size_t base = scan.at; base < scan.text.size(); base += kWord) {
    for (std::uint64_t ends = equal(word_at(scan.text, base, filler, rest), delimiter); ends; ends &= ends - 1) {
      if (size == most) return scan.at = begin, size;
      std::size_t at = base + static_cast<std::size_t>(std::countr_zero(ends));
      pieces[size++] = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at - begin)};
      begin = at + 1;
    }
  }
  scan.at = begin;
  if (size == most) return size;
  pieces[size++] = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(scan.text.size() - begin)};
  scan.ended = true;
  return size;
}

}  // namespace leat::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace leat {

HWY_EXPORT(Words);
HWY_EXPORT(Parts);

std::size_t scan_words(PieceScan& scan, Span* pieces, std::size_t most) {
  return HWY_DYNAMIC_DISPATCH(Words)(scan, pieces, most);
}

std::size_t scan_parts(PieceScan& scan, std::string_view delimiter, Span* pieces, std::size_t most) {
  if (delimiter.size() == 1) return HWY_DYNAMIC_DISPATCH(Parts)(scan, delimiter[0], pieces, most);
  for (std::size_t size = 0; ; ++size) {
    if (size == most) return size;
    std::size_t at = scan.text.find(delimiter, scan.at);
    scan.ended = at == std::string_view::npos;
    std::size_t end = scan.ended ? scan.text.size() : at;
    pieces[size] = {static_cast<std::uint32_t>(scan.at), static_cast<std::uint32_t>(end - scan.at)};
    scan.at = scan.ended ? end : end + delimiter.size();
    if (scan.ended) return size + 1;
  }
}

}  // namespace leat
#endif
