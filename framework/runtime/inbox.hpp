/// The chunks a stage has yet to visit, and those that it has visited of the same lot.
#pragma once

#include <leat/chunk/chunk.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace leat {

/// A chunk on its way through a chain.
struct Item {
  static constexpr std::uint16_t kNoInput = 0xffff;
  static constexpr std::uint32_t kNoStep = ~std::uint32_t{0};

  Item() = default;
  Item(Chunk&& what, std::uint16_t of, std::uint8_t at, bool here)
      : chunk(std::move(what)), input(of), port(at), born_here(here) {}

  Chunk chunk;
  std::uint64_t position = 0;  ///< of the next step on it
  std::uint64_t before = 0;    ///< of the last step on it
  std::uint32_t emitted = kNoStep;  ///< what the stage below has of this lot before that step; kNoStep: none yet
  std::uint16_t input = kNoInput;  ///< which of the cell's inputs in hand it was made of; kNoInput: of none
  std::uint8_t port = 0;           ///< check() allows no more of them
  bool born_here = false;          ///< made by the stage above: it can be made again
};
// As small as it gets: small chunks are all items.
static_assert(sizeof(Item) == 32);

/// First in, first out, without allocations once warm. What has been visited stays until the stage above is
/// visited again or the cell is through with its input: from it a step below can be repeated. But not what
/// can be made again, which may be wanted in place.
class Inbox {
 public:
  bool empty() const { return head_ == end_; }
  /// The index that the next item pushed will have.
  std::size_t next() const { return end_; }
  void push(Chunk&& chunk, std::uint16_t input, std::uint8_t port, bool born_here) {
    if (full()) grow(1);
    place(std::move(chunk), input, port, born_here);
  }
  /// All of `made`, whose chunks are moved out; the first is made of `input`, each of the others of the next one.
  template <class Made>
  void push_all(std::span<Made> made, std::uint16_t input, std::uint8_t port) {
    if (items_.size() < end_ + made.size()) grow(made.size());
    Item* to = items_.data() + end_;
    for (Made& each : made) std::construct_at(to++, std::move(each.chunk), input++, port, false);
    end_ += made.size();
    keeps_ = true;
  }
  /// No more can be placed.
  bool full() const { return end_ == items_.size(); }
  /// Pushes where it is not full. In place, as what is stored in parts and then copied stalls; where nothing is,
  /// nothing is let go of.
  void place(Chunk&& chunk, std::uint16_t input, std::uint8_t port, bool born_here) {
    std::construct_at(&items_[end_++], std::move(chunk), input, port, born_here);
    if (!born_here) keeps_ = true;
  }
  Item& front() { return items_[head_]; }
  const Item& front() const { return items_[head_]; }
  std::size_t head() const { return head_; }
  void pop() {
    if (items_[head_].born_here) items_[head_].chunk = Chunk();
    ++head_;
  }
  /// The bytes of what was pushed from `index` on.
  std::uint64_t bytes(std::size_t index) const {
    std::uint64_t sum = 0;
    for (std::size_t i = index; i < end_; ++i) sum += items_[i].chunk.footprint();
    return sum;
  }
  /// Takes back what was pushed from `index` on, and not visited.
  void take_back(std::size_t index) {
    while (end_ > index) items_[--end_] = Item();
  }
  /// The index of the item whose last step made what the inbox below has at `index`.
  std::size_t maker_of(std::size_t index) const {
    std::size_t at = head_ + (!empty() && items_[head_].emitted != Item::kNoStep ? 1 : 0);
    while (at > 1 && items_[at - 1].emitted > index) --at;
    return at - 1;
  }
  const Item& at(std::size_t index) const { return items_[index]; }
  /// Another lot begins: what has been visited goes.
  void begin() {
    if (empty()) clear();
  }
  void clear() {
    if (keeps_ || !empty()) take_back(0);
    head_ = end_ = 0;
    keeps_ = false;
  }

 private:
  void grow(std::size_t more) { items_.resize(std::max(2 * items_.size(), end_ + std::max<std::size_t>(more, 16))); }

  std::vector<Item> items_;  // from end_ on without chunks
  std::size_t head_ = 0;
  std::size_t end_ = 0;
  bool keeps_ = false;  // some that have been visited have their chunks
};

}  // namespace leat
