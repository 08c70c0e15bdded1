#include <leat/gateway/uploads.hpp>

#include <leat/chunk/one_line.hpp>
#include <leat/gateway/tokens.hpp>
#include <leat/graph/json_text.hpp>
#include <leat/inspect/descriptor.hpp>
#include <leat/net/private_folder.hpp>

#include <nlohmann/json.hpp>

#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace leat {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using inspect::Descriptor;

// Bytes that wait in memory before the disk is told to begin with them.
constexpr std::uint64_t kWriteBehind = std::uint64_t{8} << 20;
// Of a disk, left to others.
constexpr std::uint64_t kSpare = std::uint64_t{64} << 20;

Error disk_error(const std::string& what, int reason) {
  if (reason == ENOSPC || reason == EDQUOT) return overloaded("the disk is full: free some space, and go on where it ended");
  return failed(what + ": " + std::generic_category().message(reason));
}

}  // namespace

class Writing final : public UploadPart {
 public:
  Writing(Uploads& uploads, Upload upload, Descriptor file, std::optional<Checksum> checksum)
      : uploads_(uploads), upload_(std::move(upload)), from_(upload_.offset), file_(std::move(file)), checksum_(std::move(checksum)) {
    if (checksum_) digest_.emplace(checksum_->algorithm);
  }
  ~Writing() override {
    if (!finished_ && checksum_) take_back();
    uploads_.ended(upload_.id, upload_.offset);
  }

  Result<void> write(std::string_view bytes) override {
    if (bytes.size() > upload_.length - upload_.offset) {
      return invalid("the upload has " + std::to_string(upload_.length) + " bytes, and more were sent");
    }
    if (digest_) digest_->add(bytes);
    while (!bytes.empty()) {
      ssize_t written = ::pwrite(file_.get(), bytes.data(), bytes.size(), static_cast<off_t>(upload_.offset));
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return disk_error("cannot write the upload", errno);
      upload_.offset += static_cast<std::uint64_t>(written);
      if (upload_.offset - begun_ >= kWriteBehind) begin_writing();
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
  }

  Result<std::uint64_t> finish() override {
    if (digest_ && digest_->finish() != checksum_->digest) return corrupt("this part is not what its checksum says: send it again");
    if (::fdatasync(file_.get()) != 0) return disk_error("cannot write the upload", errno);
    std::error_code error;
    if (checksum_) fs::remove(uploads_.unchecked_of(upload_.id), error);
    // Nobody reads on for it any more.
    if (!error && upload_.complete()) fs::remove(uploads_.growing_of(upload_.id), error);
    if (error) return failed("cannot write the upload: " + error.message());
    finished_ = true;
    return upload_.offset;
  }

 private:
  // The disk works while more arrives: finish() then waits for little.
  void begin_writing() {
    ::sync_file_range(file_.get(), static_cast<off64_t>(begun_), static_cast<off64_t>(upload_.offset - begun_), SYNC_FILE_RANGE_WRITE);
    begun_ = upload_.offset;
  }

  void take_back() {
    std::error_code ignored;
    if (::ftruncate(file_.get(), static_cast<off_t>(from_)) != 0) return;
    upload_.offset = from_;
    fs::remove(uploads_.unchecked_of(upload_.id), ignored);
  }

  Uploads& uploads_;
  Upload upload_;
  std::uint64_t from_, begun_ = from_;
  Descriptor file_;
  std::optional<Checksum> checksum_;
  std::optional<Digest> digest_;
  bool finished_ = false;
};

Result<std::unique_ptr<Uploads>> Uploads::open(const fs::path& folder, Log log) {
  if (auto made = make_private_folder(folder); !made) return std::move(made).error();
  std::unique_ptr<Uploads> uploads(new Uploads(folder, std::move(log)));
  if (auto loaded = uploads->load(); !loaded) return std::move(loaded).error();
  return uploads;
}

Result<Upload> Uploads::loaded(const fs::path& path) {
  auto text = read_whole_file(path, "what is known of an upload");
  if (!text) return std::move(text).error();
  Json facts = Json::parse(*text, nullptr, false);
  bool whole = facts.is_object() && facts.contains("length") && facts["length"].is_number_unsigned() && facts.contains("begun") &&
               facts["begun"].is_number_integer() && facts.contains("name") && facts["name"].is_string() && facts.contains("tenant") &&
               facts["tenant"].is_string();
  if (!whole) return corrupt(path.string() + ": is damaged: remove it, and the file beside it");
  std::string id = path.stem();
  Upload upload{id, facts["name"], facts["tenant"], facts["length"], 0, Time(std::chrono::milliseconds(facts["begun"].get<std::int64_t>()))};
  std::error_code error;
  if (fs::exists(unchecked_of(id), error)) {
    auto from = read_whole_file(unchecked_of(id), "where an unchecked part begins");
    if (!from || from->empty() || from->size() > 19 || from->find_first_not_of("0123456789") != from->npos) {
      return corrupt(unchecked_of(id).string() + ": is damaged: remove it, and the upload's files beside it");
    }
    fs::resize_file(file_of(id), std::stoull(*from), error);
    if (!error) fs::remove(unchecked_of(id), error);
  }
  if (!error) upload.offset = fs::file_size(file_of(id), error);
  if (error || upload.offset > upload.length) return corrupt(file_of(id).string() + ": is not there, or longer than it may be: remove what is beside it");
  if (upload.complete()) fs::remove(growing_of(id), error);
  return upload;
}

Result<void> Uploads::load() {
  std::error_code error;
  for (fs::directory_iterator at(folder_, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() != ".json") continue;
    auto upload = loaded(at->path());
    if (upload) uploads_.emplace(upload->id, *upload);
    else log_.warning("upload passed over", {{"why", upload.error().sentence}});
  }
  if (error) return failed("cannot look into " + folder_.string() + ": " + error.message());
  return {};
}

Result<Upload> Uploads::create(std::uint64_t length, const std::string& name, const std::string& tenant) {
  struct statvfs disk {};
  if (::statvfs(folder_.c_str(), &disk) == 0) {
    std::uint64_t free = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
    if (free < kSpare || length > free - kSpare) {
      return overloaded("the disk has no room for " + std::to_string(length) + " bytes: free some space");
    }
  }
  Upload upload{random_token(), name, tenant, length, 0, now_utc()};
  Descriptor file(::open(file_of(upload.id).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (!file) return disk_error("cannot make a file for the upload", errno);
  Json facts = {{"name", one_line(name)}, {"tenant", tenant}, {"length", length}, {"begun", upload.begun.time_since_epoch().count()}};
  auto kept = length > 0 ? write_private_file(growing_of(upload.id), std::to_string(length)) : Result<void>();
  if (kept) kept = write_private_file(facts_of(upload.id), json_text(facts));
  if (!kept) return std::move(kept).error();
  std::lock_guard lock(mutex_);
  return uploads_.emplace(upload.id, upload).first->second;
}

std::optional<Upload> Uploads::find(const std::string& id) const {
  std::lock_guard lock(mutex_);
  auto found = uploads_.find(id);
  return found == uploads_.end() ? std::nullopt : std::optional(found->second);
}

std::uint64_t Uploads::bytes_of(const std::string& tenant) const {
  std::lock_guard lock(mutex_);
  std::uint64_t all = 0;
  for (const auto& [id, upload] : uploads_) all += upload.tenant == tenant ? upload.length : 0;
  return all;
}

std::vector<Upload> Uploads::list() const {
  std::lock_guard lock(mutex_);
  std::vector<Upload> all;
  for (const auto& [id, upload] : uploads_) all.push_back(upload);
  std::sort(all.begin(), all.end(), [](const Upload& a, const Upload& b) { return a.begun > b.begun; });
  return all;
}

Result<std::unique_ptr<UploadPart>> Uploads::part(const std::string& id, std::uint64_t offset, std::optional<Checksum> checksum) {
  std::lock_guard lock(mutex_);
  auto found = uploads_.find(id);
  if (found == uploads_.end()) return invalid("there is no such upload");
  if (writing_.count(id) > 0) return overloaded("a part of this upload is being written: wait for its end");
  const Upload& upload = found->second;
  if (upload.offset != offset) return invalid("the upload has " + std::to_string(upload.offset) + " bytes: go on there, not at " + std::to_string(offset));
  Descriptor file(::open(file_of(id).c_str(), O_WRONLY | O_CLOEXEC));
  if (!file) return disk_error("cannot open the upload's file", errno);
  if (checksum) {
    if (auto kept = write_private_file(unchecked_of(id), std::to_string(offset)); !kept) return std::move(kept).error();
  }
  writing_.insert(id);
  return std::unique_ptr<UploadPart>(std::make_unique<Writing>(*this, upload, std::move(file), std::move(checksum)));
}

void Uploads::ended(const std::string& id, std::uint64_t offset) {
  std::lock_guard lock(mutex_);
  writing_.erase(id);
  auto found = uploads_.find(id);
  if (found != uploads_.end()) found->second.offset = offset;
}

Result<void> Uploads::remove(const std::string& id) {
  std::lock_guard lock(mutex_);
  if (uploads_.count(id) == 0) return invalid("there is no such upload");
  if (writing_.count(id) > 0) return overloaded("a part of this upload is being written: end that first");
  std::error_code error;
  fs::remove(facts_of(id), error);
  fs::remove(file_of(id), error);
  fs::remove(unchecked_of(id), error);
  fs::remove(growing_of(id), error);
  uploads_.erase(id);
  return {};
}

void Uploads::forget_before(Time incomplete, Time all) {
  for (const Upload& upload : list()) {
    bool old = upload.begun < (upload.complete() ? all : incomplete);
    if (old) [[maybe_unused]] auto removed = remove(upload.id);
  }
}

}  // namespace leat
