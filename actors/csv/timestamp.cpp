#include <chrono>

#include <leat/actors/csv/values.hpp>

namespace leat::csv {
namespace {

// Reads from the front of a text; a failed step leaves `good` false.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}

  // Exactly `count` digits.
  int digits(std::size_t count) {
    int value = 0;
    if (rest_.size() < count) good_ = false;
    for (std::size_t i = 0; i < count && good_; ++i) {
      if (rest_[i] < '0' || rest_[i] > '9') good_ = false;
      value = value * 10 + (rest_[i] - '0');
    }
    if (good_) rest_.remove_prefix(count);
    return good_ ? value : 0;
  }

  bool take(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_[0]) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) { good_ = good_ && take({&c, 1}); }
  void refuse() { good_ = false; }

  bool digit_next() const { return good_ && !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; }
  bool at_end() const { return rest_.empty(); }
  bool good() const { return good_; }

 private:
  std::string_view rest_;
  bool good_ = true;
};

std::int64_t read_fraction(Cursor& cursor) {
  std::int64_t nanoseconds = 0;
  std::int64_t unit = 100'000'000;
  if (!cursor.digit_next()) cursor.refuse();
  while (cursor.digit_next()) {
    nanoseconds += cursor.digits(1) * unit;
    unit /= 10;
  }
  return nanoseconds;
}

// Seconds to add to local time; 0 for Z and for nothing.
std::int64_t read_zone(Cursor& cursor) {
  if (cursor.at_end() || cursor.take("Zz")) return 0;
  int sign = 0;
  if (cursor.take("+")) {
    sign = -1;
  } else if (cursor.take("-")) {
    sign = 1;
  } else {
    cursor.refuse();
  }
  int hours = cursor.digits(2);
  int minutes = 0;
  if (!cursor.at_end()) {
    cursor.take(":");
    minutes = cursor.digits(2);
  }
  if (hours > 23 || minutes > 59) cursor.refuse();
  return sign * (hours * 3600 + minutes * 60);
}

struct Clock {
  std::int64_t seconds = 0;
  std::int64_t nanoseconds = 0;
};

Clock read_clock(Cursor& cursor) {
  Clock clock;
  int hours = cursor.digits(2);
  cursor.expect(':');
  int minutes = cursor.digits(2);
  int seconds = 0;
  if (cursor.take(":")) {
    seconds = cursor.digits(2);
    if (cursor.take(".,")) clock.nanoseconds = read_fraction(cursor);
  }
  if (hours > 23 || minutes > 59 || seconds > 59) cursor.refuse();
  clock.seconds = hours * 3600 + minutes * 60 + seconds + read_zone(cursor);
  return clock;
}

}  // namespace

Reading read_timestamp(std::string_view text, std::int64_t& value) {
  if (text.empty()) return Reading::empty;
  Cursor cursor(text);
  int year = cursor.digits(4);
  cursor.expect('-');
  auto month = static_cast<unsigned>(cursor.digits(2));
  cursor.expect('-');
  auto day = static_cast<unsigned>(cursor.digits(2));
  Clock clock;
  if (cursor.good() && cursor.take("Tt ")) clock = read_clock(cursor);
  std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                   std::chrono::day(day)};
  if (!cursor.good() || !cursor.at_end() || !date.ok()) return Reading::malformed;

  std::int64_t seconds =
      std::chrono::sys_days(date).time_since_epoch().count() * std::int64_t{86400} + clock.seconds;
  // The first second that has instants does not fit itself.
  __int128 nanoseconds = static_cast<__int128>(seconds) * 1'000'000'000 + clock.nanoseconds;
  auto instant = static_cast<std::int64_t>(nanoseconds);
  if (instant != nanoseconds) return Reading::out_of_range;
  value = instant;
  return Reading::good;
}

}  // namespace leat::csv
