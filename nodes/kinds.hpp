/// The stock kinds: what a stage of a TOML graph can be.
///
///   for (const KindEntry& entry : leat::nodes::kinds()) std::cout << entry.name << "\n";
///
/// A plain table, made anew by each call. What an actor takes as a function has no entry, but where
/// its choices can be named (where). Contracts stand in the actors' headers.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <leat/graph/kind.hpp>

#include "nodes/option.hpp"

namespace leat::nodes {

struct KindEntry {
  std::string name;      ///< as in `kind = "csv.parse"`
  std::string sentence;  ///< what it does
  std::vector<Option> options;
  std::function<StageKind(const Options&)> make;
  bool takes_any = false;  ///< whatever the stage above gives
  bool needs_source =
      false;             ///< can describe its output only when the source above has been looked at
  StageKind shape = {};  ///< one made of stand-ins: its ports

  /// What a stage that reads from it receives; none: nothing can. A combinable kind's is the
  /// combined.
  const std::optional<PayloadType>& gives() const {
    return shape.combine ? shape.combine->output : shape.output;
  }
};

std::vector<KindEntry> kinds();

/// The options of this entry with a stand-in for each.
Options stand_ins(const KindEntry& entry);

/// The entry with this name, or nullptr.
const KindEntry* find_kind(const std::vector<KindEntry>& kinds, const std::string& name);

/// A line a kind: name, what it takes and gives, sentence.
std::string list_kinds(const std::vector<KindEntry>& kinds);

/// A line an option: name, sentence, unit, fallback, values.
std::string show_options(const std::vector<Option>& options);

/// All about one kind, its options included.
std::string show_kind(const KindEntry& entry);

}  // namespace leat::nodes
