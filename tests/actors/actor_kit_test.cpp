// All stock kinds under the actor kit, and what it says of kinds that are wrong.
#include <leat/actors/actors.hpp>
#include <leat/graph/actor_kit.hpp>
#include <leat/graph/memory.hpp>
#include <leat/graph/stream.hpp>

#include "support/folder.hpp"
#include "actors/tables.hpp"

using namespace leat;
using namespace leat::tests;

namespace {

std::string tried(const kit::Trial& trial) { return sentence(kit::try_actor(trial)); }

Description describing_all(const std::vector<kit::Fed>& fed, std::size_t port = 0) {
  Description rows;
  rows.max_chunk = 0;
  for (const kit::Fed& each : fed) {
    if (each.port != port) continue;
    if (rows.fields.empty()) rows = describing(Table(each.chunk));
    rows.max_chunk = std::max<std::uint64_t>(rows.max_chunk, each.chunk.footprint());
  }
  return rows;
}

std::vector<kit::Fed> some_rows(Pool& pool) {
  std::vector<kit::Fed> fed;
  double x = 0.1;
  for (int chunk = 0; chunk < 4; ++chunk) {
    std::vector<std::optional<double>> a, b, y;
    for (int row = 0; row < 7; ++row) {
      x = x * 1.37 + 0.11;
      if (x > 50) x -= 49.3;
      a.push_back(x);
      b.push_back(row == 3 && chunk == 2 ? std::optional<double>() : x * x / 7);
      y.push_back(3 * x - 1);
    }
    fed.push_back({table_of(pool, {{"a", a}, {"b", b}, {"y", y}}).chunk()});
  }
  return fed;
}

// What the fold and its second kind make of the rows.
Chunk folded(const StageKind& kind, const std::vector<kit::Fed>& rows, Pool& pool, bool combine) {
  RecordingOutbox out(pool);
  Making making;
  making.inputs = {describing_all(rows)};
  auto fold = kind.actor(making);
  BOOST_REQUIRE(fold->start(out).ok());
  for (const kit::Fed& each : rows) BOOST_REQUIRE(feed_one(*fold, each.chunk, out).ok());
  BOOST_REQUIRE(finish(*fold, out).ok());
  if (!combine) return out.emitted.at(0);
  RecordingOutbox combined(pool);
  BOOST_REQUIRE(feed(*kind.combine->actor({}), {out.emitted.at(0)}, combined).ok());
  return combined.emitted.at(0);
}

Description of_chunk(const Chunk& chunk) {
  Description one;
  one.max_chunk = chunk.footprint();
  return one;
}

struct Forgets final : Actor {
  Result<Step> visit(Visit& visit, Outbox& out) override {
    ++seen;
    out.count("seen", seen);
    out.emit(visit.take());
    return Step::done;
  }
  std::uint64_t seen = 0;
};

// Counts keys, and keeps each group's counts apart.
struct KeyCounts final : Actor {
  explicit KeyCounts(const Making& making) : groups(key_groups(making.replica, making.replicas)) {}
  Result<Step> visit(Visit& visit, Outbox&) override {
    Table table(visit.chunk);
    for (double key : table.values<double>(0)) ++counts[static_cast<std::uint64_t>(key)];
    return Step::done;
  }
  Result<Step> finish(Ending, Outbox& out) override {
    for (const auto& [key, count] : counts) out.report(std::to_string(key), std::to_string(count));
    return Step::done;
  }
  Result<Snapshot> snapshot(Pool& pool) const override {
    Snapshot parts;
    for (const auto& [key, count] : counts) {
      auto number = [](auto n) { return std::vector<std::optional<double>>(1, static_cast<double>(n)); };
      parts.push_back({table_of(pool, {{"key", number(key)}, {"count", number(count)}}).chunk(), key_group(key)});
    }
    return parts;
  }
  Result<void> restore(const Snapshot& from, Outbox&) override {
    for (const StatePart& part : from) {
      if (!groups.has(*part.group)) continue;
      Table table(part.chunk);
      counts[static_cast<std::uint64_t>(table.values<double>(0)[0])] +=
          static_cast<std::uint64_t>(table.values<double>(1)[0]);
    }
    return {};
  }
  KeyGroups groups;
  std::map<std::uint64_t, std::uint64_t> counts;
};

Kind<void, Table> key_counts() {
  auto kind = stage_kind<void, Table>("key_counts", "");
  kind.holds = Holds::state;
  kind.state_version = "1";
  kind.actor = [](const Making& making) { return std::make_unique<KeyCounts>(making); };
  return kind;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(actor_kit)

BOOST_AUTO_TEST_CASE(stages_that_hold_nothing_pass) {
  auto pool = Pool::make();
  auto rows = some_rows(*pool);
  std::vector<Description> inputs = {describing_all(rows)};
  BOOST_TEST(tried({split::train(0.6), inputs, rows}) == "");
  BOOST_TEST(tried({split::holdout(0.6), inputs, rows}) == "");
  BOOST_TEST(tried({where([](double a) { return a > 3; }, "a"), inputs, rows}) == "");
  BOOST_TEST(tried({discard<Table>(), inputs, rows}) == "");
  auto third = derive("third", [](double a) { return a / 3; }, "a");
  BOOST_TEST(tried({third, inputs, rows}) == "");
}

BOOST_AUTO_TEST_CASE(folds_and_what_combines_them_pass) {
  auto pool = Pool::make();
  auto rows = some_rows(*pool);
  std::vector<Description> inputs = {describing_all(rows)};
  for (const StageKind& kind : {StageKind(moments({"a", "b"})), StageKind(linear_regression({.target = "y"}))}) {
    BOOST_TEST(tried({kind, inputs, rows}) == "");
    std::vector<kit::Fed> parts;
    for (std::size_t i = 1; i <= rows.size(); ++i) {
      parts.push_back({folded(kind, {rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(i)}, *pool, false)});
    }
    Description part = of_chunk(parts[0].chunk);
    for (const kit::Fed& each : parts) part.max_chunk = std::max<std::uint64_t>(part.max_chunk, each.chunk.footprint());
    BOOST_TEST(tried({*kind.combine, {part}, parts}) == "");
  }
}

BOOST_AUTO_TEST_CASE(stages_that_learn_first_pass) {
  auto pool = Pool::make();
  auto rows = some_rows(*pool);
  Chunk learnt = folded(moments({"a", "y"}), rows, *pool, true);
  std::vector<kit::Fed> fed = {{learnt, 1}};
  fed.insert(fed.end(), rows.begin(), rows.end());
  BOOST_TEST(tried({scale({"a", "y"}), {describing_all(fed), of_chunk(learnt)}, fed}) == "");
  Chunk model = folded(linear_regression({.target = "y"}), rows, *pool, true);
  fed[0] = {model, 1};
  Description of_model = of_chunk(model);
  BOOST_TEST(tried({evaluate(), {describing_all(fed), of_model}, fed}) == "");
}

BOOST_AUTO_TEST_CASE(what_a_model_is_used_for_passes) {
  auto pool = Pool::make();
  Folder folder;
  auto rows = some_rows(*pool);
  Chunk model = folded(linear_regression({.target = "y"}), rows, *pool, true);
  RecordingOutbox out(*pool);
  auto writes = model_file(folder / "kept.model").actor({});
  OutputName name{"job", 0, 1, 0, true};
  BOOST_REQUIRE(feed(*writes, {model}, out).ok());
  BOOST_REQUIRE(writes->seal(name).ok());
  BOOST_REQUIRE(writes->commit(name).ok());
  BOOST_TEST(tried({predict(folder / "kept.model"), {describing_all(rows)}, rows}) == "");
  std::vector<kit::Fed> fed = {{model, 1}};
  fed.insert(fed.end(), rows.begin(), rows.end());
  RecordingOutbox scored(*pool);
  auto evaluating = evaluate();
  auto one = evaluating.actor({});
  for (const kit::Fed& each : fed) BOOST_REQUIRE(feed_one(*one, each.chunk, scored, each.port).ok());
  BOOST_REQUIRE(finish(*one, scored).ok());
  Chunk sums = scored.emitted.at(0);
  BOOST_TEST(tried({*evaluating.combine, {of_chunk(sums)}, {{sums}, {sums}}}) == "");
  RecordingOutbox score(*pool);
  BOOST_REQUIRE(feed(*evaluating.combine->actor({}), {sums}, score).ok());
  BOOST_TEST(tried({score_report(), {of_chunk(score.emitted.at(0))}, {{score.emitted.at(0)}}}) == "");
}

BOOST_AUTO_TEST_CASE(sinks_pass) {
  auto pool = Pool::make();
  Folder folder;
  auto rows = some_rows(*pool);
  BOOST_TEST(tried({csv::write(folder / "out.csv"), {describing_all(rows)}, rows}) == "");
  Chunk model = folded(linear_regression({.target = "y"}), rows, *pool, true);
  BOOST_TEST(tried({model_file(folder / "out.model"), {of_chunk(model)}, {{model}}}) == "");
}

BOOST_AUTO_TEST_CASE(sources_and_what_parses_them_pass) {
  auto pool = Pool::make();
  Folder folder;
  std::string text = "a,b\n";
  for (int row = 0; row < 400; ++row) text += std::to_string(row) + ".5,\"text " + std::to_string(row % 7) + "\"\n";
  write_text(folder / "in.csv", text);
  csv::BlockOptions blocks;
  blocks.block_bytes = 512;
  auto source = csv::blocks(folder / "in.csv", blocks);
  BOOST_TEST(sentence(kit::try_source(source)) == "");
  auto reader = source.source();
  auto described = reader->probe();
  BOOST_REQUIRE(described.ok());
  RecordingOutbox out(*pool);
  BOOST_REQUIRE(drain(*reader, out).ok());
  std::vector<kit::Fed> chunks;
  for (const Chunk& chunk : out.emitted) chunks.push_back({chunk});
  BOOST_TEST(chunks.size() > 5u);
  BOOST_TEST(tried({csv::parse(), {*described}, chunks}) == "");
  BOOST_TEST(sentence(kit::try_source(from_memory(std::vector<Table>{Table(some_rows(*pool)[0].chunk)}))) == "");
}

BOOST_AUTO_TEST_CASE(a_position_that_is_not_in_the_file_or_of_another_is_refused) {
  Folder folder;
  write_text(folder / "in.csv", "a\n1\n2\n");
  auto source = csv::blocks(folder / "in.csv").source();
  BOOST_REQUIRE(source->probe().ok());
  auto at = source->position();
  BOOST_REQUIRE(at.ok());
  auto beyond = **at;
  beyond.at = "0 1000 3 4";
  BOOST_TEST(says(sentence(source->seek(beyond)), {"in.csv", "beyond its end", "6 bytes"}));
  beyond.at = "x";
  BOOST_TEST(says(sentence(source->seek(beyond)), {"\"x\" is no position"}));
  write_text(folder / "in.csv", "a\n1\n2\n3\n");
  auto changed = csv::blocks(folder / "in.csv").source();
  BOOST_REQUIRE(changed->probe().ok());
  BOOST_TEST(says(sentence(changed->seek(**at)), {"is not the file any more"}));
}

BOOST_AUTO_TEST_CASE(it_finds_an_actor_that_forgets_and_one_that_does_not_say_what_it_holds) {
  auto pool = Pool::make();
  auto rows = some_rows(*pool);
  auto kind = stage_kind<Table, Table>("forgets", "");
  kind.actor = [](const Making&) { return std::make_unique<Forgets>(); };
  BOOST_TEST(tried({kind, {}, rows}) == "forgets: does not say what it holds: set StageKind::holds");
  kind.holds = Holds::nothing;
  BOOST_TEST(says(tried({kind, {}, rows}), {"forgets: after 1 steps", "taken down and up again"}));
}

BOOST_AUTO_TEST_CASE(state_by_key_groups_is_dealt_out_anew_to_any_number_of_replicas) {
  auto pool = Pool::make();
  RecordingOutbox out(*pool);
  std::vector<kit::Fed> rows;
  std::map<std::uint64_t, std::uint64_t> expected;
  for (int chunk = 0; chunk < 5; ++chunk) {
    std::vector<std::optional<double>> keys;
    for (int row = 0; row < 40; ++row) keys.push_back((chunk * 31 + row * 7) % 50);
    for (auto key : keys) ++expected[static_cast<std::uint64_t>(*key)];
    rows.push_back({table_of(*pool, {{"key", keys}}).chunk()});
  }
  BOOST_TEST(tried({key_counts(), {}, rows}) == "");
  auto one = key_counts().actor({});
  for (const kit::Fed& each : rows) BOOST_REQUIRE(feed_one(*one, each.chunk, out).ok());
  auto state = one->snapshot(*pool);
  BOOST_REQUIRE(state.ok());
  for (std::size_t replicas : {1, 2, 3, 7, 1024}) {
    std::map<std::uint64_t, std::uint64_t> together;
    for (std::size_t replica = 0; replica < replicas; ++replica) {
      Making making;
      making.replica = replica;
      making.replicas = replicas;
      KeyCounts part(making);
      BOOST_REQUIRE(part.restore(*state, out).ok());
      for (const auto& [key, count] : part.counts) {
        BOOST_TEST(replica_of(key_group(key), replicas) == replica);
        BOOST_TEST(together.emplace(key, count).second);
      }
    }
    BOOST_TEST(bool(together == expected));
  }
}

BOOST_AUTO_TEST_SUITE_END()
