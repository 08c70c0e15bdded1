#include <leat/gateway/tokens.hpp>

#include <leat/net/private_folder.hpp>

#include <algorithm>
#include <sstream>
#include <system_error>

namespace leat {

Result<void> Tokens::keep_sessions(const std::filesystem::path& file, Clock::time_point now) {
  sessions_file_ = file;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return {};
  auto text = read_whole_file(file, "the file of sessions");
  if (!text) return failed(text.error().sentence);
  const auto latest = std::chrono::ceil<std::chrono::seconds>((now + kSession).time_since_epoch()).count();
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string secret, name, role;
    std::int64_t until = 0;
    if (!(words >> secret >> name >> role >> until) || secret.size() < kLeastToken || until < 0 || until > latest) continue;
    Known one{secret, {.name = name, .role = role_called(role).value_or(Role::none)}, Clock::time_point(std::chrono::seconds(until))};
    bool has_token = std::any_of(tokens_.begin(), tokens_.end(), [&](const Known& known) {
      return known.identity.name == name && known.identity.role == one.identity.role;
    });
    if (has_token && one.until > now && one.until <= now + kSession) add(sessions_, std::move(one), now);
  }
  return {};
}

// One that cannot be kept is good until the service ends.
void Tokens::write_sessions() {
  if (sessions_file_.empty()) return;
  std::lock_guard writes(writes_);
  std::ostringstream text;
  {
    std::lock_guard lock(mutex_);
    for (const Known& one : sessions_) {
      auto until = std::chrono::floor<std::chrono::seconds>(one.until.time_since_epoch()).count();
      text << one.secret << ' ' << one.identity.name << ' ' << role_name(one.identity.role) << ' ' << until << '\n';
    }
  }
  [[maybe_unused]] auto kept = write_private_file(sessions_file_, text.str());
}

}  // namespace leat
