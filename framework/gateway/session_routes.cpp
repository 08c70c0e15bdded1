#include <leat/gateway/session_routes.hpp>

#include <leat/gateway/access.hpp>
#include <leat/gateway/job_json.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostSaid = 1024;  // bytes of a body

// `lasts`: for how long; none: until the browser is closed, or forgets.
HttpField cookie_of(const std::string& session, std::optional<std::chrono::seconds> lasts, bool encrypted) {
  std::string text = std::string(kCookie) + "=" + session + "; HttpOnly; SameSite=Strict; Path=/";
  if (lasts) text += "; Max-Age=" + std::to_string(lasts->count());
  return {"Set-Cookie", text + (encrypted ? "; Secure" : "")};
}

Result<HttpAnswer> known(Tokens& tokens, bool encrypted, const RouteCall& call) {
  if (call.request.method == "HEAD") return refusal(405, "this is asked with GET");
  HttpAnswer answer{303, "text/plain; charset=utf-8", "known\n"};
  answer.fields.push_back({"Location", "/"});
  const std::string& lent = call.params["lent"].text;
  if (!lent.empty()) {
    auto begun = tokens.begin_lent_session(lent);
    if (!begun) return refusal(403, "this link is not good any more: ask for another one");
    auto lasts = std::chrono::ceil<std::chrono::seconds>(begun->until - Tokens::Clock::now());
    answer.fields.push_back(cookie_of(begun->session, lasts, encrypted));
    return answer;
  }
  auto session = tokens.begin_session(call.params["once"].text);
  if (!session) return refusal(403, "this link was used already, or is too old: start the service again, or use a token");
  answer.fields.push_back(cookie_of(*session, std::nullopt, encrypted));
  return answer;
}

Result<HttpAnswer> lent(Tokens& tokens, bool encrypted, const RouteCall& call) {
  auto hours = parse_link_request(call.body);
  if (!hours) return std::move(hours).error();
  auto until = Tokens::Clock::now() + *hours;
  // No token of a file has a name with spaces: what a tenant has stays its own.
  std::string secret = tokens.lend("guest of " + call.who.name, *hours);
  // As the service is called by who asks, which was looked at.
  std::string place = (encrypted ? "https://" : "http://") + *call.request.field("Host");
  Json json = {{"link", place + "/login?lent=" + secret}, {"expires", time_text(std::chrono::floor<std::chrono::milliseconds>(until))}};
  HttpAnswer answer = json_answer(json_text(json), 201);
  answer.fields.push_back({"Cache-Control", "no-store"});
  return answer;
}

Result<HttpAnswer> ended(Tokens& tokens, bool encrypted, const RouteCall& call) {
  std::string session = session_cookie(call.request);
  if (session.empty()) return refusal(400, "this was asked without a session: only a browser's can be ended");
  tokens.end_session(session);
  HttpAnswer answer{204, ""};
  answer.fields.push_back(cookie_of("", std::chrono::seconds(0), encrypted));
  return answer;
}

}  // namespace

std::vector<Route> session_routes(Tokens& tokens, bool encrypted) {
  auto quick = [&tokens, encrypted](const char* method, const char* path, Role role, const char* sentence,
                                    Result<HttpAnswer> (*answer)(Tokens&, bool, const RouteCall&)) {
    Route route{.method = method, .pattern = path, .role = role, .sentence = sentence};
    route.answer = [&tokens, encrypted, answer](const RouteCall& call) { return answer(tokens, encrypted, call); };
    route.quick = true;
    return route;
  };
  Route login = quick("GET", "/login", Role::none, "Makes a browser known.", known);
  login.params = {{.name = "once", .type = OptionType::text, .sentence = "the secret of a link that is good once", .fallback = ""},
                  {.name = "lent", .type = OptionType::text, .sentence = "the secret of a link that was lent", .fallback = ""}};
  login.limits = {.rate = 1, .burst = 10};
  login.status = 303;
  login.quick = false;  // sessions are kept on disk
  Route links = quick("POST", "/api/v1/links", Role::run, "Makes a link that reads, for a while.", lent);
  links.limits.body = kMostSaid;
  links.takes = "LinkRequest";
  links.gives = "Link";
  links.status = 201;
  Route end = quick("POST", "/api/v1/session/end", Role::read, "Ends the session of the browser that asks.", ended);
  end.limits.body = kMostSaid;
  end.status = 204;
  end.quick = false;
  return {login, links, end};
}

}  // namespace leat
