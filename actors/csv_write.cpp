#include <leat/actor/saturating.hpp>
#include <leat/actors/csv_format.hpp>
#include <leat/actors/csv_write.hpp>
#include <leat/actors/text_sink.hpp>

namespace leat::csv {
namespace {

Result<void> has_form(const Fields& fields) {
  for (const Field& field : fields) {
    if (field.type != ColumnType::BYTES) continue;
    return invalid("csv.write has no form for column " + field.name +
                   ", which is bytes: parse it as text, or leave it out");
  }
  return {};
}

class Write final : public TextSink {
 public:
  Write(std::string path, Writing options, Fields fields, std::string job)
      : TextSink("csv.write", std::move(path), std::move(job)), options_(options) {
    columns_ = std::move(fields);
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
    for (std::size_t row = 0; row < rows; ++row) {
      write_row(table, row);
      if (auto wrote = flush_if_full(); !wrote) return wrote.error();
    }
    out.count("rows", rows);
    return Step::done;
  }

 private:
  void write_header() {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i) buffer_ += options_.delimiter;
      append_text(buffer_, columns_[i].name, options_.delimiter);
    }
    buffer_ += '\n';
  }

  void write_row(const Table& table, std::size_t row) {
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      if (i) buffer_ += options_.delimiter;
      if (table.valid(i, row)) {
        append_cell(buffer_, table, i, row, options_.delimiter);
      } else if (columns_.size() == 1) {
        buffer_ += "\"\"";
      }
    }
    buffer_ += '\n';
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

  Writing options_;
};

Result<Described> describe(const Description& rows, Writing options) {
  if (std::string_view("\"\n\r").find(options.delimiter) != std::string_view::npos) {
    return invalid("csv.write cannot use a quote or a line end as its delimiter: give another");
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
      .takes(&WritingTo::delimiter, {.name = "delimiter", .sentence = "what stands between cells"});
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
  kind.actor = [path, options](const Making& making) {
    bool known = !making.inputs.empty() && making.inputs[0].fields_known;
    return std::make_unique<Write>(path, options, known ? making.inputs[0].fields : Fields(), making.job);
  };
  return kind;
}

DeclaredKind declared_write() {
  return declared_kind("Writes tables as one CSV file, whole or not at all.", options_of_write(),
                       [](const WritingTo& to) { return write(to.path, to); });
}

}  // namespace leat::csv
