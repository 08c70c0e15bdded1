#include <leat/actors/csv/format.hpp>
#include <leat/actors/csv/values.hpp>
#include <leat/actors/expression/loops.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace leat {
namespace {

using I = std::int64_t;
using Flag = std::uint8_t;
using Text = std::string_view;

void integer_to_real(KernelCall& call) { loops::one<double, I>(call, [](I a) { return static_cast<double>(a); }); }
void flag_to_real(KernelCall& call) { loops::one<double, Flag>(call, [](Flag a) { return static_cast<double>(a); }); }
void flag_to_integer(KernelCall& call) { loops::one<I, Flag>(call, [](Flag a) { return static_cast<I>(a); }); }
void integer_to_flag(KernelCall& call) { loops::one<Flag, I>(call, [](I a) { return static_cast<Flag>(a != 0); }); }

// Towards zero.
void real_to_integer(KernelCall& call) {
  loops::each<I, double>(call, [&](double a, std::size_t row) {
    if (a >= -0x1p63 && a < 0x1p63) return static_cast<I>(a);
    call.fail(row, a != a ? "is NaN, which no i64 is" : "is more than an i64 holds");
    return I{0};
  });
}

void real_to_flag(KernelCall& call) {
  loops::each<Flag, double>(call, [&](double a, std::size_t row) {
    if (a != a) call.fail(row, "is NaN, which is neither true nor false");
    return static_cast<Flag>(a == a && a != 0);
  });
}

template <class T, ColumnType type>
void read(KernelCall& call) {
  auto* cells = reinterpret_cast<std::byte*>(call.out);
  loops::each<T, Text>(call, [&](Text text, std::size_t row) {
    call.result<T>()[row] = T{};
    csv::Reading reading = csv::read_value(text, type, cells, row);
    if (reading != csv::Reading::good) {
      constexpr const char* kNot[] = {"is no f64", "", "", "is no i64", "", "is no bool"};
      const char* what = type == ColumnType::TIMESTAMP ? "is no time" : kNot[static_cast<std::size_t>(type)];
      call.fail(row, reading == csv::Reading::out_of_range ? "is more than its type holds" : what);
    }
    return call.result<T>()[row];
  });
}

template <class T, class F>
void write(KernelCall& call, F append) {
  std::string line;
  loops::one<Text, T>(call, [&](T value) {
    line.clear();
    append(line, value);
    char* to = call.texts->take(line.size());
    std::copy(line.begin(), line.end(), to);
    return Text(to, line.size());
  });
}

void write_real(KernelCall& call) {
  write<double>(call, [](std::string& line, double a) { csv::append_number(line, a); });
}
void write_integer(KernelCall& call) { write<I>(call, [](std::string& line, I a) { csv::append_number(line, a); }); }
void write_time(KernelCall& call) { write<I>(call, [](std::string& line, I a) { csv::append_timestamp(line, a); }); }
void write_flag(KernelCall& call) {
  loops::one<Text, Flag>(call, [](Flag a) { return a ? Text("true") : Text("false"); });
}

Kernel to_text(ValueType from) {
  switch (from) {
    case ValueType::f64: return write_real;
    case ValueType::i64: return write_integer;
    case ValueType::boolean: return write_flag;
    case ValueType::time: return write_time;
    default: return nullptr;
  }
}

Kernel of_text(ValueType to) {
  switch (to) {
    case ValueType::f64: return read<double, ColumnType::F64>;
    case ValueType::i64: return read<I, ColumnType::I64>;
    case ValueType::boolean: return read<Flag, ColumnType::BOOL>;
    case ValueType::time: return read<I, ColumnType::TIMESTAMP>;
    default: return nullptr;
  }
}

void narrow_integer(KernelCall& call) {
  loops::each<I, I>(call, [&](I a, std::size_t row) {
    bool fits = a >= std::numeric_limits<std::int32_t>::min() && a <= std::numeric_limits<std::int32_t>::max();
    if (!fits) call.fail(row, "is more than an i32 holds");
    return a;
  });
}

template <class T>
void narrow_real(KernelCall& call, const char* why) {
  loops::each<double, double>(call, [&](double a, std::size_t row) {
    if (std::isfinite(a) && !std::isfinite(static_cast<double>(static_cast<T>(a)))) call.fail(row, why);
    return a;
  });
}

}  // namespace

Kernel cast_kernel(ValueType from, ValueType to) {
  if (to == ValueType::text) return to_text(from);
  if (from == ValueType::text) return of_text(to);
  if (from == ValueType::time) {
    if (to == ValueType::i64) return time_kernel(Operation::to_int, from);
    return to == ValueType::f64 ? time_kernel(Operation::to_float, from) : nullptr;
  }
  if (to == ValueType::time) return from == ValueType::boolean ? nullptr : time_kernel(Operation::to_time, from);
  if (to == ValueType::f64) return from == ValueType::i64 ? integer_to_real : flag_to_real;
  if (to == ValueType::i64) return from == ValueType::f64 ? real_to_integer : flag_to_integer;
  return from == ValueType::f64 ? real_to_flag : integer_to_flag;
}

Kernel narrow_kernel(ColumnType to) {
  switch (to) {
    case ColumnType::I32: return narrow_integer;
    case ColumnType::F32: return [](KernelCall& call) { narrow_real<float>(call, "is more than an f32 holds"); };
    case ColumnType::F16: return [](KernelCall& call) { narrow_real<Eigen::half>(call, "is more than an f16 holds"); };
    default: return nullptr;
  }
}

}  // namespace leat
