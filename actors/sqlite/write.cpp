#include <leat/actors/sqlite/write.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/output/sink_state.hpp>

namespace leat::sqlite {
namespace {

class Write final : public Actor {
 public:
  Write(Writing writing, const Description& rows, std::string job)
      : target_{writing.path, writing.table, writing.mode, writing.wait},
        not_numbers_(writing.not_numbers),
        job_(std::move(job)) {
    if (rows.fields_known) columns_ = rows.fields;
  }

  Result<void> start(Outbox& out) override {
    if (auto may = check_target(target_, columns_.empty() ? nullptr : &columns_); !may) return may;
    auto held = out.hold(Staging::kMemory);
    if (!held) return held.error();
    held_ = std::move(*held);
    auto staging = Staging::open(target_, job_, not_numbers_);
    if (!staging) return std::move(staging).error();
    staging_.emplace(std::move(*staging));
    return columns_.empty() ? Result<void>() : staging_->make_table(columns_);
  }

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    if (auto same = same_columns(table); !same) return same.error();
    auto before = said();
    if (auto put = staging_->rows(table); !put) return put.error();
    out.count("rows", table.rows());
    auto [nulls, zeros] = said();
    if (nulls > before.first) out.count("not numbers", nulls - before.first);
    if (zeros > before.second) out.count("negative zeros", zeros - before.second);
    return Step::done;
  }

  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::interrupted) {
      staging_.reset();
    } else {
      out.report("written", target_.path);
    }
    return Step::done;
  }

  Result<void> seal(const OutputName& name) override {
    auto sealed = staging_->seal(name);
    if (!sealed) return std::move(sealed).error();
    sealed_ = SinkState(*sealed, name, columns_);
    return {};
  }
  Result<void> commit(const OutputName& name) override { return Staging::commit(target_, name); }
  Result<void> abort(const OutputName& name) override { return Staging::abort(target_, name); }

  Result<Snapshot> snapshot(Pool& pool) const override {
    if (!sealed_) return failed("sqlite.write is snapshot once it has sealed what it wrote: seal first");
    return Snapshot{{sealed_->chunk(pool)}};
  }

  Result<void> restore(const Snapshot& from, Outbox&) override {
    if (from.empty()) return {};
    SinkState state(from[0].chunk);
    columns_ = state.columns;
    staging_.reset();
    auto staging = Staging::go_on_from(target_, job_, not_numbers_, state.sealed, state.bytes);
    if (!staging) return std::move(staging).error();
    staging_.emplace(std::move(*staging));
    return columns_.empty() ? Result<void>() : staging_->go_on(columns_);
  }

 private:
  std::pair<std::uint64_t, std::uint64_t> said() const {
    return {staging_->inserted().nulls_of_nan(), staging_->inserted().negative_zeros()};
  }

  Result<void> same_columns(const Table& table) {
    if (columns_.empty()) {
      Fields fields = table.fields();
      if (auto can = can_be_columns(fields); !can) return can;
      if (auto may = check_target(target_, &fields); !may) return may;
      columns_ = fields;
      return staging_->make_table(columns_);
    }
    bool same = table.columns() == columns_.size();
    for (std::size_t i = 0; same && i < columns_.size(); ++i) {
      same = table.name(i) == columns_[i].name && table.type(i) == columns_[i].type;
    }
    if (same) return {};
    return invalid("sqlite.write got rows with columns " + listed(table.fields()) + " after rows with " +
                   listed(columns_) + ": give each layout its own sink");
  }

  Target target_;
  NotNumbers not_numbers_;
  std::string job_;
  Fields columns_;
  std::optional<Staging> staging_;
  std::optional<SinkState> sealed_;
  Held held_;
};

OptionsOf<Writing> options() {
  return OptionsOf<Writing>()
      .needs(&Writing::path, {.name = "path", .type = OptionType::path, .sentence = "the database, made where it is not there"})
      .needs(&Writing::table, {.name = "table", .sentence = "the table, made where it is not there"})
      .takes(&Writing::mode, {.name = "mode", .sentence = "what becomes of rows that are in the table"},
             Choices<Mode>{{"append", Mode::append}, {"replace", Mode::replace}})
      .takes(&Writing::not_numbers, {.name = "not_numbers", .sentence = "what becomes of NaN, which SQLite does not have"},
             Choices<NotNumbers>{{"fail", NotNumbers::fail}, {"null", NotNumbers::null}})
      .takes(&Writing::wait, {.name = "wait", .sentence = "how long to wait for another process's lock", .unit = "seconds",
                              .most = 1e6});
}

Result<void> is_table(const std::string& name) {
  std::string start = name.substr(0, 7);
  if (!name.empty() && name.find('\0') == name.npos && !same_name(start, "sqlite_") && !same_name(name, "leat_commits")) {
    return {};
  }
  return invalid("sqlite.write cannot write a table called \"" + name + "\": give another name; those that begin with "
                 "sqlite_ are SQLite's own, and leat_commits has what was committed");
}

}  // namespace

Kind<void, Table> write(Writing writing) {
  auto kind = stage_kind<void, Table>("sqlite.write", options().of(writing));
  if (auto ok = is_table(writing.table); !ok && !kind.wrong_options) kind.wrong_options = ok.error();
  kind.writes = {writing.path};
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.describe = [](const std::vector<Description>& inputs) -> Result<Described> {
    if (inputs[0].fields_known) {
      if (auto can = can_be_columns(inputs[0].fields); !can) return can.error();
    }
    return Described{{}, {plus(Staging::kMemory, inputs[0].max_chunk), 0}};
  };
  kind.actor = [writing](const Making& making) {
    Description unknown;
    unknown.fields_known = false;
    return std::make_unique<Write>(writing, making.inputs.empty() ? unknown : making.inputs[0], making.job);
  };
  return kind;
}

DeclaredKind declared_write() {
  return declared_kind("Writes tables as rows of a SQLite table, all of them or none.", options(),
                       [](Writing writing) { return write(std::move(writing)); });
}

}  // namespace leat::sqlite
