#include <array>
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

}  // namespace leat::memory
