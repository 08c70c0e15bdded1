/// What one write to the kernel takes: headers, small messages and slices of large ones.
#pragma once

#include <leat/chunk/chunk.hpp>
#include <leat/net/framing.hpp>

#include <cstddef>
#include <span>
#include <vector>

#include <sys/uio.h>

namespace leat::wire {

/// Threads: one at a time, whoever writes. Slices are added first, then sealed once: checksums and
/// compression happen there, outside any lock.
class Batch {
 public:
  /// `checked`: payloads get a CRC32C.
  explicit Batch(bool checked) : checked_(checked) {}

  bool empty() const { return bytes_ == 0; }
  /// True when no further slice should be added.
  bool full() const { return bytes_ >= kMost || entries_.size() >= kEntries; }

  /// Bytes that go first, as they are.
  void add(std::span<const std::byte> raw);
  /// A header without payload.
  void add(const Header& header);
  /// A slice of `chunk` from `offset`; `compress`: by lz4, where that makes it smaller.
  void add(const Header& header, const Chunk& chunk, std::size_t offset, bool compress);

  /// Lays out what write takes. Nothing may be added until it is written.
  void seal();
  /// What is still to be written.
  std::span<const iovec> pieces() const { return std::span(pieces_).subspan(written_); }
  /// That many bytes were. When they were the last, the batch is empty again, its chunks let go.
  void wrote(std::size_t bytes);

  /// A batch that has this much is full, in bytes.
  static constexpr std::size_t kMost = 384 * 1024;

 private:
  struct Entry {
    Header header;
    Chunk chunk;
    std::size_t offset = 0;
    std::size_t raw = 0;  // bytes of the slice before compression
    bool compress = false;
  };
  static constexpr std::size_t kEntries = 128;

  std::size_t room_needed() const;
  void lay_out(Entry& entry);
  std::byte* stage(std::size_t bytes);
  void refer(const std::byte* at, std::size_t bytes);

  bool checked_;
  std::size_t bytes_ = 0;
  std::vector<std::byte> first_;
  std::vector<Entry> entries_;
  std::vector<std::byte> staging_;  // headers, small and compressed payloads
  std::size_t staged_ = 0;
  std::vector<iovec> pieces_;
  std::size_t written_ = 0;
};

}  // namespace leat::wire
