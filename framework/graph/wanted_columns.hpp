/// Which columns of each stage's output some stage below reads. Pure.
#pragma once

#include <leat/graph/graph.hpp>

#include <vector>

namespace leat {

/// By stage.
struct WantedColumns {
  std::vector<ColumnNames> wanted;   ///< of what it gives
  std::vector<ColumnNames> changed;  ///< ColumnNames::changes(): what it changes of what it passes on
};

/// `order`: all stages, each after those above it; `inputs`: by stage and port, what comes in.
/// Streams that are merged into one input stay whole, so that they stay alike. Errors: what a kind's
/// reads() throws, named by its stage.
Result<WantedColumns> wanted_columns(const Graph& graph, const std::vector<StageId>& order,
                                     const std::vector<std::vector<Description>>& inputs);

/// Tells the sources that are here, and whose kinds say how (StageKind::narrow), which columns they are to give.
void narrow_sources(Checked& checked);

/// Of columns that came with what their file says, and are changed: describes them without it. A parser's own stay, as
/// nothing of that comes to it.
void drop_raw(const ColumnNames& changed, const std::vector<Description>& inputs, Fields& fields);

/// Tells the stages below, as the note "unread", which of the whole's columns are not in what was narrowed:
/// "city (text), day (timestamp)".
void note_unread(const Fields& whole, Description& narrow);

}  // namespace leat
