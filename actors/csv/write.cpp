#include <map>
#include <vector>

#include <leat/actor/saturating.hpp>
#include <leat/actors/csv/blocks.hpp>
#include <leat/actors/csv/complaint.hpp>
#include <leat/actors/csv/format.hpp>
#include <leat/actors/csv/record.hpp>
#include <leat/actors/csv/values.hpp>
#include <leat/actors/csv/write.hpp>
#include <leat/actors/output/text_sink.hpp>
#include <leat/actors/sniff/sniff.hpp>

namespace leat::csv {
namespace {

Result<void> has_form(const Fields& fields) {
  for (const Field& field : fields) {
    if (field.name.find('\0') != field.name.npos) {
      return invalid("csv.write has no form for column " + shown(field.name) + ", whose name holds a NUL: rename it");
    }
    if (field.type != ColumnType::BYTES) continue;
    return invalid("csv.write has no form for column " + field.name +
                   ", which is bytes: parse it as text, or leave it out");
  }
  return {};
}

// How lines are written: as in the file the rows come from, unless it is said.
struct Style {
  char delimiter = ',';
  std::string line_end = "\n";
  std::map<std::string, std::string> names;  // of columns, as the header of that file has them
};

Style style_of(const Writing& options, const Description& rows) {
  Style style;
  auto note = [&](const char* name) {
    auto found = rows.notes.find(name);
    return found == rows.notes.end() ? std::string() : found->second;
  };
  std::string read_with = note("delimiter");
  if (read_with.size() == 1) style.delimiter = read_with[0];
  if (options.delimiter) style.delimiter = *options.delimiter;
  if (!note("line end").empty()) style.line_end = note("line end");
  std::string header = note("names");
  std::vector<Cell> cells;
  std::string scratch;
  if (read_with.size() == 1) read_record(header.data(), header.data() + header.size(), read_with[0], cells);
  std::vector<std::string> given;
  for (const Cell& cell : cells) {
    std::string_view name = unquoted(cell, scratch);
    given.emplace_back(cell.quoted ? name : trimmed(name));
  }
  // Under the names that its source has given the columns.
  Sniffed changed;
  auto names = name_columns(given, changed);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    std::string_view raw(cells[i].text.data() - cells[i].quoted, cells[i].end);
    append_raw(style.names[names[i]], raw, style.delimiter);
  }
  return style;
}

class Write final : public TextSink {
 public:
  Write(std::string path, const Writing& options, const Description& rows, std::string job, bool described)
      : TextSink("csv.write", std::move(path), std::move(job)), style_(style_of(options, rows)), described_(described) {
    if (!rows.fields_known) return;
    columns_ = rows.fields;
    for (const Field& field : rows.fields) carried_.push_back(field.raw);
  }

  Result<void> start(Outbox& out) override {
    auto started = TextSink::start(out);
    if (started && !columns_.empty()) write_header();
    return started;
  }

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    if (auto same = same_columns(table); !same) return same.error();
    std::size_t rows = table.rows();
    raw_.resize(columns_.size());
    for (std::size_t i = 0; i < raw_.size(); ++i) raw_[i] = table.has_raw(i) && may_copy(table, i);
    for (std::size_t row = 0; row < rows; ++row) {
      if (auto ok = write_row(table, row); !ok) return std::move(ok).error();
      if (auto wrote = flush_if_full(); !wrote) return wrote.error();
    }
    out.count("rows", rows);
    return Step::done;
  }

 private:
  // What stands in the file beside a value may be another branch's, from before this one has changed the value.
  bool may_copy(const Table& table, std::size_t column) const {
    bool carried = column < carried_.size() && carried_[column];
    return !described_ || carried || table.type(column) == ColumnType::RAW;
  }

  void write_header() {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i) buffer_ += style_.delimiter;
      auto as_read = style_.names.find(columns_[i].name);
      buffer_ += as_read == style_.names.end() ? name_cell(columns_[i].name) : as_read->second;
    }
    buffer_ += style_.line_end;
  }

  std::string name_cell(const std::string& name) const {
    std::string cell;
    append_name(cell, name, style_.delimiter);
    return cell;
  }

  Result<void> write_row(const Table& table, std::size_t row) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i) buffer_ += style_.delimiter;
      std::size_t before = buffer_.size();
      if (raw_[i]) {
        append_raw(buffer_, table.raw(i, row), style_.delimiter);
      } else if (table.valid(i, row)) {
        if (auto ok = can_be_read(table, i, row); !ok) return ok;
        append_cell(buffer_, table, i, row, style_.delimiter);
      }
      if (columns_.size() > 1 || buffer_.size() > before) continue;
      if (auto ok = write_alone(table, i, row); !ok) return ok;
    }
    buffer_ += style_.line_end;
    return {};
  }

  // An empty cell alone on its line would be no row.
  Result<void> write_alone(const Table& table, std::size_t column, std::size_t row) {
    bool text = in_heap(table.type(column));
    if (text && !raw_[column]) {
      return invalid("csv.write cannot write the null in row " + std::to_string(table.row_number(row) + 1) +
                     " of column " + columns_[column].name +
                     ": alone on its line it would be an empty text; write another column beside it, or leave it out");
    }
    buffer_ += text ? "\"\"" : "NA";
    return {};
  }

  // What csv.parse would refuse.
  Result<void> can_be_read(const Table& table, std::size_t column, std::size_t row) const {
    if (table.type(column) != ColumnType::TEXT) return {};
    std::string_view text = table.text(column, row);
    if (is_utf8(text) && text.find('\0') == text.npos) return {};
    return corrupt("csv.write cannot write " + shown(text) + " in column " + columns_[column].name + ", row " +
                   std::to_string(table.row_number(row) + 1) + ": a text is UTF-8 without NUL");
  }

  Result<void> same_columns(const Table& table) {
    if (columns_.empty()) {
      columns_ = table.fields();
      if (auto ok = has_form(columns_); !ok) return ok;
      write_header();
    }
    bool same = table.columns() == columns_.size();
    for (std::size_t i = 0; same && i < columns_.size(); ++i) {
      same = table.name(i) == columns_[i].name && table.type(i) == columns_[i].type;
    }
    if (same) return {};
    return invalid("csv.write got rows with columns " + listed(table.fields()) +
                   " after rows with " + listed(columns_) + ": give each layout its own sink");
  }

  Style style_;
  bool described_;             // what comes
  std::vector<bool> carried_;  // columns that come as their file has them, changed by nobody
  std::vector<bool> raw_;      // columns of the table that are written so
};

Result<Described> describe(const Description& rows, Writing options) {
  if (auto ok = check_delimiter(options.delimiter); !ok) {
    return invalid("csv.write: " + ok.error().sentence);
  }
  if (auto ok = has_form(rows.fields); !ok) return ok.error();
  // The buffer goes past its mark by one row, whose text may double when it is quoted.
  return Described{{}, {plus(2 * TextSink::kBuffer, times(4, rows.max_chunk)), 0}};
}

struct WritingTo : Writing {
  std::string path;
};

OptionsOf<WritingTo> options_of_write() {
  return OptionsOf<WritingTo>()
      .needs(&WritingTo::path, {.name = "path", .type = OptionType::path, .sentence = "the file"})
      .takes(&WritingTo::delimiter, {.name = "delimiter",
              .sentence = "what stands between cells",
              .fallback = "as in the file the rows come from, else a comma"});
}

}  // namespace

Kind<void, Table> write(std::string path, Writing options) {
  auto kind = stage_kind<void, Table>("csv.write", options_of_write().of({options, path}));
  kind.writes = {path};
  kind.visible_early = StagedFile::written_through(path);
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.describe = [options](const std::vector<Description>& inputs) {
    return describe(inputs[0], options);
  };
  kind.reads = [](const std::vector<Description>&, const ColumnNames&) {
    return std::vector{ColumnNames::carried()};
  };
  kind.actor = [path, options](const Making& making) {
    Description unknown;
    unknown.fields_known = false;
    bool described = !making.inputs.empty();
    return std::make_unique<Write>(path, options, described ? making.inputs[0] : unknown, making.job, described);
  };
  return kind;
}

DeclaredKind declared_write() {
  return declared_kind("Writes tables as one CSV file, whole or not at all.", options_of_write(),
                       [](const WritingTo& to) { return write(to.path, to); });
}

}  // namespace leat::csv
