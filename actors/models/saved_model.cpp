#include <leat/actors/models/saved_model.hpp>

#include <leat/chunk/validate.hpp>

#include <capnp/serialize.h>
#include <kj/exception.h>
#include <xxhash.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <system_error>

namespace leat {
namespace {

constexpr std::uintmax_t kMost = std::uintmax_t{64} << 20;
// Not of capnp::word: clang 14 takes it for a type without a constructor.
using Words = std::vector<std::uint64_t>;

Error unreadable(const std::string& path, const std::string& why) {
  return failed("cannot read the model " + path + ": " + why);
}

Result<Words> read_words(const std::string& path) {
  std::error_code error;
  auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) {
    return unreadable(path, "there is no such file; train one first, or give its path");
  }
  if (!std::filesystem::is_regular_file(status)) {
    return unreadable(path, error ? error.message() + "; give another path"
                                  : "it is not a file; give the path of a saved model");
  }
  auto bytes = std::filesystem::file_size(path, error);
  if (error) return unreadable(path, error.message() + "; give another path");
  if (bytes > kMost) return unreadable(path, "it is larger than any model; give the path of one");
  Words words((bytes + sizeof(capnp::word) - 1) / sizeof(capnp::word));
  std::ifstream file(path, std::ios::binary);
  if (!file || !file.read(reinterpret_cast<char*>(words.data()), static_cast<std::streamsize>(bytes))) {
    return unreadable(path, std::generic_category().message(errno) + "; give another path");
  }
  words.resize(bytes / sizeof(capnp::word));
  return words;
}

// Which word of a message is the checksum's; none in one of an earlier version.
std::optional<std::size_t> checksum_in(const Words& message, schema::LinearModel::Reader model, const void* begins) {
  capnp::AnyStruct::Reader any = model;
  auto data = any.getDataSection();
  constexpr std::size_t kField = 3;
  if (data.size() < (kField + 1) * sizeof(std::uint64_t)) return std::nullopt;
  auto at = static_cast<std::size_t>(data.begin() - static_cast<const kj::byte*>(begins)) / sizeof(std::uint64_t) + kField;
  return at < message.size() ? std::optional(at) : std::nullopt;
}

std::uint64_t checksum(Words words, std::size_t field) {
  words[field] = 0;
  return XXH3_128bits(words.data(), words.size() * sizeof(std::uint64_t)).high64;
}

// A model of this version has more pointers than those that had no checksum.
bool intact(const Words& file, schema::LinearModel::Reader model) {
  constexpr std::size_t kPointersWithout = 3;
  // One segment: a word with their number and its length, and the message.
  Words message(file.begin() + 1, file.end());
  auto at = checksum_in(message, model, file.data() + 1);
  if (!at) return capnp::AnyStruct::Reader(model).getPointerSection().size() <= kPointersWithout;
  return message[*at] == checksum(message, *at);
}

}  // namespace

std::string model_bytes(const Chunk& model) {
  auto message = model.message();
  Words words(message.size() / sizeof(capnp::word));
  std::memcpy(words.data(), message.data(), message.size());
  if (auto at = checksum_in(words, model.root<schema::LinearModel>(), message.data())) {
    words[*at] = checksum(words, *at);
  }
  kj::ArrayPtr<const capnp::word> segment(reinterpret_cast<const capnp::word*>(words.data()), words.size());
  kj::ArrayPtr<const kj::ArrayPtr<const capnp::word>> segments(&segment, 1);
  auto framed = capnp::messageToFlatArray(segments);
  auto bytes = framed.asBytes();
  return {reinterpret_cast<const char*>(bytes.begin()), bytes.size()};
}

Result<LinearPrediction> read_model(std::string kind, const std::string& path) {
  auto words = read_words(path);
  if (!words) return words.error();
  capnp::ReaderOptions limits;
  limits.traversalLimitInWords = 4 * words->size() + 64;
  limits.nestingLimit = 16;
  std::optional<Result<LinearPrediction>> made;
  bool damaged = false;
  // Cap'n Proto says by exceptions what is wrong with bytes from outside.
  auto thrown = kj::runCatchingExceptions([&] {
    auto* first = reinterpret_cast<const capnp::word*>(words->data());
    capnp::FlatArrayMessageReader reader(kj::arrayPtr(first, words->size()), limits);
    auto model = reader.getRoot<schema::LinearModel>();
    damaged = !intact(*words, model);
    if (!damaged) made = LinearPrediction::of(kind, model);
  });
  if (damaged) {
    return corrupt("cannot read the model " + path +
                   ": it is damaged, its checksum does not fit; train it again, or give another path");
  }
  if (thrown != nullptr || !made || !made->ok()) {
    return corrupt("cannot read the model " + path +
                   ": it is damaged or not a linear model of leat; train it again, or give another "
                   "path");
  }
  return std::move(*made);
}

Result<std::string> read_model_message(const std::string& kind, const std::string& path) {
  if (auto whole = read_model(kind, path); !whole) return whole.error();
  auto words = read_words(path);
  if (!words) return words.error();
  // One segment: a word with their number, less one, and its length, and the message.
  std::uint64_t framing = words->empty() ? 1 : words->front();
  std::string message(reinterpret_cast<const char*>(words->data() + 1), (words->size() - 1) * sizeof(std::uint64_t));
  bool one = (framing & 0xffffffff) == 0 && framing >> 32 == words->size() - 1;
  auto bytes = std::span(reinterpret_cast<const std::byte*>(words->data() + 1), message.size());
  if (one && validate_message(bytes)) return message;
  return corrupt("cannot read the model " + path + ": it is no message of one segment, as leat writes it; train it again");
}

Chunk model_chunk(Pool& pool, const std::string& message) {
  Block* block = pool.allocate(message.size(), 0);
  std::memcpy(block->payload(), message.data(), message.size());
  block->used = message.size();
  block->type = Message<schema::LinearModel>::payload_type().id;
  return Chunk(block);
}

}  // namespace leat
