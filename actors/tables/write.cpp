#include <leat/actors/tables/write.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/output/sink_state.hpp>
#include <leat/actors/output/staged_file.hpp>
#include <leat/actors/tables/file.hpp>

#include <optional>

namespace leat::tables {
namespace {

class Write final : public Actor {
 public:
  Write(std::string path, Floats floats, const Description& rows, std::string job)
      : path_(std::move(path)), floats_(floats), job_(std::move(job)) {
    if (rows.fields_known) index_.fields = stored(rows.fields, floats);
  }

  Result<void> start(Outbox&) override {
    auto file = StagedFile::open(path_, job_);
    if (!file) return file.error();
    file_.emplace(std::move(*file));
    return file_->write(head());
  }

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    if (auto same = same_columns(table); !same) return same.error();
    std::uint64_t rounded = 0;
    auto made = stored(out.pool(), table, floats_, rounded);
    if (!made) return std::move(made).error();
    if (auto wrote = write(*made); !wrote) return wrote.error();
    out.count("rows", table.rows());
    if (rounded > 0) out.count("rounded", rounded);
    return Step::done;
  }

  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::interrupted) {
      file_.reset();
      return Step::done;
    }
    if (auto wrote = file_->write(end_of(index_, file_->size())); !wrote) return wrote.error();
    out.report("written", path_);
    return Step::done;
  }

  Result<void> seal(const OutputName& name) override {
    if (auto sealed = file_->seal(name); !sealed) return sealed;
    sealed_ = name;
    return {};
  }
  Result<void> commit(const OutputName& name) override { return StagedFile::commit(path_, name); }
  Result<void> abort(const OutputName& name) override { return StagedFile::abort(path_, name); }

  Result<Snapshot> snapshot(Pool& pool) const override {
    if (!sealed_) return failed("tables.write is snapshot once it has sealed what it wrote: seal first");
    return Snapshot{{SinkState(file_->size(), *sealed_, {}).chunk(pool)}, {index_.chunk(pool)}};
  }

  Result<void> restore(const Snapshot& from, Outbox&) override {
    if (from.empty()) return {};
    SinkState state(from[0].chunk);
    index_ = Index::of(from[1].chunk);
    auto file = StagedFile::open(path_, job_);
    if (!file) return file.error();
    file_.emplace(std::move(*file));
    return file_->go_on_from(state.sealed, state.bytes);
  }

 private:
  Result<void> write(const Table& table) {
    constexpr char kZeros[kLine] = {};
    auto message = table.chunk().message();
    if (auto wrote = file_->write(before(table, index_.chunks)); !wrote) return wrote;
    if (auto wrote = file_->write(message); !wrote) return wrote;
    index_.add(table);
    return file_->write(std::string_view(kZeros, lines(message.size()) - message.size()));
  }

  Result<void> same_columns(const Table& table) {
    const Fields& columns = index_.fields;
    if (columns.empty()) {
      Fields fields = table.fields();
      if (auto have = have_values("tables.write", fields); !have) return have;
      index_.fields = stored(std::move(fields), floats_);
      return {};
    }
    bool same = table.columns() == columns.size();
    for (std::size_t i = 0; same && i < columns.size(); ++i) {
      same = table.name(i) == columns[i].name && stored(table.type(i), floats_) == columns[i].type;
    }
    if (same) return {};
    return invalid("tables.write got rows with columns " + listed(table.fields()) + " after rows with " +
                   listed(columns) + ": give each layout its own sink");
  }

  std::string path_;
  Floats floats_;
  std::string job_;
  Index index_;
  std::optional<StagedFile> file_;
  std::optional<OutputName> sealed_;
};

struct WritingTo : Writing {
  std::string path;
};

OptionsOf<WritingTo> options_of_write() {
  return OptionsOf<WritingTo>()
      .needs(&WritingTo::path, {.name = "path", .type = OptionType::path, .sentence = "the file"})
      .takes(&WritingTo::floats, {.name = "floats", .sentence = "what larger floats are kept as"},
             Choices<Floats>{{"as_they_are", Floats::as_they_are}, {"f32", Floats::f32}, {"f16", Floats::f16}});
}

}  // namespace

Kind<void, Table> write(std::string path, Writing options) {
  auto kind = stage_kind<void, Table>("tables.write", options_of_write().of({options, path}));
  kind.writes = {path};
  kind.visible_early = StagedFile::written_through(path);
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.describe = [options](const std::vector<Description>& inputs) -> Result<Described> {
    if (auto have = have_values("tables.write", inputs[0].fields); !have) return have.error();
    // What a copy has beside the cells is no more than it was.
    return Described{{}, {options.floats == Floats::as_they_are ? 0 : times(2, inputs[0].max_chunk), 0}};
  };
  kind.actor = [path, options](const Making& making) {
    Description unknown;
    unknown.fields_known = false;
    return std::make_unique<Write>(path, options.floats, making.inputs.empty() ? unknown : making.inputs[0], making.job);
  };
  return kind;
}

DeclaredKind declared_write() {
  return declared_kind("Writes tables as they are into one file, whole or not at all.", options_of_write(),
                       [](const WritingTo& to) { return write(to.path, to); });
}

}  // namespace leat::tables
