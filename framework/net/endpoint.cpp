#include <leat/net/endpoint.hpp>

#include <charconv>
#include <cstring>

#include <arpa/inet.h>

namespace leat {
namespace {

bool is_ipv6(const std::string& host) {
  in6_addr address;
  return ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

Error not_an_endpoint(const std::string& text, const std::string& why) {
  return invalid("\"" + text + "\" is not an endpoint: " + why + "; write HOST:PORT, or [ADDRESS]:PORT for IPv6");
}

}  // namespace

Result<Endpoint> parse_endpoint(const std::string& text) {
  std::size_t colon = text.rfind(':');
  if (colon == std::string::npos) return not_an_endpoint(text, "it has no port");
  Endpoint out;
  out.host = text.substr(0, colon);
  bool bracketed = out.host.size() > 2 && out.host.front() == '[' && out.host.back() == ']';
  if (bracketed) out.host = out.host.substr(1, out.host.size() - 2);
  if (bracketed && !is_ipv6(out.host)) return not_an_endpoint(text, out.host + " is no IPv6 address");
  if (!bracketed && out.host.find_first_of("[]:") != std::string::npos) {
    return not_an_endpoint(text, "an IPv6 address goes in brackets");
  }
  if (out.host.empty()) return not_an_endpoint(text, "it has no host");
  if (out.host.find_first_of(" \t\r\n/\"") != std::string::npos || out.host.size() > 255) {
    return not_an_endpoint(text, "its host is no name");
  }
  const char* first = text.data() + colon + 1;
  const char* last = text.data() + text.size();
  auto [end, error] = std::from_chars(first, last, out.port);
  if (first == last || end != last || error != std::errc()) {
    return not_an_endpoint(text, "its port is no number from 0 to 65535");
  }
  return out;
}

std::string to_string(const Endpoint& endpoint) {
  bool brackets = endpoint.host.find(':') != std::string::npos;
  std::string host = brackets ? "[" + endpoint.host + "]" : endpoint.host;
  return host + ":" + std::to_string(endpoint.port);
}

bool is_loopback(const Endpoint& endpoint) {
  in_addr four;
  if (::inet_pton(AF_INET, endpoint.host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  in6_addr six;
  if (::inet_pton(AF_INET6, endpoint.host.c_str(), &six) == 1) {
    return std::memcmp(&six, &in6addr_loopback, sizeof six) == 0;
  }
  return endpoint.host == "localhost";
}

}  // namespace leat
