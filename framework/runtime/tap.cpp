#include <leat/runtime/tap.hpp>

#include <leat/actor/guard.hpp>
#include <leat/chunk/fields.hpp>
#include <leat/chunk/one_line.hpp>

#include <algorithm>
#include <optional>

namespace leat {

Tap::Tap(std::size_t rows, std::string of, Reader reader)
    : most_(std::min(rows, kMostRows)), of_(std::move(of)), reader_(std::move(reader)) {}

Result<Tap::Seen> Tap::seen() const {
  std::lock_guard lock(mutex_);
  if (!went_ && rows_.empty()) return went_.error();
  return Seen{rows_, over_};
}

bool Tap::over() const {
  std::lock_guard lock(mutex_);
  return over_;
}

void Tap::close() {
  std::lock_guard lock(mutex_);
  over_ = true;
}

void Tap::see(const Chunk& chunk) {
  std::lock_guard lock(mutex_);
  if (over_) return;
  auto rows = guarded([&] { return reader_(chunk, most_ - rows_.size()); });
  if (!rows) {
    went_ = rows.error().in(of_);
    over_ = true;
    return;
  }
  for (std::string& row : *rows) {
    over_ = over_ || bytes_ + row.size() > kMostBytes;
    // One is shown, be it ever so wide.
    if (over_ && !rows_.empty()) break;
    bytes_ += row.size();
    rows_.push_back(std::move(row));
  }
  over_ = over_ || rows_.size() >= most_;
}

void Taps::add(std::size_t stage, const std::shared_ptr<Tap>& tap) {
  std::lock_guard lock(mutex_);
  if (closed_) return tap->close();
  taps_[stage].push_back(tap);
  wanted_[stage].store(true, std::memory_order_relaxed);
}

void Taps::see(std::size_t stage, const Chunk& chunk) {
  std::lock_guard lock(mutex_);
  std::erase_if(taps_[stage], [&](const std::weak_ptr<Tap>& each) {
    auto tap = each.lock();
    if (!tap) return true;
    tap->see(chunk);
    return tap->over();
  });
  wanted_[stage].store(!taps_[stage].empty(), std::memory_order_relaxed);
}

void Taps::close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  for (auto& stage : taps_) {
    for (const std::weak_ptr<Tap>& each : stage) {
      if (auto tap = each.lock()) tap->close();
    }
    stage.clear();
  }
}

namespace {

std::optional<StageId> stage_called(const Graph& graph, std::string_view name) {
  const auto& stages = graph.stages();
  auto found = std::find_if(stages.begin(), stages.end(), [&](const Stage& stage) { return stage.name == name; });
  if (found == stages.end()) return std::nullopt;
  return static_cast<StageId>(found - stages.begin());
}

std::string_view without_blanks(std::string_view text) {
  auto first = text.find_first_not_of(' ');
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// Another place than those that there are.
Error no_place(const std::string& what, const Fields& places, const std::string& place) {
  std::string near = nearest_name(places, place);
  return invalid("there is no " + what + " " + one_line(place) + (near.empty() ? "" : ", did you mean " + one_line(near) + "?") +
                 ": there are " + one_line(listed(places)));
}

Fields edges_of(const Graph& graph, std::optional<StageId> from, std::optional<StageId> to) {
  Fields edges;
  for (const Edge& edge : graph.edges()) {
    if ((from && edge.from != *from) || (to && edge.to != *to)) continue;
    std::string name = graph.stages()[edge.from].name + ">" + graph.stages()[edge.to].name;
    if (!find_field(edges, name)) edges.push_back({name});
  }
  return edges;
}

}  // namespace

Result<StageId> tapped_stage(const Graph& graph, const std::string& place) {
  std::optional<StageId> stage = stage_called(graph, place);
  // A name may have a > of its own.
  for (auto at = place.find('>'); !stage && at != place.npos; at = place.find('>', at + 1)) {
    auto from = stage_called(graph, without_blanks(std::string_view(place).substr(0, at)));
    auto to = stage_called(graph, without_blanks(std::string_view(place).substr(at + 1)));
    if (from && to && !edges_of(graph, from, to).empty()) return *from;
  }
  if (!stage && place.find('>') != place.npos) return no_place("edge", edges_of(graph, std::nullopt, std::nullopt), place);
  if (!stage) {
    Fields names;
    for (const Stage& each : graph.stages()) names.push_back({each.name});
    return no_place("stage", names, place);
  }
  if (graph.stages()[*stage].kind.output) return *stage;
  return invalid("stage " + one_line(place) + " is a sink and emits nothing: tap what comes to it, " +
                 one_line(listed(edges_of(graph, std::nullopt, stage))));
}

}  // namespace leat
