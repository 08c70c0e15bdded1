/// A graph written as TOML: read, and held against the kinds there are. No I/O.
///
///   Complaints complaints;
///   GraphFile file = read_graph(text, stock_kinds(), complaints);
///
/// README.md describes the format. Everything that is wrong is complained about, with its place, as
/// far as one mistake does not hide the next. Threads: no state.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <leat/graph/args.hpp>

#include "nodes/kinds.hpp"
#include "nodes/option_reading.hpp"
#include "nodes/toml_text.hpp"

namespace leat::nodes {

/// A stage named by another.
struct Reference {
  std::string stage;
  Position at;
  std::size_t index = 0;  ///< into GraphFile::stages
};

/// What a stage says of its combiner: combine = { ... }.
struct CombineEntry {
  std::vector<Reference> after;
  std::vector<Member> given;  ///< settings
};

/// One [[stage]], its settings and options not yet read: they may hold ${parameters}.
struct StageEntry {
  std::string name;
  Position at;  ///< of its [[stage]]
  Position name_at;
  const DeclaredKind* kind = nullptr;  ///< into the table it was read with; null: complained about
  bool reads = false;               ///< has a `from`, sound or not
  std::vector<std::vector<Reference>> from;  ///< by input; several in one are merged
  std::vector<Reference> after;
  Replicas replicas;
  Dispatch dispatch;  ///< rule and key column
  Position dispatch_at;
  std::vector<Member> given;  ///< what is left: settings of any stage, and options of the kind
  CombineEntry combine;
};

struct GraphFile {
  std::string name = "graph";
  std::string sentence;
  std::optional<std::chrono::milliseconds> latency;  ///< Graph::latency()
  std::vector<Option> params;
  std::vector<StageEntry> stages;
};

/// `kinds` must outlive what is returned.
GraphFile read_graph(std::string_view text, const std::vector<DeclaredKind>& kinds,
                     Complaints& complaints);

/// Settings that any stage may have besides its options.
std::vector<Option> stage_settings();

/// Of these, those that a combiner may have: it is one, and its input is the stage's own.
std::vector<Option> combiner_settings();

/// Reads [params]: a table a parameter. Names the command line has taken are refused.
std::vector<Option> read_params(const Member& member, Complaints& complaints);

/// Finds what a whole graph can have wrong: stages that are not there or there twice, payloads that
/// do not fit, streams that nothing takes, cycles. Fills in Reference::index.
void check_edges(std::vector<StageEntry>& stages, Complaints& complaints);

}  // namespace leat::nodes
