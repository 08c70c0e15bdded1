#include <leat/gateway/quota.hpp>

#include <leat/chunk/one_line.hpp>
#include <leat/graph/bound.hpp>
#include <leat/graph/option.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace leat {
namespace {

constexpr std::array<const char*, 3> kQuotas = {"jobs", "cpu", "bytes"};

template <class T>
std::optional<T> number_of(const std::string& text) {
  T number{};
  auto [rest, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (wrong != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return number;
}

template <class T>
Result<void> set(std::optional<T>& quota, const std::optional<T>& number, const std::string& word) {
  if (!number) return invalid(one_line(word) + " is no quota: say a number, such as jobs=10, cpu=3600 or bytes=10GiB");
  if (quota && *quota != *number) return invalid(one_line(word) + ": it is there already, with another number");
  quota = number;
  return {};
}

Error used_up(const char* quota, const std::string& sentence) { return overloaded(sentence).about({.option = quota}); }

// A tenth is as much as people want to know.
std::string seconds_text(double seconds) { return shortest_text(std::round(seconds * 10) / 10); }

}  // namespace

Result<void> add_quota(Quota& quota, const std::string& word) {
  std::size_t at = word.find('=');
  std::string name = word.substr(0, at), value = at == word.npos ? "" : word.substr(at + 1);
  if (name == "jobs") return set(quota.jobs, number_of<std::uint64_t>(value), word);
  if (name == "bytes") return set(quota.bytes, parse_bytes(value), word);
  if (name != "cpu") return invalid("there is no quota " + one_line(name) + ": there are jobs, cpu and bytes");
  auto seconds = number_of<double>(value);
  if (seconds && (!std::isfinite(*seconds) || *seconds < 0)) seconds.reset();
  return set(quota.cpu, seconds, word);
}

Result<void> cpu_in_quota(const Quota& quota, const QuotaUsed& use, const std::string& tenant) {
  if (!quota.cpu || use.cpu < *quota.cpu) return {};
  return used_up("cpu", "the jobs of " + tenant + " have used " + seconds_text(use.cpu) + " s of CPU time in the last 30 days, and may use " +
                            shortest_text(*quota.cpu) + ": wait, or ask for a larger quota cpu");
}

Result<void> room_in_quota(const Quota& quota, const QuotaUsed& use, const std::string& tenant, std::uint64_t more) {
  if (!quota.bytes || (use.bytes < *quota.bytes && more <= *quota.bytes - use.bytes)) return {};
  return used_up("bytes", "the results and uploads of " + tenant + " have " + byte_text(use.bytes) + ", and may have " + byte_text(*quota.bytes) +
                              (more > 1 ? ": there is no room for " + byte_text(more) + " more" : "") +
                              ": remove some, or ask for a larger quota bytes");
}

Result<void> within_quota(const Quota& quota, const QuotaUsed& use, const std::string& tenant) {
  if (quota.jobs && use.jobs >= *quota.jobs) {
    return used_up("jobs", tenant + " has " + std::to_string(use.jobs) + (use.jobs == 1 ? " job that waits or runs" : " jobs that wait or run") +
                               ", and may have " + std::to_string(*quota.jobs) + ": submit it again when one has ended");
  }
  if (auto left = cpu_in_quota(quota, use, tenant); !left) return left;
  return room_in_quota(quota, use, tenant, 1);
}

bool is_of_quota(const Error& error) {
  auto is = [&](const char* name) { return error.subject().option == name; };
  return error.kind == ErrorKind::overloaded && std::any_of(kQuotas.begin(), kQuotas.end(), is);
}

}  // namespace leat
