#include <leat/actors/text/line_scan.hpp>

#include <leat/actors/csv/complaint.hpp>

#include <algorithm>
#include <cstring>

namespace leat::text {

// Counts of one byte are added up sixteen at a time.
std::uint64_t count_lf(std::string_view text) {
  constexpr std::size_t kRound = 240;
  std::uint64_t all = 0;
  std::size_t at = 0;
  for (; at + kRound <= text.size(); at += kRound) {
    std::uint8_t some = 0;
    for (std::size_t i = 0; i < kRound; ++i) some = static_cast<std::uint8_t>(some + (text[at + i] == '\n'));
    all += some;
  }
  return all + static_cast<std::uint64_t>(std::count(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), '\n'));
}

Result<RecordBlocks::Cut> cut_lines(const RecordBlocks::Piece& piece, std::size_t most) {
  std::string_view text = piece.text;
  std::size_t last = text.rfind('\n');
  std::size_t whole = last == text.npos ? 0 : last + 1;
  if (piece.last) {
    bool open = whole < text.size();
    // Who reads it as it grows cannot tell a line from its first half.
    if (open && piece.file.grown()) return piece.file.grows();
    std::uint64_t ends = count_lf(text);
    return RecordBlocks::Cut{text.size(), ends + open, ends};
  }
  if (whole == 0 && piece.longest) {
    const std::string& path = piece.file.path();
    return corrupt(path + ":" + std::to_string(piece.line) + ": the line is longer than max_line, " +
                   std::to_string(most) + " bytes: at least " + std::to_string(text.size()) + "; raise max_line")
        .about({.file = path, .line = static_cast<std::size_t>(piece.line)});
  }
  std::uint64_t ends = count_lf(text.substr(0, whole));
  return RecordBlocks::Cut{whole, ends, ends};
}

std::size_t split_lines(std::string_view text, std::size_t most, std::vector<Span>& lines) {
  lines.clear();
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end && lines.size() < most) {
    auto* lf = static_cast<const char*>(std::memchr(at, '\n', static_cast<std::size_t>(end - at)));
    const char* stop = lf ? lf : end;
    bool cr = lf && stop != at && stop[-1] == '\r';
    lines.push_back({static_cast<std::uint32_t>(at - text.data()), static_cast<std::uint32_t>(stop - at - cr)});
    at = lf ? lf + 1 : end;
  }
  return static_cast<std::size_t>(at - text.data());
}

}  // namespace leat::text
