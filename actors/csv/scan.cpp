// Compiled once per instruction set by foreach_target.h, hence the guards.
#include <bit>
#include <cstring>

#include <leat/actors/csv/scan.hpp>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE <leat/actors/csv/scan.cpp>
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace leat::csv::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Bytes = hn::CappedTag<std::uint8_t, 64>;
constexpr std::size_t kWord = 64;

// Bit i is set where byte i of the 64 at `at` is `wanted`.
HWY_INLINE std::uint64_t equal(const char* at, char wanted) {
  const Bytes d;
  auto bytes = reinterpret_cast<const std::uint8_t*>(at);
  auto same = hn::Set(d, static_cast<std::uint8_t>(wanted));
  std::uint64_t out = 0;
  for (std::size_t i = 0; i < kWord; i += hn::Lanes(d)) {
    std::uint64_t part = 0;
    hn::StoreMaskBits(d, hn::Eq(hn::LoadU(d, bytes + i), same),
                      reinterpret_cast<std::uint8_t*>(&part));
    out |= part << i;
  }
  return out;
}

// True when none of the 64 bytes is a quote, CR or NUL: plain lines.
HWY_INLINE bool plain(const char* at) {
  const Bytes d;
  auto bytes = reinterpret_cast<const std::uint8_t*>(at);
  auto quote = hn::Set(d, '"');
  auto cr = hn::Set(d, '\r');
  auto found = hn::Zero(d);
  for (std::size_t i = 0; i < kWord; i += hn::Lanes(d)) {
    auto v = hn::LoadU(d, bytes + i);
    auto special =
        hn::Or(hn::Or(hn::VecFromMask(d, hn::Eq(v, quote)), hn::VecFromMask(d, hn::Eq(v, cr))),
               hn::VecFromMask(d, hn::Eq(v, hn::Zero(d))));
    found = hn::Or(found, special);
  }
  return hn::AllTrue(d, hn::Eq(found, hn::Zero(d)));
}

struct Scanner {
  Scan found;
  std::uint64_t lines = 0;  // line ends so far
  // Of the byte before the word: all 0 or 1.
  std::uint64_t after_end = 1;
  std::uint64_t after_cr = 0;
  std::uint64_t after_cell = 1;
  std::uint64_t after_close = 0;

  HWY_INLINE void plain_word(std::uint64_t lf, std::size_t base) {
    found.rows += static_cast<std::uint64_t>(std::popcount(lf & ~(lf << 1 | after_end)));
    lines += static_cast<std::uint64_t>(std::popcount(lf & ~after_cr));
    after_end = lf >> 63;
    after_cr = 0;
    if (!lf) return;
    found.end = base + static_cast<std::size_t>(std::bit_width(lf));
    found.lines = lines;
  }

  // The quotes that open or close a cell. A doubled quote closes and opens again.
  std::uint64_t toggles(std::uint64_t quote, std::uint64_t ends_of_cells) {
    std::uint64_t may_open = ends_of_cells << 1 | after_cell | after_close;
    std::uint64_t out = 0;
    std::uint64_t closed = 0;
    for (; quote; quote &= quote - 1) {
      std::uint64_t bit = quote & -quote;
      if (found.quoted) {
        found.quoted = false;
        closed = bit;
        may_open |= bit << 1;
      } else if (bit & may_open) {
        found.quoted = true;
      } else {
        continue;
      }
      out |= bit;
    }
    after_close = closed >> 63;
    return out;
  }

  void word(const char* at, std::size_t base, std::uint64_t within, char delimiter) {
    std::uint64_t lf = equal(at, '\n') & within;
    std::uint64_t cr = equal(at, '\r') & within;
    std::uint64_t cells = (equal(at, delimiter) & within) | lf | cr;
    found.nul |= (equal(at, '\0') & within) != 0;
    std::uint64_t inside = found.quoted ? ~std::uint64_t{0} : 0;
    std::uint64_t flips = toggles(equal(at, '"') & within, cells);
    for (int shift = 1; shift < 64; shift *= 2)
      flips ^= flips << shift;
    inside ^= flips;

    std::uint64_t ends = (lf | cr) & ~inside;
    std::uint64_t line_ends = cr | (lf & ~(cr << 1 | after_cr));
    found.rows += static_cast<std::uint64_t>(std::popcount(ends & ~(ends << 1 | after_end)));
    if (ends) {
      auto top = static_cast<std::size_t>(std::bit_width(ends));
      found.end = base + top;
      found.lines = lines + static_cast<std::uint64_t>(
                                std::popcount(line_ends & (~std::uint64_t{0} >> (64 - top))));
    }
    lines += static_cast<std::uint64_t>(std::popcount(line_ends));
    after_end = ends >> 63;
    after_cr = cr >> 63;
    after_cell = (cells & ~inside) >> 63;
  }
};

Scan Run(const char* text, std::size_t size, char delimiter) {
  Scanner scanner;
  std::size_t at = 0;
  for (; at + kWord <= size; at += kWord) {
    if (plain(text + at) && !scanner.found.quoted) {
      scanner.plain_word(equal(text + at, '\n'), at);
      // A cell ends where the next word starts only if its last byte says so.
      scanner.after_cell = text[at + kWord - 1] == '\n' || text[at + kWord - 1] == delimiter;
      scanner.after_close = 0;
    } else {
      scanner.word(text + at, at, ~std::uint64_t{0}, delimiter);
    }
  }
  if (at < size) {
    char rest[kWord] = {};
    std::memcpy(rest, text + at, size - at);
    scanner.word(rest, at, ~std::uint64_t{0} >> (kWord - (size - at)), delimiter);
  }
  return scanner.found;
}

const char* Skip(const char* from, const char* end, std::size_t count, char delimiter) {
  char rest[kWord];
  while (from < end) {
    auto size = static_cast<std::size_t>(end - from);
    const char* word = from;
    if (size < kWord) {
      std::memset(rest, '\n', kWord);
      std::memcpy(rest, from, size);
      word = rest;
    }
    std::uint64_t cells = equal(word, delimiter);
    std::uint64_t stops = equal(word, '\n') | equal(word, '\r') | equal(word, '"');
    if (stops) cells &= (stops & -stops) - 1;
    auto here = static_cast<std::size_t>(std::popcount(cells));
    if (here >= count) {
      for (; count > 1; --count)
        cells &= cells - 1;
      return from + std::countr_zero(cells) + 1;
    }
    if (stops) return nullptr;
    count -= here;
    from += kWord;
  }
  return nullptr;
}

const char* SkipRest(const char* from, const char* end, std::size_t count, char delimiter) {
  for (; static_cast<std::size_t>(end - from) >= kWord; from += kWord) {
    std::uint64_t cells = equal(from, delimiter);
    std::uint64_t ends = equal(from, '\n') | equal(from, '\r');
    std::uint64_t quotes = equal(from, '"');
    std::uint64_t stop = (ends | quotes) & -(ends | quotes);
    auto here = static_cast<std::size_t>(std::popcount(cells & (stop - 1)));
    if (stop) return here == count && stop & ends ? from + std::countr_zero(stop) : nullptr;
    if (here > count) return nullptr;
    count -= here;
  }
  return nullptr;
}

}  // namespace leat::csv::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace leat::csv {

HWY_EXPORT(Run);
HWY_EXPORT(Skip);
HWY_EXPORT(SkipRest);

Scan scan(std::string_view text, char delimiter) {
  return HWY_DYNAMIC_DISPATCH(Run)(text.data(), text.size(), delimiter);
}

const char* skip_cells(const char* from, const char* end, std::size_t count, char delimiter) {
  if (count == 0) return from;
  return HWY_DYNAMIC_DISPATCH(Skip)(from, end, count, delimiter);
}

const char* skip_rest(const char* from, const char* end, std::size_t count, char delimiter) {
  return HWY_DYNAMIC_DISPATCH(SkipRest)(from, end, count, delimiter);
}

std::uint64_t count_line_ends(std::string_view text) {
  std::uint64_t lines = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool lone_cr = text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n');
    lines += text[i] == '\n' || lone_cr;
  }
  return lines;
}

std::uint64_t line_of_open_quote(std::string_view text, char delimiter, std::uint64_t line) {
  std::size_t opened = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '"') continue;
    char before = i ? text[i - 1] : '\n';
    bool starts = before == delimiter || before == '\n' || before == '\r';
    if (quoted) {
      if (i + 1 < text.size() && text[i + 1] == '"') {
        ++i;
      } else {
        quoted = false;
      }
    } else if (starts) {
      quoted = true;
      opened = i;
    }
  }
  return line + count_line_ends(text.substr(0, opened));
}

}  // namespace leat::csv
#endif
