#include <leat/actors/input/unpacker.hpp>

#include <array>
#include <utility>

#include <isa-l/igzip_lib.h>

namespace leat {
namespace {

using namespace std::string_view_literals;

// What begins a zstd frame, and one that is passed over (there are sixteen of them).
constexpr std::string_view kFrame = "\x28\xb5\x2f\xfd"sv;
constexpr std::string_view kPassedOver = "\x2a\x4d\x18"sv;

constexpr std::array<std::pair<std::string_view, const char*>, 6> kUnread = {{
    {"\xfd" "7zXZ\0"sv, "xz"},
    {"BZh"sv, "bzip2"},
    {"PK\x03\x04"sv, "zip"},
    {"\x04\x22\x4d\x18"sv, "lz4"},
    {"\x1f\x9d"sv, "compress"},
    {"7z\xbc\xaf\x27\x1c"sv, "7z"},
}};

// A decoder's tables, and what it has of a block of 128 KiB on either side of the window.
constexpr std::uint64_t kZstdTables = std::uint64_t{768} << 10;

}  // namespace

std::string packing_name(Packing packing) {
  if (packing == Packing::plain) return "plain";
  return packing == Packing::gzip ? "gzip" : "zstd";
}

Packing packing_of(std::string_view first) {
  if (first.starts_with("\x1f\x8b"sv)) return Packing::gzip;
  bool passed_over = first.size() >= 4 && (first[0] & 0xf0) == 0x50 && first.substr(1).starts_with(kPassedOver);
  return first.starts_with(kFrame) || passed_over ? Packing::zstd : Packing::plain;
}

std::string unread_packing(std::string_view first) {
  for (const auto& [magic, name] : kUnread) {
    // "BZh" could begin a text: the digit after it and the bytes of a block's beginning could not.
    bool bzip2 = magic != "BZh"sv || (first.size() > 5 && first[3] >= '1' && first[3] <= '9' && first[4] == '1' &&
                                      first[5] == 'A');
    if (first.starts_with(magic) && bzip2) return name;
  }
  return "";
}

std::uint64_t unpacker_bytes(Packing packing, std::uint64_t most_window) {
  if (packing == Packing::plain) return 0;
  return packing == Packing::gzip ? sizeof(inflate_state) : most_window + kZstdTables;
}

std::unique_ptr<Unpacker> unpacker_of(Packing packing, std::uint64_t most_window) {
  return packing == Packing::gzip ? gzip_unpacker() : zstd_unpacker(most_window);
}

}  // namespace leat
