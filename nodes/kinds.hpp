/// What people are shown of kinds and their options.
#pragma once

#include <string>
#include <vector>

#include <leat/graph/declared_kind.hpp>

namespace leat::nodes {

/// The kind with this name, or nullptr.
const DeclaredKind* find_kind(const std::vector<DeclaredKind>& kinds, const std::string& name);

/// A line a kind: name, what it takes and gives, sentence.
std::string list_kinds(const std::vector<DeclaredKind>& kinds);

/// A line an option: name, sentence, unit, fallback, values.
std::string show_options(const std::vector<Option>& options);

/// All about one kind, its options included.
std::string show_kind(const DeclaredKind& kind);

}  // namespace leat::nodes
