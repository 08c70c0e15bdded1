#include <leat/inspect/process_threads.hpp>
#include <leat/inspect/snapshot_json.hpp>
#include <leat/inspect/trace_json.hpp>

#include <boost/test/unit_test.hpp>

#include <unistd.h>

#include <algorithm>

using namespace leat;

namespace {

JobSnapshot some() {
  JobSnapshot snapshot;
  snapshot.seconds = 1.5;
  snapshot.took = 0.001;
  snapshot.stages = {"read", "tr\"ain\n"};
  snapshot.nodes = {{"a", 2, true}, {"b", 1, false}};
  CellSnapshot cell;
  cell.cell = 3;
  cell.replica = 1;
  cell.node = 1;
  cell.stages = {0, 1};
  cell.stage_ns = {5, 6};
  cell.now = Activity::credit;
  cell.at = 1;
  cell.channel = 9;
  cell.for_ns = 500'000'000;
  for (std::size_t i = 0; i < kActivities; ++i) cell.times[i] = i;
  cell.moves = 17;
  cell.ended = cell.detached = true;
  snapshot.cells = {cell, CellSnapshot{}};
  ChannelSnapshot channel;
  channel.id = 9;
  channel.edge = 2;
  channel.from = 0, channel.to = 1;
  channel.from_cell = 3, channel.from_replica = 1, channel.to_cell = 4, channel.to_replica = 2;
  channel.remote = channel.keyed = true;
  channel.window = {100, 2};
  channel.sender = SenderSnapshot{{7, 1}, {8, 2}, 3};
  channel.receiver = ReceiverSnapshot{{6, 1}, {5, 1}, 4, {1, 2, 3}};
  snapshot.channels = {channel, ChannelSnapshot{}};
  return snapshot;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(snapshot_json)

BOOST_AUTO_TEST_CASE(a_snapshot_comes_back_from_its_json) {
  std::string json = inspect::snapshot_json(some());
  BOOST_TEST(json.find('\n') == json.npos);
  auto back = inspect::parse_snapshot(json);
  BOOST_REQUIRE(back);
  BOOST_TEST(inspect::snapshot_json(*back) == json);
  const CellSnapshot& cell = back->cells[0];
  BOOST_TEST((cell.now == Activity::credit));
  BOOST_TEST(cell.times[10] == 10u);
  BOOST_TEST(*cell.channel == 9u);
  BOOST_TEST(!back->cells[1].at);
  BOOST_TEST(back->channels[0].receiver->queued.size() == 3u);
  BOOST_TEST(back->channels[0].window.bytes == 100u);
  BOOST_TEST(!back->channels[1].sender);
}

BOOST_AUTO_TEST_CASE(what_leads_nowhere_or_is_none_is_corrupt) {
  std::string json = inspect::snapshot_json(some());
  auto without = [&](const std::string& part, const std::string& instead) {
    std::string changed = json;
    auto at = changed.find(part);
    BOOST_REQUIRE(at != changed.npos);
    return changed.replace(at, part.size(), instead);
  };
  for (const std::string& bad : {std::string(), std::string("[]"), std::string("{}"), json.substr(0, json.size() / 2),
                                 without("\"stages\":[0,1]", "\"stages\":[0,2]"), without("\"at\":1", "\"at\":2"),
                                 without("\"now\":\"credit\"", "\"now\":\"sleep\""), without("\"node\":1", "\"node\":2"),
                                 without("\"stage\":1", "\"stage\":5")}) {
    auto back = inspect::parse_snapshot(bad);
    BOOST_TEST(!back, bad);
    if (!back) BOOST_TEST((back.error().kind == ErrorKind::corrupt));
  }
}

BOOST_AUTO_TEST_CASE(a_trace_has_a_track_for_each_cell_and_one_piece_for_one_visit) {
  JobSnapshot first = some();
  first.cells.resize(1);
  first.cells[0].ended = false;
  JobSnapshot second = first;
  second.seconds = 1.75;
  second.cells[0].for_ns = 750'000'000;
  JobSnapshot third = second;
  third.seconds = 2;
  third.cells[0].now = Activity::visit;
  third.cells[0].channel.reset();
  third.cells[0].for_ns = 100'000'000;
  std::string json = inspect::trace_json({first, second, third});
  auto times = [&](const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = json.find(part, at)) != json.npos; ++at) ++count;
    return count;
  };
  BOOST_TEST(times("\"ph\":\"X\"") == 2u, json);
  BOOST_TEST(times("\"ph\":\"C\"") == 3u);
  BOOST_TEST(times("thread_name") == 1u);
  BOOST_TEST(times("\"ts\":1000000.0,\"dur\":750000.0") == 1u, json);
  BOOST_TEST(inspect::trace_json({}) == "{\"traceEvents\":[]}");
}

BOOST_AUTO_TEST_CASE(a_threads_stat_is_read_whatever_it_is_called) {
  std::string stat = "123 (a) b (c) R 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 3 0 4711 0";
  auto thread = inspect::parse_thread_stat(stat, 100);
  BOOST_REQUIRE(thread);
  BOOST_TEST(thread->id == 123);
  BOOST_TEST(thread->name == "a) b (c");
  BOOST_TEST(thread->state == 'R');
  BOOST_TEST(thread->cpu == 2.0);
  for (const char* bad : {"", "123", "123 (a", "x (a) R 1 2 3", "123 (a) R 1 2 3"}) {
    BOOST_TEST(!inspect::parse_thread_stat(bad, 100), bad);
  }
}

BOOST_AUTO_TEST_CASE(this_thread_is_among_those_of_the_process) {
  auto threads = inspect::process_threads();
  BOOST_TEST(std::any_of(threads.begin(), threads.end(), [](const auto& one) { return one.id == ::getpid() && one.state == 'R'; }));
  BOOST_TEST(inspect::process_began() > 1e9);
}

BOOST_AUTO_TEST_SUITE_END()
