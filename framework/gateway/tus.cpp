#include <leat/gateway/tus.hpp>

#include <leat/gateway/access.hpp>
#include <leat/graph/json_text.hpp>
#include <leat/net/digest.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <mutex>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kTusVersion = "1.0.0";
constexpr std::uint64_t kMostLength = std::uint64_t{1} << 40;

HttpAnswer with_version(HttpAnswer answer) {
  answer.fields.push_back({"Tus-Resumable", kTusVersion});
  return answer;
}

// As HTTP has dates.
std::string date_text(Time time) {
  std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[40];
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return text;
}

void tell_state(HttpAnswer& answer, const Upload& upload) {
  answer.fields.push_back({"Upload-Offset", std::to_string(upload.offset)});
  answer.fields.push_back({"Upload-Length", std::to_string(upload.length)});
  answer.fields.push_back({"Cache-Control", "no-store"});
  if (!upload.complete()) answer.fields.push_back({"Upload-Expires", date_text(upload.begun + Uploads::kKept)});
}

std::optional<std::uint64_t> number_in(const HttpRequest& request, const char* name) {
  const std::string* text = request.field(name);
  std::uint64_t number = 0;
  if (!text || text->empty()) return std::nullopt;
  auto [rest, wrong] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (wrong != std::errc() || rest != text->data() + text->size()) return std::nullopt;
  return number;
}

std::optional<HttpAnswer> other_version(const HttpRequest& request) {
  const std::string* said = request.field("Tus-Resumable");
  if (said && *said == kTusVersion) return std::nullopt;
  HttpAnswer answer = refusal(412, "this speaks tus 1.0.0: send Tus-Resumable: 1.0.0");
  answer.fields.push_back({"Tus-Version", kTusVersion});
  return answer;
}

Json upload_object(const Upload& upload) {
  return {{"id", upload.id},         {"name", upload.name},     {"tenant", upload.tenant}, {"length", upload.length},
          {"offset", upload.offset}, {"complete", upload.complete()}, {"begun", time_text(upload.begun)}};
}

HttpAnswer created(Uploads& uploads, const HttpRequest& request, const Identity& who,
                   const std::function<Result<void>(const std::string&, std::uint64_t)>& room_for) {
  if (auto refused = other_version(request)) return *refused;
  auto length = number_in(request, "Upload-Length");
  if (!length) return refusal(400, "say Upload-Length, how many bytes it will have: that it is told later is not supported");
  if (*length > kMostLength) return refusal(413, "an upload has at most " + std::to_string(kMostLength) + " bytes");
  if (auto room = room_for(who.name, *length); !room) return refusal(429, room.error().sentence);
  const std::string* metadata = request.field("Upload-Metadata");
  auto upload = uploads.create(*length, metadata ? upload_metadata(*metadata, "filename") : "", who.name);
  if (!upload) return upload.error().kind == ErrorKind::overloaded ? refusal(507, upload.error().sentence) : refusal(upload.error());
  HttpAnswer answer{201, "", ""};
  answer.fields.push_back({"Location", "/api/v1/uploads/" + upload->id});
  tell_state(answer, *upload);
  return answer;
}

// What nobody but its tenant and an admin may change; of what is not theirs others are not told that it is there.
std::optional<HttpAnswer> not_theirs(const Uploads& uploads, const std::string& id, const Identity& who) {
  auto upload = uploads.find(id);
  if (upload && (who.role == Role::admin || upload->tenant == who.name)) return std::nullopt;
  return refusal(404, "there is no such upload: it was never here, has been removed, or is too old");
}

// One PATCH: it is read on the server's thread and written on the pool, both at once. What comes meanwhile is written
// together, and so are parts that are full, of which more will follow, so that a fast client costs few handovers; what
// is held of one that stops then is written when it goes on or leaves, or when its time is over.
class Patch : public std::enable_shared_from_this<Patch> {
 public:
  Patch(std::shared_ptr<HttpExchange> exchange, WorkPool& pool, std::unique_ptr<UploadPart> part)
      : exchange_(std::move(exchange)), pool_(pool), part_(std::move(part)) {}

  void read() {
    exchange_->read([self = shared_from_this()](Result<std::string_view> bytes) { self->came(bytes); });
  }

 private:
  static constexpr std::size_t kMostHeld = 3 * HttpExchange::kPart;  // and one more part

  void came(const Result<std::string_view>& bytes) {
    std::unique_lock lock(mutex_);
    if (bytes) held_.append(*bytes);
    ended_ = !bytes || bytes->empty();
    if (!bytes) left_ = bytes.error();
    bool full = bytes && bytes->size() == HttpExchange::kPart && held_.size() < kMostHeld;
    if (!writes_ && !full) write_later();
    reads_ = false;
    if (refused_) return end(std::move(*refused_));
    bool goes_on = reads_ = !ended_ && held_.size() < kMostHeld;
    lock.unlock();
    if (goes_on) read();
  }

  // With the lock. Where the pool has no place nothing goes on: what is held is to be sent again.
  void write_later() {
    if (refused_) return;
    writes_ = pool_.add([self = shared_from_this()] { self->write(); });
    if (!writes_) refused_ = refusal(503, "too much is asked at this moment: go on with this upload later"), held_.clear();
  }

  void write() {
    std::unique_lock lock(mutex_);
    std::string mine = std::move(written_);
    mine.clear();
    mine.swap(held_);
    bool goes_on = !reads_ && !ended_;
    if (goes_on) reads_ = true;
    lock.unlock();
    if (goes_on) read();
    auto written = part_->write(mine);
    lock.lock();
    written_ = std::move(mine);
    writes_ = false;
    if (!written) refused_ = answer_to(written.error());
    if (written && !held_.empty()) write_later();
    // Nobody answers while somebody reads: who has read does.
    if (writes_ || reads_) return;
    if (refused_) return end(std::move(*refused_));
    // Of a client that left, what came stays.
    if (left_) return end(refusal(*left_));
    if (ended_) finish();
  }

  void finish() {
    auto offset = part_->finish();
    if (!offset) return end(offset.error().kind == ErrorKind::corrupt ? refusal(460, offset.error().sentence) : answer_to(offset.error()));
    HttpAnswer answer{204, ""};
    answer.fields.push_back({"Upload-Offset", std::to_string(*offset)});
    end(std::move(answer));
  }

  static HttpAnswer answer_to(const Error& error) {
    return error.kind == ErrorKind::overloaded ? refusal(507, error.sentence) : error.kind == ErrorKind::invalid ? refusal(413, error.sentence) : refusal(error);
  }

  // The part is gone before the client hears: it may go on at once.
  void end(HttpAnswer answer) {
    part_.reset();
    exchange_->answer(with_version(std::move(answer)));
  }

  std::shared_ptr<HttpExchange> exchange_;
  WorkPool& pool_;
  std::unique_ptr<UploadPart> part_;
  std::mutex mutex_;  // of all below
  std::string held_;     // has come, and is not being written
  std::string written_;  // its memory is used again
  bool reads_ = true, writes_ = false, ended_ = false;
  std::optional<HttpAnswer> refused_;
  std::optional<Error> left_;
};

void patched(Uploads& uploads, WorkPool& pool, const std::shared_ptr<HttpExchange>& exchange, const Identity& who, const std::string& id) {
  const HttpRequest& request = exchange->request();
  auto refuse = [&](HttpAnswer answer) { exchange->answer(with_version(std::move(answer))); };
  if (auto refused = other_version(request)) return refuse(std::move(*refused));
  if (auto refused = not_theirs(uploads, id, who)) return refuse(std::move(*refused));
  const std::string* type = request.field("Content-Type");
  if (!type || *type != "application/offset+octet-stream") return refuse(refusal(415, "a part has the type application/offset+octet-stream"));
  auto offset = number_in(request, "Upload-Offset");
  if (!offset) return refuse(refusal(400, "say Upload-Offset, where this part begins"));
  std::optional<Checksum> checksum;
  if (const std::string* field = request.field("Upload-Checksum")) {
    auto read = upload_checksum(*field);
    if (!read) return refuse(refusal(400, read.error().sentence));
    checksum = std::move(*read);
  }
  auto part = uploads.part(id, *offset, std::move(checksum));
  if (!part) return refuse(part.error().kind == ErrorKind::overloaded ? refusal(423, part.error().sentence)
                           : part.error().kind == ErrorKind::invalid  ? refusal(409, part.error().sentence) : refusal(part.error()));
  std::make_shared<Patch>(exchange, pool, std::move(*part))->read();
}

Route upload_route(const char* method, const char* rest, Role role, const char* sentence) {
  Route route{.method = method, .pattern = std::string("/api/v1/uploads") + rest, .role = role, .sentence = sentence};
  if (*rest) route.params = {{.name = "id", .type = OptionType::text, .sentence = "the upload's"}};
  return route;
}

HttpAnswer supported() {
  HttpAnswer answer{204, ""};
  answer.fields = {{"Tus-Version", kTusVersion}, {"Tus-Extension", "creation,expiration,checksum,termination"},
                   {"Tus-Max-Size", std::to_string(kMostLength)}, {"Tus-Checksum-Algorithm", "sha1,sha256"}};
  return answer;
}

}  // namespace

std::string upload_metadata(std::string_view field, std::string_view name) {
  while (!field.empty()) {
    std::string_view one = field.substr(0, field.find(','));
    field.remove_prefix(std::min(field.size(), one.size() + 1));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    std::size_t blank = one.find(' ');
    if (one.substr(0, blank) != name || blank == one.npos) continue;
    return base64_decoded(one.substr(blank + 1)).value_or("");
  }
  return "";
}

Result<Checksum> upload_checksum(std::string_view field) {
  std::size_t blank = field.find(' ');
  std::string_view name = field.substr(0, blank);
  if (name != "sha1" && name != "sha256") return invalid("checksums are sha1 or sha256");
  auto algorithm = name == "sha1" ? Digest::Algorithm::sha1 : Digest::Algorithm::sha256;
  auto digest = blank == field.npos ? std::nullopt : base64_decoded(field.substr(blank + 1));
  if (!digest || digest->size() != Digest::bytes(algorithm)) return invalid("Upload-Checksum is an algorithm and its digest in base64");
  return Checksum{algorithm, std::move(*digest)};
}

std::vector<Route> upload_routes(Uploads& uploads, WorkPool& pool,
                                 std::function<Result<void>(const std::string&, std::uint64_t)> room_for) {
  std::vector<Route> routes;
  Route options = upload_route("OPTIONS", "", Role::read, "What of tus is spoken.");
  options.quick = true;
  options.status = 204;
  options.answer = [](const RouteCall&) -> Result<HttpAnswer> { return with_version(supported()); };
  routes.push_back(std::move(options));
  Route create = upload_route("POST", "", Role::run, "Begins an upload.");
  create.status = 201;
  create.answer = [&uploads, room_for = std::move(room_for)](const RouteCall& call) -> Result<HttpAnswer> {
    return with_version(created(uploads, call.request, call.who, room_for));
  };
  routes.push_back(std::move(create));
  Route list = upload_route("GET", "", Role::read, "Uploads, youngest first.");
  list.answer = [&uploads](const RouteCall& call) -> Result<HttpAnswer> {
    Json json = {{"uploads", Json::array()}};
    for (const Upload& upload : uploads.list()) {
      if (call.who.role == Role::admin || upload.tenant == call.who.name) json["uploads"].push_back(upload_object(upload));
    }
    return json_answer(json_text(json));
  };
  routes.push_back(std::move(list));
  Route one = upload_route("GET", "/{id}", Role::read, "An upload, and how much of it is there.");
  one.answer = [&uploads](const RouteCall& call) -> Result<HttpAnswer> {
    if (auto refused = not_theirs(uploads, call.params["id"].text, call.who)) return with_version(std::move(*refused));
    auto upload = uploads.find(call.params["id"].text);
    if (!upload) return with_version(refusal(404, "there is no such upload: it has just been removed"));
    HttpAnswer answer = json_answer(json_text(upload_object(*upload)));
    tell_state(answer, *upload);
    return with_version(std::move(answer));
  };
  routes.push_back(std::move(one));
  Route patch = upload_route("PATCH", "/{id}", Role::run, "Brings a part of an upload.");
  patch.status = 204;
  patch.take = [&uploads, &pool](const std::shared_ptr<HttpExchange>& exchange, const Identity& who, const OptionValues& params) {
    patched(uploads, pool, exchange, who, params["id"].text);
  };
  routes.push_back(std::move(patch));
  Route remove = upload_route("DELETE", "/{id}", Role::run, "Removes an upload.");
  remove.status = 204;
  remove.answer = [&uploads](const RouteCall& call) -> Result<HttpAnswer> {
    const std::string& id = call.params["id"].text;
    if (auto refused = not_theirs(uploads, id, call.who)) return with_version(std::move(*refused));
    auto done = uploads.remove(id);
    if (!done) return with_version(refusal(423, done.error().sentence));
    return with_version(HttpAnswer{204, ""});
  };
  routes.push_back(std::move(remove));
  return routes;
}

}  // namespace leat
