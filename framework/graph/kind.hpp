/// Actor kinds: what a stage can be, as a plain value. Nothing runs while a graph is built.
///
///   leat::Kind<leat::Table, leat::Table> thin = leat::stage_kind<leat::Table, leat::Table>("thin", "");
///   thin.actor = [](const leat::Making&) { return std::make_unique<Thin>(); };
#pragma once

#include <leat/actor/actor.hpp>
#include <leat/actor/description.hpp>
#include <leat/actor/source.hpp>
#include <leat/graph/callable.hpp>
#include <leat/graph/column_names.hpp>
#include <leat/graph/option.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace leat {

/// How far the replicas of a stage depend on each other.
enum class Sharing {
  stateless,   ///< each chunk by itself: as many replicas as the stage above
  combinable,  ///< each replica folds its share, a second kind combines them
  single,      ///< one replica unless the user asks for more
};

/// What an actor holds from one chunk to the next, and so what can be done with it.
enum class Holds {
  unknown,  ///< it does not say: what it did can only be done again with the whole job
  nothing,  ///< but Visit::position: one that is made anew can repeat a step
  state,    ///< what its snapshot() gives, all of it
};

/// What an actor is made from.
struct Making {
  std::size_t replica = 0;
  std::size_t replicas = 1;
  std::vector<Description> inputs;
  std::string job = {};  ///< as in OutputName: that of what the actor will seal
  ColumnNames wanted = {};  ///< of what it gives: what some stage below reads
};

/// What a stage will give and need, once its inputs are known.
struct Described {
  Description output;
  Needs needs;
};

struct InputSpec {
  PayloadType type;
  bool whole_first = false;  ///< read to its end before the other inputs (a build side)
};

/// One kind with its options. Functions must be pure: they are called in any number, on any node.
struct StageKind {
  std::string name;     ///< "csv.parse": folder and actor
  /// Canonical text of the options: part of the graph's fingerprint. Other options, another text:
  /// OptionsOf makes it of all that are declared.
  std::string options;
  std::optional<Error> wrong_options;  ///< check() refuses a graph with it
  std::vector<InputSpec> inputs;       ///< none for a source
  std::optional<PayloadType> output;   ///< none for a sink
  Sharing sharing = Sharing::single;
  Holds holds = Holds::unknown;
  /// Of an actor that holds nothing: equal chunks make it emit equal chunks, so that what it made once need
  /// not be made again.
  bool pure = false;
  /// With Holds::state: names the form of its snapshots. Another form, another name.
  std::string state_version = {};
  /// Of a sink: what it does can be seen before the job commits (a pipe, a terminal, a service).
  bool visible_early = false;
  /// Its rows must come in the order of their source, to one replica: check() refuses a graph in which they need not.
  bool in_order = false;
  bool opaque = false;  ///< what it does to columns is not known before it runs
  /// Part of what it does is a function that `options` cannot tell: two that are equal in all that is
  /// written here may still do different things.
  bool has_function = false;
  /// Files it puts there or replaces. No two stages of a graph may write one file.
  std::vector<std::string> writes;
  /// Files it reads, as InputPaths has them. No stage of a graph may write one of them, and no two read what can be
  /// read only once.
  std::vector<std::string> reads_from;

  /// Checks columns against the inputs and says what comes out. Default: the first input's
  /// description, one chunk of output, no state.
  Callable<Result<Described>(const std::vector<Description>& inputs)> describe;
  /// By input: the columns of its Tables that it reads itself, and those it passes on that are `wanted` of
  /// what it gives, for what they are wanted. Tables may come without the others, and with what its file says
  /// in place of the values of those that are only carried. What it changes of what it passes on it says, too:
  /// ColumnNames::changed. Absent: it reads all, and may change them.
  Callable<std::vector<ColumnNames>(const std::vector<Description>& inputs, const ColumnNames& wanted)> reads;
  /// As describe, where not all columns are wanted: the kind then makes those alone (Making::wanted). Absent:
  /// it makes all that it is described with. Of a source, `inputs` is what its probe said; Source::narrow() is
  /// called with the columns that this gives.
  Callable<Result<Described>(const std::vector<Description>& inputs, const ColumnNames& wanted)> narrow;
  /// Of an actor that reads a file: looks at it before the job starts, as Source::probe() does, once a job, on
  /// a node with the stage's label. What it says is the last of `inputs` for describe, reads and narrow.
  Callable<Result<Description>()> probe;
  Callable<std::unique_ptr<Actor>(const Making&)> actor;    ///< not for sources
  Callable<std::unique_ptr<Source>()> source;               ///< only for sources
  std::shared_ptr<StageKind> combine;                            ///< combinable: the second kind
};

/// A kind whose payloads the compiler knows. Out is void for a sink; In is empty for a source.
template <class Out, class... In>
struct Kind : StageKind {
  using Output = Out;
};

/// A kind with its name, options and ports filled in.
template <class Out, class... In>
Kind<Out, In...> stage_kind(std::string name, GivenOptions options) {
  Kind<Out, In...> kind;
  kind.name = std::move(name);
  kind.options = std::move(options.text);
  kind.wrong_options = std::move(options.wrong);
  (kind.inputs.push_back({In::payload_type()}), ...);
  if constexpr (!std::is_void_v<Out>) kind.output = Out::payload_type();
  return kind;
}

/// A payload: what streams carry. Table and Message<T> are; so is any type over a Chunk like them.
template <class P>
concept Payload = requires(P p, Chunk c) {
  P(std::move(c));
  { P::payload_type() } -> std::convertible_to<PayloadType>;
  { std::move(p).chunk() } -> std::convertible_to<Chunk>;
};

}  // namespace leat
