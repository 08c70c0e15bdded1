/// Snapshots made by hand: a chain of cells, and what they did in a window of one second.
#pragma once

#include <leat/diagnosis/why.hpp>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace leat::testing {

constexpr std::uint64_t kSecond = 1'000'000'000;

/// What a cell did: per cent of the window.
using Did = std::vector<std::pair<Activity, int>>;

/// A job whose first snapshot is all zero. Stages are named a, b, c ... by their ids.
struct Made {
  JobSnapshot before, after;

  Made() {
    before.stages = after.stages = {"a", "b", "c", "d", "e", "f"};
    before.nodes = after.nodes = {{"", 2, true}};
    before.seconds = 1;
    after.seconds = 2;
  }

  CellSnapshot& cell(std::uint32_t number, std::uint32_t replica, std::vector<StageId> stages, const Did& did,
                     std::uint32_t node = 0) {
    CellSnapshot cell;
    cell.cell = number;
    cell.replica = replica;
    cell.node = node;
    cell.stages = std::move(stages);
    cell.stage_ns.resize(cell.stages.size());
    cell.times[static_cast<std::size_t>(Activity::input)] = kSecond;
    cell.moves = 7;
    before.cells.push_back(cell);
    ++cell.moves;
    for (auto [activity, percent] : did) {
      std::uint64_t time = static_cast<std::uint64_t>(percent) * (kSecond / 100);
      cell.times[static_cast<std::size_t>(activity)] += time;
      bool reads = activity == Activity::read;
      if (reads || activity == Activity::visit) (reads ? cell.stage_ns.front() : cell.stage_ns.back()) += time;
    }
    cell.now = did.front().first;
    after.cells.push_back(cell);
    return after.cells.back();
  }

  /// From one replica to another; its sender has waited so many per cent of the window for credit.
  ChannelSnapshot& channel(std::pair<std::uint32_t, std::uint32_t> from, std::pair<std::uint32_t, std::uint32_t> to,
                           StageId from_stage, StageId to_stage, int waited = 0) {
    ChannelSnapshot channel;
    channel.id = static_cast<std::uint32_t>(after.channels.size());
    channel.from = from_stage;
    channel.to = to_stage;
    std::tie(channel.from_cell, channel.from_replica) = from;
    std::tie(channel.to_cell, channel.to_replica) = to;
    channel.window = {1000, 10};
    channel.sender.emplace();
    channel.receiver.emplace();
    before.channels.push_back(channel);
    channel.sender->waited_ns = static_cast<std::uint64_t>(waited) * (kSecond / 100);
    channel.sender->sent = {5000, 50};
    channel.receiver->received = {5000, 50};
    channel.receiver->consumed = {4000, 40};
    after.channels.push_back(channel);
    return after.channels.back();
  }

  Why ask() const { return why(before, after); }
};

}  // namespace leat::testing
