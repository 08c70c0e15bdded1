#include <leat/checkpoint/journal.hpp>

#include <leat/checkpoint/durable.hpp>
#include <leat/checkpoint/message_bytes.hpp>
#include <leat/schemas/checkpoint.capnp.h>

#include <algorithm>
#include <cstdio>
#include <system_error>

namespace leat {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMark = "journal1";
// Larger is no record: a manifest names one thing for each replica of a sink.
constexpr std::uint64_t kLargest = std::uint64_t{16} << 20;

void write(schema::Manifest::Builder to, const Manifest& manifest) {
  to.setEpoch(manifest.epoch);
  to.setN(manifest.n);
  to.setLast(manifest.last);
  auto sealed = to.initSealed(static_cast<unsigned>(manifest.sealed.size()));
  for (unsigned i = 0; i < sealed.size(); ++i) {
    const Sealed& one = manifest.sealed[i];
    sealed[i].setStage(one.stage);
    sealed[i].setReplica(one.name.replica);
    sealed[i].setEpoch(one.name.epoch);
    sealed[i].setN(one.name.n);
    sealed[i].setLast(one.name.last);
  }
  auto parts = to.initParts(static_cast<unsigned>(manifest.parts.size()));
  for (unsigned i = 0; i < parts.size(); ++i) {
    parts[i].setNode(manifest.parts[i].node);
    parts[i].setBytes(manifest.parts[i].bytes);
    parts[i].setChecksum(manifest.parts[i].checksum);
  }
  auto nodes = to.initLaidOut(static_cast<unsigned>(manifest.laid_out.size()));
  for (unsigned i = 0; i < nodes.size(); ++i) {
    const LayoutNode& node = manifest.laid_out[i];
    nodes[i].setName(node.name);
    nodes[i].setCpus(node.cpus);
    auto labels = nodes[i].initLabels(static_cast<unsigned>(node.labels.size()));
    for (unsigned label = 0; label < labels.size(); ++label) labels.set(label, node.labels[label].c_str());
  }
}

Manifest manifest_of(schema::Manifest::Reader from) {
  Manifest manifest{from.getEpoch(), from.getN(), from.getLast()};
  for (auto one : from.getSealed()) {
    OutputName name{"", one.getEpoch(), one.getN(), static_cast<std::size_t>(one.getReplica()), one.getLast()};
    manifest.sealed.push_back({one.getStage().cStr(), name});
  }
  for (auto part : from.getParts()) manifest.parts.push_back({part.getNode(), part.getBytes(), part.getChecksum()});
  for (auto node : from.getLaidOut()) {
    LayoutNode& added = manifest.laid_out.emplace_back(LayoutNode{node.getName().cStr(), {}, node.getCpus()});
    for (auto label : node.getLabels()) added.labels.emplace_back(label.cStr());
  }
  return manifest;
}

Result<JournalRecord> record_of(schema::JournalRecord::Reader root) {
  switch (root.which()) {
    case schema::JournalRecord::BEGAN: {
      auto from = root.getBegan();
      journal::Began began{from.getJob().cStr(), from.getEpoch(), from.getGraph().cStr(), {}, static_cast<std::size_t>(from.getThreads())};
      for (auto line : from.getLines()) began.lines.emplace_back(line.cStr());
      return JournalRecord(std::move(began));
    }
    case schema::JournalRecord::PUBLISHED: return JournalRecord(manifest_of(root.getPublished()));
    case schema::JournalRecord::COMMITTED: return JournalRecord(journal::Committed{root.getCommitted()});
    case schema::JournalRecord::ENDED: return JournalRecord(journal::Ended{});
  }
  return corrupt("it is of a later version: read it with the program that wrote it");
}

}  // namespace

std::vector<std::byte> bytes_of(const JournalRecord& record) {
  capnp::MallocMessageBuilder message;
  auto root = message.initRoot<schema::JournalRecord>();
  if (auto* began = std::get_if<journal::Began>(&record)) {
    auto to = root.initBegan();
    to.setJob(began->job);
    to.setEpoch(began->epoch);
    to.setGraph(began->graph);
    to.setThreads(began->threads);
    auto lines = to.initLines(static_cast<unsigned>(began->lines.size()));
    for (unsigned i = 0; i < lines.size(); ++i) lines.set(i, began->lines[i].c_str());
  } else if (auto* manifest = std::get_if<Manifest>(&record)) {
    write(root.initPublished(), *manifest);
  } else if (auto* committed = std::get_if<journal::Committed>(&record)) {
    root.setCommitted(committed->n);
  } else {
    root.setEnded();
  }
  std::vector<std::byte> bytes = flat_bytes(message);
  add_mark(bytes, kMark);
  return bytes;
}

Result<JournalRecord> record_of(std::span<const std::byte> bytes) {
  auto words = marked_words(bytes, kMark);
  if (!words) return std::move(words).error();
  return read_message(*words, [](capnp::MessageReader& reader) { return record_of(reader.getRoot<schema::JournalRecord>()); });
}

fs::path Journal::file_of(std::uint64_t number) const {
  char name[24];
  std::snprintf(name, sizeof name, "%010llu", static_cast<unsigned long long>(number));
  return folder_ / name;
}

Result<Journal> Journal::open(fs::path folder) {
  std::vector<std::uint64_t> numbers;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::string name = at->path().filename().string();
    if (name.size() == 10 && name.find_first_not_of("0123456789") == name.npos) numbers.push_back(std::stoull(name));
  }
  if (error) return failed("the folder " + folder.string() + " cannot be read: " + error.message());
  std::sort(numbers.begin(), numbers.end());
  Journal journal(std::move(folder), numbers.empty() ? 1 : numbers.back() + 1);
  if (!numbers.empty()) journal.first_ = numbers.front();
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] != numbers.front() + i) {
      return corrupt(journal.file_of(numbers.front() + i).string() + " is missing: a journal has no gaps; give the folder back all of its files");
    }
    auto bytes = read_bytes(journal.file_of(numbers[i]), kLargest);
    if (!bytes) return std::move(bytes).error();
    auto record = leat::record_of(*bytes);
    if (!record) return record.error().in(journal.file_of(numbers[i]).string());
    journal.records_.push_back(std::move(*record));
  }
  return journal;
}

Result<void> Journal::append(const JournalRecord& record) {
  auto file = DurableFile::make(folder_);
  if (!file) return std::move(file).error();
  if (auto wrote = file->write(bytes_of(record)); !wrote) return wrote;
  auto placed = file->place_new(file_of(next_));
  if (!placed) return std::move(placed).error();
  if (!*placed) {
    taken_over_ = true;
    return disconnected("another run goes on with the checkpoints in " + folder_.parent_path().string() + ": this one has to stop");
  }
  ++next_;
  records_.push_back(record);
  return {};
}

// In order, so that what is left has no gap whenever it ends.
Result<void> Journal::forget() {
  std::error_code error;
  for (; first_ + 1 < next_; ++first_) {
    if (!std::filesystem::remove(file_of(first_), error) && error) return failed(file_of(first_).string() + " cannot be removed: " + error.message());
    records_.erase(records_.begin());
  }
  return {};
}

}  // namespace leat
