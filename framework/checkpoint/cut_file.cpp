#include <leat/checkpoint/cut_file.hpp>

#include <leat/checkpoint/durable.hpp>
#include <leat/checkpoint/message_bytes.hpp>
#include <leat/chunk/validate.hpp>
#include <leat/schemas/checkpoint.capnp.h>

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <memory>

namespace leat {
namespace {

constexpr std::string_view kCutMark = "leatcut1";
constexpr std::uint64_t kAligned = 64;
// Of one file, in memory while it is read.
constexpr std::uint64_t kLargestCut = std::uint64_t{64} << 30;

std::uint64_t aligned(std::uint64_t bytes) { return (bytes + kAligned - 1) / kAligned * kAligned; }

template <class To>
void write_counts(To to, const StageCounts& counts, const ReportLines& lines) {
  auto all = to.initCounts(static_cast<unsigned>(counts.size()));
  unsigned at = 0;
  for (const auto& [name, count] : counts) {
    all[at].setName(name);
    all[at++].setCount(count);
  }
  auto said = to.initLines(static_cast<unsigned>(lines.size()));
  for (at = 0; at < said.size(); ++at) {
    said[at].setName(lines[at].first);
    said[at].setValue(lines[at].second);
  }
}

template <class From>
void read_counts(From from, StageCounts& counts, ReportLines& lines) {
  for (auto each : from.getCounts()) counts[each.getName().cStr()] = each.getCount();
  for (auto each : from.getLines()) lines.emplace_back(each.getName().cStr(), each.getValue().cStr());
}

// Where chunks lie is counted from the first of them, so that the message does not depend on its own length.
void write_stage(schema::StageCut::Builder to, const StageCut& stage, std::uint64_t& at) {
  to.setStage(stage.stage);
  to.setKind(stage.kind);
  to.setVersion(stage.version);
  to.setReplica(stage.replica);
  to.setReplicas(stage.replicas);
  to.setEnded(stage.ended);
  auto parts = to.initParts(static_cast<unsigned>(stage.state.size()));
  for (unsigned i = 0; i < parts.size(); ++i) {
    const StatePart& part = stage.state[i];
    parts[i].setAt(at);
    parts[i].setBytes(part.chunk.bytes());
    parts[i].setType(part.chunk.type());
    parts[i].setGroup(part.group ? static_cast<std::int32_t>(*part.group) : -1);
    at = aligned(at + part.chunk.bytes());
  }
  write_counts(to, stage.counts, stage.lines);
}

std::vector<std::byte> message_of(const Cut& cut) {
  capnp::MallocMessageBuilder message;
  auto root = message.initRoot<schema::Cut>();
  root.setEpoch(cut.epoch);
  root.setN(cut.n);
  std::uint64_t at = 0;
  auto stages = root.initStages(static_cast<unsigned>(cut.stages.size()));
  for (unsigned i = 0; i < stages.size(); ++i) write_stage(stages[i], cut.stages[i], at);
  auto sources = root.initSources(static_cast<unsigned>(cut.sources.size()));
  for (unsigned i = 0; i < sources.size(); ++i) {
    const SourceCut& source = cut.sources[i];
    sources[i].setStage(source.stage);
    sources[i].setIdentity(source.position.identity);
    sources[i].setAt({reinterpret_cast<const kj::byte*>(source.position.at.data()), source.position.at.size()});
    sources[i].setNext(source.next);
    sources[i].setEnded(source.ended);
    write_counts(sources[i], source.counts, source.lines);
  }
  auto edges = root.initEdges(static_cast<unsigned>(cut.edges.size()));
  for (unsigned i = 0; i < edges.size(); ++i) {
    edges[i].setFrom(cut.edges[i].from);
    edges[i].setTo(cut.edges[i].to);
    edges[i].setPort(cut.edges[i].port);
    edges[i].setNext(cut.edges[i].next);
  }
  return flat_bytes(message);
}

// A file that is hashed as it is written.
class Summing {
 public:
  explicit Summing(DurableFile& file) : file_(file), sum_(XXH3_createState(), &XXH3_freeState) { XXH3_64bits_reset(sum_.get()); }

  Result<void> write(std::span<const std::byte> bytes) {
    XXH3_64bits_update(sum_.get(), bytes.data(), bytes.size());
    written_ += bytes.size();
    return file_.write(bytes);
  }
  Result<void> pad() {
    static constexpr std::array<std::byte, kAligned> kZeros{};
    return write(std::span(kZeros).first(aligned(written_) - written_));
  }
  FileFacts facts() const { return {written_, XXH3_64bits_digest(sum_.get())}; }

 private:
  DurableFile& file_;
  std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> sum_;
  std::uint64_t written_ = 0;
};

Result<void> write_all(Summing& out, const Cut& cut) {
  auto wrote = out.write(message_of(cut));
  if (wrote) wrote = out.pad();
  for (const StageCut& stage : cut.stages) {
    for (const StatePart& part : stage.state) {
      if (wrote) wrote = out.write(part.chunk.message());
      if (wrote) wrote = out.pad();
    }
  }
  return wrote ? out.write(mark_of(kCutMark, out.facts().checksum)) : wrote;
}

Result<Chunk> chunk_of(schema::StatePart::Reader part, std::span<const std::byte> chunks, Pool& pool) {
  std::uint64_t bytes = part.getBytes();
  bool inside = part.getAt() <= chunks.size() && bytes <= chunks.size() - part.getAt();
  if (!inside || bytes == 0 || bytes % sizeof(capnp::word) != 0) return corrupt("a state lies outside of the file");
  Block* block = pool.allocate(bytes, 0);
  std::copy_n(chunks.begin() + static_cast<std::ptrdiff_t>(part.getAt()), bytes, block->payload());
  block->used = bytes;
  block->type = part.getType();
  Chunk chunk(block);
  if (auto sound = validate(chunk); !sound) return std::move(sound).error();
  return chunk;
}

Result<StageCut> stage_of(schema::StageCut::Reader from, std::span<const std::byte> chunks, Pool& pool) {
  StageCut stage{from.getStage().cStr(), from.getKind().cStr(), from.getVersion().cStr(), static_cast<std::size_t>(from.getReplica()),
                 static_cast<std::size_t>(from.getReplicas()), from.getEnded()};
  for (auto part : from.getParts()) {
    auto chunk = chunk_of(part, chunks, pool);
    if (!chunk) return std::move(chunk).error();
    bool grouped = part.getGroup() >= 0;
    if (grouped && static_cast<std::size_t>(part.getGroup()) >= kKeyGroups) return corrupt("a state is of a group that there is not");
    stage.state.push_back({std::move(*chunk), grouped ? std::optional(static_cast<KeyGroup>(part.getGroup())) : std::nullopt});
  }
  read_counts(from, stage.counts, stage.lines);
  return stage;
}

Result<Cut> cut_of(schema::Cut::Reader root, std::span<const std::byte> chunks, Pool& pool) {
  Cut cut{root.getEpoch(), root.getN(), {}, {}, {}};
  for (auto from : root.getStages()) {
    auto stage = stage_of(from, chunks, pool);
    if (!stage) return std::move(stage).error();
    cut.stages.push_back(std::move(*stage));
  }
  for (auto from : root.getSources()) {
    auto at = from.getAt();
    SourceCut source{from.getStage().cStr(),
                     {from.getIdentity().cStr(), std::string(reinterpret_cast<const char*>(at.begin()), at.size())},
                     from.getNext(),
                     from.getEnded()};
    read_counts(from, source.counts, source.lines);
    cut.sources.push_back(std::move(source));
  }
  for (auto from : root.getEdges()) {
    cut.edges.push_back({from.getFrom().cStr(), from.getTo().cStr(), from.getPort(), from.getNext()});
  }
  return cut;
}

}  // namespace

Result<FileFacts> write_cut(const Cut& cut, const std::filesystem::path& file) {
  auto made = DurableFile::make(file.parent_path());
  if (!made) return std::move(made).error();
  Summing out(*made);
  if (auto wrote = write_all(out, cut); !wrote) return std::move(wrote).error();
  if (auto placed = made->place(file); !placed) return std::move(placed).error();
  return out.facts();
}

Result<Cut> read_cut(const std::filesystem::path& file, const FileFacts& facts, Pool& pool) {
  auto bytes = read_bytes(file, kLargestCut);
  if (!bytes) return std::move(bytes).error();
  auto damaged = [&](const std::string& why) { return corrupt(file.string() + ": " + why); };
  if (bytes->size() != facts.bytes || XXH3_64bits(bytes->data(), bytes->size()) != facts.checksum) {
    return damaged("it is not what was written: its length or its checksum differs");
  }
  auto words = marked_words(*bytes, kCutMark);
  if (!words) return damaged(words.error().sentence);
  auto cut = read_message(*words, [&](capnp::MessageReader& reader) -> Result<Cut> {
    auto& flat = static_cast<capnp::FlatArrayMessageReader&>(reader);
    auto root = reader.getRoot<schema::Cut>();
    auto message = static_cast<std::uint64_t>(flat.getEnd() - words->data()) * sizeof(capnp::word);
    std::uint64_t chunks_at = std::min<std::uint64_t>(aligned(message), words->size() * sizeof(capnp::word));
    return cut_of(root, std::span<const std::byte>(*bytes).subspan(chunks_at), pool);
  });
  return cut ? std::move(cut) : damaged(cut.error().sentence);
}

}  // namespace leat
