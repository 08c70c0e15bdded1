/// Plans on paper: a laid out graph and its memory bound as text, dot or JSON. Pure.
///
/// With a placement they show the nodes, which of them run which replicas, what crosses between them,
/// and each node's own bound, for which `bound` gives the process base only.
#pragma once

#include <leat/graph/bound.hpp>
#include <leat/graph/layout.hpp>
#include <leat/graph/placement.hpp>

#include <string>

namespace leat {

/// Cells with their stages, links with their credit, the bound term by term: for people.
std::string plan_text(const Checked& checked, const Layout& layout, const Bound& bound,
                      const Placement& placement = {});

/// For graphviz: a box a stage, a cluster a cell; what crosses nodes is bold.
std::string plan_dot(const Checked& checked, const Layout& layout, const Placement& placement = {});

/// For programs: stages, links, bound; with a placement nodes, each with its bound, and cells;
/// two spaces of indent.
std::string plan_json(const Checked& checked, const Layout& layout, const Bound& bound,
                      const Placement& placement = {});

}  // namespace leat
