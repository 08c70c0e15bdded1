#include <leat/actors/text_sink.hpp>

#include <leat/schemas/csv.capnp.h>

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
  Building<schema::CsvWritten> building(pool, 512 + sealed_->job.size() + 64 * columns_.size());
  auto root = building.root();
  root.setBytes(file_->size());
  root.setJob(sealed_->job.c_str());
  root.setEpoch(sealed_->epoch);
  root.setN(sealed_->n);
  root.setReplica(sealed_->replica);
  auto names = root.initNames(static_cast<capnp::uint>(columns_.size()));
  auto types = root.initTypes(static_cast<capnp::uint>(columns_.size()));
  for (capnp::uint i = 0; i < columns_.size(); ++i) {
    names.set(i, columns_[i].name.c_str());
    types.set(i, static_cast<std::uint16_t>(columns_[i].type));
  }
  return Snapshot{{std::move(building).finish()}};
}

Result<void> TextSink::restore(const Snapshot& from, Outbox&) {
  if (from.empty()) return {};
  auto root = from[0].chunk.root<schema::CsvWritten>();
  buffer_.clear();
  columns_.clear();
  for (capnp::uint i = 0; i < root.getNames().size(); ++i) {
    columns_.push_back({root.getNames()[i].cStr(), static_cast<ColumnType>(root.getTypes()[i])});
  }
  OutputName name{root.getJob().cStr(), root.getEpoch(), root.getN(), static_cast<std::size_t>(root.getReplica())};
  return file_->go_on_from(name, root.getBytes());
}

Result<void> TextSink::flush() {
  auto wrote = file_->write(buffer_);
  buffer_.clear();
  return wrote;
}

}  // namespace leat
