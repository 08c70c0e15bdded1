#include <array>
#include <charconv>
#include <cstdio>

#include <xxhash.h>

#include <leat/graph/memory.hpp>

namespace leat::memory {

std::string options_text(std::size_t chunks, const std::string& hashes) {
  XXH128_hash_t hash = XXH3_128bits(hashes.data(), hashes.size());
  std::array<char, 33> text;
  std::snprintf(text.data(), text.size(), "%016llx%016llx",
                static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return std::to_string(chunks) + " chunks, " + text.data();
}

Result<void> VectorSource::seek(const SourcePosition& to) {
  if (to.identity != identity_) {
    return invalid("the position is of other chunks (" + to.identity + ") than those here (" + identity_ +
                   "): begin again");
  }
  std::size_t at = 0;
  auto read = std::from_chars(to.at.data(), to.at.data() + to.at.size(), at);
  if (read.ec != std::errc() || read.ptr != to.at.data() + to.at.size() || at > chunks_->size()) {
    return invalid("the position \"" + to.at + "\" is not among its " + std::to_string(chunks_->size()) +
                   " chunks: begin again");
  }
  at_ = at;
  return {};
}

}  // namespace leat::memory
