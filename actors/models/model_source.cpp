#include <atomic>
#include <optional>

#include <leat/actors/models/model_source.hpp>
#include <leat/actors/models/saved_model.hpp>

namespace leat {
namespace {

class ModelSource final : public Source {
 public:
  explicit ModelSource(std::string path) : path_(std::move(path)) {}

  Result<Description> probe() override {
    auto model = read_model_message(kName, path_);
    if (!model) return model.error();
    message_ = std::move(*model);
    Description out;
    out.bytes = message_.size();
    out.max_chunk = Pool::footprint(message_.size() + 64);
    out.state = message_.size();
    out.notes = {{"path", path_}};
    return out;
  }

  Result<Step> pull(Outbox& out) override {
    if (!given_) out.emit(model_chunk(out.pool(), message_));
    given_ = true;
    return Step::done;
  }

  Extent extent() const override { return {given_ ? message_.size() : 0, 0}; }
  Result<std::optional<SourcePosition>> position() const override {
    return std::optional<SourcePosition>({path_, given_ ? "1" : "0"});
  }
  Result<void> seek(const SourcePosition& to) override {
    given_ = to.at == "1";
    return {};
  }

 private:
  static constexpr const char* kName = "model_source";

  std::string path_;
  std::string message_;
  std::atomic<bool> given_ = false;
};

struct ReadingModel {
  std::string path;
};

OptionsOf<ReadingModel> options() {
  return OptionsOf<ReadingModel>().needs(&ReadingModel::path,
                                         {.name = "path", .type = OptionType::path, .sentence = "model file to read"});
}

}  // namespace

Kind<Message<schema::LinearModel>> model_source(std::string path) {
  auto kind = stage_kind<Message<schema::LinearModel>>("model_source", options().of({path}));
  kind.reads_from = {path};
  kind.source = [path] { return std::make_unique<ModelSource>(path); };
  return kind;
}

DeclaredKind declared_model_source() {
  return declared_kind("A saved model, once.", options(), [](const ReadingModel& of) { return model_source(of.path); });
}

}  // namespace leat
