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
#include <leat/graph/refused.hpp>
#include <leat/graph/stream_kinds.hpp>

namespace leat {

/// What a stage, or several merged ones, give: chunks of payload P. A value; copies name the same
/// stage, and each use of one adds an edge (a tee). Valid while its Graph, or a copy of it, is.
template <class P>
class Stream {
 public:
  using Payload = P;
  Stream(Graph graph, std::vector<StageId> from) : graph_(std::move(graph)), from_(std::move(from)) {}

  /// One chunk in, one out.
  template <class F>
  auto map(std::string name, F what, Replicas replicas = {}) const {
    if constexpr (streams::IsKind<F>) {
      return kind(std::move(name), std::move(what), replicas);
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
      std::shared_ptr<StageKind> combine = what.combine;
      StageId stage = add(name, std::move(what), replicas);
      if (one_graph(other, "is joined with")) other.connect(stage, 1);
      return combined(std::move(name), Stream<typename K::Output>(graph_, {stage}), combine);
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
      Stream merged = *this;
      auto add = [&](const Stream& other) {
        if (!one_graph(other, "is merged with")) return;
        merged.from_.insert(merged.from_.end(), other.from_.begin(), other.from_.end());
      };
      (add(others), ...);
      return merged;
    } else {
      static_assert(streams::never<S...>, "leat: merged streams must carry one payload");
      return Refused{};
    }
  }

  /// Where the chunks end.
  template <class F>
  auto sink(std::string name, F what) const {
    if constexpr (streams::SinkKind<F, P>) {
      return End(graph_, add(std::move(name), std::move(what), {}));
    } else if constexpr (streams::KindOf<F, P>) {
      static_assert(
          streams::never<F>,
          "leat: this actor kind has an output: only one without ends a stream in sink()");
      return Refused{};
    } else if constexpr (callables::Drains<F, P>) {
      return End(graph_, add(std::move(name),
                             callables::kind_of<callables::SinkActor<P, F>, void, P>(
                                 "lambda.sink", std::move(what), Sharing::single),
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

  /// The stage just added takes no input before `other` has ended (a gate).
  template <class Q>
  Stream after(const Stream<Q>& other) const {
    if (!one_graph(other, "comes after")) return *this;
    for (StageId gate : other.stages()) configured().after.push_back(gate);
    return *this;
  }
  Stream after(const Refused&) const { return *this; }

  /// Rows, or chunks, with equal keys go to one replica of the next stage: that of the key's group
  /// (actor/state.hpp).
  template <class F>
  auto by_key(std::string called, F key) const {
    if constexpr (callables::Keys<F, P>) {
      Stream keyed = *this;
      keyed.next_.rule = Dispatch::Rule::key;
      keyed.next_.by = std::move(called);
      keyed.next_.splitter = [key = std::move(key)](Pool&, const Chunk& chunk, std::size_t n,
                                                   auto& to) -> Result<void> {
        to.emplace_back(replica_of(key_group(static_cast<std::uint64_t>(key(P(chunk)))), n), chunk);
        return {};
      };
      return keyed;
    } else {
      static_assert(streams::never<F>,
                    "leat: a key must take the payload the stream carries and return an integer");
      return Refused{};
    }
  }
  /// Rows of a Table with equal cells in `column` go to one replica of the next stage.
  auto by_column(std::string column) const {
    if constexpr (std::is_same_v<P, Table>) {
      Stream keyed = *this;
      keyed.next_.rule = Dispatch::Rule::key;
      keyed.next_.splitter = streams::column_splitter(column);
      keyed.next_.by = std::move(column);
      keyed.next_.by_column = true;
      return keyed;
    } else {
      static_assert(streams::never<P>, "leat: by_column is for streams of Tables");
      return Refused{};
    }
  }
  /// Every chunk goes to every replica of the next stage.
  Stream broadcast() const {
    Stream all = *this;
    all.next_.rule = Dispatch::Rule::broadcast;
    return all;
  }
  /// Credit of each channel to the next stage.
  Stream credit(std::uint64_t bytes, std::uint64_t chunks) const {
    Stream bounded = *this;
    bounded.next_.window = Amount{bytes, chunks};
    return bounded;
  }
  /// Chunks to the next stage are compressed (lz4) where they go to another node.
  Stream compressed() const {
    Stream small = *this;
    small.next_.compress = true;
    return small;
  }

  /// A cell of its own for the stage just added: its exceptions and its pace are its own.
  Stream isolated() const {
    configured().isolated = true;
    return *this;
  }
  /// A cell and a thread of its own: for stages that block.
  Stream blocking() const {
    configured().isolated = configured().blocking = true;
    return *this;
  }
  /// The stage just added runs only on nodes with this label, or with all of several: "gpu+disk". A
  /// source runs on the first such node; what follows it may run elsewhere. "": anywhere. In one
  /// process labels mean nothing, but that a stage with a label of its own has a cell of its own.
  Stream on(const std::string& label) const {
    streams::put_on(graph_, last(), label);
    return *this;
  }
  /// Bytes the stage just added may hold between visits.
  Stream state(std::uint64_t bytes) const {
    configured().state = bytes;
    return *this;
  }
  /// Bytes the stage just added may emit in one step, and a lambda in one chunk.
  Stream emits_at_most(std::uint64_t bytes) const {
    configured().max_output = bytes;
    return *this;
  }

  /// How many chunks, in each process, the stage just added may put aside when it throws at them again and
  /// again: they are dead letters, and the job goes on. Only a stage that holds nothing may.
  Stream dead_letters(std::uint64_t chunks) const {
    configured().dead_letters = chunks;
    return *this;
  }

  const std::vector<StageId>& stages() const { return from_; }
  /// Adds this stream's edges into a port of `to`.
  void connect(StageId to, std::size_t port) const {
    Graph graph = graph_;
    for (StageId from : from_) graph.connect({from, to, port, next_});
  }

 private:
  template <class Q>
  friend class Stream;
  friend class End;

  Stage& configured() const {
    Graph graph = graph_;
    return graph.stage(last());
  }
  StageId last() const {
    if (from_.empty()) throw std::logic_error("a stream of graph " + graph_.name() + " comes from no stage");
    return from_.back();
  }
  // False, and check() will say so, when `other` is of another graph.
  template <class Q>
  bool one_graph(const Stream<Q>& other, const std::string& how) const {
    return streams::one_graph(graph_, from_, how, other.graph_, other.from_);
  }
  StageId add(std::string name, StageKind kind, Replicas replicas) const {
    Graph graph = graph_;
    Stage stage;
    stage.name = std::move(name);
    stage.kind = std::move(kind);
    stage.replicas = replicas;
    StageId id = graph.add(std::move(stage));
    connect(id, 0);
    return id;
  }
  template <class Q>
  Stream<Q> typed(std::string name, StageKind kind, Replicas replicas) const {
    return Stream<Q>(graph_, {add(std::move(name), std::move(kind), replicas)});
  }
  // Adds the kind that combines what the replicas of a stage made, where there is one.
  template <class Q>
  static Stream<Q> combined(std::string name, Stream<Q> made, const std::shared_ptr<StageKind>& kind) {
    if (!kind) return made;
    return made.template typed<Q>(name + " combine", *kind, leat::replicas(1));
  }
  template <class K>
  auto kind(std::string name, K what, Replicas replicas) const {
    if constexpr (streams::InnerKind<K, P>) {
      std::shared_ptr<StageKind> combine = what.combine;
      auto made = typed<typename K::Output>(name, std::move(what), replicas);
      return combined(std::move(name), std::move(made), combine);
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

  Graph graph_;
  std::vector<StageId> from_;
  Dispatch next_;
};

template <class Q>
End End::after(const Stream<Q>& other) const {
  Graph graph = graph_;
  if (!streams::one_graph(graph_, {stage_}, "comes after", other.graph_, other.from_)) return *this;
  for (StageId gate : other.stages()) graph.stage(stage_).after.push_back(gate);
  return *this;
}

inline Refused::operator End() const { return End(Graph{"refused"}, 0); }

template <class F>
auto Graph::source(std::string name, F what) {
  Stage stage;
  stage.name = std::move(name);
  if constexpr (streams::InnerKind<F>) {
    stage.kind = std::move(what);
    return Stream<typename F::Output>(*this, {add(std::move(stage))});
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
