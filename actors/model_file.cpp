#include <leat/actors/model_file.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/saved_model.hpp>
#include <leat/actors/staged_file.hpp>

#include <optional>

namespace leat {
namespace {

class ModelFile final : public Actor {
 public:
  explicit ModelFile(std::string path) : path_(std::move(path)) {}

  Result<void> start(Outbox&) override {
    auto file = StagedFile::open(path_);
    if (!file) return file.error();
    file_.emplace(std::move(*file));
    return {};
  }

  Result<Step> visit(Visit& visit, Outbox& out) override {
    if (kept_) {
      return invalid("the model file " + path_ +
                     " got two models: give each its own sink, with its own path");
    }
    auto kept = out.keep(visit.chunk);
    if (!kept) return kept.error();
    kept_ = std::move(*kept);
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
    if (auto closed = file_->close(); !closed) return closed.error();
    out.report("model", path_);
    return Step::done;
  }

  Result<void> commit() override {
    if (!file_) return {};
    return file_->commit();
  }

  Result<Chunk> snapshot(Pool&) const override { return kept_ ? kept_->chunk : Chunk(); }
  Result<void> restore(const Chunk& chunk) override {
    if (chunk) kept_ = Kept{chunk, Held()};
    return {};
  }

 private:
  std::string path_;
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
  kind.describe = [](const std::vector<Description>& inputs) -> Result<Described> {
    return Described{{}, {times(2, inputs[0].max_chunk), 0}};
  };
  kind.actor = [path](const Making&) { return std::make_unique<ModelFile>(path); };
  return kind;
}

DeclaredKind declared_model_file() {
  return declared_kind("Saves a model, whole or not at all.", options(),
                       [](const Saving& saving) { return model_file(saving.path); });
}

}  // namespace leat
