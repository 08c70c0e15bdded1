/// The actor kit: holds a kind of actor, source or sink to its contract, without a runtime.
///
///   kit::Trial trial{my_kind(options), {description}, {{chunk}, {other, 1}}};
///   auto ok = kit::try_actor(trial);
///   if (!ok) std::cerr << ok.error().sentence << "\n";
///
/// What is tried is what a job does with actors: it takes their state down between any two steps and takes
/// it up in another, repeats steps, and makes output visible in a process that never wrote it. Each is made
/// from its kind as a job makes it, with the budget that the kind describes.
#pragma once

#include <leat/graph/kind.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace leat::kit {

/// A chunk, and the input it comes in on.
struct Fed {
  Chunk chunk;
  std::size_t port = 0;
};

/// A kind, what is known of its inputs, and chunks in the order in which they come: those of an input that is
/// read whole first before the others.
struct Trial {
  StageKind kind;
  std::vector<Description> inputs;
  std::vector<Fed> chunks;
  /// Of a sink: what is in a file that it wrote, where more than that is in its bytes (who wrote it, or when).
  std::function<Result<std::string>(const std::string& path)> content = {};
};

/// Tries an actor: that between any two steps
/// - taking its state down changes nothing, and does it twice alike;
/// - another actor that takes it up emits, counts and reports what the first would have, to the bit, and finds
///   no room for it in a budget of nothing where the first had charged something;
/// - where the kind says that it holds nothing, another one goes on without any state;
/// and that chunks that are its own to change give what shared ones give. Of one that writes files
/// (StageKind::writes) besides what try_sink() tries. Errors: the first thing that is not so, with the number
/// of steps before it; those of the actor. Threads: one.
Result<void> try_actor(const Trial& trial);

/// Tries a sink that writes files: that none of them is touched before the commit; that what a process sealed
/// which has then died is committed, twice, or thrown away by its name in this one; that nothing else is left in
/// their folders; and that one which takes up a state from between any two steps writes the same. Forks; the
/// files, which must not be there, are removed in the end.
Result<void> try_sink(const Trial& trial);

/// Tries a source: that to ask for its position changes nothing, and that another one which goes there gives the
/// rest, to the bit. One that has no position is not tried further. What it reads must stay as it is.
Result<void> try_source(const StageKind& kind);

}  // namespace leat::kit
