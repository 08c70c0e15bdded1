/// First in, first out, in one piece: a vector and where what is left in it begins.
///
///   Fifo<Frame> queue;
///   queue.push(std::move(frame));
///   queue.pop(sender.send(queue.rest()));
///
/// What is left is contiguous, as calls that take several at once want it. Nothing is allocated once it has
/// held as much before: room that was popped is used again.
#pragma once

#include <cstddef>
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
  /// Appends what `append(std::vector<T>&)` appends, for calls that fill a vector, and returns what that
  /// returns. It leaves alone what it finds.
  template <class F>
  auto push_with(F append) {
    return append(room());
  }

  /// The first, moved out.
  T take() {
    T item = std::move(items_[head_]);
    advance();
    return item;
  }
  /// Lets go of the first.
  void pop() {
    items_[head_] = T();
    advance();
  }
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
  void advance() {
    if (++head_ == items_.size()) clear();
  }
  // Where it would grow and half of it is popped, what is left moves to the front instead: each item is moved
  // at most once for each that was popped.
  std::vector<T>& room() {
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
