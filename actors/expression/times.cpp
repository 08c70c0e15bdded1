#include <leat/actors/expression/loops.hpp>

#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>

namespace leat {
namespace {

using enum Operation;
using I = std::int64_t;

constexpr I kSecond = 1'000'000'000;
constexpr I kDay = 86400 * kSecond;
constexpr const char* kNoTime = "is no time between the years 1677 and 2262";

I floored(I a, I b) { return a / b - (a % b < 0); }

std::chrono::sys_days day_of(I time) { return std::chrono::sys_days(std::chrono::days(floored(time, kDay))); }
std::chrono::year_month_day date_of(I time) { return day_of(time); }

template <class F>
void read(KernelCall& call, F f) { loops::one<I, I>(call, [f](I time) { return static_cast<I>(f(time)); }); }

void years(KernelCall& call) { read(call, [](I t) { return static_cast<int>(date_of(t).year()); }); }
void months(KernelCall& call) { read(call, [](I t) { return static_cast<unsigned>(date_of(t).month()); }); }
void days(KernelCall& call) { read(call, [](I t) { return static_cast<unsigned>(date_of(t).day()); }); }
void weekdays(KernelCall& call) { read(call, [](I t) { return std::chrono::weekday(day_of(t)).iso_encoding(); }); }
template <I unit, I in_all>
void clock(KernelCall& call) {
  read(call, [](I t) {
    I at = floored(t, unit) % in_all;
    return at < 0 ? at + in_all : at;
  });
}

// The first instant of what `unit` means: nanoseconds, or what bind makes of months and years.
__int128 beginning(I time, I unit) {
  if (unit > 0) {
    // 1970 began on a Thursday, weeks begin on Mondays.
    I shift = unit == 7 * kDay ? 4 * kDay : 0;
    __int128 moved = static_cast<__int128>(time) - shift;
    __int128 rest = moved % unit;
    return moved - rest - (rest < 0 ? unit : 0) + shift;
  }
  auto date = date_of(time);
  auto first = date.year() / (unit == -1 ? date.month() : std::chrono::January) / 1;
  return static_cast<__int128>(std::chrono::sys_days(first).time_since_epoch().count()) * kDay;
}

I in_range(KernelCall& call, std::size_t row, __int128 time) {
  auto out = static_cast<I>(time);
  if (out == time) return out;
  call.fail(row, kNoTime);
  return 0;
}

void begins(KernelCall& call) {
  I unit = (*call.literals)[0].integer;
  loops::each<I, I>(call, [&](I time, std::size_t row) { return in_range(call, row, beginning(time, unit)); });
}

template <int sign>
void move_integers(KernelCall& call) {
  const I* seconds = call.in[1].as<I>();
  std::size_t step = call.in[1].step();
  loops::each<I, I>(call, [&](I time, std::size_t row) {
    return in_range(call, row, time + static_cast<__int128>(sign) * seconds[row * step] * kSecond);
  });
}

// The nearest nanosecond; past all times where it is no number.
__int128 nanoseconds(double seconds) {
  double out = std::round(seconds * 1e9);
  return out > -2e19 && out < 2e19 ? static_cast<__int128>(out) : static_cast<__int128>(1) << 100;
}

template <int sign>
void move_reals(KernelCall& call) {
  const double* seconds = call.in[1].as<double>();
  std::size_t step = call.in[1].step();
  loops::each<I, I>(call, [&](I time, std::size_t row) {
    return in_range(call, row, time + nanoseconds(sign * seconds[row * step]));
  });
}

double seconds_of(__int128 time) {
  return static_cast<double>(static_cast<I>(time / kSecond)) +
         static_cast<double>(static_cast<I>(time % kSecond)) / 1e9;
}

void apart(KernelCall& call) {
  loops::two<double, I, I>(call, [](I a, I b) { return seconds_of(static_cast<__int128>(a) - b); });
}

void whole_seconds(KernelCall& call) { loops::one<I, I>(call, [](I time) { return floored(time, kSecond); }); }
void real_seconds(KernelCall& call) { loops::one<double, I>(call, [](I time) { return seconds_of(time); }); }
void of_whole_seconds(KernelCall& call) {
  loops::each<I, I>(call, [&](I seconds, std::size_t row) {
    return in_range(call, row, static_cast<__int128>(seconds) * kSecond);
  });
}
void of_real_seconds(KernelCall& call) {
  loops::each<I, double>(call,
                         [&](double seconds, std::size_t row) { return in_range(call, row, nanoseconds(seconds)); });
}

}  // namespace

Kernel time_kernel(Operation operation, ValueType second) {
  bool real = second == ValueType::f64;
  switch (operation) {
    case year: return years;
    case month: return months;
    case day: return days;
    case hour: return clock<3600 * kSecond, 24>;
    case minute: return clock<60 * kSecond, 60>;
    case Operation::second: return clock<kSecond, 60>;
    case weekday: return weekdays;
    case floor_time: return begins;
    case add: return real ? move_reals<1> : move_integers<1>;
    case subtract:
      if (second == ValueType::time) return apart;
      return real ? move_reals<-1> : move_integers<-1>;
    case to_int: return whole_seconds;
    case to_float: return real_seconds;
    case to_time: return real ? of_real_seconds : of_whole_seconds;
    default: return nullptr;
  }
}

}  // namespace leat
