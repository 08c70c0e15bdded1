#include <optional>

#include <leat/actor/saturating.hpp>
#include <leat/actors/csv_format.hpp>
#include <leat/actors/csv_write.hpp>
#include <leat/actors/staged_file.hpp>
#include <leat/schemas/csv.capnp.h>

namespace leat::csv {
namespace {

constexpr std::size_t kBuffer = std::size_t{256} << 10;

Result<void> has_form(const Fields& fields) {
  for (const Field& field : fields) {
    if (field.type != ColumnType::BYTES) continue;
    return invalid("csv.write has no form for column " + field.name +
                   ", which is bytes: parse it as text, or leave it out");
  }
  return {};
}

class Write final : public Actor {
 public:
  Write(std::string path, Writing options, Fields fields, std::string job)
      : path_(std::move(path)), options_(options), fields_(std::move(fields)), job_(std::move(job)) {}

  Result<void> start(Outbox& out) override {
    auto file = StagedFile::open(path_, job_);
    if (!file) return file.error();
    file_.emplace(std::move(*file));
    auto held = out.hold(kBuffer);
    if (!held) return held.error();
    held_ = std::move(*held);
    if (!fields_.empty()) write_header();
    return {};
  }

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    if (auto same = same_columns(table); !same) return same.error();
    std::size_t rows = table.rows();
    for (std::size_t row = 0; row < rows; ++row) {
      write_row(table, row);
      if (buffer_.size() < kBuffer) continue;
      if (auto wrote = flush(); !wrote) return wrote.error();
    }
    out.count("rows", rows);
    return Step::done;
  }

  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::interrupted) {
      file_.reset();
      return Step::done;
    }
    out.report("written", path_);
    return Step::done;
  }

  Result<void> seal(const OutputName& name) override {
    if (auto wrote = flush(); !wrote) return wrote;
    if (auto sealed = file_->seal(name); !sealed) return sealed;
    sealed_ = name;
    return {};
  }
  // What was sealed for earlier cuts is in the file that is sealed last.
  Result<void> commit(const OutputName& name) override { return StagedFile::commit(path_, name); }
  Result<void> abort(const OutputName& name) override { return StagedFile::abort(path_, name); }

  // What is in the file, as it was sealed, and how its rows look.
  Result<Snapshot> snapshot(Pool& pool) const override {
    if (!sealed_ || !buffer_.empty()) return failed("csv.write is snapshot once it has sealed what it wrote: seal first");
    Building<schema::CsvWritten> building(pool, 512 + 64 * fields_.size());
    auto root = building.root();
    root.setBytes(file_->size());
    root.setJob(sealed_->job.c_str());
    root.setEpoch(sealed_->epoch);
    root.setN(sealed_->n);
    root.setReplica(sealed_->replica);
    auto names = root.initNames(static_cast<capnp::uint>(fields_.size()));
    auto types = root.initTypes(static_cast<capnp::uint>(fields_.size()));
    for (capnp::uint i = 0; i < fields_.size(); ++i) {
      names.set(i, fields_[i].name.c_str());
      types.set(i, static_cast<std::uint16_t>(fields_[i].type));
    }
    return Snapshot{{std::move(building).finish()}};
  }
  Result<void> restore(const Snapshot& from, Outbox&) override {
    if (from.empty()) return {};
    auto root = from[0].chunk.root<schema::CsvWritten>();
    buffer_.clear();
    fields_.clear();
    for (capnp::uint i = 0; i < root.getNames().size(); ++i) {
      fields_.push_back({root.getNames()[i].cStr(), static_cast<ColumnType>(root.getTypes()[i])});
    }
    OutputName name{root.getJob().cStr(), root.getEpoch(), root.getN(), static_cast<std::size_t>(root.getReplica())};
    return file_->go_on_from(name, root.getBytes());
  }

 private:
  void write_header() {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (i) buffer_ += options_.delimiter;
      append_text(buffer_, fields_[i].name, options_.delimiter);
    }
    buffer_ += '\n';
  }

  void write_row(const Table& table, std::size_t row) {
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      if (i) buffer_ += options_.delimiter;
      if (table.valid(i, row)) {
        append_cell(buffer_, table, i, row, options_.delimiter);
      } else if (fields_.size() == 1) {
        buffer_ += "\"\"";
      }
    }
    buffer_ += '\n';
  }

  Result<void> same_columns(const Table& table) {
    if (fields_.empty()) {
      fields_ = table.fields();
      if (auto ok = has_form(fields_); !ok) return ok;
      write_header();
    }
    bool same = table.columns() == fields_.size();
    for (std::size_t i = 0; same && i < fields_.size(); ++i) {
      same = table.name(i) == fields_[i].name && table.type(i) == fields_[i].type;
    }
    if (same) return {};
    return invalid("csv.write got rows with columns " + listed(table.fields()) +
                   " after rows with " + listed(fields_) + ": give each layout its own sink");
  }

  Result<void> flush() {
    auto wrote = file_->write(buffer_);
    buffer_.clear();
    return wrote;
  }

  std::string path_;
  Writing options_;
  Fields fields_;
  std::string job_;
  std::optional<StagedFile> file_;
  std::optional<OutputName> sealed_;
  std::string buffer_;
  Held held_;
};

Result<Described> describe(const Description& rows, Writing options) {
  if (std::string_view("\"\n\r").find(options.delimiter) != std::string_view::npos) {
    return invalid("csv.write cannot use a quote or a line end as its delimiter: give another");
  }
  if (auto ok = has_form(rows.fields); !ok) return ok.error();
  // The buffer goes past its mark by one row, whose text may double when it is quoted.
  return Described{{}, {plus(2 * kBuffer, times(4, rows.max_chunk)), 0}};
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
  kind.holds = Holds::state;
  kind.state_version = "1";
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
