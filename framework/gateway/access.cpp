#include <leat/gateway/access.hpp>

#include <leat/chunk/one_line.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

bool is_one_of(const std::string& said, const std::vector<std::string>& known) {
  return std::any_of(known.begin(), known.end(), [&](const std::string& one) { return same_word(one, said); });
}

// What stands behind `name=` in a Cookie field; "" where nothing does.
std::string cookie_in(std::string_view field, std::string_view name) {
  while (!field.empty()) {
    std::string_view part = field.substr(0, field.find(';'));
    field.remove_prefix(std::min(field.size(), part.size() + 1));
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    if (part.size() > name.size() && part.substr(0, name.size()) == name && part[name.size()] == '=') {
      return std::string(part.substr(name.size() + 1));
    }
  }
  return "";
}

std::optional<HttpAnswer> wrong_place(const HttpRequest& request, const AccessRules& rules) {
  if (request.count("Host") != 1) return refusal(400, "a request names one Host");
  const std::string& host = *request.field("Host");
  if (!is_one_of(host, rules.hosts)) {
    return refusal(403, "this service is not called " + one_line(host) + ": ask for " + rules.hosts.front() +
                            ", or start it with --host for that name");
  }
  if (request.count("Origin") > 1) return refusal(400, "a request has one Origin");
  const std::string* origin = request.field("Origin");
  if (!origin) return std::nullopt;
  std::string own = (request.encrypted ? "https://" : "http://") + host;
  if (same_word(*origin, own)) return std::nullopt;
  return refusal(403, "pages of " + one_line(*origin) + " may not ask this service");
}

// A cookie is shown by the browser whoever made it ask: a page of ours says so itself.
bool asked_by_our_page(const HttpRequest& request) {
  bool safe = request.method == "GET" || request.method == "HEAD";
  if (request.field("Upgrade") || !safe) return request.field("Origin") != nullptr;
  const std::string* site = request.field("Sec-Fetch-Site");
  return !site || *site == "same-origin" || *site == "none";
}

HttpAnswer unknown(const std::string& sentence) {
  HttpAnswer answer = refusal(401, sentence);
  answer.fields.push_back({"WWW-Authenticate", "Bearer realm=\"leat\""});
  return answer;
}

std::variant<std::optional<Identity>, HttpAnswer> who(const HttpRequest& request, const AccessRules& rules) {
  if (request.count("Authorization") > 1) return refusal(400, "a request has one Authorization");
  if (const std::string* said = request.field("Authorization")) {
    std::string_view text = *said;
    constexpr std::string_view kBearer = "Bearer ";
    if (text.size() <= kBearer.size() || !same_word(text.substr(0, kBearer.size()), kBearer)) {
      return unknown("say Authorization: Bearer and a token");
    }
    auto found = rules.by_token(std::string(text.substr(kBearer.size())));
    if (!found) return unknown("this token is not known here: it was taken back, or is of another service");
    return found;
  }
  std::string cookie = session_cookie(request);
  if (cookie.empty()) return std::optional<Identity>();
  auto found = rules.by_cookie(cookie);
  if (found && !asked_by_our_page(request)) return refusal(403, "only a page of this service may ask this with a cookie: send its Origin, or a token");
  return found;
}

}  // namespace

std::string session_cookie(const HttpRequest& request) {
  const std::string* cookies = request.field("Cookie");
  return cookies ? cookie_in(*cookies, kCookie) : "";
}

HttpAnswer refusal(unsigned status, const std::string& sentence) {
  Json json = {{"error", {{"status", status}, {"sentence", sentence}}}};
  return {status, "application/json", json_text(json) + "\n"};
}

HttpAnswer refusal(const Error& error) {
  constexpr std::array<unsigned, 5> kStatus = {400, 422, 503, 502, 500};
  return refusal(kStatus.at(static_cast<std::size_t>(error.kind)), error.sentence);
}

std::variant<Identity, HttpAnswer> decide(const HttpRequest& request, Role needed, const AccessRules& rules) {
  if (auto refused = wrong_place(request, rules)) return std::move(*refused);
  if (needed == Role::none) return Identity{};
  auto asked = who(request, rules);
  if (auto* refused = std::get_if<HttpAnswer>(&asked)) return std::move(*refused);
  auto& identity = std::get<std::optional<Identity>>(asked);
  if (!identity) return unknown("say who you are: Authorization: Bearer with a token, or open the link that serve has printed");
  if (identity->role < needed) {
    return refusal(403, identity->name + " has the role " + std::string(role_name(identity->role)) + ", and this needs " +
                            std::string(role_name(needed)));
  }
  return std::move(*identity);
}

}  // namespace leat
