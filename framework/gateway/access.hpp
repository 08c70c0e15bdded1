/// Whether a request may do what it asks for: one check for every method and for WebSockets, which says no unless all
/// of it is right. Pure: who is known by a token or a cookie is looked up by what it is given.
#pragma once

#include <leat/gateway/role.hpp>
#include <leat/net/http_message.hpp>

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace leat {

/// What a service is called and who it knows. Threads: any, where its functions are.
struct AccessRules {
  /// What a Host may be, with the port: "127.0.0.1:8080", "localhost:8080". Other names, which somebody else's DNS may
  /// have given to this address, are refused.
  std::vector<std::string> hosts;
  std::function<std::optional<Identity>(const std::string& token)> by_token;
  std::function<std::optional<Identity>(const std::string& cookie)> by_cookie;
};

/// The cookie that a browser shows.
inline constexpr const char* kCookie = "leat_session";
/// What it says in a request; "": there is none.
std::string session_cookie(const HttpRequest& request);

/// Who asks, or the answer that refuses. What needs nobody in particular is answered to a wrong Host or Origin
/// neither. 400: no Host, or several; 401: no token, or a wrong one; 403: a Host or an Origin that is not ours, or a
/// role that may not; 421 is not used, as clients repeat it.
std::variant<Identity, HttpAnswer> decide(const HttpRequest& request, Role needed, const AccessRules& rules);

/// An answer with {"error": {"kind": ..., "sentence": ...}}, as every refusal of the service has it.
HttpAnswer refusal(unsigned status, const std::string& sentence);
/// The same of an error, with the status that says its kind: 400, 422, 503, 502 or 500.
HttpAnswer refusal(const Error& error);

}  // namespace leat
