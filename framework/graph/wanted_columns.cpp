#include <leat/graph/wanted_columns.hpp>

#include <leat/actor/guard.hpp>
#include <leat/graph/graph_error.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

namespace leat {
namespace {

bool merged(const Graph& graph, const Edge& edge) {
  const auto& edges = graph.edges();
  return std::count_if(edges.begin(), edges.end(),
                       [&](const Edge& e) { return e.to == edge.to && e.port == edge.port; }) > 1;
}

// What an edge's own rule reads: the key, whole chunks where it is a function's.
ColumnNames of_dispatch(const Dispatch& dispatch) {
  if (dispatch.rule != Dispatch::Rule::key) return ColumnNames::of({});
  return dispatch.by_column ? ColumnNames::of({dispatch.by}) : ColumnNames::all();
}

}  // namespace

Result<WantedColumns> wanted_columns(const Graph& graph, const std::vector<StageId>& order,
                                     const std::vector<std::vector<Description>>& inputs) {
  WantedColumns columns;
  columns.changed.assign(graph.stages().size(), ColumnNames::of({}));
  std::vector<ColumnNames>& wanted = columns.wanted;
  wanted.assign(graph.stages().size(), ColumnNames::of({}));
  for (auto at = order.rbegin(); at != order.rend(); ++at) {
    const StageKind& kind = graph.stages()[*at].kind;
    // What nobody knows of may change what it passes on.
    std::vector<ColumnNames> read(kind.inputs.size(), kind.output ? ColumnNames::all_changed() : ColumnNames::all());
    if (kind.reads) {
      auto said = guarded([&] { return kind.reads(inputs[*at], wanted[*at]); });
      if (!said) return stage_error(graph, *at, said.error());
      read = std::move(said).value();
    }
    read.resize(kind.inputs.size(), ColumnNames::all());
    for (ColumnNames& each : read) {
      columns.changed[*at].add(each);
      each = each.settled();
    }
    for (const Edge& edge : graph.edges()) {
      if (edge.to != *at) continue;
      wanted[edge.from].add(merged(graph, edge) ? ColumnNames::all() : read[edge.port]);
      wanted[edge.from].add(of_dispatch(edge.dispatch));
    }
  }
  return columns;
}

void narrow_sources(Checked& checked) {
  for (StageId id = 0; id < checked.sources.size(); ++id) {
    if (!checked.sources[id] || !checked.graph.stages()[id].kind.narrow || checked.wanted[id].are_all()) continue;
    checked.sources[id]->narrow(checked.described[id].output.fields);
  }
}

void drop_raw(const ColumnNames& changed, const std::vector<Description>& inputs, Fields& fields) {
  for (const Description& input : inputs) {
    for (const Field& came : input.fields) {
      auto at = came.raw && changed.changes(came.name) ? find_field(fields, came.name) : std::nullopt;
      if (at) fields[*at].raw = false;
    }
  }
}

void note_unread(const Fields& whole, Description& narrow) {
  std::set<std::string_view> kept;
  for (const Field& field : narrow.fields) kept.insert(field.name);
  std::string unread;
  for (const Field& field : whole) {
    if (kept.count(field.name)) continue;
    unread += (unread.empty() ? "" : ", ") + field.name + " (" + std::string(type_name(field.type)) + ")";
  }
  narrow.notes["unread"] = unread;
}

}  // namespace leat
