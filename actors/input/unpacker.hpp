/// Unpackers: the bytes inside of gzip and zstd, as a stream.
///
///   auto unpacker = leat::unpacker_of(leat::packing_of(first_bytes), leat::kMostWindow);
///   auto did = unpacker->unpack(in, out);  // took did->taken bytes of `in`, wrote did->given to `out`
///
/// What a file is shows in its first bytes, not in its name. A gzip file may have several members one after the other
/// (RFC 1952), and zeros after them; a zstd file several frames, and frames that are passed over (RFC 8878). Checksums
/// are checked. Threads: one object, one thread. Pure: no I/O.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include <leat/chunk/result.hpp>

namespace leat {

enum class Packing { plain, gzip, zstd };
/// "gzip".
std::string packing_name(Packing packing);

/// So many bytes tell what packing_of() and unread_packing() ask.
inline constexpr std::size_t kPackingBytes = 6;

/// By a file's first bytes; fewer than kPackingBytes are all it has.
Packing packing_of(std::string_view first);
/// The name of a packing that is known and not read, "xz"; "" of anything else.
std::string unread_packing(std::string_view first);

/// The largest window, in bytes, that a zstd frame may need: what every decoder should have room for (RFC 8878).
inline constexpr std::uint64_t kMostWindow = std::uint64_t{8} << 20;

/// Bytes an unpacker holds, at most.
std::uint64_t unpacker_bytes(Packing packing, std::uint64_t most_window);

struct Unpacked {
  std::size_t taken = 0;
  std::size_t given = 0;
};

class Unpacker {
 public:
  virtual ~Unpacker() = default;

  /// Takes some of `in` and writes some of `out`; neither only where it needs more `in`, or its file may end here.
  /// Errors, without the file's name: what is damaged, or no such file any more, or needs too large a window.
  virtual Result<Unpacked> unpack(std::string_view in, std::span<char> out) = 0;
  /// A file may end here: between members or frames.
  virtual bool may_end() const = 0;
  /// As new.
  virtual void begin_again() = 0;
};

/// Of `packing`, which is not plain; of zstd for windows up to `most_window`, rounded up to a power of two.
std::unique_ptr<Unpacker> unpacker_of(Packing packing, std::uint64_t most_window);

std::unique_ptr<Unpacker> gzip_unpacker();
std::unique_ptr<Unpacker> zstd_unpacker(std::uint64_t most_window);

}  // namespace leat
