#include <algorithm>
#include <map>

#include <leat/chunk/table.hpp>

#include "nodes/graph_file.hpp"

namespace leat::nodes {
namespace {

class CheckingEdges {
 public:
  CheckingEdges(std::vector<StageEntry>& stages, Complaints& complaints)
      : stages_(stages), complaints_(complaints) {}

  void run() {
    bool whole = names();
    whole = references() && whole;
    for (StageEntry& stage : stages_)
      payloads(stage);
    if (!whole) return;
    dangling();
    cycles();
  }

 private:
  void complain(const StageEntry& stage, Position at, const std::string& what) {
    complaints_.push_back({at, "stage " + shown(stage.name) + ": " + what});
  }

  // False when a name is missing or there twice.
  bool names() {
    bool sound = true;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      const StageEntry& stage = stages_[i];
      if (stage.name.empty()) {
        sound = false;
        continue;
      }
      auto [first, fresh] = by_name_.emplace(stage.name, i);
      if (fresh) continue;
      sound = false;
      complain(stage, stage.name_at,
               "is there twice: the first is on line " +
                   std::to_string(stages_[first->second].name_at.line));
    }
    for (const StageEntry& stage : stages_) {
      if (!stage.kind || !stage.kind->shape.combine) continue;
      auto taken = by_name_.find(combiner_name(stage.name));
      if (taken == by_name_.end()) continue;
      sound = false;
      complain(stages_[taken->second], stages_[taken->second].name_at,
               "this name is for the combiner of " + shown(stage.name) + ": choose another");
    }
    return sound;
  }

  bool references() {
    bool sound = true;
    for (StageEntry& stage : stages_) {
      for (auto& port : stage.from) {
        for (Reference& from : port)
          sound = find(stage, from, "from") && sound;
      }
      for (Reference& gate : stage.after)
        sound = find(stage, gate, "after") && sound;
      for (Reference& gate : stage.combine.after)
        sound = find(stage, gate, "combine: after") && sound;
      if (stage.kind && !fed(stage)) sound = false;
    }
    return sound;
  }

  // False where a `from` is missing or could not be read.
  static bool fed(const StageEntry& stage) {
    bool all =
        std::none_of(stage.from.begin(), stage.from.end(), [](auto& port) { return port.empty(); });
    return all && stage.from.size() == stage.kind->shape.inputs.size();
  }

  bool find(const StageEntry& stage, Reference& reference, const std::string& key) {
    auto found = by_name_.find(reference.stage);
    if (found != by_name_.end()) {
      reference.index = found->second;
      return true;
    }
    reference.index = stages_.size();
    std::vector<std::string> names;
    for (const auto& [name, index] : by_name_)
      names.push_back(name);
    complain(stage, reference.at,
             key + ": there is no stage " + shown(reference.stage) +
                 did_you_mean(names, shown(reference.stage)));
    return false;
  }

  void payloads(StageEntry& stage) {
    if (!stage.kind) return;
    const auto& inputs = stage.kind->shape.inputs;
    if (!inputs.empty() && !stage.reads) {
      complain(stage, stage.at, "has no from: name the stage to read from");
    }
    for (std::size_t port = 0; port < stage.from.size(); ++port) {
      for (const Reference& from : stage.from[port]) {
        if (from.index < stages_.size() && stages_[from.index].kind)
          fits(stage, from, inputs[port].type);
      }
    }
    if (stage.dispatch.rule == Dispatch::Rule::key && !stage.kind->takes_any && !inputs.empty() &&
        !(inputs[0].type == Table::payload_type())) {
      complain(stage, stage.dispatch_at,
               "dispatch: only Tables have columns to key by; this is " + inputs[0].type.name);
    }
  }

  void fits(const StageEntry& stage, const Reference& from, const PayloadType& wanted) {
    const DeclaredKind& above = *stages_[from.index].kind;
    if (!above.gives()) {
      complain(stage, from.at,
               "from: " + shown(from.stage) + " is a sink (" + above.name + ") and gives nothing");
    } else if (!stage.kind->takes_any && !(*above.gives() == wanted)) {
      complain(stage, from.at,
               stage.kind->name + " takes " + wanted.name + " but " + shown(from.stage) +
                   " gives " + above.gives()->name + ": put a stage between that converts");
    }
  }

  void dangling() {
    std::vector<bool> read(stages_.size());
    for (const StageEntry& stage : stages_) {
      for (const auto& port : stage.from) {
        for (const Reference& from : port)
          read[from.index] = true;
      }
    }
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      const StageEntry& stage = stages_[i];
      if (read[i] || !stage.kind || !stage.kind->gives()) continue;
      complain(stage, stage.at,
               "gives " + stage.kind->gives()->name + " that nothing takes: end it in a sink");
    }
  }

  template <class F> void for_each_awaited(std::size_t stage, F f) const {
    for (const auto& port : stages_[stage].from) {
      for (const Reference& from : port)
        f(from);
    }
    for (const Reference& gate : stages_[stage].after)
      f(gate);
    for (const Reference& gate : stages_[stage].combine.after)
      f(gate);
  }

  // Kahn's algorithm (1962); of what it leaves, each stage waits for another that is left.
  void cycles() {
    std::vector<std::size_t> waits(stages_.size());
    std::vector<std::vector<std::size_t>> below(stages_.size());
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < stages_.size(); ++i) {
      for_each_awaited(i, [&](const Reference& r) {
        ++waits[i];
        below[r.index].push_back(i);
      });
      if (waits[i] == 0) ready.push_back(i);
    }
    for (std::size_t at = 0; at < ready.size(); ++at) {
      for (std::size_t next : below[ready[at]]) {
        if (--waits[next] == 0) ready.push_back(next);
      }
    }
    auto stuck = std::find_if(waits.begin(), waits.end(), [](std::size_t n) { return n > 0; });
    if (stuck != waits.end()) name_cycle(static_cast<std::size_t>(stuck - waits.begin()), waits);
  }

  void name_cycle(std::size_t at, const std::vector<std::size_t>& waits) {
    std::vector<std::size_t> path;
    Reference last;
    while (!std::count(path.begin(), path.end(), at)) {
      path.push_back(at);
      const Reference* next = nullptr;
      for_each_awaited(at, [&](const Reference& r) {
        if (!next && waits[r.index] > 0) next = &r;
      });
      last = *next;
      at = next->index;
    }
    path.erase(path.begin(), std::find(path.begin(), path.end(), at));
    std::string round;
    for (std::size_t each : path)
      round += shown(stages_[each].name) + " waits for ";
    complain(stages_[path.back()], last.at,
             "the stages form a cycle: " + round + shown(stages_[at].name));
  }

  std::vector<StageEntry>& stages_;
  Complaints& complaints_;
  std::map<std::string, std::size_t> by_name_;
};

}  // namespace

void check_edges(std::vector<StageEntry>& stages, Complaints& complaints) {
  CheckingEdges(stages, complaints).run();
}

}  // namespace leat::nodes
