#include "nodes/toml_mask.hpp"

#include <algorithm>
#include <map>

namespace leat::nodes {
namespace {

constexpr std::size_t kFirst = 0xf0000;
constexpr std::size_t kMost = 60000;

bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

// Bytes of the character that begins here, in UTF-8 that is sound.
std::size_t character(std::string_view text) {
  auto first = static_cast<unsigned char>(text.front());
  std::size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  return std::min(size, text.size());
}

void append_mask(std::string& to, std::size_t index) {
  std::size_t code = kFirst + index;
  to += static_cast<char>(0xf0 | code >> 18);
  to += static_cast<char>(0x80 | (code >> 12 & 0x3f));
  to += static_cast<char>(0x80 | (code >> 6 & 0x3f));
  to += static_cast<char>(0x80 | (code & 0x3f));
}

}  // namespace

TomlMask::TomlMask(std::string_view text) {
  whole_ = text.find("\\U000F") == text.npos && text.find("\\U000f") == text.npos;
  std::map<std::string_view, std::size_t> masks;
  for (std::size_t at = 0; at < text.size() && whole_;) {
    std::size_t size = character(text.substr(at));
    if (is_ascii(text[at])) {
      text_ += text[at];
    } else {
      auto [mask, fresh] = masks.emplace(text.substr(at, size), characters_.size());
      if (fresh) characters_.emplace_back(mask->first);
      append_mask(text_, mask->second);
      whole_ = characters_.size() <= kMost;
    }
    at += size;
  }
}

std::string TomlMask::unmasked(std::string_view masked) const {
  std::string out;
  for (std::size_t at = 0; at < masked.size();) {
    std::size_t size = character(masked.substr(at));
    auto bits = [&](std::size_t i) {
      return std::size_t{static_cast<unsigned char>(masked[at + i])} & 0x3f;
    };
    std::size_t code =
        size == 4 ? (bits(0) & 0x7) << 18 | bits(1) << 12 | bits(2) << 6 | bits(3) : 0;
    bool is_mask = code >= kFirst && code - kFirst < characters_.size();
    out += is_mask ? characters_[code - kFirst] : std::string(masked.substr(at, size));
    at += size;
  }
  return out;
}

}  // namespace leat::nodes
