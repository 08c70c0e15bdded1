/// First in, first out, in one piece: a vector and where what is left in it begins.
///
///   Fifo<Frame> queue;
///   queue.push(std::move(frame));
///   queue.pop(sender.send(queue.rest()));
///
/// What is left is contiguous, as calls that take several at once want it. Nothing is allocated once it has
/// held as much before: room that was popped is used again.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

namespace leat {

/// Threads: one at a time. A reference into it, and a span of it, hold until the next push or pop.
template <class T>
class Fifo {
 public:
  bool empty() const { return head_ == items_.size(); }
  std::size_t size() const { return items_.size() - head_; }
  /// All that is left, first to last.
  std::span<T> rest() { return std::span(items_).subspan(head_); }
  /// Not of an empty one, nor is back(), take() or pop().
  T& front() { return items_[head_]; }
  T& back() { return items_.back(); }

  void push(T item) { room().push_back(std::move(item)); }
  /// A new one at the end, made in place.
  template <class... Parts>
  T& emplace(Parts&&... parts) {
    return room().emplace_back(std::forward<Parts>(parts)...);
  }
  /// Moves all of `items` to the end.
  void append(std::span<T> items) {
    std::vector<T>& to = room();
    to.insert(to.end(), std::move_iterator(items.begin()), std::move_iterator(items.end()));
  }
  /// Appends what `append(std::vector<T>&)` appends, for calls that fill a vector, and returns what that
  /// returns. It leaves alone what it finds.
  template <class F>
  auto push_with(F append) {
    return append(room());
  }

  /// The first, moved out.
  T take() { return std::move(next()); }
  /// The first, out of the queue and left where it is until the next push.
  T& next() { return items_[head_++]; }
  /// Moves the first `most`, or all there are, to the end of `into`; returns how many.
  std::size_t take(std::vector<T>& into, std::size_t most) {
    std::size_t count = std::min(most, size());
    if (into.empty() && head_ == 0 && count == items_.size()) {
      std::swap(items_, into);
      return count;
    }
    auto first = items_.begin() + static_cast<std::ptrdiff_t>(head_);
    into.insert(into.end(), std::move_iterator(first), std::move_iterator(first + static_cast<std::ptrdiff_t>(count)));
    pop(count);
    return count;
  }
  /// Lets go of the first.
  void pop() { next() = T(); }
  /// Lets go of the first `count`, at most size().
  void pop(std::size_t count) {
    if (count == size()) return clear();
    for (; count > 0; --count) pop();
  }
  void clear() {
    items_.clear();
    head_ = 0;
  }

 private:
  // Where it would grow and half of it is gone, what is left moves to the front instead: each item is moved at
  // most once for each that went.
  std::vector<T>& room() {
    if (empty()) clear();
    if (items_.size() == items_.capacity() && head_ > 0 && head_ >= size()) {
      items_.erase(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(head_));
      head_ = 0;
    }
    return items_;
  }

  std::vector<T> items_;
  std::size_t head_ = 0;
};

}  // namespace leat
