/// A tiny scalar evaluator of random expressions, written from docs/expressions.md: what the real one is compared with.
///
///   Tree tree = RandomTree(random).make(ValueType::f64, 4);
///   tree.text, tree.value({row's cells})
#pragma once

#include <leat/actors/expression/expression.hpp>

#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace leat::tests {

/// A cell: a value of its column's type, null, or failed.
struct Scalar {
  bool null = false;
  bool failed = false;
  double real = 0;
  std::int64_t integer = 0;  // i64, bool, time
  std::string text = {};

  static Scalar of(double v) { return {false, false, v, 0, {}}; }
  static Scalar whole(std::int64_t v) { return {false, false, 0, v, {}}; }
  static Scalar said(std::string v) { return {false, false, 0, 0, std::move(v)}; }
  static Scalar nothing() { return {true, false, 0, 0, {}}; }
  static Scalar failure() { return {false, true, 0, 0, {}}; }
  bool holds() const { return !null && !failed; }
};

using ScalarRow = std::map<std::string, Scalar>;

struct Tree {
  std::string text;
  std::function<Scalar(const ScalarRow&)> value;
};

/// Random trees of a type over columns d, f, h (f64, f32, f16), i, j (i64, i32), b, t, w (text), s (time).
class RandomTree {
 public:
  explicit RandomTree(std::mt19937_64& random) : random_(random) {}

  Tree make(ValueType type, int depth) {
    if (depth == 0 || pick(6) == 0) return leaf(type);
    if (pick(5) == 0) return chosen(type, depth);
    switch (type) {
      case ValueType::f64: return real(depth);
      case ValueType::i64: return integer(depth);
      case ValueType::boolean: return flag(depth);
      case ValueType::text: return text(depth);
      default: return time(depth);
    }
  }

 private:
  using Function = std::function<Scalar(const std::vector<Scalar>&)>;

  std::size_t pick(std::size_t n) { return random_() % n; }
  template <class T>
  T one_of(std::initializer_list<T> all) { return *(all.begin() + static_cast<std::ptrdiff_t>(pick(all.size()))); }

  // What has no rules of its own: a failure first, then a null.
  static Tree plain(std::string text, std::vector<Tree> inputs, Function f) {
    return {std::move(text), [inputs, f](const ScalarRow& row) {
              std::vector<Scalar> values;
              for (const Tree& each : inputs) values.push_back(each.value(row));
              // Nulls do not hide what failed.
              for (const Scalar& each : values) {
                if (each.failed) return Scalar::failure();
              }
              for (const Scalar& each : values) {
                if (each.null) return Scalar::nothing();
              }
              return f(values);
            }};
  }

  Tree column(std::string name) {
    return {name, [name](const ScalarRow& row) { return row.at(name); }};
  }
  static Tree constant(std::string text, Scalar value) {
    return {std::move(text), [value](const ScalarRow&) { return value; }};
  }

  Tree leaf(ValueType type) {
    switch (type) {
      case ValueType::f64:
        if (pick(3)) return column(one_of<const char*>({"d", "f", "h"}));
        return one_of({constant("2.5", Scalar::of(2.5)), constant("-0.0", Scalar::of(-0.0)),
                       constant("1e300", Scalar::of(1e300))});
      case ValueType::i64:
        if (pick(3)) return column(one_of<const char*>({"i", "j"}));
        return one_of({constant("3", Scalar::whole(3)), constant("0", Scalar::whole(0)),
                       constant("-1", Scalar::whole(-1)), constant("9223372036854775807", Scalar::whole(INT64_MAX))});
      case ValueType::boolean:
        return pick(3)   ? column("b")
               : pick(2) ? constant("true", Scalar::whole(1))
                         : constant("false", Scalar::whole(0));
      case ValueType::text:
        return pick(3) ? column(one_of<const char*>({"t", "w"})) : constant("'ab'", Scalar::said("ab"));
      default: return column("s");
    }
  }

  Tree chosen(ValueType type, int depth) {
    Tree a = make(type, depth - 1), b = make(type, depth - 1);
    if (pick(2)) {
      return {"coalesce(" + a.text + ", " + b.text + ")", [a, b](const ScalarRow& row) {
                Scalar first = a.value(row);
                return first.null ? b.value(row) : first;
              }};
    }
    Tree c = make(ValueType::boolean, depth - 1);
    return {"if(" + c.text + ", " + a.text + ", " + b.text + ")", [a, b, c](const ScalarRow& row) {
              Scalar is = c.value(row);
              if (is.failed) return is;
              return !is.null && is.integer ? a.value(row) : b.value(row);
            }};
  }

  static std::string infix(const Tree& a, const std::string& sign, const Tree& b) {
    return "(" + a.text + " " + sign + " " + b.text + ")";
  }

  Tree real(int depth) {
    Tree a = make(ValueType::f64, depth - 1), b = make(ValueType::f64, depth - 1);
    auto two = [&](const char* sign, double (*f)(double, double)) {
      return plain(infix(a, sign, b), {a, b}, [f](auto& v) { return Scalar::of(f(v[0].real, v[1].real)); });
    };
    switch (pick(9)) {
      case 0: return two("+", [](double x, double y) { return x + y; });
      case 1: return two("-", [](double x, double y) { return x - y; });
      case 2: return two("*", [](double x, double y) { return x * y; });
      case 3: return two("/", [](double x, double y) { return x / y; });
      case 4: return two("//", [](double x, double y) { return std::floor(x / y); });
      case 5: return plain("abs(" + a.text + ")", {a}, [](auto& v) { return Scalar::of(std::fabs(v[0].real)); });
      case 6: return plain("sqrt(" + a.text + ")", {a}, [](auto& v) { return Scalar::of(std::sqrt(v[0].real)); });
      case 7: {
        Tree i = make(ValueType::i64, depth - 1);
        return plain(infix(i, "*", b), {i, b},
                     [](auto& v) { return Scalar::of(static_cast<double>(v[0].integer) * v[1].real); });
      }
      default: {
        bool least = pick(2);
        return plain((least ? "min(" : "max(") + a.text + ", " + b.text + ")", {a, b}, [least](auto& v) {
          double x = v[0].real, y = v[1].real;
          if (std::isnan(x)) return Scalar::of(x);
          if (std::isnan(y)) return Scalar::of(y);
          return Scalar::of(least ? (y < x ? y : x) : (x < y ? y : x));
        });
      }
    }
  }

  static Scalar fits(__int128 value) {
    return value == static_cast<std::int64_t>(value) ? Scalar::whole(static_cast<std::int64_t>(value))
                                                     : Scalar::failure();
  }
  static __int128 floored(__int128 a, __int128 b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

  Tree integer(int depth) {
    Tree a = make(ValueType::i64, depth - 1), b = make(ValueType::i64, depth - 1);
    auto two = [&](const char* sign, Scalar (*f)(__int128, __int128)) {
      return plain(infix(a, sign, b), {a, b}, [f](auto& v) { return f(v[0].integer, v[1].integer); });
    };
    switch (pick(8)) {
      case 0: return two("+", [](__int128 x, __int128 y) { return fits(x + y); });
      case 1: return two("-", [](__int128 x, __int128 y) { return fits(x - y); });
      case 2: return two("*", [](__int128 x, __int128 y) { return fits(x * y); });
      case 3: return two("//", [](__int128 x, __int128 y) { return y == 0 ? Scalar::failure() : fits(floored(x, y)); });
      case 4:
        return two("%",
                   [](__int128 x, __int128 y) { return y == 0 ? Scalar::failure() : fits(x - floored(x, y) * y); });
      case 5:
        return plain("-(" + a.text + ")", {a}, [](auto& v) { return fits(-static_cast<__int128>(v[0].integer)); });
      case 6: {
        Tree t = make(ValueType::text, depth - 1);
        return plain("length(" + t.text + ")", {t}, [](auto& v) {
          std::int64_t n = 0;
          for (char c : v[0].text) n += (c & 0xC0) != 0x80;
          return Scalar::whole(n);
        });
      }
      default: {
        Tree d = make(ValueType::f64, depth - 1);
        return plain("int(" + d.text + ")", {d}, [](auto& v) {
          double x = v[0].real;
          return x >= -0x1p63 && x < 0x1p63 ? Scalar::whole(static_cast<std::int64_t>(x)) : Scalar::failure();
        });
      }
    }
  }

  template <class Of>
  Tree compared(ValueType type, int depth, Of of) {
    Tree a = make(type, depth - 1), b = make(type, depth - 1);
    int which = static_cast<int>(pick(6));
    const char* signs[] = {"==", "!=", "<", "<=", ">", ">="};
    return plain(infix(a, signs[which], b), {a, b}, [which, of](auto& v) {
      auto x = of(v[0]), y = of(v[1]);
      bool is[] = {x == y, x != y, x < y, x <= y, x > y, x >= y};
      return Scalar::whole(is[which]);
    });
  }

  Tree flag(int depth) {
    Tree a = make(ValueType::boolean, depth - 1), b = make(ValueType::boolean, depth - 1);
    auto logic = [&](const char* word, bool decides) {
      return Tree{infix(a, word, b), [a, b, decides](const ScalarRow& row) {
                    Scalar x = a.value(row), y = b.value(row);
                    if (x.failed || (x.holds() && (x.integer != 0) == decides)) return x;
                    if (y.holds() && (y.integer != 0) == decides) return y;
                    if (y.failed) return y;
                    return x.null || y.null ? Scalar::nothing() : Scalar::whole(!decides);
                  }};
    };
    switch (pick(9)) {
      case 0: return logic("and", false);
      case 1: return logic("or", true);
      case 2: return plain("(not " + a.text + ")", {a}, [](auto& v) { return Scalar::whole(!v[0].integer); });
      case 3: return compared(ValueType::f64, depth, [](const Scalar& s) { return s.real; });
      case 4: return compared(ValueType::i64, depth, [](const Scalar& s) { return s.integer; });
      case 5: return compared(ValueType::text, depth, [](const Scalar& s) { return s.text; });
      case 6: return compared(ValueType::time, depth, [](const Scalar& s) { return s.integer; });
      case 7: {
        Tree x = make(one_of({ValueType::f64, ValueType::text, ValueType::i64}), depth - 1);
        bool wanted = pick(2);
        return {"(" + x.text + (wanted ? " is null)" : " is not null)"), [x, wanted](const ScalarRow& row) {
                  Scalar is = x.value(row);
                  return is.failed ? is : Scalar::whole(is.null == wanted);
                }};
      }
      default: {
        Tree x = make(ValueType::i64, depth - 1);
        return plain("(" + x.text + " in (1, 3, -5))", {x}, [](auto& v) {
          return Scalar::whole(v[0].integer == 1 || v[0].integer == 3 || v[0].integer == -5);
        });
      }
    }
  }

  Tree text(int depth) {
    Tree a = make(ValueType::text, depth - 1), b = make(ValueType::text, depth - 1);
    switch (pick(5)) {
      case 0: return plain(infix(a, "+", b), {a, b}, [](auto& v) { return Scalar::said(v[0].text + v[1].text); });
      case 1: return plain("upper(" + a.text + ")", {a}, [](auto& v) {
        std::string out = v[0].text;
        for (char& c : out) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        return Scalar::said(out);
      });
      case 2: return plain("replace(" + a.text + ", 'b', 'xyz')", {a}, [](auto& v) {
        std::string out;
        for (char c : v[0].text) out += c == 'b' ? "xyz" : std::string(1, c);
        return Scalar::said(out);
      });
      case 3: {
        Tree i = make(ValueType::i64, depth - 1);
        return plain("text(" + i.text + ")", {i}, [](auto& v) { return Scalar::said(std::to_string(v[0].integer)); });
      }
      default: {
        int from = static_cast<int>(pick(5)) - 1, size = static_cast<int>(pick(4));
        std::string written = "substring(" + a.text + ", " + std::to_string(from) + ", " + std::to_string(size) + ")";
        return plain(written, {a}, [from, size](auto& v) {
          std::string out;
          int at = 0;
          for (char c : v[0].text) {
            at += (c & 0xC0) != 0x80;
            if (at >= from && at < from + size) out += c;
          }
          return Scalar::said(out);
        });
      }
    }
  }

  Tree time(int depth) {
    Tree a = make(ValueType::time, depth - 1);
    constexpr std::int64_t kDay = 86'400'000'000'000;
    if (pick(2)) {
      return plain("floor_time(" + a.text + ", 'day')", {a},
                   [](auto& v) { return fits(floored(v[0].integer, kDay) * kDay); });
    }
    Tree i = make(ValueType::i64, depth - 1);
    return plain(infix(a, "+", i), {a, i}, [](auto& v) {
      return fits(static_cast<__int128>(v[0].integer) + static_cast<__int128>(v[1].integer) * 1'000'000'000);
    });
  }

  std::mt19937_64& random_;
};

}  // namespace leat::tests
