#include <leat/graph/replay.hpp>

#include <leat/graph/memory.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace leat {
namespace {

// Two schemas may have one name.
Error other_type(const DeadLetter& letter, const PayloadType& taken) {
  bool alike = letter.type.name == taken.name;
  std::string is = alike ? "another " + letter.type.name + ", of another schema" : "a " + letter.type.name;
  return invalid("stage " + letter.stage + " takes " + taken.name + " and the letter is " + is +
                 ": replay it with the program that put it aside");
}

class Replaying {
 public:
  Replaying(const Checked& checked, const std::vector<DeadLetter>& letters)
      : checked_(checked), stages_(checked.graph.stages()), letters_(letters), graph_(checked.graph.name()) {}

  Result<Graph> run() {
    if (letters_.empty()) return invalid("there are no letters to replay");
    if (auto sorted = sort(); !sorted) return std::move(sorted).error();
    for (const auto& [input, chunks] : of_input_) below(input.first);
    std::set<StageId> kept = below_;
    for (const Edge& edge : checked_.graph.edges()) {
      if (below_.count(edge.to) && whole_first(edge)) above(edge.from, kept);
    }
    graph_.latency(checked_.graph.latency());
    for (StageId id : kept) id_of_[id] = graph_.add(stages_[id]);
    for (StageId id : kept) reconnect_gates(id, kept);
    for (const Edge& edge : checked_.graph.edges()) connect(edge, kept);
    for (StageId id : below_) feed(id);
    return graph_;
  }

 private:
  using Input = std::pair<StageId, std::size_t>;

  Result<void> sort() {
    for (const DeadLetter& letter : letters_) {
      auto found = std::find_if(stages_.begin(), stages_.end(), [&](const Stage& s) { return s.name == letter.stage; });
      auto id = static_cast<StageId>(found - stages_.begin());
      if (found == stages_.end() || letter.port >= found->kind.inputs.size()) {
        return invalid("graph " + checked_.graph.name() + " has no stage " + letter.stage + " with an input " +
                       std::to_string(letter.port) + ": replay the letters with the program that put them aside");
      }
      if (!(found->kind.inputs[letter.port].type == letter.type)) {
        return other_type(letter, found->kind.inputs[letter.port].type);
      }
      of_input_[{id, letter.port}].push_back(letter.chunk);
    }
    return {};
  }

  bool whole_first(const Edge& edge) const { return stages_[edge.to].kind.inputs[edge.port].whole_first; }

  void below(StageId id) {
    if (!below_.insert(id).second) return;
    for (const Edge& edge : checked_.graph.edges()) {
      if (edge.from == id) below(edge.to);
    }
  }
  void above(StageId id, std::set<StageId>& kept) const {
    if (!kept.insert(id).second) return;
    for (const Edge& edge : checked_.graph.edges()) {
      if (edge.to == id) above(edge.from, kept);
    }
  }

  void reconnect_gates(StageId id, const std::set<StageId>& kept) {
    Stage& stage = graph_.stage(id_of_[id]);
    stage.after.clear();
    for (StageId gate : stages_[id].after) {
      if (kept.count(gate)) stage.after.push_back(id_of_[gate]);
    }
    if (stage.combines) stage.combines = kept.count(*stage.combines) ? std::optional(id_of_[*stage.combines]) : std::nullopt;
  }

  // Rows that come in again come from where the letters do, or from above them where they are read whole first.
  void connect(const Edge& edge, const std::set<StageId>& kept) {
    if (!kept.count(edge.from) || !kept.count(edge.to)) return;
    if (of_input_.count({edge.to, edge.port}) && !below_.count(edge.from)) return;
    bool again = below_.count(edge.to) && !below_.count(edge.from) && !whole_first(edge);
    if (again) return;
    Edge made = edge;
    made.from = id_of_[edge.from];
    made.to = id_of_[edge.to];
    graph_.connect(made);
    fed_.insert({edge.to, edge.port});
  }

  void feed(StageId id) {
    for (std::size_t port = 0; port < stages_[id].kind.inputs.size(); ++port) {
      auto letters = of_input_.find({id, port});
      if (letters == of_input_.end() && fed_.count({id, port})) continue;
      auto edge = std::find_if(checked_.graph.edges().begin(), checked_.graph.edges().end(),
                               [&](const Edge& e) { return e.to == id && e.port == port; });
      Description description = checked_.described[edge->from].output;
      auto chunks = std::make_shared<std::vector<Chunk>>();
      if (letters != of_input_.end()) *chunks = letters->second;
      for (const Chunk& chunk : *chunks) {
        description.max_chunk = std::max<std::uint64_t>(description.max_chunk, chunk.footprint());
      }
      Stage source;
      source.name = "letters of " + stages_[id].name + (port > 0 ? " " + std::to_string(port) : "");
      source.kind.name = "letters";
      source.kind.options = std::to_string(chunks->size());
      source.kind.output = stages_[id].kind.inputs[port].type;
      source.kind.source = [chunks, description] {
        return std::make_unique<memory::VectorSource>(chunks, description, "letters");
      };
      graph_.connect({graph_.add(std::move(source)), id_of_[id], port, {}});
    }
  }

  const Checked& checked_;
  const std::vector<Stage>& stages_;
  const std::vector<DeadLetter>& letters_;
  Graph graph_;
  std::map<Input, std::vector<Chunk>> of_input_;
  std::set<StageId> below_;  // the stages with letters, and all below them
  std::map<StageId, StageId> id_of_;
  std::set<Input> fed_;
};

}  // namespace

Result<Graph> replay_graph(const Checked& checked, const std::vector<DeadLetter>& letters) {
  return Replaying(checked, letters).run();
}

}  // namespace leat
