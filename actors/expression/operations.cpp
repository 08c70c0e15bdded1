#include <leat/actors/expression/operations.hpp>

#include <array>

namespace leat {
namespace {

using enum Operation;

constexpr std::size_t kAny = ~std::size_t{0};

constexpr ExpressionOperation sign(Operation is, std::string_view name, std::size_t inputs = 2) {
  return {is, name, inputs, inputs, false, false};
}
constexpr ExpressionOperation pairs(Operation is, std::string_view name) { return {is, name, 2, kAny, true, true}; }

constexpr std::array kAll = {
    sign(add, "+"),
    sign(subtract, "-"),
    sign(times, "*"),
    sign(divide, "/"),
    sign(floor_divide, "//"),
    sign(modulo, "%"),
    sign(negate, "-", 1),
    sign(equal, "=="),
    sign(unequal, "!="),
    sign(less, "<"),
    sign(at_most, "<="),
    sign(more, ">"),
    sign(at_least, ">="),
    sign(conjunction, "and"),
    sign(disjunction, "or"),
    sign(negation, "not", 1),
    sign(is_null, "is null", 1),
    sign(is_not_null, "is not null", 1),
    sign(among, "in", 1),
    ExpressionOperation{choose, "if", 3, 3},
    pairs(coalesce, "coalesce"),
    ExpressionOperation{abs, "abs"},
    ExpressionOperation{floor, "floor"},
    ExpressionOperation{ceil, "ceil"},
    ExpressionOperation{round, "round", 1, 2},
    ExpressionOperation{sqrt, "sqrt"},
    ExpressionOperation{exp, "exp"},
    ExpressionOperation{log, "log"},
    ExpressionOperation{sin, "sin"},
    ExpressionOperation{cos, "cos"},
    ExpressionOperation{pow, "pow", 2, 2},
    pairs(least, "min"),
    pairs(greatest, "max"),
    ExpressionOperation{length, "length"},
    ExpressionOperation{lower, "lower"},
    ExpressionOperation{upper, "upper"},
    ExpressionOperation{trim, "trim"},
    ExpressionOperation{contains, "contains", 2, 2},
    ExpressionOperation{starts_with, "starts_with", 2, 2},
    ExpressionOperation{ends_with, "ends_with", 2, 2},
    ExpressionOperation{substring, "substring", 2, 3},
    ExpressionOperation{replace, "replace", 3, 3},
    pairs(concat, "concat"),
    ExpressionOperation{year, "year"},
    ExpressionOperation{month, "month"},
    ExpressionOperation{day, "day"},
    ExpressionOperation{hour, "hour"},
    ExpressionOperation{minute, "minute"},
    ExpressionOperation{second, "second"},
    ExpressionOperation{weekday, "weekday"},
    ExpressionOperation{floor_time, "floor_time", 2, 2},
    ExpressionOperation{to_int, "int"},
    ExpressionOperation{to_float, "float"},
    ExpressionOperation{to_text, "text"},
    ExpressionOperation{to_bool, "bool"},
    ExpressionOperation{to_time, "time"},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kAll.size(); ++i) {
    if (static_cast<std::size_t>(kAll[i].is) != i) return false;
  }
  return true;
}
static_assert(in_order());

}  // namespace

std::span<const ExpressionOperation> expression_operations() { return kAll; }

}  // namespace leat
