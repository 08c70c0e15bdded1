#include <leat/actors/json/files.hpp>

#include <leat/actors/json/complaint.hpp>
#include <leat/actors/sniff/json_sample.hpp>
#include <leat/actors/text/line_scan.hpp>

#include <algorithm>
#include <cstring>
#include <optional>

namespace leat::json {
namespace {

constexpr std::size_t kSample = 256 * 1024;
constexpr std::size_t kSampleRows = 100;
constexpr std::size_t kMostSample = 16 * 1024 * 1024;
constexpr std::string_view kMark = "\xEF\xBB\xBF";

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r\n") == line.npos; }

// What was seen of all files so far.
struct Samples {
  Sample sample;
  std::size_t objects = 0;
  std::size_t bytes = 0;
  std::optional<Error> no_object;  // of the first line that is none

  // Of the lines that are whole; the objects among them.
  std::size_t add(std::string_view text, bool whole, const std::string& path) {
    std::size_t found = 0;
    std::uint64_t number = 1;
    while (!text.empty()) {
      std::size_t end = text.find('\n');
      if (end == text.npos && !whole) break;
      std::string_view line = text.substr(0, end);
      if (!is_blank(line)) {
        bool object = sample.add(line);
        found += object;
        if (!object && !no_object) no_object = refused(line, {path, number});
      }
      text.remove_prefix(end == text.npos ? text.size() : end + 1);
      ++number;
    }
    return found;
  }

  static Error refused(std::string_view line, csv::Place place) {
    std::size_t first = line.find_first_not_of(" \t");
    bool array = first != line.npos && line[first] == '[';
    bool open = first != line.npos && line[first] == '{' && line.find('}') == line.npos;
    return broken_line(place, array ? Broken::array : open ? Broken::object : Broken::other, line, false);
  }
};

std::size_t lines_in(std::string_view text) { return text::count_lf(text); }

Result<RecordBlocks::Start> look(InputFile& file, Samples& all) {
  std::string text;
  for (std::size_t most = kSample;; most = 4 * most) {
    std::size_t had = text.size();
    text.resize(std::min(most, kMostSample));
    auto got = file.read_whole(text.data() + had, text.size() - had);
    if (!got) return got.error();
    text.resize(had + *got);
    bool enough = lines_in(text) >= kSampleRows || text.size() >= kMostSample;
    if (enough || file.ended() || *got == 0) break;
  }
  bool whole = file.ended();
  file.begin_again(text);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return corrupt(file.path() + ": the file is UTF-16; save it as UTF-8").about({.file = file.path()});
  }
  std::size_t mark = text.starts_with(kMark) ? kMark.size() : 0;
  if (all.objects == 0 || all.bytes < kMostSample) {
    all.objects += all.add(std::string_view(text).substr(mark), whole, file.path());
    all.bytes += text.size();
  }
  return RecordBlocks::Start{mark, 1};
}

}  // namespace

RecordBlocks::Sizes sizes_of(const BlockOptions& options) {
  return {.block_bytes = options.block_bytes, .max_record = options.max_line, .max_window = options.max_window};
}

Result<RecordBlocks::Cut> cut_objects(const RecordBlocks::Piece& piece, std::size_t most) {
  auto cut = text::cut_lines(piece, most);
  if (!cut) return cut;
  std::string_view text = piece.text.substr(0, cut->bytes);
  // A line whose first byte is no blank is not blank.
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    bool may_be = static_cast<unsigned char>(text[at]) <= ' ';
    cut->rows -= may_be && is_blank(text.substr(at, end - at));
    at = end + 1;
  }
  return cut;
}

Result<Description> probe_files(RecordBlocks& blocks) {
  Samples all;
  auto opened = blocks.open([&all](InputFile& file, std::size_t) { return look(file, all); });
  if (!opened) return opened.error();
  if (all.sample.too_many()) {
    return corrupt(blocks.paths() + ": the first lines have more than " + std::to_string(kMostFields) +
                   " different fields; write what differs from line to line as values, not as the names of fields");
  }
  auto fields = all.sample.fields();
  if (fields.empty()) {
    if (all.no_object) return *all.no_object;
    return corrupt(blocks.paths() + ": there is no object with a field in it; there is nothing to read");
  }
  Description out;
  for (const SampleField& field : fields) {
    if (!field.name.empty()) out.fields.push_back({field.name, field.type, true});
  }
  out.bytes = blocks.bytes();
  out.max_chunk = blocks.max_chunk();
  out.state = blocks.state();
  out.notes = {{"path", blocks.paths()}, {"json fields", note_of(fields)}};
  return out;
}

}  // namespace leat::json
