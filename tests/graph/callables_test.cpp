// What functions return: an error fails the step, and a payload that is none is not emitted.
#include <leat/actor/recording_outbox.hpp>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

Chunk chunk(Pool& pool, std::uint64_t value) {
  Building<schema::Number> building(pool);
  building.root().setValue(value);
  return std::move(building).finish();
}

// The last stage added to a graph, made and visited with 7.
template <class Add> Result<Step> visited(Add add, bool finish = false) {
  Graph g{"g"};
  add(g.source("s", numbers()));
  auto actor = g.stages().back().kind.actor(Making{});
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Chunk seven = chunk(*pool, 7);
  Visit visit{seven};
  auto did = actor->visit(visit, out);
  return finish && did ? actor->finish(Ending::complete, out) : std::move(did);
}

template <class Add> void fails(Add add, bool finish = false) {
  auto did = visited(add, finish);
  BOOST_REQUIRE(!did);
  BOOST_TEST(did.error().sentence == "seven is too much");
  BOOST_TEST((did.error().kind == ErrorKind::corrupt));
}

Error too_much() {
  return corrupt("seven is too much");
}

struct AddFails {
  Result<void> add(const Number& n) {
    if (n.read().getValue() == 7) return too_much();
    return {};
  }
  Number finish(Pool& pool) { return Number(chunk(pool, 1)); }
};

struct FinishFails {
  void add(const Number&) {}
  Result<Number> finish() { return too_much(); }
};

Number doubled(Number n, Pool& pool) { return Number(chunk(pool, 2 * n.read().getValue())); }
bool is_seven(const Number& n) { return n.read().getValue() == 7; }
void twice(Number n, Out<Number>& out) {
  out.emit(n);
  out.emit(n);
}
bool one(Out<Number>& out) {
  out.emit(Number(chunk(out.pool(), 1)));
  return false;
}
void swallow(Number) {}

// What the last stage added to a graph emits for 7.
template <class Add> std::size_t emitted(Add add) {
  Graph g{"g"};
  add(g.source("s", numbers()));
  auto actor = g.stages().back().kind.actor(Making{});
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  Chunk seven = chunk(*pool, 7);
  Visit visit{seven};
  BOOST_TEST(actor->visit(visit, out).ok());
  return out.emitted.size();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(callables)

BOOST_AUTO_TEST_CASE(free_functions_and_members_go_where_lambdas_do) {
  BOOST_TEST(emitted([](Stream<Number> s) { s.map("f", doubled); }) == 1u);
  BOOST_TEST(emitted([](Stream<Number> s) { s.filter("f", is_seven); }) == 1u);
  BOOST_TEST(emitted([](Stream<Number> s) { s.flat_map("f", twice); }) == 2u);
  BOOST_TEST(emitted([](Stream<Number> s) { s.sink("f", swallow); }) == 0u);
  Graph g{"g"};
  g.source("s", one).by_key("seven", is_seven).sink("f", swallow);
  BOOST_TEST(g.stages().size() == 2u);
  BOOST_TEST((g.stages()[1].kind.holds == Holds::nothing));
  Graph tables{"tables"};
  auto kept = tables.source("t", [](Out<Table>&) { return false; }).filter("some", &Table::columns);
  BOOST_TEST((tables.stages()[1].kind.sharing == Sharing::stateless));
}

BOOST_AUTO_TEST_CASE(a_function_that_cannot_be_copied_has_one_replica) {
  auto held = [](int by) { return std::make_unique<int>(by); };
  BOOST_TEST(emitted([&](Stream<Number> s) {
               s.map("f", [by = held(2)](Number n, Pool& pool) {
                 return Number(chunk(pool, static_cast<std::uint64_t>(*by) * n.read().getValue()));
               });
             }) == 1u);
  BOOST_TEST(emitted([&](Stream<Number> s) {
               s.filter("f", [by = held(7)](const Number& n) { return n.read().getValue() == 7 && *by == 7; });
             }) == 1u);
  BOOST_TEST(emitted([&](Stream<Number> s) {
               s.flat_map("f", [by = held(1)](Number n, Out<Number>& out) mutable {
                 for (; *by < 4; ++*by) out.emit(n);
               });
             }) == 3u);
  BOOST_TEST(emitted([&](Stream<Number> s) { s.sink("f", [by = held(1)](Number) mutable { ++*by; }); }) == 0u);
  Graph g{"g"};
  g.source("s", [by = held(1)](Out<Number>&) { return *by == 0; })
      .map("f", [by = held(1)](Number n) { return n; })
      .sink("k", swallow);
  BOOST_TEST((g.stages()[1].kind.sharing == Sharing::single));
  auto made = guarded([&] { return g.stages()[1].kind.actor(Making{.replica = 0, .replicas = 2, .inputs = {}}); });
  BOOST_REQUIRE(!made);
  BOOST_TEST(made.error().sentence.find("cannot be copied") != std::string::npos);
  BOOST_TEST(!made.error().thrown);
}

BOOST_AUTO_TEST_CASE(an_error_that_a_function_returns_fails_the_step) {
  fails([](Stream<Number> s) { s.map("f", [](Number) -> Result<Number> { return too_much(); }); });
  fails([](Stream<Number> s) {
    s.map("f", [](Number, Pool&) -> Result<Number> { return too_much(); });
  });
  fails([](Stream<Number> s) {
    s.flat_map("f", [](Number, Out<Number>&) -> Result<void> { return too_much(); });
  });
  fails([](Stream<Number> s) { s.flat_map("f", [](Number, Out<Number>&) { return too_much(); }); });
  fails([](Stream<Number> s) { s.fold("f", AddFails{}); });
  fails([](Stream<Number> s) { s.fold("f", FinishFails{}); }, true);
  fails([](Stream<Number> s) { s.sink("f", [](Number) -> Result<void> { return too_much(); }); });
  fails([](Stream<Number> s) { s.sink("f", [](const Number&) { return too_much(); }); });
}

BOOST_AUTO_TEST_CASE(functions_that_return_success_go_on) {
  auto fine = [](auto add) { BOOST_TEST(bool(visited(add, false))); };
  fine([](Stream<Number> s) { s.map("f", [](Number n) -> Result<Number> { return n; }); });
  fine([](Stream<Number> s) {
    s.flat_map("f", [](Number n, Out<Number>& out) -> Result<void> {
      out.emit(n);
      return {};
    });
  });
  fine([](Stream<Number> s) { s.flat_map("f", [](Number n, Out<Number>& out) { out.emit(n); }); });
  fine([](Stream<Number> s) { s.fold("f", FinishFails{}); });
  fine([](Stream<Number> s) { s.sink("f", [](Number) -> Result<void> { return {}; }); });
}

BOOST_AUTO_TEST_CASE(a_payload_without_a_chunk_is_not_emitted) {
  struct Nothing {
    void add(const Number&) {}
    Number finish() { return Number(); }
  };
  auto throws = [](auto add, bool finish) {
    BOOST_CHECK_THROW((void)visited(add, finish), std::logic_error);
  };
  throws([](Stream<Number> s) { s.map("f", [](Number) { return Number(); }); }, false);
  throws([](Stream<Number> s) { s.map("f", [](Number) -> Result<Table> { return Table(); }); },
         false);
  throws(
      [](Stream<Number> s) {
        s.flat_map("f", [](Number, Out<Number>& out) { out.emit(Number()); });
      },
      false);
  throws([](Stream<Number> s) { s.fold("f", Nothing{}); }, true);
}

BOOST_AUTO_TEST_SUITE_END()
