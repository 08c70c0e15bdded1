/// gzip and zstd, as other programs write them.
#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include <isa-l/igzip_lib.h>
#include <zstd.h>

namespace leat::tests {

inline std::string gzip(std::string_view text) {
  auto stream = std::make_unique<isal_zstream>();
  isal_deflate_init(stream.get());
  std::string out(text.size() + text.size() / 4 + 1024, '\0');
  stream->end_of_stream = 1;
  stream->flush = NO_FLUSH;
  stream->gzip_flag = IGZIP_GZIP;
  stream->next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  stream->avail_in = static_cast<std::uint32_t>(text.size());
  stream->next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream->avail_out = static_cast<std::uint32_t>(out.size());
  if (isal_deflate(stream.get()) != COMP_OK || stream->avail_in > 0) throw std::runtime_error("isal_deflate");
  out.resize(out.size() - stream->avail_out);
  return out;
}

/// One frame, with its checksum and without its length, as of a stream; with a window of 2^window_log bytes.
inline std::string zstd(std::string_view text, int window_log = 0) {
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 0);
  if (window_log > 0) ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, window_log);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  ZSTD_inBuffer from{text.data(), text.size(), 0};
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  // In two calls, so that the frame does not know its length.
  ZSTD_inBuffer half{text.data(), text.size() / 2, 0};
  ZSTD_compressStream2(context.get(), &to, &half, ZSTD_e_continue);
  from.pos = half.pos;
  if (ZSTD_compressStream2(context.get(), &to, &from, ZSTD_e_end) != 0) throw std::runtime_error("zstd");
  out.resize(to.pos);
  return out;
}

/// A frame that readers pass over.
inline std::string zstd_passed_over() { return std::string("\x50\x2a\x4d\x18\x04\x00\x00\x00what", 12); }

}  // namespace leat::tests
