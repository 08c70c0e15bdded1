#include <leat/actors/csv/complaint.hpp>

namespace leat::csv {
namespace {

constexpr std::size_t kShown = 40;
constexpr std::string_view kPolicies =
    "choose what becomes of bad cells (option bad: null, or drop for their rows)";

Error at(Place place, const std::string& sentence) {
  return corrupt(place.path + ":" + std::to_string(place.line) + ": " + sentence)
      .about({.file = place.path, .line = static_cast<std::size_t>(place.line)});
}

std::string a(ColumnType type) {
  std::string name(type_name(type));
  return (name[0] == 'f' || name[0] == 'i' ? "an " : "a ") + name;
}

// Bytes of a character at `at` that people do not see, or take for a space; 0 of any other. All are of the general
// punctuation and format characters of Unicode.
std::size_t invisible_bytes(std::string_view at) {
  auto byte = [&](std::size_t i) { return i < at.size() ? static_cast<unsigned char>(at[i]) : 0; };
  if (byte(0) == 0xC2) return byte(1) <= 0xA0 || byte(1) == 0xAD ? 2 : 0;
  if (byte(0) == 0xE2 && byte(1) == 0x80) {
    bool spaces = byte(2) <= 0x8F || (byte(2) >= 0xA8 && byte(2) <= 0xAF);
    return spaces ? 3 : 0;
  }
  if (byte(0) == 0xE2 && byte(1) == 0x81) return byte(2) >= 0x9F && byte(2) <= 0xAF ? 3 : 0;
  if (byte(0) == 0xE3 && byte(1) == 0x80) return byte(2) == 0x80 ? 3 : 0;
  return byte(0) == 0xEF && byte(1) == 0xBB && byte(2) == 0xBF ? 3 : 0;
}

std::string escaped(unsigned char c) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  if (c == '\n') return "\\n";
  if (c == '\r') return "\\r";
  if (c == '\t') return "\\t";
  return {'\\', 'x', kDigits[c / 16], kDigits[c % 16]};
}

}  // namespace

std::string shown(std::string_view value) {
  bool cut = value.size() > kShown;
  // Not in the middle of a character.
  std::size_t length = cut ? kShown : value.size();
  while (cut && length > kShown - 4 && (static_cast<unsigned char>(value[length]) & 0xC0) == 0x80) {
    --length;
  }
  value = value.substr(0, length);
  bool utf8 = is_utf8(value);
  std::string out = "\"";
  std::size_t hidden = 0;  // bytes of an invisible character that are still to come
  for (std::size_t i = 0; i < value.size(); ++i) {
    auto byte = static_cast<unsigned char>(value[i]);
    if (hidden == 0 && utf8) hidden = invisible_bytes(value.substr(i));
    bool plain = hidden == 0 && byte >= 0x20 && byte != 0x7f && (utf8 || byte < 0x80);
    out += plain ? std::string(1, value[i]) : escaped(byte);
    hidden -= hidden > 0;
  }
  return out + (cut ? "...\"" : "\"");
}

namespace {

// A name as it is, where it can be seen whole.
std::string visible(const std::string& name) {
  std::string quoted = shown(name);
  return quoted == '"' + name + '"' ? name : quoted;
}

}  // namespace

Error bad_cell(Place place, const std::string& column, ColumnType type, std::string_view value,
               Reading why) {
  std::string policies(kPolicies);
  if (type == ColumnType::TEXT) {
    return at(place, "column " + visible(column) + ": " + shown(value) +
                         " is not UTF-8; save the file as UTF-8, declare the column as bytes, or " +
                         policies);
  }
  std::string wrong = shown(value) + " is not " + a(type) + "; mend it, name it among what says null (option nulls)";
  if (why == Reading::out_of_range) {
    wrong = shown(value) + " is out of range for " + a(type) + "; mend it, declare a wider type";
  }
  if (why == Reading::empty) wrong = "the cell is empty, which is not " + a(type) + "; fill it";
  return at(place,
            "column " + visible(column) + ": " + wrong + ", declare the column as text (option types), or " + policies);
}

Error nul_byte(Place place) {
  return at(place, "there is a NUL byte; the file is no text, or is damaged: mend it");
}

Error open_quote(Place place) {
  return at(place, "the file ends inside a quote that opens on this line; close it");
}

Error trailing_text(Place place, const std::string& column, std::string_view value) {
  return at(place, "column " + visible(column) + ": " + shown(value) +
                       " goes on after its closing quote; double the quotes inside it, or " +
                       std::string(kPolicies));
}

Error ragged_row(Place place, std::size_t cells, std::size_t wanted) {
  return at(place, "the row has " + std::to_string(cells) + (cells == 1 ? " cell" : " cells") +
                       " where " + std::to_string(wanted) + " belong; mend the row, or " +
                       std::string(kPolicies));
}

}  // namespace leat::csv
