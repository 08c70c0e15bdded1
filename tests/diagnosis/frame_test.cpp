#include <leat/diagnosis/frame.hpp>

#include <leat/diagnosis/snapshot_text.hpp>

#include <boost/test/unit_test.hpp>

#include <sstream>

using namespace leat;

namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

CellSnapshot cell(std::uint32_t number, StageId stage, Activity now, std::uint64_t visits, std::uint64_t waits) {
  CellSnapshot one;
  one.cell = number;
  one.stages = {stage};
  one.stage_ns = {visits};
  one.now = now;
  one.times[static_cast<std::size_t>(Activity::visit)] = visits;
  one.times[static_cast<std::size_t>(now)] += waits;
  return one;
}

// parse waits for credit of train, which is busy.
JobSnapshot slow_train() {
  JobSnapshot snapshot;
  snapshot.seconds = 10;
  snapshot.stages = {"parse", "train"};
  snapshot.nodes = {{"", 2, true}};
  snapshot.cells = {cell(0, 0, Activity::credit, 1 * kSecond, 9 * kSecond), cell(1, 1, Activity::visit, 10 * kSecond, 0)};
  snapshot.cells[0].channel = 7;
  snapshot.cells[1].at = 1;
  snapshot.cells[1].for_ns = 3 * kSecond;
  ChannelSnapshot channel;
  channel.id = 7;
  channel.from = 0;
  channel.to = 1;
  channel.window = {1000, 10};
  channel.sender = SenderSnapshot{{5000, 50}, {5000, 50}, 9 * kSecond};
  channel.receiver = ReceiverSnapshot{{5000, 50}, {4250, 42}, 0, {}};
  snapshot.channels = {channel};
  return snapshot;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::size_t columns_of(const std::string& line) {
  std::size_t columns = 0;
  for (char c : line) columns += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1u : 0u;
  return columns;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(frame)

BOOST_AUTO_TEST_CASE(a_stage_has_a_line_with_what_it_does_and_waits_for) {
  BOOST_TEST(leat::frame("41 regression running", slow_train(), 80, 24) ==
             "41 regression running\n"
             "stage                             busy  waits                    queue  replicas\n"
             "parse                             10%   90% credit of train      –      1\n"
             "train                             100%                           75%    1\n");
}

BOOST_AUTO_TEST_CASE(twenty_columns_have_the_names_and_who_is_busy) {
  BOOST_TEST(leat::frame("41 regression running", slow_train(), 20, 24) ==
             "41 regression runni~\n"
             "stage          busy\n"
             "parse          10%\n"
             "train          100%\n");
}

BOOST_AUTO_TEST_CASE(no_line_is_wider_and_no_picture_higher_than_the_terminal) {
  JobSnapshot snapshot = slow_train();
  for (int i = 0; i < 40; ++i) snapshot.stages.push_back("another stage, with a long näme " + std::to_string(i));
  for (std::size_t columns = 0; columns < 120; ++columns) {
    for (std::size_t rows : {0u, 1u, 2u, 3u, 5u, 24u, 100u}) {
      auto lines = lines_of(leat::frame("41 regression running 1:20", snapshot, columns, rows));
      BOOST_TEST(lines.size() <= rows);
      for (const std::string& line : lines) BOOST_TEST(columns_of(line) <= columns, columns << ": " << line);
    }
  }
}

BOOST_AUTO_TEST_CASE(stages_that_have_no_room_are_counted) {
  JobSnapshot snapshot = slow_train();
  for (int i = 0; i < 8; ++i) snapshot.stages.push_back("more");
  auto lines = lines_of(leat::frame("41", snapshot, 80, 6));
  BOOST_REQUIRE(lines.size() == 6u);
  BOOST_TEST(lines.back() == "7 more stages");
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_a_dash_and_never_zero) {
  JobSnapshot snapshot;
  snapshot.stages = {"read"};
  std::string text = leat::frame("41", snapshot, 80, 24);
  BOOST_TEST(text.find("–") != text.npos, text);
  BOOST_TEST(text.find("0%") == text.npos, text);
}

BOOST_AUTO_TEST_CASE(a_name_from_a_file_moves_no_cursor) {
  JobSnapshot snapshot = slow_train();
  snapshot.stages[0] = "par\033[2Jse\n";
  std::string text = leat::frame("41", snapshot, 80, 24);
  BOOST_TEST(text.find('\033') == text.npos);
  BOOST_TEST(lines_of(text).size() == 4u);
}

BOOST_AUTO_TEST_CASE(shares_between_two_snapshots_are_those_of_the_time_between) {
  JobSnapshot before = slow_train();
  JobSnapshot after = before;
  after.cells[0].times[static_cast<std::size_t>(Activity::visit)] += kSecond;
  after.cells[0].stage_ns[0] += kSecond;
  after.channels[0].sender->waited_ns += 5;
  JobSnapshot window = between(before, after);
  BOOST_TEST(window.cells[0].stage_ns[0] == kSecond);
  BOOST_TEST(window.cells[0].times[static_cast<std::size_t>(Activity::credit)] == 0u);
  BOOST_TEST(window.channels[0].sender->waited_ns == 5u);
  BOOST_TEST(window.channels[0].receiver->consumed.bytes == 4250u);
  // A cell that began meanwhile counts from its beginning.
  after.cells.push_back(cell(1, 1, Activity::visit, 3, 0));
  after.cells.back().replica = 1;
  BOOST_TEST(between(before, after).cells.back().stage_ns[0] == 3u);
}

BOOST_AUTO_TEST_CASE(a_dump_names_what_every_cell_and_channel_is_at) {
  std::string text = snapshot_text(slow_train());
  for (const char* part : {"parse, replica 0: credit of train", "train, replica 0: visit train, for 3.0 s",
                           "parse > train, channel 7", "sent 5000 bytes in 50 chunks", "consumed 4250 bytes in 42 chunks"}) {
    BOOST_TEST(text.find(part) != text.npos, text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
