// zstd, by its own library.
#include <leat/actors/input/unpacker.hpp>

#include <bit>
#include <new>

#include <zstd.h>
#include <zstd_errors.h>

namespace leat {
namespace {

struct Free {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

class ZstdUnpacker final : public Unpacker {
 public:
  explicit ZstdUnpacker(std::uint64_t most_window) : most_window_(most_window), context_(ZSTD_createDCtx()) {
    if (!context_) throw std::bad_alloc();
    int log = std::countr_zero(std::bit_ceil(most_window));
    ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, log);
  }

  bool may_end() const override { return !within_; }

  void begin_again() override {
    ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only);
    within_ = had_frame_ = false;
  }

  Result<Unpacked> unpack(std::string_view in, std::span<char> out) override {
    if (!within_ && in.empty()) return Unpacked{};
    ZSTD_inBuffer from{in.data(), in.size(), 0};
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    std::size_t went = ZSTD_decompressStream(context_.get(), &to, &from);
    if (ZSTD_isError(went)) return wrong(went);
    within_ = went != 0;
    had_frame_ |= !within_;
    return Unpacked{from.pos, to.pos};
  }

 private:
  Error wrong(std::size_t code) const {
    switch (ZSTD_getErrorCode(code)) {
      case ZSTD_error_frameParameter_windowTooLarge:
        return overloaded("needs a larger window than max_window, " + std::to_string(most_window_) +
                          " bytes; raise max_window, or pack it again with a smaller window");
      case ZSTD_error_prefix_unknown:
        if (had_frame_) return corrupt("goes on after the end of its zstd stream with something else");
        break;
      case ZSTD_error_dictionary_wrong: return corrupt("needs a dictionary; pack it again without one");
      case ZSTD_error_checksum_wrong: return corrupt("is damaged: its checksum is not that of its content");
      default: break;
    }
    return corrupt("is damaged: its content is no zstd");
  }

  std::uint64_t most_window_;
  std::unique_ptr<ZSTD_DCtx, Free> context_;
  bool within_ = false;  // a frame
  bool had_frame_ = false;
};

}  // namespace

std::unique_ptr<Unpacker> zstd_unpacker(std::uint64_t most_window) {
  return std::make_unique<ZstdUnpacker>(most_window);
}

}  // namespace leat
