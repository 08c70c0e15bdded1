#include <leat/diagnosis/snapshot_text.hpp>

#include <leat/chunk/one_line.hpp>

#include <algorithm>
#include <cstdio>

namespace leat {
namespace {

std::string stage_name(const JobSnapshot& snapshot, StageId stage) {
  return stage < snapshot.stages.size() ? one_line(snapshot.stages[stage]) : "?";
}

const ChannelSnapshot* channel_of(const JobSnapshot& snapshot, const CellSnapshot& cell) {
  if (!cell.channel) return nullptr;
  auto found = std::find_if(snapshot.channels.begin(), snapshot.channels.end(),
                            [&](const ChannelSnapshot& one) { return one.id == *cell.channel; });
  return found == snapshot.channels.end() ? nullptr : &*found;
}

std::string replica_text(std::uint32_t replica) { return " " + std::to_string(replica); }

std::string cell_line(const JobSnapshot& snapshot, const CellSnapshot& cell) {
  std::string stages;
  for (StageId stage : cell.stages) stages += (stages.empty() ? "" : " . ") + stage_name(snapshot, stage);
  std::string line = "  " + stages + ", replica" + replica_text(cell.replica);
  if (cell.node < snapshot.nodes.size() && !snapshot.nodes[cell.node].name.empty()) {
    line += " on " + one_line(snapshot.nodes[cell.node].name);
  }
  if (cell.ended) return line + ": ended\n";
  return line + ": " + doing(snapshot, cell) + ", for " + duration_text(cell.for_ns) +
         (cell.detached ? ", on a thread of its own\n" : "\n");
}

std::string amount_text(const Amount& amount) {
  return std::to_string(amount.bytes) + " bytes in " + std::to_string(amount.chunks) + " chunks";
}

std::string channel_line(const JobSnapshot& snapshot, const ChannelSnapshot& channel) {
  std::string line = "  " + edge_name(snapshot, channel) + ", channel " + std::to_string(channel.id) + ", replica" +
                     replica_text(channel.from_replica) + " to" + replica_text(channel.to_replica) +
                     (channel.remote ? ", between nodes" : "") + ":";
  if (channel.sender) line += " sent " + amount_text(channel.sender->sent) + ";";
  if (channel.receiver) {
    line += " received " + amount_text(channel.receiver->received) + ", consumed " + amount_text(channel.receiver->consumed) + ";";
  }
  return line + " window " + amount_text(channel.window) + "\n";
}

}  // namespace

std::string edge_name(const JobSnapshot& snapshot, const ChannelSnapshot& channel) {
  return stage_name(snapshot, channel.from) + " > " + stage_name(snapshot, channel.to);
}

std::string doing(const JobSnapshot& snapshot, const CellSnapshot& cell) {
  std::string what(activity_name(cell.now));
  const ChannelSnapshot* channel = channel_of(snapshot, cell);
  if (cell.now == Activity::credit && channel) return what + " of " + stage_name(snapshot, channel->to);
  if (channel) return what + " from " + stage_name(snapshot, channel->from);
  return cell.at ? what + " " + stage_name(snapshot, *cell.at) : what;
}

std::string duration_text(std::uint64_t nanoseconds) {
  double seconds = static_cast<double>(nanoseconds) * 1e-9;
  char text[40];
  if (seconds < 0.1) {
    std::snprintf(text, sizeof text, "%.1f ms", seconds * 1e3);
  } else if (seconds < 120) {
    std::snprintf(text, sizeof text, "%.1f s", seconds);
  } else if (seconds < 7200) {
    std::snprintf(text, sizeof text, "%.0f min", seconds / 60);
  } else {
    std::snprintf(text, sizeof text, "%.0f h", seconds / 3600);
  }
  return text;
}

std::string cell_text(std::string_view text, std::size_t columns) {
  std::string plain = one_line(text);
  std::size_t shown = 0, cut = plain.size(), last = 0;
  for (std::size_t at = 0; at < plain.size(); ++at) {
    if ((static_cast<unsigned char>(plain[at]) & 0xC0) == 0x80) continue;
    if (shown == columns) {
      cut = at;
      break;
    }
    last = at;
    ++shown;
  }
  if (cut < plain.size() && columns > 0) return plain.substr(0, last) + "~";
  return plain.substr(0, cut) + std::string(columns - shown, ' ');
}

std::string snapshot_text(const JobSnapshot& snapshot) {
  std::string text = "cells\n";
  for (const CellSnapshot& cell : snapshot.cells) text += cell_line(snapshot, cell);
  if (!snapshot.channels.empty()) text += "channels\n";
  for (const ChannelSnapshot& channel : snapshot.channels) text += channel_line(snapshot, channel);
  return text;
}

}  // namespace leat
