/// Streams: the typed way to write a graph. Each call adds a stage and an edge.
///
///   Graph g{"hello"};
///   g.source("count", [n = 0](Out<Message<schema::Number>>& out) mutable { ...; return ++n < 10; })
///       .map("double", [](Message<schema::Number> m, Pool& pool) { ... })
///       .sink("print", [](Message<schema::Number> m) { ... });
///
/// A stage is a Kind or a function (see callables.hpp). What does not fit the stream's payload is
/// refused by the compiler with one sentence; what only the data can tell, by Graph::check().
#pragma once

#include <leat/chunk/table.hpp>
#include <leat/graph/callables.hpp>
#include <leat/graph/end.hpp>
#include <leat/graph/graph.hpp>
#include <leat/graph/outlets.hpp>
#include <leat/graph/refused.hpp>
#include <leat/graph/stream_kinds.hpp>

namespace leat {

/// What a stage, or several merged ones, give: chunks of payload P. A value; copies name the same
/// stage, and each use of one adds an edge (a tee). Valid while its Graph, or a copy of it, is.
///
/// Settings (from after() on) return a changed stream and leave the one they are called on as it is: what is
/// thrown away sets nothing. They are of each stage of a merge. How the next stage takes the chunks (by_key,
/// by_column, broadcast, credit, compressed) is the stream's own; the others are of the stage just added, and
/// are its own, whichever copy said them, once the stream is used: with a stage below, or as a gate. After
/// a stage that has a combiner they mean that stage; after combiner(), the combiner.
template <class P>
class Stream {
 public:
  using Payload = P;
  Stream(Graph graph, std::vector<StageId> from) : at_(std::move(graph), std::move(from)) {}

  /// One chunk in, one out.
  template <class F>
  auto map(std::string name, F what, Replicas replicas = {}) const {
    if constexpr (streams::IsKind<F>) {
      return kind(std::move(name), std::move(what), replicas);
    } else if constexpr (!std::is_copy_constructible_v<F>) {
      return map(std::move(name), callables::Shared<F>(std::move(what)), replicas);
    } else if constexpr (callables::Takes<F, P>) {
      using Q = typename callables::Unwrapped<
          std::remove_cvref_t<callables::Returned<F, P>>>::type;
      if constexpr (leat::Payload<Q>) {
        constexpr Sharing sharing = callables::TakesPool<F, P> ? callables::sharing_of<F, P, Pool&>()
                                                               : callables::sharing_of<F, P>();
        return typed<Q>(std::move(name),
                        callables::kind_of<callables::MapActor<P, F>, Q, P>("lambda.map",
                                                                            std::move(what), sharing),
                        replicas);
      } else {
        static_assert(
            streams::never<F>,
            "leat: a map must return a payload: a Table, a Message<T> or a Result of one");
        return Refused{};
      }
    } else {
      static_assert(streams::never<F>,
                    "leat: this map takes another payload than the stream above it carries");
      return Refused{};
    }
  }

  /// Some of what comes in, unchanged.
  template <class F>
  auto filter(std::string name, F what, Replicas replicas = {}) const {
    if constexpr (streams::IsKind<F>) {
      return kind(std::move(name), std::move(what), replicas);
    } else if constexpr (!std::is_copy_constructible_v<F>) {
      return filter(std::move(name), callables::Shared<F>(std::move(what)), replicas);
    } else if constexpr (std::is_invocable_r_v<bool, F&, const P&>) {
      auto made = callables::kind_of<callables::FilterActor<P, F>, P, P>(
          "lambda.filter", std::move(what), callables::sharing_of<F, const P&>());
      made.opaque = false;
      return typed<P>(std::move(name), std::move(made), replicas);
    } else {
      static_assert(
          streams::never<F>,
          "leat: a filter must take the payload the stream above it carries and return bool");
      return Refused{};
    }
  }

  /// Any number of chunks out for one in.
  template <class F>
  auto flat_map(std::string name, F what, Replicas replicas = {}) const {
    if constexpr (streams::IsKind<F>) {
      return kind(std::move(name), std::move(what), replicas);
    } else if constexpr (!std::is_copy_constructible_v<F>) {
      return flat_map(std::move(name), callables::Shared<F>(std::move(what)), replicas);
    } else {
      if constexpr (callables::FlatMaps<F, P>) {
        using Q = callables::Emitted<F>;
        return typed<Q>(std::move(name),
                        callables::kind_of<callables::FlatMapActor<P, Q, F>, Q, P>(
                            "lambda.flat_map", std::move(what),
                            callables::sharing_of<F, P, Out<Q>&>()),
                        replicas);
      } else if constexpr (callables::TakesOut<F, P>) {
        static_assert(streams::never<F>, "leat: a flat map must return nothing or a Result<void>");
        return Refused{};
      } else {
        static_assert(streams::never<F>,
                      "leat: a flat map must take the payload the stream above it carries and an "
                      "Out<Q>& of the payload Q it emits");
        return Refused{};
      }
    }
  }

  /// All chunks in, what is left of them out at the end.
  template <class F>
  auto fold(std::string name, F what, Replicas replicas = {}) const {
    if constexpr (streams::IsKind<F>) {
      return kind(std::move(name), std::move(what), replicas);
    } else if constexpr (callables::Folds<F, P>) {
      if constexpr (callables::Outcome<callables::Added<F, P>>) {
        using Q = callables::Finished<F>;
        return typed<Q>(std::move(name),
                        callables::kind_of<callables::FoldActor<P, F>, Q, P>(
                            "lambda.fold", std::move(what), Sharing::single),
                        replicas);
      } else {
        static_assert(streams::never<F>, "leat: a fold's add() must return nothing or a Result<void>");
        return Refused{};
      }
    } else {
      static_assert(streams::never<F>,
                    "leat: a fold must have add() for the payload the stream above it carries and "
                    "finish() that returns a payload");
      return Refused{};
    }
  }

  /// This stream and another into a kind with two inputs.
  template <class S, class K>
  auto join(std::string name, const S& other, K what, Replicas replicas = {}) const {
    if constexpr (std::is_same_v<S, Refused>) {
      return Refused{};
    } else if constexpr (!streams::IsKind<K>) {
      static_assert(streams::never<K>,
                    "leat: a join takes an actor kind with two inputs and an output");
      return Refused{};
    } else if constexpr (streams::InnerKind<K, P, typename S::Payload>) {
      StageId stage = add(std::move(name), std::move(what), replicas);
      if (at_.one_graph(other.at_, "is joined with")) other.connect(stage, 1);
      return given<typename K::Output>(stage);
    } else {
      static_assert(streams::never<K>,
                    "leat: this join takes other payloads than the two streams carry");
      return Refused{};
    }
  }

  /// Several streams as one: the next stage takes whichever chunk is ready.
  template <class... S>
  auto merge(const S&... others) const {
    if constexpr ((std::is_same_v<S, Refused> || ...)) {
      return Refused{};
    } else if constexpr ((std::is_same_v<S, Stream> && ...)) {
      streams::Outlets merged = at_;
      ((merged = merged.merged(others.at_)), ...);
      return Stream(std::move(merged));
    } else {
      static_assert(streams::never<S...>, "leat: merged streams must carry one payload");
      return Refused{};
    }
  }

  /// Where the chunks end.
  template <class F>
  auto sink(std::string name, F what) const {
    if constexpr (streams::SinkKind<F, P>) {
      return End(at_.graph(), add(std::move(name), std::move(what), {}));
    } else if constexpr (streams::KindOf<F, P>) {
      static_assert(
          streams::never<F>,
          "leat: this actor kind has an output: only one without ends a stream in sink()");
      return Refused{};
    } else if constexpr (!std::is_copy_constructible_v<F>) {
      return sink(std::move(name), callables::Shared<F>(std::move(what)));
    } else if constexpr (callables::Drains<F, P>) {
      return End(at_.graph(), add(std::move(name),
                             callables::kind_of<callables::SinkActor<P, F>, void, P>(
                                 "lambda.sink", std::move(what), Sharing::single, callables::holds_of<F, P>()),
                             {}));
    } else if constexpr (std::is_invocable_v<F&, P>) {
      static_assert(streams::never<F>, "leat: a sink must return nothing or a Result<void>");
      return Refused{};
    } else {
      static_assert(streams::never<F>,
                    "leat: this sink takes another payload than the stream above it carries");
      return Refused{};
    }
  }

  /// No input is taken before `other` has ended (a gate).
  template <class Q>
  [[nodiscard("leat: a setting changes the stream that it returns: use that one")]]
  Stream after(const Stream<Q>& other) const {
    return Stream(at_.after(other.at_));
  }
  [[nodiscard("leat: a setting changes the stream that it returns: use that one")]]
  Stream after(const Refused&) const { return *this; }

  /// Rows, or chunks, with equal keys go to one replica of the next stage: that of the key's group
  /// (actor/state.hpp).
  template <class F>
  [[nodiscard("leat: a setting changes the stream that it returns: use that one")]]
  auto by_key(std::string called, F key) const {
    if constexpr (!std::is_copy_constructible_v<F>) {
      return by_key(std::move(called), callables::Shared<F>(std::move(key)));
    } else if constexpr (callables::Keys<F, P>) {
      auto split = [key = std::move(key)](Pool&, const Chunk& chunk, std::size_t n, auto& to) -> Result<void> {
        to.emplace_back(replica_of(key_group(static_cast<std::uint64_t>(std::invoke(key, P(chunk)))), n), chunk);
        return {};
      };
      return keyed(std::move(called), false, split);
    } else {
      static_assert(streams::never<F>,
                    "leat: a key must take the payload the stream carries and return an integer");
      return Refused{};
    }
  }
  /// Rows of a Table with equal cells in `column` go to one replica of the next stage.
  [[nodiscard("leat: a setting changes the stream that it returns: use that one")]]
  auto by_column(std::string column) const {
    if constexpr (std::is_same_v<P, Table>) {
      Splitter split = streams::column_splitter(column);
      return keyed(std::move(column), true, split);
    } else {
      static_assert(streams::never<P>, "leat: by_column is for streams of Tables");
      return Refused{};
    }
  }
  /// Every chunk goes to every replica of the next stage.
  [[nodiscard("leat: a setting changes the stream that it returns: use that one")]]
  Stream broadcast() const {
    return to_next([](Dispatch& next) { next.rule = Dispatch::Rule::broadcast; });
  }
  /// Credit of each channel to the next stage.
  [[nodiscard("leat: a setting changes the stream that it returns: use that one")]]
  Stream credit(std::uint64_t bytes, std::uint64_t chunks) const {
    return to_next([&](Dispatch& next) { next.window = Amount{bytes, chunks}; });
  }
  /// Chunks to the next stage are compressed (lz4) where they go to another node.
  [[nodiscard("leat: a setting changes the stream that it returns: use that one")]]
  Stream compressed() const {
    return to_next([](Dispatch& next) { next.compress = true; });
  }

  /// The settings that follow mean the combiner: the stage that puts together what the replicas of a fold
  /// have made, called after it ("train combine"). check() refuses a stage that has none.
  [[nodiscard("leat: a setting changes the stream that it returns: use that one")]]
  Stream combiner() const {
    return Stream(at_.combiners());
  }
  /// A cell of its own: its exceptions and its pace are its own.
  [[nodiscard("leat: a setting changes the stream that it returns: use that one")]]
  Stream isolated() const {
    return with({.isolated = true});
  }
  /// A cell and a thread of its own: for stages that block.
  [[nodiscard("leat: a setting changes the stream that it returns: use that one")]]
  Stream blocking() const {
    return with({.blocking = true});
  }
  /// It runs only on nodes with this label, or with all of several: "gpu+disk". A source runs on the first
  /// such node; what follows it may run elsewhere. "": anywhere. The label is its combiner's too, unless that
  /// has another. In one process labels mean nothing, but that a stage with a label of its own has a cell of
  /// its own.
  [[nodiscard("leat: a setting changes the stream that it returns: use that one")]]
  Stream on(const std::string& label) const {
    return with({.on = label});
  }
  /// Bytes it may hold between visits.
  [[nodiscard("leat: a setting changes the stream that it returns: use that one")]]
  Stream state(std::uint64_t bytes) const {
    return with({.state = bytes});
  }
  /// Bytes it may emit in one step, and a lambda in one chunk.
  [[nodiscard("leat: a setting changes the stream that it returns: use that one")]]
  Stream emits_at_most(std::uint64_t bytes) const {
    return with({.max_output = bytes});
  }

  /// How many chunks, in each process, it may put aside when it throws at them again and again: they are
  /// dead letters, and the job goes on. Only a stage that holds nothing may.
  [[nodiscard("leat: a setting changes the stream that it returns: use that one")]]
  Stream dead_letters(std::uint64_t chunks) const {
    return with({.dead_letters = chunks});
  }

  const std::vector<StageId>& stages() const { return at_.stages(); }
  /// Adds this stream's edges into a port of `to`.
  void connect(StageId to, std::size_t port) const {
    at_.connect(to, port);
  }

 private:
  template <class Q>
  friend class Stream;
  friend class End;

  explicit Stream(streams::Outlets at) : at_(std::move(at)) {}
  Stream with(const StageSettings& settings) const { return Stream(at_.with(settings)); }
  template <class F>
  Stream to_next(F change) const {
    return Stream(at_.to_next(change));
  }
  Stream keyed(std::string by, bool by_column, const Splitter& splitter) const {
    return to_next([&](Dispatch& next) {
      next.rule = Dispatch::Rule::key;
      next.by = by;
      next.by_column = by_column;
      next.splitter = splitter;
    });
  }
  StageId add(std::string name, StageKind kind, Replicas replicas) const {
    Graph graph = at_.graph();
    Stage stage;
    stage.name = std::move(name);
    stage.kind = std::move(kind);
    stage.replicas = replicas;
    StageId id = graph.add(std::move(stage));
    connect(id, 0);
    return id;
  }
  // What a stage gives, once its replicas' parts are combined where its kind says how.
  template <class Q>
  Stream<Q> given(StageId stage) const {
    Graph graph = at_.graph();
    StageId gives = graph.add_combiner(stage);
    if (gives != stage) graph.connect({stage, gives, 0, {}});
    return Stream<Q>(graph, {gives});
  }
  template <class Q>
  Stream<Q> typed(std::string name, StageKind kind, Replicas replicas) const {
    return given<Q>(add(std::move(name), std::move(kind), replicas));
  }
  template <class K>
  auto kind(std::string name, K what, Replicas replicas) const {
    if constexpr (streams::InnerKind<K, P>) {
      return typed<typename K::Output>(std::move(name), std::move(what), replicas);
    } else if constexpr (streams::KindOf<K, P>) {
      static_assert(streams::never<K>,
                    "leat: this actor kind has no output: a stream ends with it in sink()");
      return Refused{};
    } else {
      static_assert(streams::never<K>,
                    "leat: this actor kind takes another payload than the stream above it carries");
      return Refused{};
    }
  }

  streams::Outlets at_;
};

template <class Q>
End End::after(const Stream<Q>& other) const {
  return End(at_.after(other.at_));
}

inline Refused::operator End() const { return End(Graph{"refused"}, 0); }

template <class F>
auto Graph::source(std::string name, F what) {
  Stage stage;
  stage.name = std::move(name);
  if constexpr (streams::InnerKind<F>) {
    stage.kind = std::move(what);
    return Stream<typename F::Output>(*this, {add(std::move(stage))});
  } else if constexpr (!streams::IsKind<F> && !std::is_copy_constructible_v<F>) {
    return source(std::move(stage.name), callables::Shared<F>(std::move(what)));
  } else if constexpr (!streams::IsKind<F> && callables::Generates<F>) {
    using Q = callables::Emitted<F>;
    auto kind = stage_kind<Q>("lambda.source", "");
    kind.opaque = kind.has_function = true;
    kind.source = [what] { return std::make_unique<callables::GeneratorSource<Q, F>>(what); };
    stage.kind = std::move(kind);
    return Stream<Q>(*this, {add(std::move(stage))});
  } else {
    static_assert(streams::never<F>,
                  "leat: a source must be a source kind or a function bool(Out<Q>&) of the "
                  "payload Q it emits");
    return Refused{};
  }
}

}  // namespace leat
