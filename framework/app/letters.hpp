/// The commands about dead letters: list, show, replay.
#pragma once

#include <leat/app/request.hpp>
#include <leat/app/voice.hpp>
#include <leat/graph/graph.hpp>

namespace leat {

/// A line a letter, of a file or of all files in a folder. Returns the exit status.
int list_letters(const Request& request, const Voice& voice);
/// All about one letter, and its rows where it is a Table. Returns the exit status.
int show_letter(const Request& request, const Voice& voice);

/// What is to be run so that the letters of request.letters go through `graph` again. Errors: those of
/// read_dead_letters(), Graph::check() and replay_graph().
Result<Graph> replayed(const Graph& graph, const Request& request);

}  // namespace leat
