#include <filesystem>
#include <fstream>
#include <iterator>
#include <mutex>
#include <optional>

#include <capnp/serialize.h>
#include <xxhash.h>

#include <leat/actors/output/dead_letter_file.hpp>
#include <leat/actors/output/staged_file.hpp>
#include <leat/chunk/validate.hpp>
#include <leat/schemas/dead_letter.capnp.h>

namespace leat {
namespace {

constexpr std::string_view kMark = "letters1";
constexpr std::size_t kEnd = 16;

// What stands at the end of a file: the mark and the checksum of what is before it.
std::string end_of(std::uint64_t checksum) {
  std::string end(kMark);
  for (int byte = 0; byte < 8; ++byte) end += static_cast<char>(checksum >> (8 * byte) & 0xff);
  return end;
}

class LetterFile final : public DeadLetters {
 public:
  explicit LetterFile(std::string path) : path_(std::move(path)) {}

  Result<void> add(const DeadLetter& letter) override {
    std::lock_guard lock(mutex_);
    if (auto there = open(); !there) return there;
    capnp::MallocMessageBuilder message;
    auto root = message.initRoot<schema::DeadLetter>();
    root.setStage(letter.stage.c_str());
    root.setReplica(letter.replica);
    root.setPort(letter.port);
    root.setPosition(letter.position);
    root.setSource(letter.source.c_str());
    root.setNumber(letter.number);
    root.setReason(letter.reason.c_str());
    root.setType(letter.type.id);
    root.setTypeName(letter.type.name.c_str());
    auto bytes = letter.chunk.message();
    root.setMessage({reinterpret_cast<const kj::byte*>(bytes.data()), bytes.size()});
    auto words = capnp::messageToFlatArray(message);
    auto flat = words.asBytes();
    XXH3_64bits_update(sum_.get(), flat.begin(), flat.size());
    return file_->write(std::span(reinterpret_cast<const std::byte*>(flat.begin()), flat.size()));
  }
  Result<void> seal(const OutputName& name) override {
    std::lock_guard lock(mutex_);
    if (!file_) return {};
    if (auto wrote = file_->write(end_of(XXH3_64bits_digest(sum_.get()))); !wrote) return wrote;
    return file_->seal(name);
  }
  Result<void> commit(const OutputName& name) override {
    std::lock_guard lock(mutex_);
    return file_ ? StagedFile::commit(path_, name) : Result<void>();
  }
  Result<void> abort(const OutputName& name) override {
    std::lock_guard lock(mutex_);
    return file_ ? StagedFile::abort(path_, name) : Result<void>();
  }

 private:
  Result<void> open() {
    if (file_) return {};
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), error);
    auto file = StagedFile::open(path_);
    if (!file) return std::move(file).error();
    file_.emplace(std::move(*file));
    XXH3_64bits_reset(sum_.get());
    return {};
  }

  std::string path_;
  std::mutex mutex_;
  std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> sum_{XXH3_createState(), &XXH3_freeState};
  std::optional<StagedFile> file_;
};

// The message, copied where a chunk's own would lie.
Result<Chunk> chunk_of(schema::DeadLetter::Reader letter, Pool& pool) {
  auto bytes = letter.getMessage();
  if (bytes.size() == 0 || bytes.size() % sizeof(capnp::word) != 0) return corrupt("its message is cut");
  Block* block = pool.allocate(bytes.size(), 0);
  std::copy_n(reinterpret_cast<const std::byte*>(bytes.begin()), bytes.size(), block->payload());
  block->used = bytes.size();
  block->type = letter.getType();
  Chunk chunk(block);
  if (auto sound = validate(chunk); !sound) return std::move(sound).error();
  return chunk;
}

Result<DeadLetter> letter_of(schema::DeadLetter::Reader root, Pool& pool) {
  auto chunk = chunk_of(root, pool);
  if (!chunk) return std::move(chunk).error();
  return DeadLetter{root.getStage().cStr(),
                    static_cast<std::size_t>(root.getReplica()),
                    static_cast<std::size_t>(root.getPort()),
                    root.getPosition(),
                    root.getSource().cStr(),
                    root.getNumber(),
                    root.getReason().cStr(),
                    {root.getType(), root.getTypeName().cStr()},
                    std::move(*chunk)};
}

}  // namespace

DeadLetterPlace dead_letter_folder(std::string folder) {
  return [folder = std::move(folder)](const std::string& name) -> std::shared_ptr<DeadLetters> {
    return std::make_shared<LetterFile>((std::filesystem::path(folder) / (name + ".letters")).string());
  };
}

namespace {

Error unread(const std::string& path, const std::string& why) {
  return failed(path + ": cannot be read" + why + "; name a file that a run has put dead letters into");
}

// All of the file but its end, which must be right.
Result<kj::Array<capnp::word>> words_of(const std::string& path) {
  std::error_code error;
  // Of a pipe nobody may ever write a word; a folder opens and gives none.
  bool there = std::filesystem::exists(path, error);
  if (there && !std::filesystem::is_regular_file(path, error)) return unread(path, ": it is not a regular file");
  std::ifstream file(path, std::ios::binary);
  std::uint64_t size = std::filesystem::file_size(path, error);
  if (!file || error) return unread(path, "");
  auto damaged = [&](const char* why) {
    return corrupt(path + ": its end is not that of a file of dead letters (" + why +
                   "): it is no file of dead letters, or is damaged");
  };
  if (size < kEnd || size % sizeof(capnp::word) != 0) return damaged("it is cut");
  auto words = kj::heapArray<capnp::word>((size - kEnd) / sizeof(capnp::word));
  auto bytes = words.asChars();
  char end[kEnd];
  file.read(bytes.begin(), static_cast<std::streamsize>(bytes.size())).read(end, kEnd);
  if (!file) return unread(path, "");
  std::string_view found(end, kEnd);
  if (found.substr(0, kMark.size()) != kMark) return damaged("it is cut, or of another leat");
  if (found != end_of(XXH3_64bits(bytes.begin(), bytes.size()))) return damaged("its checksum is another");
  return words;
}

}  // namespace

Result<std::vector<DeadLetter>> read_dead_letters(const std::string& path, Pool& pool) {
  auto words = words_of(path);
  if (!words) return std::move(words).error();
  auto damaged = [&](std::size_t number, const std::string& why) {
    return corrupt(path + ": letter " + std::to_string(number) + " cannot be read (" + why +
                   "): it is no file of dead letters, or is damaged");
  };
  std::vector<DeadLetter> letters;
  kj::ArrayPtr<const capnp::word> left = *words;
  // A letter may be larger than what Cap'n Proto lets anybody read of a message unless it is told.
  capnp::ReaderOptions options;
  options.traversalLimitInWords += 2 * left.size();
  while (left.size() > 0) {
    std::optional<Result<DeadLetter>> read;
    auto broken = kj::runCatchingExceptions([&] {
      capnp::FlatArrayMessageReader message(left, options);
      read = letter_of(message.getRoot<schema::DeadLetter>(), pool);
      left = kj::arrayPtr(message.getEnd(), left.end());
    });
    KJ_IF_MAYBE(exception, broken) {
      return damaged(letters.size(), exception->getDescription().cStr());
    }
    if (!*read) return damaged(letters.size(), read->error().sentence);
    letters.push_back(std::move(**read));
  }
  return letters;
}

}  // namespace leat
