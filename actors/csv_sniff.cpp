#include <algorithm>
#include <set>
#include <unordered_set>

#include <leat/actors/csv_record.hpp>
#include <leat/actors/csv_scan.hpp>
#include <leat/actors/csv_sniff.hpp>
#include <leat/actors/csv_values.hpp>

namespace leat::csv {
namespace {

constexpr std::size_t kRecordsForDelimiter = 100;

// The records of a sample, one after the other; a last one that may be cut off is left out.
class Records {
 public:
  Records(std::string_view sample, bool whole, char delimiter)
      : at_(sample.data()), end_(at_ + sample.size()), whole_(whole), delimiter_(delimiter) {}

  bool next(std::vector<Cell>& cells) {
    at_ = skip_line_ends(at_, end_);
    if (at_ == end_) return false;
    at_ = read_record(at_, end_, delimiter_, cells);
    // A CR that ends the sample may be half of a CRLF.
    bool cut = at_ == end_ || (*at_ == '\r' && at_ + 1 == end_);
    return whole_ || !cut;
  }

  // The byte after the line end of the record read last.
  const char* after_line_end() const {
    const char* at = at_;
    if (at != end_ && *at == '\r') ++at;
    if (at != end_ && *at == '\n') ++at;
    return at;
  }

 private:
  const char* at_;
  const char* end_;
  bool whole_;
  char delimiter_;
};

// How many of the first records have as many cells as the first, and how many cells that are.
std::pair<double, std::size_t> agreement(std::string_view sample, bool whole, char delimiter) {
  Records records(sample, whole, delimiter);
  std::vector<Cell> cells;
  std::size_t wanted = 0, seen = 0, agree = 0;
  while (seen < kRecordsForDelimiter && records.next(cells)) {
    if (seen++ == 0) wanted = cells.size();
    agree += cells.size() == wanted;
  }
  if (wanted < 2) return {0, wanted};
  return {static_cast<double>(agree) / static_cast<double>(seen), wanted};
}

char detect_delimiter(std::string_view sample, bool whole) {
  char best = ',';
  std::pair<double, std::size_t> most{0, 0};
  for (char delimiter : {',', ';', '\t', '|'}) {
    auto found = agreement(sample, whole, delimiter);
    if (found.first > 0 && found > most) {
      most = found;
      best = delimiter;
    }
  }
  return best;
}

// The types that all cells of a column seen so far could be.
struct Guess {
  bool seen = false;
  bool number = true;
  bool truth = true;
  bool time = true;

  void add(std::string_view text) {
    if (text.empty()) return;
    seen = true;
    double real = 0;
    std::uint8_t flag = 0;
    std::int64_t instant = 0;
    auto misses = [](Reading went) { return went == Reading::malformed; };
    if (number && misses(read_real(text, real))) number = false;
    if (truth && misses(read_bool(text, flag))) truth = false;
    if (time && misses(read_timestamp(text, instant))) time = false;
  }

  ColumnType type() const {
    if (!seen) return ColumnType::TEXT;
    if (number) return ColumnType::F64;
    if (truth) return ColumnType::BOOL;
    return time ? ColumnType::TIMESTAMP : ColumnType::TEXT;
  }
};

struct Columns {
  std::vector<std::string> first;  // cells of the first record
  std::vector<Guess> of_first;     // what each of them is
  std::vector<Guess> of_rest;      // what the columns below are
  std::size_t rest = 0;            // records below
  bool open = false;               // the first record does not close its quote
  const char* after_first = nullptr;
};

bool read_columns(std::string_view sample, bool whole, char delimiter, Columns& out) {
  Records records(sample, whole, delimiter);
  std::vector<Cell> cells;
  std::string scratch;
  if (!records.next(cells)) return false;
  out.after_first = records.after_line_end();
  for (const Cell& cell : cells) {
    std::string_view text = unquoted(cell, scratch);
    out.first.emplace_back(cell.quoted ? text : trimmed(text));
    out.of_first.emplace_back().add(trimmed(text));
    out.open |= cell.open;
  }
  out.of_rest.resize(out.first.size());
  for (; records.next(cells); ++out.rest) {
    std::size_t known = std::min(cells.size(), out.of_rest.size());
    for (std::size_t i = 0; i < known; ++i) {
      out.of_rest[i].add(trimmed(unquoted(cells[i], scratch)));
    }
  }
  return true;
}

bool looks_like_header(const Columns& columns) {
  std::set<std::string> different;
  bool typed_below = false;
  bool named = false;
  for (std::size_t i = 0; i < columns.first.size(); ++i) {
    if (columns.of_first[i].type() != ColumnType::TEXT) return false;
    typed_below |= columns.of_rest[i].type() != ColumnType::TEXT;
    named |= !columns.first[i].empty();
    if (!columns.first[i].empty()) different.insert(columns.first[i]);
  }
  return (named && typed_below) || different.size() == columns.first.size();
}

// Names that are unique and not empty; what had to be changed is listed in `renamed`.
std::vector<std::string> name_columns(const std::vector<std::string>& given, std::string& renamed) {
  std::unordered_set<std::string> own(given.begin(), given.end());
  std::unordered_set<std::string> used;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < given.size(); ++i) {
    std::string stem = given[i].empty() ? "c" + std::to_string(i) : given[i];
    std::string name = stem;
    bool clash = used.count(name) || (given[i].empty() && own.count(name));
    for (std::size_t n = 2; clash; ++n) {
      name = stem + "_" + std::to_string(n);
      clash = used.count(name) || own.count(name);
    }
    if (name != given[i]) {
      if (!renamed.empty()) renamed += ", ";
      renamed += given[i].empty() ? name : given[i] + " -> " + name;
    }
    used.insert(name);
    names.push_back(std::move(name));
  }
  return names;
}

ColumnType infer(const Columns& columns, std::size_t column, bool header) {
  if (header) return columns.rest ? columns.of_rest[column].type() : ColumnType::F64;
  Guess both = columns.of_rest[column];
  const Guess& first = columns.of_first[column];
  if (!first.seen) return both.type();
  if (!both.seen) return first.type();
  both.number &= first.number;
  both.truth &= first.truth;
  both.time &= first.time;
  return both.type();
}

}  // namespace

Result<std::optional<Sniffed>> sniff(std::string_view sample, bool whole,
                                     const BlockOptions& options, const std::string& path) {
  Sniffed out;
  out.delimiter = options.delimiter.value_or(detect_delimiter(sample, whole));
  Columns columns;
  if (!read_columns(sample, whole, out.delimiter, columns)) {
    if (!whole) return std::optional<Sniffed>();
    return corrupt(path + ": the file holds blank lines only; there is nothing to read");
  }
  out.header = options.header.value_or(looks_like_header(columns));
  if (out.header && columns.open) {
    auto line = line_of_open_quote(sample, out.delimiter, 1);
    return corrupt(path + ":" + std::to_string(line) +
                   ": the file ends inside a quote that opens on this line; close it");
  }
  std::vector<std::string> names(columns.first.size());
  if (out.header) {
    names = name_columns(columns.first, out.renamed);
    out.rows_at = static_cast<std::size_t>(columns.after_first - sample.data());
  } else {
    for (std::size_t i = 0; i < names.size(); ++i)
      names[i] = "c" + std::to_string(i);
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!is_utf8(names[i])) {
      return corrupt(path + ": the name of column " + std::to_string(i + 1) +
                     " is not UTF-8; save the file as UTF-8");
    }
    out.fields.push_back({std::move(names[i]), infer(columns, i, out.header)});
  }
  return std::optional<Sniffed>(std::move(out));
}

}  // namespace leat::csv
