/// Lambdas and user structs as stages: what a function's signature says, turned into a Kind.
///
/// P is the payload of the stream above; Q, what comes out, is read off the function.
///   map       Q f(P)  or  Q f(P, Pool&);  Q or Result<Q>
///   filter    bool f(const P&)                       keeps or drops whole chunks
///   flat_map  void f(P, Out<Q>&)                     emits any number, within max_output
///   fold      struct { void add(const P&); Q finish(Pool&); }   or finish(); Q or Result<Q>
///             with Result<Chunk> snapshot(Pool&) const and Result<void> restore(const Chunk&) its state
///             can be taken down; the struct's `static constexpr const char* state_version` names its form
///   sink      void f(P)
///   source    bool f(Out<Q>&), whether there is more, or Step f(Out<Q>&); either or a Result of it
/// What may return nothing may also return a Result<void>: its error fails the job. Nothing else that is
/// returned is dropped: the compiler refuses it. A default-made payload is none and cannot be emitted:
/// std::logic_error.
/// A function is a lambda or another function object, a free function, or a member function of the payload. It is
/// copied for every replica; one that cannot be copied is shared by all that would have a copy, and its stage has one
/// replica. One that can be called while const is taken to hold nothing between chunks: it is replicated with the
/// stage above, and repeats a chunk it has thrown at. A `mutable` one gets one replica. What the destructor of a
/// replica's copy throws fails the job; of those that the graph keeps it is lost.
#pragma once

#include <leat/graph/kind.hpp>
#include <leat/graph/shared_function.hpp>

#include <functional>
#include <stdexcept>
#include <type_traits>

namespace leat {

namespace callables {

[[noreturn]] inline void no_chunk() {
  throw std::logic_error("it emits a payload without a chunk: one that was made by default, or moved from");
}
inline void emit(Outbox& out, Chunk&& chunk) {
  if (!chunk) no_chunk();
  out.emit(std::move(chunk));
}

}  // namespace callables

/// What a flat map or a generator emits through. Not to be kept.
template <class Q>
class Out {
 public:
  explicit Out(Outbox& outbox) : outbox_(outbox) {
    static_assert(Payload<Q>, "leat: what is emitted must be a payload: a Table or a Message<T>");
  }
  void emit(Q payload) {
    // A stage that emits what is none is refused where it joins the stream, not here.
    if constexpr (Payload<Q>) callables::emit(outbox_, std::move(payload).chunk());
  }
  Pool& pool() { return outbox_.pool(); }
  Outbox& outbox() { return outbox_; }

 private:
  Outbox& outbox_;
};

namespace callables {

template <class T>
struct Unwrapped {
  using type = T;
};
template <class T>
struct Unwrapped<Result<T>> {
  using type = T;
};

template <class F, class P>
concept TakesPool = std::is_invocable_v<F&, P, Pool&>;
template <class F, class P>
concept Takes = std::is_invocable_v<F&, P> || TakesPool<F, P>;

template <class F, class P>
decltype(auto) call(F& f, P payload, Outbox& out) {
  if constexpr (TakesPool<F, P>) {
    return std::invoke(f, std::move(payload), out.pool());
  } else {
    return std::invoke(f, std::move(payload));
  }
}

template <class F, class P>
using Returned = decltype(call(std::declval<F&>(), std::declval<P>(), std::declval<Outbox&>()));

// The Q of an Out<Q>& parameter: the last of operator().
template <class>
struct OutOf {
  using type = void;
};
template <class C, class R, class Q>
struct OutOf<R (C::*)(Out<Q>&)> {
  using type = Q;
};
template <class C, class R, class Q>
struct OutOf<R (C::*)(Out<Q>&) const> {
  using type = Q;
};
template <class C, class R, class A, class Q>
struct OutOf<R (C::*)(A, Out<Q>&)> {
  using type = Q;
};
template <class C, class R, class A, class Q>
struct OutOf<R (C::*)(A, Out<Q>&) const> {
  using type = Q;
};
template <class R, class Q>
struct OutOf<R (*)(Out<Q>&)> {
  using type = Q;
};
template <class R, class A, class Q>
struct OutOf<R (*)(A, Out<Q>&)> {
  using type = Q;
};
template <class F>
struct OutOf<Shared<F>> : OutOf<decltype(&F::operator())> {};
template <class F>
concept NotGeneric = requires { &F::operator(); };

template <class F>
auto emitted() {
  if constexpr (std::is_pointer_v<F> || std::is_member_function_pointer_v<F> || kShared<F>) {
    return std::type_identity<typename OutOf<F>::type>{};
  } else if constexpr (NotGeneric<F>) {
    return std::type_identity<typename OutOf<decltype(&F::operator())>::type>{};
  } else {
    return std::type_identity<void>{};
  }
}
template <class F>
using Emitted = typename decltype(emitted<F>())::type;

// Nothing, or whether it went well.
template <class R>
concept Outcome = std::is_void_v<R> || std::is_convertible_v<R, Result<void>>;

// Calls what gives an Outcome and turns it into a step.
template <class Call>
Result<Step> step(Call call) {
  if constexpr (std::is_void_v<std::invoke_result_t<Call&>>) {
    call();
  } else {
    Result<void> did = call();
    if (!did) return std::move(did).error();
  }
  return Step::done;
}

template <class F, class P>
concept TakesOut = Payload<Emitted<F>> && std::is_invocable_v<F&, P, Out<Emitted<F>>&>;
template <class F, class P>
concept FlatMaps = TakesOut<F, P> && Outcome<std::invoke_result_t<F&, P, Out<Emitted<F>>&>>;
// Whether there is more, or a Step.
template <class R>
concept Generated = std::is_convertible_v<R, bool> || std::is_same_v<R, Result<bool>> ||
                    std::is_same_v<typename Unwrapped<R>::type, Step>;
template <class F>
concept Generates = Payload<Emitted<F>> && std::is_invocable_v<F&, Out<Emitted<F>>&> &&
                    Generated<std::invoke_result_t<F&, Out<Emitted<F>>&>>;

inline Step step_of(bool more) { return more ? Step::more : Step::done; }
inline Step step_of(Step step) { return step; }
template <class T>
Result<Step> step_of(const Result<T>& said) {
  if (!said) return said.error();
  return step_of(*said);
}

// Structs that say where they are: a function of theirs gives a Chunk, another takes it.
template <class F>
concept Remembers = requires(const F& f, F& g, Pool& pool, const Chunk& chunk) {
  { f.snapshot(pool) } -> std::convertible_to<Result<Chunk>>;
  { g.restore(chunk) } -> std::convertible_to<Result<void>>;
};
template <class F>
concept Returns = requires(const F& f, F& g, const std::string& at) {
  { f.position() } -> std::convertible_to<std::string>;
  { g.seek(at) } -> std::convertible_to<Result<void>>;
};

// What a key function returns goes through a division: a fraction, or an error, would be lost.
template <class F, class P>
concept Keys = std::is_invocable_v<const F&, const P&> &&
               std::is_integral_v<std::remove_cvref_t<std::invoke_result_t<const F&, const P&>>>;

template <class P, class F>
class MapActor final : public Actor {
 public:
  explicit MapActor(F f) : f_(std::move(f)) {}
  Result<Step> visit(Visit& visit, Outbox& out) override {
    auto made = call(f_, P(visit.take()), out);
    if constexpr (Payload<decltype(made)>) {
      callables::emit(out, std::move(made).chunk());
    } else {
      if (!made) return std::move(made).error();
      callables::emit(out, std::move(made).value().chunk());
    }
    return Step::done;
  }

 private:
  F f_;
};

template <class P, class F>
class FilterActor final : public Actor {
 public:
  explicit FilterActor(F f) : f_(std::move(f)) {}
  Result<Step> visit(Visit& visit, Outbox& out) override {
    P payload(visit.take());
    if (std::invoke(f_, std::as_const(payload))) out.emit(std::move(payload).chunk());
    return Step::done;
  }

 private:
  F f_;
};

template <class P, class Q, class F>
class FlatMapActor final : public Actor {
 public:
  explicit FlatMapActor(F f) : f_(std::move(f)) {}
  Result<Step> visit(Visit& visit, Outbox& outbox) override {
    Out<Q> out(outbox);
    return step([&] { return std::invoke(f_, P(visit.take()), out); });
  }

 private:
  F f_;
};

template <class F>
concept FinishesWithPool = requires(F f, Pool& pool) { f.finish(pool); };

template <class F>
decltype(auto) finish(F& f, Pool& pool) {
  if constexpr (FinishesWithPool<F>) {
    return f.finish(pool);
  } else {
    return f.finish();
  }
}

template <class F>
concept Finishes = FinishesWithPool<F> || requires(F f) { f.finish(); };
template <class F>
using Finished = typename Unwrapped<
    std::remove_cvref_t<decltype(finish(std::declval<F&>(), std::declval<Pool&>()))>>::type;

template <class F, class P>
concept Adds = requires(F f, const P& p) { f.add(p); };
template <class F, class P>
concept Folds = Adds<F, P> && Finishes<F> && Payload<Finished<F>>;
template <class F, class P>
using Added = decltype(std::declval<F&>().add(std::declval<P>()));

template <class P, class F>
class FoldActor final : public Actor {
 public:
  explicit FoldActor(F f) : f_(std::move(f)) {}
  Result<Step> visit(Visit& visit, Outbox&) override {
    return step([&] { return f_.add(P(visit.take())); });
  }
  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::interrupted) return Step::done;
    auto made = callables::finish(f_, out.pool());
    if constexpr (Payload<decltype(made)>) {
      callables::emit(out, std::move(made).chunk());
    } else {
      if (!made) return std::move(made).error();
      callables::emit(out, std::move(made).value().chunk());
    }
    return Step::done;
  }
  Result<Snapshot> snapshot(Pool& pool) const override {
    if constexpr (Remembers<F>) {
      Result<Chunk> taken = f_.snapshot(pool);
      if (!taken) return std::move(taken).error();
      return Snapshot{{std::move(*taken)}};
    }
    return Snapshot();
  }
  Result<void> restore(const Snapshot& from, Outbox&) override {
    if constexpr (Remembers<F>) {
      if (from.size() == 1) return f_.restore(from.front().chunk);
      return invalid("its state is not of one part: it was taken from another actor");
    }
    return {};
  }

 private:
  F f_;
};

template <class F, class P>
concept Drains = std::is_invocable_v<F&, P> && Outcome<std::invoke_result_t<F&, P>>;

template <class P, class F>
class SinkActor final : public Actor {
 public:
  explicit SinkActor(F f) : f_(std::move(f)) {}
  Result<Step> visit(Visit& visit, Outbox&) override {
    return step([&] { return std::invoke(f_, P(visit.take())); });
  }

 private:
  F f_;
};

template <class Q, class F>
class GeneratorSource final : public Source {
 public:
  explicit GeneratorSource(F f) : f_(std::move(f)) {}
  Result<Description> probe() override {
    Description unknown;
    unknown.fields_known = false;
    return unknown;
  }
  Result<Step> pull(Outbox& outbox) override {
    Out<Q> out(outbox);
    return step_of(f_(out));
  }
  Result<std::optional<SourcePosition>> position() const override {
    if constexpr (Returns<F>) return std::optional<SourcePosition>({"", f_.position()});
    return std::optional<SourcePosition>();
  }
  Result<void> seek(const SourcePosition& to) override {
    if constexpr (Returns<F>) return f_.seek(to.at);
    return Source::seek(to);
  }

 private:
  F f_;
};

[[noreturn]] inline void shared_by(std::size_t replicas) {
  throw ThrownError(invalid("its function cannot be copied, for what it captures, and there are " +
                            std::to_string(replicas) +
                            " replicas: ask for one, or capture what can be copied, a std::shared_ptr for instance"));
}

// A kind around an actor class that copies `f` for each replica.
template <class A, class Q, class P, class F>
Kind<Q, P> kind_of(const char* name, F f, Sharing sharing, Holds holds = Holds::unknown) {
  auto kind = stage_kind<Q, P>(name, "");
  kind.sharing = sharing;
  kind.holds = sharing == Sharing::stateless ? Holds::nothing : holds;
  kind.opaque = kind.has_function = true;
  kind.visible_early = std::is_void_v<Q>;
  if constexpr (Remembers<F>) {
    kind.holds = Holds::state;
    kind.state_version = "1";
    if constexpr (requires { F::state_version; }) kind.state_version = F::state_version;
  }
  if constexpr (kShared<F>) kind.sharing = Sharing::single;
  kind.actor = [f = std::move(f)](const Making& making) {
    if (kShared<F> && making.replicas > 1) shared_by(making.replicas);
    return std::make_unique<A>(f);
  };
  return kind;
}

// What can be called while const has no state to keep: it may be replicated freely.
template <class F, class... A>
constexpr Sharing sharing_of() {
  return std::is_invocable_v<const F&, A...> ? Sharing::stateless : Sharing::single;
}

template <class F, class... A>
constexpr Holds holds_of() {
  return std::is_invocable_v<const F&, A...> ? Holds::nothing : Holds::unknown;
}

}  // namespace callables
}  // namespace leat
