// gzip, by ISA-L.
#include <leat/actors/input/unpacker.hpp>

#include <algorithm>

#include <isa-l/igzip_lib.h>

namespace leat {
namespace {

// Its lengths are of 32 bits.
constexpr std::size_t kMost = std::size_t{1} << 30;

std::string what_is_wrong(int code) {
  switch (code) {
    case ISAL_INCORRECT_CHECKSUM: return "its checksum or length is not that of its content";
    case ISAL_UNSUPPORTED_METHOD: return "it is packed by a method that gzip does not have";
    case ISAL_INVALID_WRAPPER: return "its header is wrong";
    default: return "its content is no gzip";
  }
}

class GzipUnpacker final : public Unpacker {
 public:
  GzipUnpacker() : state_(std::make_unique<inflate_state>()) { begin_again(); }

  bool may_end() const override { return !within_; }

  void begin_again() override {
    isal_inflate_init(state_.get());
    state_->crc_flag = ISAL_GZIP;
    within_ = padded_ = had_member_ = false;
  }

  Result<Unpacked> unpack(std::string_view in, std::span<char> out) override {
    Unpacked did;
    if (!within_) {
      auto padding = begin_member(in);
      if (!padding) return padding.error();
      did.taken = *padding;
      if (!within_) return did;
    }
    std::size_t in_size = std::min(in.size() - did.taken, kMost);
    std::size_t out_size = std::min(out.size(), kMost);
    state_->next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(in.data() + did.taken));
    state_->avail_in = static_cast<std::uint32_t>(in_size);
    state_->next_out = reinterpret_cast<std::uint8_t*>(out.data());
    state_->avail_out = static_cast<std::uint32_t>(out_size);
    int went = isal_inflate(state_.get());
    if (went < 0) return corrupt("is damaged: " + what_is_wrong(went));
    did.taken += in_size - state_->avail_in;
    did.given = out_size - state_->avail_out;
    if (state_->block_state == ISAL_BLOCK_FINISH) {
      within_ = false;
      had_member_ = true;
    }
    return did;
  }

 private:
  // Where a member may begin: passes over padding, and says how long it is.
  Result<std::size_t> begin_member(std::string_view in) {
    std::size_t at = 0;
    if (had_member_) {
      while (at < in.size() && in[at] == '\0') ++at;
      padded_ |= at > 0;
      if (at < in.size() && (padded_ || in[at] != '\x1f')) {
        return corrupt("goes on after the end of its gzip stream with something else");
      }
    }
    within_ = at < in.size();
    if (within_ && had_member_) {
      isal_inflate_reset(state_.get());
      state_->crc_flag = ISAL_GZIP;
    }
    return at;
  }

  std::unique_ptr<inflate_state> state_;
  bool within_ = false;  // a member
  bool padded_ = false;
  bool had_member_ = false;
};

}  // namespace

std::unique_ptr<Unpacker> gzip_unpacker() { return std::make_unique<GzipUnpacker>(); }

}  // namespace leat
