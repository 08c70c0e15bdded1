#include <leat/diagnosis/frame.hpp>

#include <leat/diagnosis/snapshot_text.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

namespace leat {
namespace {

constexpr const char* kUnknown = "–";
constexpr std::size_t kStageWidth = 14;  // what a stage's name gets before other columns get any

// One stage, over its cells.
struct Row {
  std::string stage;
  double age = 0;   // of its cells, added up, in nanoseconds
  double busy = 0;  // of that, in the stage
  std::array<double, kActivities> waits{};
  std::string whom;     // what the cell that waits most waits for
  double whom_most = 0;
  Amount queued;        // in the channels before it
  Amount window;
  bool queue_known = false;
  std::size_t replicas = 0;
};

bool is_waiting(Activity activity) {
  return activity != Activity::visit && activity != Activity::read && activity != Activity::move;
}

void add(Row& row, const JobSnapshot& snapshot, const CellSnapshot& cell, std::size_t at) {
  ++row.replicas;
  row.age += static_cast<double>(std::accumulate(cell.times.begin(), cell.times.end(), std::uint64_t{0}));
  if (at < cell.stage_ns.size()) row.busy += static_cast<double>(cell.stage_ns[at]);
  double waited = 0;
  for (std::size_t i = 0; i < kActivities; ++i) {
    if (!is_waiting(static_cast<Activity>(i))) continue;
    row.waits[i] += static_cast<double>(cell.times[i]);
    waited = std::max(waited, static_cast<double>(cell.times[i]));
  }
  if (cell.ended || !is_waiting(cell.now) || waited < row.whom_most) return;
  row.whom_most = waited;
  row.whom = doing(snapshot, cell);
}

std::vector<Row> rows_of(const JobSnapshot& snapshot) {
  std::vector<Row> rows(snapshot.stages.size());
  for (StageId stage = 0; stage < rows.size(); ++stage) rows[stage].stage = snapshot.stages[stage];
  for (const CellSnapshot& cell : snapshot.cells) {
    for (std::size_t at = 0; at < cell.stages.size(); ++at) {
      if (cell.stages[at] < rows.size()) add(rows[cell.stages[at]], snapshot, cell, at);
    }
  }
  for (const ChannelSnapshot& channel : snapshot.channels) {
    if (channel.to >= rows.size() || !channel.receiver) continue;
    Row& row = rows[channel.to];
    row.queue_known = true;
    row.queued.bytes += channel.receiver->received.bytes - std::min(channel.receiver->received.bytes, channel.receiver->consumed.bytes);
    row.window.bytes += channel.window.bytes;
  }
  return rows;
}

std::string percent(double part, double whole) {
  if (whole <= 0) return kUnknown;
  char text[16];
  std::snprintf(text, sizeof text, "%.0f%%", std::clamp(part / whole, 0.0, 1.0) * 100);
  return text;
}

// "91% credit of train": the greatest share of waiting, and, where a cell waits so now, for whom.
std::string waits_text(const Row& row) {
  auto most = std::max_element(row.waits.begin(), row.waits.end());
  if (row.age <= 0) return kUnknown;
  if (*most <= 0) return "";
  std::string word(activity_name(static_cast<Activity>(most - row.waits.begin())));
  bool same = row.whom.compare(0, word.size(), word) == 0;
  return percent(*most, row.age) + " " + (same ? row.whom : word);
}

struct Column {
  const char* heading;
  std::size_t width;
  std::string (*text)(const Row&);
};

// After the stage's name; those further right go first where there is no room.
constexpr std::array kColumns = {
    Column{"busy", 5, [](const Row& row) { return percent(row.busy, row.age); }},
    Column{"waits", 24, waits_text},
    Column{"queue", 6, [](const Row& row) {
             return row.queue_known ? percent(static_cast<double>(row.queued.bytes), static_cast<double>(row.window.bytes))
                                    : std::string(kUnknown);
           }},
    Column{"replicas", 8, [](const Row& row) { return std::to_string(row.replicas); }},
};

std::string trimmed(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

// A line of the table; without a row, its headings.
std::string table_line(const Row* row, std::size_t columns, std::size_t name, std::size_t shown) {
  std::string line = cell_text(row ? row->stage : "stage", std::min(name, columns));
  for (std::size_t i = 0; i < shown; ++i) {
    line += " " + cell_text(row ? kColumns[i].text(*row) : kColumns[i].heading, kColumns[i].width);
  }
  return trimmed(line);
}

std::uint64_t less(std::uint64_t after, std::uint64_t before) { return after - std::min(after, before); }

void take_away(CellSnapshot& after, const CellSnapshot& before) {
  for (std::size_t i = 0; i < kActivities; ++i) after.times[i] = less(after.times[i], before.times[i]);
  if (before.stage_ns.size() != after.stage_ns.size()) return;
  for (std::size_t i = 0; i < after.stage_ns.size(); ++i) after.stage_ns[i] = less(after.stage_ns[i], before.stage_ns[i]);
}

}  // namespace

JobSnapshot between(const JobSnapshot& before, const JobSnapshot& after) {
  JobSnapshot window = after;
  for (CellSnapshot& cell : window.cells) {
    for (const CellSnapshot& earlier : before.cells) {
      if (earlier.cell == cell.cell && earlier.replica == cell.replica) take_away(cell, earlier);
    }
  }
  for (ChannelSnapshot& channel : window.channels) {
    for (const ChannelSnapshot& earlier : before.channels) {
      if (earlier.id != channel.id || !earlier.sender || !channel.sender) continue;
      channel.sender->waited_ns = less(channel.sender->waited_ns, earlier.sender->waited_ns);
    }
  }
  return window;
}

std::string frame(const std::string& title, const JobSnapshot& snapshot, std::size_t columns, std::size_t rows) {
  if (columns == 0 || rows == 0) return "";
  auto all = rows_of(snapshot);
  std::size_t shown = 0, used = kStageWidth;
  while (shown < kColumns.size() && used + 1 + kColumns[shown].width <= columns) used += 1 + kColumns[shown++].width;
  std::size_t name = kStageWidth + (shown == kColumns.size() ? std::min<std::size_t>(columns - used, 26) : columns - used);
  if (columns < kStageWidth) name = columns;
  std::string text = trimmed(cell_text(title, columns));
  if (rows > 1) text += table_line(nullptr, columns, name, shown);
  std::size_t room = rows > 2 ? rows - 2 : 0;
  std::size_t fit = all.size() <= room ? all.size() : room > 0 ? room - 1 : 0;
  for (std::size_t i = 0; i < fit; ++i) text += table_line(&all[i], columns, name, shown);
  if (fit < all.size() && room > 0) text += trimmed(cell_text(std::to_string(all.size() - fit) + " more stages", columns));
  return text;
}

}  // namespace leat
