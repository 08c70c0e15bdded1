#include <leat/chunk/validate.hpp>

#include <leat/schemas/table.capnp.h>

#include <cstdint>
#include <cstring>

namespace leat {
namespace {

constexpr int kDeepest = 16;
constexpr std::uint64_t kTimesOver = 4;

enum PointerKind : std::uint64_t { kStruct = 0, kList = 1 };
enum ElementSize : std::uint64_t { kPointers = 6, kComposite = 7 };
constexpr std::uint64_t kElementBits[] = {0, 1, 8, 16, 32, 64};

// Cap'n Proto's encoding, "Serialization: Encoding Spec", on capnproto.org. Returns why a message is
// unsound, or nullptr.
class Walk {
 public:
  explicit Walk(std::span<const std::byte> message)
      : bytes_(message.data()), words_(message.size() / 8), budget_(words_ * kTimesOver) {}

  const char* all() { return pointer(0, kDeepest); }

 private:
  std::uint64_t word(std::uint64_t at) const {
    std::uint64_t value;
    std::memcpy(&value, bytes_ + at * 8, sizeof value);
    return value;
  }

  // False when [from, from + count) is not inside, or too much was reached in all.
  bool reach(std::uint64_t from, std::uint64_t count) {
    if (from > words_ || count > words_ - from) return false;
    return spend(count);
  }
  bool spend(std::uint64_t count) {
    if (count > budget_) return false;
    budget_ -= count;
    return true;
  }

  const char* pointer(std::uint64_t at, int depth) {
    std::uint64_t value = word(at);
    if (value == 0) return nullptr;
    if (depth == 0) return "is nested too deep";
    if ((value & 3) > kList) return "has a far pointer or a capability";
    // Signed, from the word after the pointer; wraps to something huge when it leads before the start.
    auto offset = static_cast<std::int64_t>(static_cast<std::int32_t>(value & 0xfffffffc) >> 2);
    std::uint64_t target = at + 1 + static_cast<std::uint64_t>(offset);
    if ((value & 3) == kList) return list(target, value >> 32, depth - 1);
    return structure(target, value, depth - 1);
  }

  const char* structure(std::uint64_t target, std::uint64_t described, int depth) {
    std::uint64_t data = described >> 32 & 0xffff;
    std::uint64_t pointers = described >> 48;
    if (!reach(target, data + pointers)) return kOutside;
    return each(target + data, pointers, depth);
  }

  const char* each(std::uint64_t first, std::uint64_t count, int depth) {
    for (std::uint64_t i = 0; i < count; ++i) {
      if (const char* why = pointer(first + i, depth)) return why;
    }
    return nullptr;
  }

  const char* list(std::uint64_t target, std::uint64_t described, int depth) {
    std::uint64_t size = described & 7;
    std::uint64_t count = described >> 3;
    if (size == kComposite) return composite(target, count, depth);
    if (size == kPointers) {
      if (!reach(target, count)) return kOutside;
      return each(target, count, depth);
    }
    // Elements without bytes cost a word each: they could claim to be any number.
    if (size == 0) return target <= words_ && spend(count) ? nullptr : kOutside;
    return reach(target, (count * kElementBits[size] + 63) / 64) ? nullptr : kOutside;
  }

  const char* composite(std::uint64_t target, std::uint64_t words, int depth) {
    if (!reach(target, words + 1)) return kOutside;
    std::uint64_t tag = word(target);
    if ((tag & 3) != kStruct) return "has a list of structs that are none";
    std::uint64_t count = (tag & 0xffffffff) >> 2;
    std::uint64_t data = tag >> 32 & 0xffff;
    std::uint64_t pointers = tag >> 48;
    std::uint64_t each_words = data + pointers;
    if (count * each_words > words) return "has a list longer than its room";
    if (each_words == 0) return spend(count) ? nullptr : kOutside;
    for (std::uint64_t i = 0; pointers > 0 && i < count; ++i) {
      if (const char* why = each(target + 1 + i * each_words + data, pointers, depth)) return why;
    }
    return nullptr;
  }

  static constexpr const char* kOutside = "points outside, or to the same thing too often";

  const std::byte* bytes_;
  std::uint64_t words_;
  std::uint64_t budget_;
};

}  // namespace

Result<void> validate_message(std::span<const std::byte> message) {
  if (message.empty() || message.size() % 8 != 0) return corrupt("a message that is no whole number of words");
  if (const char* why = Walk(message).all()) return corrupt(std::string("a message that ") + why);
  return {};
}

Result<void> validate(const Chunk& chunk) {
  auto sound = validate_message(chunk.message());
  if (!sound || chunk.type() != capnp::typeId<schema::Table>()) return sound;
  return validate_table(chunk.message());
}

}  // namespace leat
