/// Plans on paper: a laid out graph and its memory bound as text, dot or JSON. Pure.
#pragma once

#include <leat/graph/bound.hpp>
#include <leat/graph/layout.hpp>

#include <string>

namespace leat {

/// Cells with their stages, links with their credit, the bound term by term: for people.
std::string plan_text(const Checked& checked, const Layout& layout, const Bound& bound);

/// For graphviz: a box a stage, a cluster a cell.
std::string plan_dot(const Checked& checked, const Layout& layout);

/// For programs: stages, edges, cells, links, bound; two spaces of indent.
std::string plan_json(const Checked& checked, const Layout& layout, const Bound& bound);

}  // namespace leat
