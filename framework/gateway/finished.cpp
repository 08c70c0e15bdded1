#include <leat/gateway/router.hpp>

#include <isa-l/igzip_lib.h>
#include <xxhash.h>

#include <algorithm>
#include <cstdio>

namespace leat {
namespace {

// Less is not worth the header.
constexpr std::size_t kLeastCompressed = 1024;

std::string tag_of(const std::string& body) {
  XXH128_hash_t hash = XXH3_128bits(body.data(), body.size());
  char text[40];
  std::snprintf(text, sizeof text, "W/\"%016llx%016llx\"", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return text;
}

// Whether a list of words, each with its quality, has that one; not with a quality of 0.
bool takes(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    std::string_view one = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), one.size() + 1));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    std::string_view name = one.substr(0, one.find_first_of("; "));
    if (same_word(name, word)) return one.find("q=0") == one.npos || one.find("q=0.") != one.npos;
  }
  return false;
}

bool compresses(const std::string& type) { return type.rfind("application/json", 0) == 0 || type.rfind("text/", 0) == 0; }

std::string gzip(const std::string& text) {
  isal_zstream stream;
  isal_deflate_stateless_init(&stream);
  std::string out(text.size() + text.size() / 8 + 1024, '\0');
  stream.gzip_flag = IGZIP_GZIP;
  stream.next_in = reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<std::uint32_t>(text.size());
  stream.next_out = reinterpret_cast<std::uint8_t*>(out.data());
  stream.avail_out = static_cast<std::uint32_t>(out.size());
  if (isal_deflate_stateless(&stream) != COMP_OK) return "";
  out.resize(stream.total_out);
  return out;
}

}  // namespace

HttpAnswer finished(HttpAnswer answer, const HttpRequest& request) {
  if (answer.more || answer.status != 200) return answer;
  std::string tag = tag_of(answer.body);
  answer.fields.push_back({"ETag", tag});
  bool said = std::any_of(answer.fields.begin(), answer.fields.end(), [](const HttpField& one) { return same_word(one.name, "Cache-Control"); });
  if (!said) answer.fields.push_back({"Cache-Control", "no-cache"});
  const std::string* known = request.field("If-None-Match");
  if (known && known->find(tag) != known->npos) {
    answer.status = 304;
    answer.body.clear();
    return answer;
  }
  const std::string* accepts = request.field("Accept-Encoding");
  if (!accepts || answer.body.size() < kLeastCompressed || !compresses(answer.type) || !takes(*accepts, "gzip")) return answer;
  std::string less = gzip(answer.body);
  if (less.empty() || less.size() >= answer.body.size()) return answer;
  answer.body = std::move(less);
  answer.fields.push_back({"Content-Encoding", "gzip"});
  answer.fields.push_back({"Vary", "Accept-Encoding"});
  return answer;
}

}  // namespace leat
