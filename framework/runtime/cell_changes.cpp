// How a running cell is given channels and loses them.
#include <leat/runtime/cell.hpp>

namespace leat {

bool Cell::change(Change& change) {
  std::lock_guard lock(changing_);
  auto* attached = std::get_if<change::AttachReceiver>(&change);
  if (all_closed_ || (attached && closed_[attached->intake])) return false;
  changes_.push_back(std::move(change));
  changes_wait_.store(true, std::memory_order_release);
  return true;
}

void Cell::make_changes() {
  std::vector<Change> changes;
  {
    std::lock_guard lock(changing_);
    changes.swap(changes_);
    changes_wait_.store(false, std::memory_order_relaxed);
  }
  for (Change& change : changes) make(std::move(change));
}

void Cell::make(Change change) {
  if (auto* in = std::get_if<change::AttachReceiver>(&change)) {
    setup_.intakes[in->intake].attach(std::move(in->receiver));
  } else if (auto* out = std::get_if<change::AttachSender>(&change)) {
    setup_.outflows[out->outflow].attach(out->name, std::move(out->sender));
  } else if (auto* gone = std::get_if<change::RetireSender>(&change)) {
    setup_.outflows[gone->outflow].retire(gone->name);
  } else {
    source_ended_ = true;
  }
}

bool Cell::closes(std::size_t intake) {
  std::lock_guard lock(changing_);
  if (!changes_.empty()) return false;
  closed_[intake] = true;
  return true;
}

bool Cell::closes_all() {
  if (all_closed_) return true;
  std::lock_guard lock(changing_);
  all_closed_ = changes_.empty();
  return all_closed_;
}

}  // namespace leat
