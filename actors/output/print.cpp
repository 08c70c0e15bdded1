#include <leat/actors/output/print.hpp>

#include <leat/actors/csv/format.hpp>
#include <leat/chunk/table_builder.hpp>

#include <utility>

namespace leat {
namespace {

constexpr std::size_t kMostText = std::size_t{64} << 10;
constexpr std::size_t kMostLine = std::size_t{4} << 10;

Result<void> has_form(const Fields& fields) {
  for (const Field& field : fields) {
    if (field.type != ColumnType::BYTES) continue;
    return invalid("print has no form for column " + field.name + ", which is bytes: leave it out");
  }
  return {};
}

// Cut between characters of UTF-8.
void end_line(std::string& line) {
  if (line.size() > kMostLine) {
    std::size_t size = kMostLine;
    while (size > kMostLine - 3 && (static_cast<unsigned char>(line[size]) & 0xC0) == 0x80) --size;
    line.resize(size);
    line += " ...";
  }
  line += '\n';
}

std::string names_line(const Fields& fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size() && line.size() <= kMostLine; ++i) {
    if (i > 0) line += ',';
    csv::append_name(line, std::string_view(fields[i].name).substr(0, kMostLine + 1), ',');
  }
  end_line(line);
  return line;
}

std::string row_line(const Table& table, std::size_t row) {
  std::string line;
  std::size_t columns = table.fields().size();
  for (std::size_t i = 0; i < columns && line.size() <= kMostLine; ++i) {
    if (i > 0) line += ',';
    if (!table.valid(i, row)) continue;
    if (table.type(i) == ColumnType::TEXT) {
      csv::append_text(line, table.text(i, row).substr(0, kMostLine + 1), ',');
    } else {
      csv::append_cell(line, table, i, row, ',');
    }
  }
  end_line(line);
  return line;
}

class Print final : public Actor {
 public:
  explicit Print(PrintOptions given) : options_(std::move(given)) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    std::size_t rows = table.rows();
    out.count("rows", rows);
    std::size_t row = 0;
    if (rows > 0 && has_room()) {
      Fields fields = table.fields();
      if (auto ok = has_form(fields); !ok) return ok.error();
      if (std::string names = names_line(fields); names != names_) keep(names_ = std::move(names));
      while (row < rows && has_room() && keep(row_line(table, row))) {
        ++row;
        ++shown_;
      }
    }
    besides_ += rows - row;
    return Step::done;
  }

  Result<Step> finish(Ending, Outbox& out) override {
    std::string text = std::move(text_);
    if (besides_ > 0) text += "... and " + std::to_string(besides_) + (besides_ == 1 ? " row more\n" : " rows more\n");
    out.report(options_.title, text.empty() ? "none" : std::move(text));
    return Step::done;
  }

  Result<Snapshot> snapshot(Pool& pool) const override {
    TableBuilder builder(pool, {{"text", ColumnType::TEXT}, {"names", ColumnType::TEXT}, {"counts", ColumnType::I64}},
                         {.rows = 3, .heap = text_.size() + names_.size()});
    builder.put(0, 0, text_);
    builder.put(1, 0, names_);
    auto* counts = builder.cells<std::int64_t>(2).data();
    counts[0] = shown_;
    counts[1] = static_cast<std::int64_t>(besides_);
    counts[2] = full_ ? 1 : 0;
    return Snapshot{{std::move(builder).finish(3, 0).chunk()}};
  }

  Result<void> restore(const Snapshot& from, Outbox&) override {
    if (from.empty()) return {};
    Table table(from.at(0).chunk);
    text_ = table.text(0, 0);
    names_ = table.text(1, 0);
    auto counts = table.values<std::int64_t>(2);
    shown_ = counts[0];
    besides_ = static_cast<std::uint64_t>(counts[1]);
    full_ = counts[2] != 0;
    return {};
  }

 private:
  bool has_room() const { return !full_ && shown_ < options_.rows; }
  bool keep(const std::string& line) {
    full_ = full_ || text_.size() + line.size() > kMostText;
    if (!full_) text_ += line;
    return !full_;
  }

  PrintOptions options_;
  std::string text_;
  std::string names_;  // the line above the rows that came last
  std::int64_t shown_ = 0;
  std::uint64_t besides_ = 0;
  bool full_ = false;
};

OptionsOf<PrintOptions> options() {
  return OptionsOf<PrintOptions>()
      .takes(&PrintOptions::rows, {.name = "rows", .sentence = "at most so many", .least = 1, .most = 1000})
      .takes(&PrintOptions::title, {.name = "title", .sentence = "what stands above them"});
}

}  // namespace

Kind<void, Table> print(PrintOptions given) {
  auto kind = stage_kind<void, Table>("print", options().of(given));
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.describe = [](const std::vector<Description>& inputs) -> Result<Described> {
    if (auto ok = has_form(inputs[0].fields); !ok) return ok.error();
    // The text doubles as it grows, and a line is made beside it.
    return Described{{}, {2 * kMostText + 8 * kMostLine, 0}};
  };
  kind.actor = [given](const Making&) { return std::make_unique<Print>(given); };
  return kind;
}

DeclaredKind declared_print() {
  return declared_kind("Shows the first rows with the run's summary, where it was started.", options(),
                       [](PrintOptions given) { return print(std::move(given)); });
}

}  // namespace leat
