#include <leat/checkpoint/message_bytes.hpp>

#include <xxhash.h>

#include <cstring>
#include <fstream>
#include <string>
#include <system_error>

namespace leat {

std::vector<std::byte> flat_bytes(capnp::MessageBuilder& message) {
  auto words = capnp::messageToFlatArray(message);
  auto flat = words.asBytes();
  auto* begin = reinterpret_cast<const std::byte*>(flat.begin());
  return {begin, begin + flat.size()};
}

std::vector<std::byte> mark_of(std::string_view mark, std::uint64_t checksum) {
  std::vector<std::byte> bytes;
  for (char c : mark) bytes.push_back(static_cast<std::byte>(c));
  for (int byte = 0; byte < 8; ++byte) bytes.push_back(static_cast<std::byte>(checksum >> (8 * byte) & 0xff));
  return bytes;
}

void add_mark(std::vector<std::byte>& bytes, std::string_view mark) {
  auto end = mark_of(mark, XXH3_64bits(bytes.data(), bytes.size()));
  bytes.insert(bytes.end(), end.begin(), end.end());
}

Result<std::vector<capnp::word>> marked_words(std::span<const std::byte> bytes, std::string_view mark) {
  if (bytes.size() < kMarked || bytes.size() % sizeof(capnp::word) != 0) return corrupt("it is cut");
  auto content = bytes.first(bytes.size() - kMarked);
  auto end = mark_of(mark, XXH3_64bits(content.data(), content.size()));
  if (std::memcmp(end.data(), bytes.data() + content.size(), kMarked) != 0) return corrupt("it is damaged: its checksum differs");
  std::vector<capnp::word> words(content.size() / sizeof(capnp::word));
  std::memcpy(words.data(), content.data(), content.size());
  return words;
}

Result<std::vector<std::byte>> read_bytes(const std::filesystem::path& file, std::uint64_t most) {
  std::error_code error;
  std::uint64_t size = std::filesystem::file_size(file, error);
  if (error) return failed(file.string() + " cannot be read: " + error.message());
  if (size > most) return corrupt(file.string() + " has " + std::to_string(size) + " bytes, more than it may: it is damaged");
  std::vector<std::byte> bytes(size);
  std::ifstream in(file, std::ios::binary);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  if (!in) return failed(file.string() + " cannot be read");
  return bytes;
}

}  // namespace leat
