/// One of each control message, every field filled of those that are listed.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <leat/cluster/control.hpp>

namespace leat::testing {

inline control::Work sample_work() {
  return {"regression", {{"data", "/data/flights.csv"}, {"out", std::string("a\0b", 3)}}, {"stage read", "edge 0 1"}};
}

inline Progress sample_progress() {
  Progress progress{1.5, 10, 20, 30, 40, {}};
  StageProgress parse{.name = "parse", .replicas = 2};
  std::uint64_t units = 0;
  for (const StageMetric& metric : kStageMetrics) metric.add(parse, 250'000'000 * ++units);
  parse.counts = {{"rows", 7}, {"rows dropped", 1}};
  progress.stages.push_back(parse);
  return progress;
}

inline Graph::Probes sample_probes() {
  Description known;
  known.fields = {{"x", ColumnType::F32, true, false}, {"who", ColumnType::TEXT, false, true}};
  known.fields_known = true;
  known.bytes = 1000;
  known.rows = 10;
  known.max_chunk = 4096;
  known.notes = {{"delimiter", ";"}};
  return {{0, known}, {4, Description{}}};
}

inline NodeSpec sample_node(const std::string& name) { return {name, {"gpu", "disk"}, 8, 1 << 30}; }

inline Report sample_report() {
  Report report;
  report.ending = Ending::interrupted;
  report.progress = sample_progress();
  report.results = {{"model", "/m"}, {"r2", "0.9"}};
  report.bound.terms = {{BoundTerm::What::credit, "read to parse", 100}};
  report.peak_memory = 5;
  report.peak_pool = 4;
  report.nodes = {{"a", sample_progress(), 6, 7, 3}};
  report.warnings = {"it was drained"};
  return report;
}

/// One as it is made, of each message of which `messages` has none.
template <std::size_t I = 0>
void add_others(std::vector<control::Message>& messages) {
  if constexpr (I < std::variant_size_v<control::Message>) {
    bool there = std::any_of(messages.begin(), messages.end(), [](const auto& each) { return each.index() == I; });
    if (!there) messages.emplace_back(std::in_place_index<I>);
    add_others<I + 1>(messages);
  }
}

inline std::vector<control::Message> sample_messages() {
  using namespace control;
  Identity identity{"build", {"graph g", "parameter x"}};
  std::vector<Endpoint> data = {{"127.0.0.1", 4711}, {"::1", 4712}};
  ClusterStatus status{{{sample_node("a"), data[0], true}}, {{3, "g", "waiting", sample_progress(), "for 2 nodes: 1 is there"}}};
  std::vector<control::Message> messages = {
          Join{identity, sample_node("a"), {1, 2}, "host", data[0], true, 99},
          Welcome{std::chrono::milliseconds(500), std::chrono::milliseconds(3000)},
          control::Refused{invalid("no")},
          Heartbeat{},
          Submit{identity, sample_work(), 5, 3, std::chrono::milliseconds(30000), "host"},
          Probe{1, sample_work(), {0, 4}},
          Probed{1, sample_probes()},
          Deploy{1, 2, std::string(32, '\0'), sample_work(), sample_probes(), {sample_node("a"), sample_node("b")},
                 data, 1, 77, "0123", 1, {{PoolChange::What::grow, 1, 2, 1}, {PoolChange::What::abandon, 1, 2, 0}}},
          Built{1, {{"read", "in", "/w/in", 5, 6, false}, {"write", "out", "/w/out", 0, 0, true}}},
          Start{1},
          GateEnded{1, 3},
          Underway{1, sample_progress(), {}},
          Underway{1, {}, "for nodes: 1 of 3"},
          Finished{1, Ending::interrupted, sample_progress(), {{"model", "m"}}, 12},
          Failed{1, corrupt("bad row")},
          Commit{1},
          Committed{1},
          Cancel{1, "why"},
          Interrupt{1},
          Outcome{sample_report()},
          Outcome{overloaded("full")},
          AskStatus{identity},
          status,
          Drain{"a", identity},
          Leave{},
          Resize{1, ResizeStep::receive, {PoolChange::What::shrink, 1, 2, 3}, {sample_node("c")}, {data[1]}, "0123"},
          Resized{1, ResizeStep::attach, true},
          DrainJob{1},
          Ask{1, 2, "{}"},
          Told{1, 2, "{}"},
          Answers{{{"a", true, "{}"}, {"b", false, ""}}}};
  add_others(messages);
  return messages;
}

}  // namespace leat::testing
