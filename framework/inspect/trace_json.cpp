#include <leat/inspect/trace_json.hpp>

#include <leat/diagnosis/snapshot_text.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace leat::inspect {
namespace {

using Json = nlohmann::ordered_json;
using CellKey = std::pair<std::uint32_t, std::uint32_t>;

// A piece of a cell's time, in microseconds of the job.
struct Piece {
  std::string what;
  double from = 0;
  double to = 0;
};

struct Track {
  std::uint32_t node = 0;
  std::string name;
  std::vector<Piece> pieces;
};

// How far two readings of one beginning may be apart: the snapshot is not read in no time.
constexpr double kSame = 1000;

void add(Track& track, const JobSnapshot& sample, const CellSnapshot& cell) {
  double now = sample.seconds * 1e6;
  double from = std::max(0.0, now - static_cast<double>(cell.for_ns) * 1e-3);
  std::string what = doing(sample, cell);
  if (!track.pieces.empty()) {
    Piece& last = track.pieces.back();
    if (last.what == what && from < last.from + kSame) {
      last.to = std::max(last.to, now);
      return;
    }
    from = std::max(from, last.to);
  }
  if (from < now) track.pieces.push_back({what, from, now});
}

Json named(const char* kind, std::uint32_t process, std::uint64_t thread, const std::string& name) {
  return {{"ph", "M"}, {"name", kind}, {"pid", process}, {"tid", thread}, {"args", {{"name", name}}}};
}

void add_counters(Json& events, const JobSnapshot& sample) {
  for (const ChannelSnapshot& channel : sample.channels) {
    if (!channel.receiver) continue;
    std::uint64_t consumed = std::min(channel.receiver->consumed.bytes, channel.receiver->received.bytes);
    events.push_back({{"ph", "C"}, {"name", edge_name(sample, channel) + " " + std::to_string(channel.id)}, {"pid", 0},
                      {"ts", sample.seconds * 1e6}, {"args", {{"bytes", channel.receiver->received.bytes - consumed}}}});
  }
}

std::string track_name(const JobSnapshot& sample, const CellSnapshot& cell) {
  std::string name;
  for (StageId stage : cell.stages) name += (name.empty() ? "" : " . ") + sample.stages.at(stage);
  return name + " " + std::to_string(cell.replica);
}

}  // namespace

std::string trace_json(const std::vector<JobSnapshot>& samples) {
  std::map<CellKey, Track> tracks;
  Json events = Json::array();
  for (const JobSnapshot& sample : samples) {
    for (const CellSnapshot& cell : sample.cells) {
      Track& track = tracks[{cell.cell, cell.replica}];
      track.node = cell.node;
      track.name = track_name(sample, cell);
      if (!cell.ended) add(track, sample, cell);
    }
    add_counters(events, sample);
  }
  if (!samples.empty()) {
    for (std::uint32_t node = 0; node < samples.back().nodes.size(); ++node) {
      const std::string& name = samples.back().nodes[node].name;
      events.push_back(named("process_name", node, 0, name.empty() ? "job" : name));
    }
  }
  for (const auto& [key, track] : tracks) {
    std::uint64_t thread = (std::uint64_t{key.first} << 16) + key.second + 1;
    events.push_back(named("thread_name", track.node, thread, track.name));
    for (const Piece& piece : track.pieces) {
      events.push_back({{"ph", "X"}, {"name", piece.what}, {"pid", track.node}, {"tid", thread}, {"ts", piece.from},
                        {"dur", piece.to - piece.from}});
    }
  }
  return json_text(Json{{"traceEvents", std::move(events)}});
}

}  // namespace leat::inspect
