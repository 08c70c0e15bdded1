// What has rules of its own for nulls, and for what failed.
#include <leat/actors/expression/loops.hpp>

#include <algorithm>
#include <cstring>

namespace leat {
namespace {

using enum Operation;
using Flag = std::uint8_t;

bool whole(const KernelCall& call) {
  return std::none_of(call.in, call.in + call.inputs, [](const BlockCells& in) { return in.valid || in.failed; });
}

// What one row comes to.
enum class Outcome { value, null, failed };

void begin(KernelCall& call) {
  std::size_t words = (call.rows + 63) / 64;
  std::fill_n(call.valid, words, ~std::uint64_t{0});
  std::fill_n(call.failed, words, 0);
}

void note(KernelCall& call, std::size_t row, Outcome outcome) {
  if (outcome == Outcome::value) return;
  std::uint64_t bit = std::uint64_t{1} << (row % 64);
  if (outcome == Outcome::null) {
    call.valid[row / 64] &= ~bit;
    call.some_null = true;
  } else {
    call.failed[row / 64] |= bit;
    call.some_failed = true;
  }
}

Outcome outcome_of(const BlockCells& in, std::size_t row) {
  if (in.is_failed(row)) return Outcome::failed;
  return in.is_valid(row) ? Outcome::value : Outcome::null;
}

// And, or: `decides` is the value that needs no other; the second is not asked where the first decides.
template <bool decides>
void logic(KernelCall& call) {
  const BlockCells& a = call.in[0];
  const BlockCells& b = call.in[1];
  if (whole(call)) {
    return loops::two<Flag, Flag, Flag>(call,
                                        [](Flag x, Flag y) { return static_cast<Flag>(decides ? x | y : x & y); });
  }
  begin(call);
  for (std::size_t row = 0; row < call.rows; ++row) {
    Outcome first = outcome_of(a, row);
    Outcome second = outcome_of(b, row);
    bool x = a.as<Flag>()[row * a.step()] != 0;
    bool y = b.as<Flag>()[row * b.step()] != 0;
    Outcome outcome = Outcome::value;
    bool value = decides;
    if (first == Outcome::failed) {
      outcome = first;
    } else if (first == Outcome::value && x == decides) {
    } else if (second == Outcome::value && y == decides) {
    } else if (second == Outcome::failed) {
      outcome = second;
    } else {
      outcome = std::max(first, second);
      value = !decides;
    }
    call.result<Flag>()[row] = outcome == Outcome::value && value;
    note(call, row, outcome);
  }
}

void both(KernelCall& call) { logic<false>(call); }
void either(KernelCall& call) { logic<true>(call); }

void inverse(KernelCall& call) {
  loops::one<Flag, Flag>(call, [](Flag a) { return static_cast<Flag>(a ^ 1); });
}

template <bool null>
void nullness(KernelCall& call) {
  const BlockCells& in = call.in[0];
  begin(call);
  for (std::size_t row = 0; row < call.rows; ++row) {
    call.result<Flag>()[row] = in.is_valid(row) != null;
    if (in.is_failed(row)) note(call, row, Outcome::failed);
  }
}

void is_a_null(KernelCall& call) { nullness<true>(call); }
void is_no_null(KernelCall& call) { nullness<false>(call); }

template <class T>
void take(KernelCall& call, const BlockCells& from, std::size_t row) {
  call.result<T>()[row] = from.as<T>()[row * from.step()];
}

template <class T>
void chosen(KernelCall& call) {
  const BlockCells& condition = call.in[0];
  const Flag* flags = condition.as<Flag>();
  const BlockCells& a = call.in[1];
  const BlockCells& b = call.in[2];
  if (whole(call)) {
    for (std::size_t row = 0; row < call.rows; ++row) {
      call.result<T>()[row] = flags[row * condition.step()] ? a.as<T>()[row * a.step()] : b.as<T>()[row * b.step()];
    }
    return;
  }
  begin(call);
  for (std::size_t row = 0; row < call.rows; ++row) {
    // A condition that is null is not true.
    bool first = condition.is_valid(row) && flags[row * condition.step()];
    const BlockCells& from = first ? a : b;
    take<T>(call, from, row);
    note(call, row, condition.is_failed(row) ? Outcome::failed : outcome_of(from, row));
  }
}

template <class T>
void coalesced(KernelCall& call) {
  const BlockCells& a = call.in[0];
  const BlockCells& b = call.in[1];
  if (whole(call)) return loops::one<T, T>(call, [](T x) { return x; });
  begin(call);
  for (std::size_t row = 0; row < call.rows; ++row) {
    const BlockCells& from = outcome_of(a, row) == Outcome::null ? b : a;
    take<T>(call, from, row);
    note(call, row, outcome_of(from, row));
  }
}

template <class T>
void found_among(KernelCall& call) {
  const auto& values = *call.literals;
  loops::one<Flag, T>(call, [&](T cell) {
    return static_cast<Flag>(std::any_of(values.begin(), values.end(), [&](const Literal& value) {
      if constexpr (std::is_same_v<T, double>) return cell == value.real;
      else if constexpr (std::is_same_v<T, std::string_view>) return cell == value.text;
      else return cell == static_cast<T>(value.integer);
    }));
  });
}

template <class T>
Kernel of_type(Operation operation) {
  switch (operation) {
    case choose: return chosen<T>;
    case coalesce: return coalesced<T>;
    case among: return found_among<T>;
    default: return nullptr;
  }
}

}  // namespace

Kernel logic_kernel(Operation operation, ValueType type) {
  switch (operation) {
    case conjunction: return both;
    case disjunction: return either;
    case negation: return inverse;
    case is_null: return is_a_null;
    case is_not_null: return is_no_null;
    default: break;
  }
  switch (type) {
    case ValueType::f64: return of_type<double>(operation);
    case ValueType::i64:
    case ValueType::time: return of_type<std::int64_t>(operation);
    case ValueType::boolean: return of_type<Flag>(operation);
    default: return of_type<std::string_view>(operation);
  }
}

}  // namespace leat
