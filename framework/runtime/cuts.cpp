#include <leat/runtime/cuts.hpp>

#include <algorithm>
#include <utility>

namespace leat {

std::size_t JobCuts::add_cell() {
  std::lock_guard lock(mutex_);
  cells_.emplace_back();
  return cells_.size() - 1;
}

bool JobCuts::order(std::uint64_t n, bool even_ended) {
  std::lock_guard lock(mutex_);
  bool any = even_ended || std::any_of(cells_.begin(), cells_.end(), [](const Place& cell) { return !cell.ended; });
  if (current_ || closed_ || !any) return false;
  current_.emplace().n = n;
  ordered_.store(n, std::memory_order_release);
  if (whole()) changed_.notify_all();
  return true;
}

void JobCuts::took(std::size_t cell, CellCut cut, std::optional<Error> given_up) {
  std::lock_guard lock(mutex_);
  cells_[cell].taken = current_->n;
  current_->cells.push_back(std::move(cut));
  if (given_up && !current_->given_up) current_->given_up = std::move(given_up);
  if (whole()) changed_.notify_all();
}

void JobCuts::left(std::size_t cell) {
  std::lock_guard lock(mutex_);
  cells_[cell].ended = true;
  if (current_ && whole()) changed_.notify_all();
}

void JobCuts::add(SourceCut source) {
  std::lock_guard lock(mutex_);
  if (current_) current_->sources.push_back(std::move(source));
}

bool JobCuts::whole() const {
  return std::all_of(cells_.begin(), cells_.end(),
                     [this](const Place& cell) { return cell.ended || cell.taken == current_->n; });
}

std::optional<WholeCut> JobCuts::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return closed_ || (current_ && whole()); });
  if (closed_) return std::nullopt;
  std::optional<WholeCut> taken = std::move(current_);
  current_.reset();
  for (std::size_t cell = 0; cell < cells_.size(); ++cell) {
    if (cells_[cell].taken != taken->n) taken->ended.push_back(cell);
  }
  return taken;
}

bool JobCuts::under_way() const {
  std::lock_guard lock(mutex_);
  return current_.has_value();
}

void JobCuts::close() {
  std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

}  // namespace leat
