#include <leat/actors/models/model_file.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/models/saved_model.hpp>
#include <leat/actors/output/staged_file.hpp>

#include <optional>

namespace leat {
namespace {

class ModelFile final : public Actor {
 public:
  ModelFile(std::string path, std::string job) : path_(std::move(path)), job_(std::move(job)) {}

  Result<void> start(Outbox&) override {
    auto file = StagedFile::open(path_, job_);
    if (!file) return file.error();
    file_.emplace(std::move(*file));
    return {};
  }

  Result<Step> visit(Visit& visit, Outbox& out) override {
    if (auto kept = keep(visit.chunk, out); !kept) return std::move(kept).error();
    return Step::done;
  }

  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::interrupted) {
      file_.reset();
      return Step::done;
    }
    if (!kept_) {
      return invalid("there is no model for " + path_ +
                     ": see that the stage that trains it comes to its end");
    }
    if (auto wrote = file_->write(model_bytes(kept_->chunk)); !wrote) return wrote.error();
    out.report("model", path_);
    return Step::done;
  }

  // Before the end there is nothing in the file: what there is is in the snapshot.
  Result<void> seal(const OutputName& name) override { return name.last ? file_->seal(name) : Result<void>(); }
  Result<void> commit(const OutputName& name) override { return StagedFile::commit(path_, name); }
  Result<void> abort(const OutputName& name) override { return StagedFile::abort(path_, name); }

  Result<Snapshot> snapshot(Pool&) const override { return kept_ ? Snapshot{{kept_->chunk}} : Snapshot(); }
  Result<void> restore(const Snapshot& from, Outbox& out) override {
    for (const StatePart& part : from) {
      if (auto kept = keep(part.chunk, out); !kept) return kept;
    }
    return {};
  }

 private:
  Result<void> keep(const Chunk& model, Outbox& out) {
    if (kept_) {
      return invalid("the model file " + path_ +
                     " got two models: give each its own sink, with its own path");
    }
    auto kept = out.keep(model);
    if (!kept) return kept.error();
    kept_ = std::move(*kept);
    return {};
  }

  std::string path_;
  std::string job_;
  std::optional<StagedFile> file_;
  std::optional<Kept> kept_;
};

struct Saving {
  std::string path;
};

OptionsOf<Saving> options() {
  return OptionsOf<Saving>().needs(
      &Saving::path, {.name = "path", .type = OptionType::path, .sentence = "model file to write"});
}

}  // namespace

Kind<void, Message<schema::LinearModel>> model_file(std::string path) {
  auto kind = stage_kind<void, Message<schema::LinearModel>>("model_file", options().of({path}));
  kind.writes = {path};
  kind.visible_early = StagedFile::written_through(path);
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.describe = [](const std::vector<Description>& inputs) -> Result<Described> {
    return Described{{}, {times(2, inputs[0].max_chunk), 0}};
  };
  kind.actor = [path](const Making& making) { return std::make_unique<ModelFile>(path, making.job); };
  return kind;
}

DeclaredKind declared_model_file() {
  return declared_kind("Saves a model, whole or not at all.", options(),
                       [](const Saving& saving) { return model_file(saving.path); });
}

}  // namespace leat
