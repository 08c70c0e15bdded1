// The limit for packed CSV: what the library that unpacks does by itself, 128 KiB in and 256 KiB out, to nowhere.
// With --make it packs a file with zstd instead, as zstd -3 does.

#include <cstdint>
#include <fstream>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <isa-l/igzip_lib.h>
#include <zstd.h>

#include "measure.hpp"

namespace {

constexpr std::size_t kIn = 128 * 1024;
constexpr std::size_t kOut = 256 * 1024;

class File {
 public:
  explicit File(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY)), buffer_(kIn) {
    if (descriptor_ < 0) throw std::runtime_error("cannot open " + path);
  }
  ~File() { ::close(descriptor_); }
  std::size_t read() {
    ssize_t got = ::read(descriptor_, buffer_.data(), buffer_.size());
    if (got < 0) throw std::runtime_error("cannot read");
    return static_cast<std::size_t>(got);
  }
  char* data() { return buffer_.data(); }

 private:
  int descriptor_;
  std::vector<char> buffer_;
};

std::uint64_t gzip(File& file, std::vector<char>& out) {
  auto state = std::make_unique<inflate_state>();
  isal_inflate_init(state.get());
  state->crc_flag = ISAL_GZIP;
  std::uint64_t bytes = 0;
  while (state->block_state != ISAL_BLOCK_FINISH) {
    if (state->avail_in == 0) {
      state->avail_in = static_cast<std::uint32_t>(file.read());
      state->next_in = reinterpret_cast<std::uint8_t*>(file.data());
    }
    state->next_out = reinterpret_cast<std::uint8_t*>(out.data());
    state->avail_out = static_cast<std::uint32_t>(out.size());
    if (isal_inflate(state.get()) < 0) throw std::runtime_error("no gzip");
    bytes += out.size() - state->avail_out;
  }
  return bytes;
}

std::uint64_t zstd(File& file, std::vector<char>& out) {
  std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  std::uint64_t bytes = 0;
  for (std::size_t got; (got = file.read()) > 0;) {
    ZSTD_inBuffer from{file.data(), got, 0};
    while (from.pos < from.size) {
      ZSTD_outBuffer to{out.data(), out.size(), 0};
      if (ZSTD_isError(ZSTD_decompressStream(context.get(), &to, &from))) throw std::runtime_error("no zstd");
      bytes += to.pos;
    }
  }
  return bytes;
}

void make(const std::string& from, const std::string& to) {
  std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_checksumFlag, 1);
  File file(from);
  std::ofstream packed(to, std::ios::binary);
  std::vector<char> out(ZSTD_CStreamOutSize());
  for (bool ended = false; !ended;) {
    std::size_t got = file.read();
    ZSTD_inBuffer in{file.data(), got, 0};
    for (bool more = true; more;) {
      ZSTD_outBuffer part{out.data(), out.size(), 0};
      std::size_t left = ZSTD_compressStream2(context.get(), &part, &in, got == 0 ? ZSTD_e_end : ZSTD_e_continue);
      if (ZSTD_isError(left)) throw std::runtime_error("cannot pack");
      packed.write(out.data(), static_cast<std::streamsize>(part.pos));
      more = got == 0 ? left > 0 : in.pos < in.size;
    }
    ended = got == 0;
  }
  if (!packed.flush()) throw std::runtime_error("cannot write " + to);
}

}  // namespace

int main(int argc, char** argv) {
  std::string data, packed;
  CLI::App app{"limit: unpacking a file to nowhere"};
  app.add_option("--data", data, "a .gz or .zst file, or what to pack")->required();
  app.add_option("--make", packed, "a .zst file to make of it");
  CLI11_PARSE(app, argc, argv);
  try {
    const bench::Stopwatch watch;
    if (!packed.empty()) {
      make(data, packed);
      return 0;
    }
    File file(data);
    std::vector<char> out(kOut);
    const std::uint64_t bytes = data.ends_with(".gz") ? gzip(file, out) : zstd(file, out);
    bench::print_line("unpack_alone", watch.seconds(), static_cast<double>(bytes), {{"bytes", bytes}});
  } catch (const std::exception& error) {
    std::cerr << "unpack_alone: " << error.what() << "\n";
    return 1;
  }
  return 0;
}
