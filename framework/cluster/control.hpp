/// Control messages: what coordinator, nodes and submitters say to each other, as plain values, and
/// their bytes. Pure. schemas/control.capnp declares them, with their limits, and the structs are made of it;
/// docs/cluster.md says who says what when.
#pragma once

#include <leat/cluster/cluster.hpp>
#include <leat/cluster/control_plane.hpp>
#include <leat/graph/args.hpp>
#include <leat/schemas/control.structs.hpp>

namespace leat::control {

/// Two ends that differ in this do not talk.
inline constexpr std::uint32_t kProtocol = 5;

/// Limits of what decode() takes, and so of what encode() makes: bytes of a message, entries of a list, bytes
/// of a text, of an error's sentence, and of a name. A graph's line may quote the largest argument, with four
/// bytes for each of its own.
inline constexpr std::size_t kMostBytes = std::size_t{16} << 20;
inline constexpr std::size_t kMostEntries = std::size_t{1} << 16;
inline constexpr std::size_t kMostText = 4 * kMostValue + (std::size_t{1} << 16);
inline constexpr std::size_t kMostSentence = std::size_t{1} << 16;
inline constexpr std::size_t kMostName = 256;
static_assert(kMostText < kMostBytes);

using JobId = std::uint64_t;

/// The bytes of a message: exactly those from which decode() makes the same one. An error's sentence travels as
/// sentence_that_fits() makes it, so that one can always be told; whatever else decode() would refuse is refused
/// here, before it is sent, and who wanted to send it fails by it: a job, never a connection.
/// Errors: invalid, what it is that others cannot be told, and what to shorten. Threads: any.
Result<ControlBytes> encode(const Message& message);

/// The sentence, or where it is longer than kMostSentence bytes its beginning and its end with " ... " between
/// them, cut between characters of UTF-8: who fails is named at the beginning, and where at the end.
std::string sentence_that_fits(const std::string& sentence);

/// Errors: corrupt (not a message, or over a limit), invalid (another protocol). Threads: any.
Result<Message> decode(const ControlBytes& bytes);

/// What `identity` shows to others.
Identity identity_of(const ProgramIdentity& identity);

/// The first difference of two programs, a graph's name or parameters or else the build, for a sentence; "" when
/// they are the same. `ours` and `theirs` are what the two are called by who reads it:
/// "this program is build 12ab, the coordinator's is build 34cd".
std::string difference(const Identity& ours, const Identity& theirs, const std::string& our_name,
                       const std::string& their_name);

}  // namespace leat::control
