/// Cap'n Proto messages in files that end with a mark and a checksum: what the store's files share.
#pragma once

#include <leat/actor/guard.hpp>
#include <leat/chunk/result.hpp>

#include <capnp/message.h>
#include <capnp/serialize.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>
#include <vector>

namespace leat {

/// A mark of eight characters and the XXH3-64 of all before it, little-endian.
constexpr std::size_t kMarked = 16;

/// The message in its standard framing.
std::vector<std::byte> flat_bytes(capnp::MessageBuilder& message);
/// Adds the mark and the checksum of all that is there.
void add_mark(std::vector<std::byte>& bytes, std::string_view mark);
/// The mark as it stands behind bytes with this checksum.
std::vector<std::byte> mark_of(std::string_view mark, std::uint64_t checksum);

/// What stands before the mark, as words. Errors: corrupt: another mark, another checksum, cut.
Result<std::vector<capnp::word>> marked_words(std::span<const std::byte> bytes, std::string_view mark);

/// All of a file. Errors: failed; corrupt where it has more than `most` bytes.
Result<std::vector<std::byte>> read_bytes(const std::filesystem::path& file, std::uint64_t most);

/// What `read` makes of the message that the words begin with. What its readers throw, as those of Cap'n Proto do at what is
/// out of bounds, is corrupt.
template <class Read>
auto read_message(std::span<const capnp::word> words, Read read) -> decltype(read(std::declval<capnp::MessageReader&>())) {
  try {
    capnp::ReaderOptions options;
    options.traversalLimitInWords = words.size() * 2 + 1024;
    capnp::FlatArrayMessageReader reader(kj::ArrayPtr<const capnp::word>(words.data(), words.size()), options);
    return read(reader);
  } catch (...) {
    return corrupt("it is damaged: " + error_of_exception().sentence);
  }
}

}  // namespace leat
