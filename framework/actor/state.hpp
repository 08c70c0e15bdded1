/// State: what an actor keeps between two chunks, taken down so that it can be taken up again.
///
/// Keys belong to one of a fixed number of groups, and groups to replicas (after Carbone et al., 2017), so
/// that state which is taken down group by group can be dealt out anew to another number of replicas.
///
///   parts.push_back({chunk_of(counts), key_group(key)});        // in snapshot()
///   if (!key_groups(replica, replicas).has(*part.group)) ...    // whose it is
#pragma once

#include <leat/chunk/chunk.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace leat {

using KeyGroup = std::uint16_t;

/// How many groups all keys are in. A keyed stage has at most as many replicas.
inline constexpr std::size_t kKeyGroups = 1024;

/// The group of a key, or of the hash of one: the same in every process and version. Its bits are mixed
/// (the finalizer of MurmurHash3; Appleby, 2011), so that neighbours are apart.
constexpr KeyGroup key_group(std::uint64_t key) {
  key = (key ^ (key >> 33)) * 0xff51afd7ed558ccdU;
  key = (key ^ (key >> 33)) * 0xc4ceb9fe1a85ec53U;
  return static_cast<KeyGroup>((key ^ (key >> 33)) % kKeyGroups);
}

/// The replica that has this group, of 1 to kKeyGroups. Every replica has some.
constexpr std::size_t replica_of(KeyGroup group, std::size_t replicas) { return group * replicas / kKeyGroups; }

/// Neighbouring groups: from `first` up to, but not with, `end`.
struct KeyGroups {
  std::size_t first = 0;
  std::size_t end = kKeyGroups;

  bool has(KeyGroup group) const { return group >= first && group < end; }
};

/// The groups that a replica has.
constexpr KeyGroups key_groups(std::size_t replica, std::size_t replicas) {
  auto begin = [&](std::size_t of) { return (of * kKeyGroups + replicas - 1) / replicas; };
  return {begin(replica), begin(replica + 1)};
}

/// One chunk of an actor's state.
struct StatePart {
  Chunk chunk;
  std::optional<KeyGroup> group = {};  ///< of the keys it is about; none: of no keys, every replica gets it
};

/// An actor's state: any number of chunks, those it keeps by reference. Empty: it has none.
using Snapshot = std::vector<StatePart>;

}  // namespace leat
