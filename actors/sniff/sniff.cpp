#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include <leat/actors/csv/record.hpp>
#include <leat/actors/csv/scan.hpp>
#include <leat/actors/csv/values.hpp>
#include <leat/actors/sniff/delimiter.hpp>
#include <leat/actors/sniff/guess.hpp>
#include <leat/actors/sniff/sniff.hpp>

namespace leat::csv {
namespace {

constexpr std::size_t kSample = 256 * 1024;
constexpr std::size_t kMostSample = 16 * 1024 * 1024;
constexpr std::size_t kSampleRows = 100;
constexpr std::size_t kNextSample = 16 * 1024;

struct Columns {
  std::vector<std::string> first;  // cells of the first record
  std::vector<Guess> of_first;     // what each of them is
  std::vector<Guess> of_rest;      // what the columns below are
  std::size_t rest = 0;            // records below
  bool open = false;               // the first record does not close its quote
  const char* at_first = nullptr;
  const char* after_first = nullptr;
};

bool read_columns(std::string_view sample, bool whole, const BlockOptions& dialect, char delimiter, Columns& out) {
  Records records(sample, whole, delimiter);
  std::vector<Cell> cells;
  std::string scratch;
  if (!records.next(cells)) return false;
  out.at_first = records.start();
  out.after_first = records.after_line_end();
  for (const Cell& cell : cells) {
    std::string_view text = unquoted(cell, scratch);
    out.first.emplace_back(cell.quoted ? text : trimmed(text));
    out.of_first.emplace_back().add(form_of(cell, dialect, scratch));
    out.open |= cell.open;
  }
  out.of_rest.resize(out.first.size());
  for (; records.next(cells); ++out.rest) {
    std::size_t known = std::min(cells.size(), out.of_rest.size());
    for (std::size_t i = 0; i < known; ++i) out.of_rest[i].add(form_of(cells[i], dialect, scratch));
  }
  return true;
}

struct HeaderGuess {
  bool header;
  std::string why;
};

// A cell of it cannot be what its column is; where all columns are text: its cells are all different words.
HeaderGuess looks_like_header(const Columns& columns) {
  std::set<std::string> different;
  bool typed_below = false;
  bool typed = false;
  for (std::size_t i = 0; i < columns.first.size(); ++i) {
    if (columns.of_rest[i].typed() && columns.of_first[i].has_words()) {
      return {true, shown(columns.first[i]) + " cannot be what is below it, " + std::string(type_name(columns.of_rest[i].type()))};
    }
    typed_below = typed_below || columns.of_rest[i].typed();
    typed = typed || (columns.of_first[i].decides() && !columns.of_first[i].has_words());
    if (!columns.first[i].empty()) different.insert(columns.first[i]);
  }
  if (typed_below || typed) return {false, "each of its cells can be what its column is"};
  if (different.size() == columns.first.size()) return {true, "all columns are text, and its cells are all different"};
  return {false, "all columns are text, and its cells are not all different"};
}

// "c" + std::to_string(i) makes g++ 12 warn of a copy that is not there.
std::string position_name(std::size_t i) { return std::string(1, 'c').append(std::to_string(i)); }

}  // namespace

std::vector<std::string> name_columns(const std::vector<std::string>& given, Sniffed& out) {
  std::unordered_set<std::string> own(given.begin(), given.end());
  std::unordered_set<std::string> used;
  std::unordered_map<std::string, std::size_t> next;  // of names that are there already: what to try
  std::unordered_map<std::string, std::size_t> first;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < given.size(); ++i) {
    auto [seen, fresh] = first.try_emplace(given[i], i);
    if (!fresh && !given[i].empty()) out.twice.try_emplace(given[i], seen->second, i);
    std::string stem = given[i].empty() ? position_name(i) : given[i];
    std::string name = stem;
    bool clash = used.count(name) || (given[i].empty() && own.count(name));
    for (std::size_t& n = next.try_emplace(stem, 2).first->second; clash; ++n) {
      name = stem + "_" + std::to_string(n);
      clash = used.count(name) || own.count(name);
    }
    if (name != given[i]) {
      if (!out.renamed.empty()) out.renamed += ", ";
      out.renamed += given[i].empty() ? name : given[i] + " -> " + name;
    }
    used.insert(name);
    names.push_back(std::move(name));
  }
  return names;
}

namespace {

Guess rows_of(const Columns& columns, std::size_t column, bool header) {
  Guess seen = columns.of_rest[column];
  if (!header) seen.add(columns.of_first[column]);
  return seen;
}

// Gives each column its name and type.
Result<std::optional<Sniffed>> named(Sniffed out, const Columns& columns, const std::string& path) {
  std::vector<std::string> names(columns.first.size());
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = position_name(i);
  if (out.header) {
    names = name_columns(columns.first, out);
    out.names.assign(columns.at_first, columns.after_first);
    while (!out.names.empty() && is_line_end(out.names.back())) out.names.pop_back();
  }
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (!is_utf8(names[i])) {
      return corrupt(path + ": the name of column " + std::to_string(i + 1) + " is not UTF-8; save the file as UTF-8");
    }
    out.guesses.push_back(rows_of(columns, i, out.header));
    out.fields.push_back({std::move(names[i]), out.guesses.back().type()});
  }
  return std::optional<Sniffed>(std::move(out));
}

// The line end right before `end`.
std::string line_end_at(const char* end, std::string_view sample) {
  if (end - sample.data() >= 2 && end[-2] == '\r' && end[-1] == '\n') return "\r\n";
  return end > sample.data() && end[-1] == '\r' ? "\r" : "\n";
}

}  // namespace

Result<std::optional<Sniffed>> sniff(std::string_view sample, bool whole, const BlockOptions& options,
                                     const std::string& path) {
  Sniffed out;
  Preamble before = preamble_of(sample, whole, options);
  std::string_view rows = sample.substr(before.bytes);
  out.skipped_lines = before.lines;
  if (options.delimiter) {
    out.delimiter = *options.delimiter;
    out.why_delimiter = "as told";
  } else if (!before.delimiter.empty()) {
    out.delimiter = before.delimiter[0];
    out.why_delimiter = "the file begins with sep=";
  } else {
    auto detected = delimiter_of(rows, whole, options, path);
    if (!detected) return detected.error();
    out.delimiter = detected->delimiter;
    out.why_delimiter = detected->why;
  }
  Columns columns;
  if (!read_columns(rows, whole, options, out.delimiter, columns)) {
    if (!whole) return std::optional<Sniffed>();
    return corrupt(path + ": the file holds blank lines only; there is nothing to read");
  }
  out.records = columns.rest;
  out.line_end = line_end_at(columns.after_first, sample);
  HeaderGuess guess = looks_like_header(columns);
  out.looks_headed = guess.header;
  out.header = options.header.value_or(guess.header);
  out.why_header = options.header ? "as told" : guess.why;
  if (out.header && columns.open) {
    auto line = line_of_open_quote(rows, out.delimiter, 1 + count_line_ends(sample.substr(0, before.bytes)));
    return open_quote({path, line});
  }
  out.rows_at = out.header ? static_cast<std::size_t>(columns.after_first - sample.data()) : before.bytes;
  return named(std::move(out), columns, path);
}

Error record_too_long(Place place, std::string_view text, const BlockOptions& options, char delimiter) {
  std::string hint;
  if (scan(text, delimiter).quoted) {
    hint = ", or close the quote that opens on line " + std::to_string(line_of_open_quote(text, delimiter, place.line));
  }
  return corrupt(place.path + ":" + std::to_string(place.line) + ": a record is longer than max_record, " +
                 std::to_string(options.max_record) + " bytes: at least " + std::to_string(text.size()) +
                 "; raise max_record" + hint)
      .about({.file = place.path, .line = static_cast<std::size_t>(place.line)});
}

namespace {

struct Sampling {
  std::size_t bytes;  // at first
  std::size_t rows;   // that are enough
};

Error empty_file(const InputFile& file, const char* but) {
  return corrupt(file.path() + ": the file is empty" + but + "; there is nothing to read").about({.file = file.path()});
}

Result<Sniffed> sample_file(InputFile& file, const BlockOptions& options, Sampling sampling, std::string& bytes) {
  const std::string& path = file.path();
  std::size_t longest = std::max(kMostSample, kSample + options.max_record + 2);
  for (std::size_t most = sampling.bytes;; most = std::min(4 * most, longest)) {
    std::size_t had = bytes.size();
    bytes.resize(had + static_cast<std::size_t>(std::min<std::uint64_t>(most - had, file.most_left())));
    auto got = file.read_whole(bytes.data() + had, bytes.size() - had);
    if (!got) return got.error();
    bytes.resize(had + *got);
    bool whole = file.ended();
    if (bytes.empty()) return empty_file(file, "");
    if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
      return corrupt(path + ": the file is UTF-16; save it as UTF-8");
    }
    std::size_t mark = bytes.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    std::string_view sample = std::string_view(bytes).substr(mark);
    if (sample.empty()) return empty_file(file, " but for a byte order mark");
    if (auto nul = sample.find('\0'); nul != sample.npos) {
      return nul_byte({path, 1 + count_line_ends(sample.substr(0, nul))});
    }
    auto sniffed = sniff(sample, whole, options, path);
    if (!sniffed) return sniffed.error();
    bool enough = *sniffed && ((*sniffed)->records >= sampling.rows || most >= kMostSample);
    if (whole || enough) {
      (*sniffed)->first_line = 1 + count_line_ends(sample.substr(0, (*sniffed)->rows_at));
      (*sniffed)->rows_at += mark;
      return std::move(**sniffed);
    }
    if (most == longest) return record_too_long({path, 1}, sample, options, options.delimiter.value_or(','));
  }
}

Result<Sniffed> sampled(InputFile& file, const BlockOptions& options, Sampling sampling) {
  std::string bytes;
  auto sniffed = sample_file(file, options, sampling, bytes);
  if (sniffed) file.begin_again(bytes);
  return sniffed;
}

std::string columns_in_words(const Sniffed& sniffed) {
  std::size_t count = sniffed.fields.size();
  return std::to_string(count) + (count == 1 ? " column" : " columns");
}

// The columns of a file that goes on where another ends: theirs in number, names and order.
Result<void> alike(const Sniffed& next, const std::string& path, const Sniffed& first, const std::string& first_path) {
  constexpr const char* kAdvice = "; make their columns alike, in one order, or read them apart";
  std::size_t both = std::min(next.fields.size(), first.fields.size());
  for (std::size_t i = 0; first.header && i < both; ++i) {
    if (next.fields[i].name == first.fields[i].name) continue;
    return corrupt(path + ": column " + std::to_string(i + 1) + " is " + shown(next.fields[i].name) + ", and " +
                   shown(first.fields[i].name) + " in " + first_path + kAdvice)
        .about({.file = path});
  }
  if (next.fields.size() != first.fields.size()) {
    return corrupt(path + ": has " + columns_in_words(next) + ", and " + first_path + " has " +
                   columns_in_words(first) + kAdvice)
        .about({.file = path});
  }
  return {};
}

}  // namespace

Result<Sniffed> sniff_file(InputFile& file, const BlockOptions& options) {
  return sampled(file, options, {kSample, kSampleRows});
}

Result<Sniffed> sniff_next(InputFile& file, const BlockOptions& options, const std::string& path, Sniffed& first) {
  BlockOptions dialect = options;
  dialect.delimiter = first.delimiter;
  dialect.header = first.header;
  auto next = sampled(file, dialect, {kNextSample, 0});
  if (!next) return next;
  if (!options.header && !first.header && next->looks_headed) {
    return corrupt(file.path() + ": begins with a header, and " + path +
                   " has none; say whether they have (option header), or read them apart")
        .about({.file = file.path()});
  }
  if (auto ok = alike(*next, file.path(), first, path); !ok) return ok.error();
  for (std::size_t i = 0; i < first.fields.size(); ++i) {
    first.guesses[i].add(next->guesses[i]);
    first.fields[i].type = first.guesses[i].type();
  }
  return next;
}

}  // namespace leat::csv
