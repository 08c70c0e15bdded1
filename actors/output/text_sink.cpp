#include <leat/actors/output/text_sink.hpp>

#include <leat/actors/output/sink_state.hpp>

namespace leat {

TextSink::TextSink(std::string kind, std::string path, std::string job)
    : kind_(std::move(kind)), path_(std::move(path)), job_(std::move(job)) {}

Result<void> TextSink::start(Outbox& out) {
  auto file = StagedFile::open(path_, job_);
  if (!file) return file.error();
  file_.emplace(std::move(*file));
  auto held = out.hold(kBuffer);
  if (!held) return held.error();
  held_ = std::move(*held);
  return {};
}

Result<Step> TextSink::finish(Ending ending, Outbox& out) {
  if (ending == Ending::interrupted) {
    file_.reset();
  } else {
    out.report("written", path_);
  }
  return Step::done;
}

Result<void> TextSink::seal(const OutputName& name) {
  if (auto wrote = flush(); !wrote) return wrote;
  if (auto sealed = file_->seal(name); !sealed) return sealed;
  sealed_ = name;
  return {};
}

Result<Snapshot> TextSink::snapshot(Pool& pool) const {
  if (!sealed_ || !buffer_.empty()) return failed(kind_ + " is snapshot once it has sealed what it wrote: seal first");
  return Snapshot{{SinkState{file_->size(), *sealed_, columns_}.chunk(pool)}};
}

Result<void> TextSink::restore(const Snapshot& from, Outbox&) {
  if (from.empty()) return {};
  SinkState state(from[0].chunk);
  buffer_.clear();
  columns_ = state.columns;
  return file_->go_on_from(state.sealed, state.bytes);
}

Result<void> TextSink::flush() {
  auto wrote = file_->write(buffer_);
  buffer_.clear();
  return wrote;
}

}  // namespace leat
