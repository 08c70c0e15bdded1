// upload: a file for a service's jobs, part by part (tus 1.0.0).
#include <leat/app/asking.hpp>
#include <leat/app/service_client.hpp>
#include <leat/chunk/one_line.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <mutex>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kPart = std::size_t{8} << 20;
// A service that is started again is there within that.
constexpr std::chrono::seconds kComesBackWithin{60};
constexpr std::chrono::milliseconds kFirstPause{50}, kLongestPause{2'000};

std::string base64(std::string_view bytes) {
  constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t j = 0; j < 3; ++j) three = three << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    for (std::size_t j = 0; j < 4; ++j) text += i + j <= bytes.size() ? kLetters[three >> (18 - 6 * j) & 63U] : '=';
  }
  return text;
}

const std::string* field(const HttpAnswer& answer, std::string_view name) {
  for (const HttpField& one : answer.fields) {
    if (same_word(one.name, name)) return &one.value;
  }
  return nullptr;
}

class Uploading {
 public:
  Uploading(ServiceClient client, std::ifstream file, std::uint64_t length)
      : client_(std::move(client)), file_(std::move(file)), length_(length) {}

  // Its number, as jobs read it.
  Result<std::string> all(const std::string& name) {
    auto made = client_.ask({"POST", "/api/v1/uploads", {kTus, {"Upload-Length", std::to_string(length_)},
                                                         {"Upload-Metadata", "filename " + base64(name)}}});
    if (!made) return std::move(made).error();
    const std::string* location = field(*made, "Location");
    if (!location) return corrupt("the answer does not say where the upload is: no leat service is there");
    path_ = *location;
    auto moved = std::chrono::steady_clock::now();
    auto pause = kFirstPause;
    for (std::uint64_t at = 0; at < length_;) {
      auto next = part(at);
      auto there = next ? next : offset();
      if (there && *there > length_) return corrupt("the service says that more is there than was brought");
      if (there && *there > at) {
        at = *there;
        moved = std::chrono::steady_clock::now();
        pause = kFirstPause;
        continue;
      }
      bool refused = !next && (next.error().kind == ErrorKind::invalid || next.error().kind == ErrorKind::corrupt);
      if (refused || std::chrono::steady_clock::now() - moved > kComesBackWithin) {
        return next ? corrupt("the service takes parts and has none of them") : std::move(next).error();
      }
      rest(pause);
      pause = std::min(2 * pause, kLongestPause);
    }
    return path_.substr(path_.rfind('/') + 1);
  }

 private:
  inline static const HttpField kTus{"Tus-Resumable", "1.0.0"};

  Result<std::uint64_t> part(std::uint64_t at) {
    std::string bytes(std::min<std::uint64_t>(kPart, length_ - at), '\0');
    file_.seekg(static_cast<std::streamoff>(at));
    if (!file_.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) return invalid("the file has become shorter meanwhile");
    return told(client_.ask({"PATCH", path_, {kTus, {"Content-Type", "application/offset+octet-stream"},
                                              {"Upload-Offset", std::to_string(at)}}, std::move(bytes)}));
  }
  // Nothing tells that a service is there again but an answer.
  static void rest(std::chrono::milliseconds pause) {
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable never;
    never.wait_for(lock, pause);
  }
  Result<std::uint64_t> offset() { return told(client_.ask({"HEAD", path_, {kTus}})); }

  static Result<std::uint64_t> told(const Result<HttpAnswer>& answer) {
    if (!answer) return answer.error();
    const std::string* text = field(*answer, "Upload-Offset");
    auto number = text ? number_in(*text) : std::nullopt;
    if (!number) return corrupt("the answer does not say how much is there");
    return *number;
  }

  ServiceClient client_;
  std::ifstream file_;
  std::uint64_t length_;
  std::string path_;
};

int upload(const VerbCall& call) {
  if (!call.request.asked_service.at) return call.console.error(invalid("--service is missing: say where the service is"), false);
  const std::filesystem::path path = call.request.asked.out;
  std::error_code error;
  auto length = std::filesystem::file_size(path, error);
  std::ifstream file(path, std::ios::binary);
  if (!error && !std::filesystem::is_regular_file(path, error)) error = std::make_error_code(std::errc::invalid_argument);
  if (error || !file) return call.console.error(invalid(one_line(path.string()) + " cannot be read: " + (error ? error.message() : "it is no file")), false);
  auto client = ServiceClient::of(call.request.asked_service);
  if (!client) return call.console.error(client.error(), false);
  auto id = Uploading(std::move(*client), std::move(file), length).all(path.filename());
  if (!id) return call.console.error(id.error(), true);
  std::string said = call.request.json ? json_text(Json{{"type", "upload"}, {"version", inspect::kVersion}, {"upload", *id}, {"bytes", length}})
                                       : "upload:" + *id;
  return call.console.text(said + "\n", "the upload");
}

void add_upload(CLI::App& command, ParsedCommand& parsed) {
  command.add_option("file", parsed.request.asked.out, "the file to bring")->required()->type_name("");
  add_json(command, parsed);
  add_service(command, parsed, "the service that gets it");
}

}  // namespace

extern const Verb kUploadVerb;
const Verb kUploadVerb{"", "upload", "bring a file to a service, and say what its jobs call it", false, add_upload, upload};

}  // namespace leat
