#include <leat/actors/expression/expression.hpp>

#include <leat/actors/csv/values.hpp>
#include <leat/actors/expression/operations.hpp>
#include <leat/actors/expression/tokens.hpp>

#include <algorithm>
#include <map>
#include <optional>

namespace leat {
namespace {

// Binds tighter the greater it is.
enum Level { kOr = 1, kAnd, kNot, kComparison, kSum, kProduct, kSign };

struct Infix {
  Operation operation;
  Level level;
};

const std::map<std::string_view, Infix>& infixes() {
  using enum Operation;
  static const std::map<std::string_view, Infix> all = {
      {"or", {disjunction, kOr}}, {"and", {conjunction, kAnd}},   {"==", {equal, kComparison}},
      {"!=", {unequal, kComparison}}, {"<", {less, kComparison}}, {"<=", {at_most, kComparison}},
      {">", {more, kComparison}}, {">=", {at_least, kComparison}}, {"+", {add, kSum}},
      {"-", {subtract, kSum}},    {"*", {times, kProduct}},       {"/", {divide, kProduct}},
      {"//", {floor_divide, kProduct}}, {"%", {modulo, kProduct}}};
  return all;
}

constexpr std::string_view kKeywords[] = {"and", "or", "not", "is", "in", "null", "true", "false"};

bool keyword(std::string_view word) {
  return std::find(std::begin(kKeywords), std::end(kKeywords), word) != std::end(kKeywords);
}

const ExpressionOperation* function_named(std::string_view name) {
  for (const ExpressionOperation& each : expression_operations()) {
    if (each.function && each.name == name) return &each;
  }
  return nullptr;
}

std::string near_function(std::string_view wanted) {
  Fields names;
  for (const ExpressionOperation& each : expression_operations()) {
    if (each.function) names.push_back({std::string(each.name)});
  }
  return nearest_name(names, wanted);
}

}  // namespace

// Recursive descent; how deep it goes is bounded by kDeepestExpression. The first error is kept, and false returned.
class ExpressionParser {
 public:
  explicit ExpressionParser(std::string_view text) { parsed_.text = text; }

  Result<Expression> whole() {
    if (start() && binary(kOr)) ended();
    return given();
  }

  Result<Assignment> assignment() {
    std::string name;
    if (start() && column_name(name)) {
      if (!takes("=")) {
        complain("write NAME = EXPRESSION");
      } else if (binary(kOr)) {
        ended();
      }
    }
    auto value = given();
    if (!value) return value.error();
    return Assignment{name, *value};
  }

  Result<std::pair<std::string, std::string>> renaming() {
    std::pair<std::string, std::string> names;
    if (start() && column_name(names.first)) {
      if (!takes("as")) {
        complain("write OLD as NEW");
      } else if (column_name(names.second)) {
        ended();
      }
    }
    if (error_) return *error_;
    return names;
  }

 private:
  Result<Expression> given() {
    if (error_) return *error_;
    return Expression(std::move(parsed_));
  }

  bool start() {
    auto tokens = tokens_of(parsed_.text);
    if (!tokens) {
      error_ = tokens.error();
      return false;
    }
    tokens_ = std::move(tokens).value();
    return true;
  }

  const Token& token() const { return tokens_[at_]; }
  bool is(std::string_view what) const {
    return (token().is == Token::Is::sign || token().is == Token::Is::word) && token().text == what;
  }
  bool takes(std::string_view what) { return is(what) && ++at_; }
  bool complain(const std::string& what) { return complain(token().begin, what); }
  bool complain(std::size_t byte, const std::string& what) {
    if (!error_) error_ = wrong_at(parsed_.text, byte, what);
    return false;
  }
  std::string found() const {
    return token().is == Token::Is::end
               ? "nothing"
               : on_one_line(std::string_view(parsed_.text).substr(token().begin, token().end - token().begin));
  }

  bool ended() {
    if (token().is == Token::Is::end) return true;
    if (is("=")) return complain("write == to compare");
    return complain("the expression has ended, and there is " + found() + ": put an operator between");
  }

  bool column_name(std::string& name) {
    if (token().is != Token::Is::name && token().is != Token::Is::word) {
      return complain("there is " + found() + " where a column's name must be");
    }
    if (token().is == Token::Is::word && keyword(token().text)) {
      return complain(token().text + " is a word of the language: write the name in backticks");
    }
    name = token().text;
    if (name.empty()) return complain("a column's name is empty");
    ++at_;
    return true;
  }

  void emit(Operation operation, std::size_t inputs, std::size_t begin, std::vector<Literal> literals = {}) {
    parsed_.parts.push_back({ExpressionPart::Is::operation, static_cast<std::size_t>(operation), inputs, 0,
                             std::move(literals), begin, at_ > 0 ? tokens_[at_ - 1].end : 0});
  }
  bool emit(Literal literal, std::size_t begin) {
    parsed_.parts.push_back({ExpressionPart::Is::literal, 0, 0, 0, {std::move(literal)}, begin, tokens_[at_ - 1].end});
    return true;
  }

  // Everything that binds at least as tightly as `level`.
  bool binary(int level) {
    std::size_t begin = token().begin;
    if (!prefixed()) return false;
    for (;;) {
      if (level <= kComparison && (is("is") || is("in") || is("not"))) {
        if (!suffix(begin)) return false;
        continue;
      }
      if (token().is != Token::Is::sign && token().is != Token::Is::word) return true;
      auto infix = infixes().find(token().text);
      if (infix == infixes().end() || infix->second.level < level) return true;
      ++at_;
      if (!binary(infix->second.level + 1)) return false;
      emit(infix->second.operation, 2, begin);
    }
  }

  bool prefixed() {
    if (++depth_ > kDeepestExpression) {
      return complain("it is nested more than " + std::to_string(kDeepestExpression) +
                      " deep: make columns of its parts");
    }
    bool good = prefix();
    --depth_;
    return good;
  }

  bool prefix() {
    std::size_t begin = token().begin;
    if (takes("not")) {
      if (!binary(kNot + 1)) return false;
      emit(Operation::negation, 1, begin);
      return true;
    }
    if (is("-")) {
      if (tokens_[at_ + 1].is == Token::Is::number) {
        Literal literal;
        return number(literal) && emit(std::move(literal), begin);
      }
      ++at_;
      if (!binary(kSign)) return false;
      emit(Operation::negate, 1, begin);
      return true;
    }
    return primary();
  }

  bool suffix(std::size_t begin) {
    if (takes("is")) {
      bool negated = takes("not");
      if (!takes("null")) return complain("there is " + found() + " after is: write is null, is not null, or ==");
      emit(negated ? Operation::is_not_null : Operation::is_null, 1, begin);
      return true;
    }
    bool negated = takes("not");
    if (!takes("in")) return complain("there is " + found() + " after not: write not in (...)");
    std::vector<Literal> literals;
    if (!takes("(")) return complain("write in (a, b, c)");
    do {
      Literal literal;
      if (!value(literal)) return false;
      literals.push_back(std::move(literal));
    } while (takes(","));
    if (!takes(")")) return complain("there is " + found() + " where the list must go on or end");
    emit(Operation::among, 1, begin, std::move(literals));
    if (negated) emit(Operation::negation, 1, begin);
    return true;
  }

  // What a list may hold.
  bool value(Literal& literal) {
    if (is("-") || token().is == Token::Is::number) return number(literal);
    if (token().is == Token::Is::text) {
      literal = {ValueType::text, 0, 0, token().text};
    } else if (is("true") || is("false")) {
      literal = {ValueType::boolean, is("true"), 0, {}};
    } else {
      return complain("there is " + found() +
                      " where a number or a text must be: a list has values, no columns and no null");
    }
    ++at_;
    return true;
  }

  bool number(Literal& literal) {
    std::size_t begin = token().begin;
    std::string digits = takes("-") ? "-" : "";
    if (token().is != Token::Is::number) return complain("there is " + found() + " where a number must be");
    digits += token().text;
    ++at_;
    if (digits.find_first_of(".eE") == std::string::npos) {
      literal.type = ValueType::i64;
      if (csv::read_integer(digits, literal.integer) == csv::Reading::good) return true;
      return complain(begin, digits + " is more than an i64 holds: write it with a point, as an f64");
    }
    literal.type = ValueType::f64;
    if (csv::read_real(digits, literal.real) == csv::Reading::good) return true;
    return complain(begin, on_one_line(digits) + " is no number that an f64 holds");
  }

  bool primary() {
    std::size_t begin = token().begin;
    if (takes("(")) {
      if (!binary(kOr)) return false;
      if (!takes(")")) return complain("there is " + found() + " where a ) must be");
      return true;
    }
    if (takes("null")) return emit(Literal{}, begin);
    if (token().is == Token::Is::number || token().is == Token::Is::text || is("true") || is("false")) {
      Literal literal;
      return value(literal) && emit(std::move(literal), begin);
    }
    if (token().is == Token::Is::word && !keyword(token().text) && tokens_[at_ + 1].text == "(" &&
        tokens_[at_ + 1].is == Token::Is::sign) {
      return call(begin);
    }
    if (token().is != Token::Is::name && (token().is != Token::Is::word || keyword(token().text))) {
      return complain("there is " + found() + " where a value must be");
    }
    std::string name;
    if (!column_name(name)) return false;
    auto known = std::find(parsed_.columns.begin(), parsed_.columns.end(), name);
    std::size_t index = static_cast<std::size_t>(known - parsed_.columns.begin());
    if (known == parsed_.columns.end()) parsed_.columns.push_back(name);
    parsed_.parts.push_back({ExpressionPart::Is::column, 0, 0, index, {}, begin, tokens_[at_ - 1].end});
    return true;
  }

  bool call(std::size_t begin) {
    const ExpressionOperation* function = function_named(token().text);
    if (!function) {
      std::string near = near_function(token().text);
      return complain("there is no function " + on_one_line(token().text) +
                      (near.empty() ? ": see docs/expressions.md" : ", did you mean " + near + "?"));
    }
    at_ += 2;
    std::size_t inputs = 0;
    while (!is(")") || inputs > 0) {
      if (!binary(kOr)) return false;
      ++inputs;
      bool more = is(",");
      if (!more && !is(")")) return complain("there is " + found() + " where a , or a ) must be");
      ++at_;
      if (function->pairs && inputs > 1) emit(function->is, 2, begin);
      if (!more) break;
    }
    if (inputs == 0) ++at_;
    if (inputs < function->least || inputs > function->most) {
      std::string takes = std::to_string(function->least);
      if (function->pairs) takes += " or more";
      if (!function->pairs && function->most > function->least) takes += " or " + std::to_string(function->most);
      return complain(begin, std::string(function->name) + " takes " + takes + (takes == "1" ? " value" : " values") +
                                 " and is given " + std::to_string(inputs));
    }
    if (!function->pairs) emit(function->is, inputs, begin);
    return true;
  }

  Expression::Parsed parsed_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::optional<Error> error_;
};

Result<Expression> parse_expression(std::string_view text) { return ExpressionParser(text).whole(); }
Result<Assignment> parse_assignment(std::string_view text) { return ExpressionParser(text).assignment(); }
Result<std::pair<std::string, std::string>> parse_renaming(std::string_view text) {
  return ExpressionParser(text).renaming();
}

std::string Expression::shown(const ExpressionPart& part) const {
  return on_one_line(std::string_view(text()).substr(part.begin, part.end - part.begin));
}

std::string written_name(const std::string& name) {
  auto tokens = tokens_of(name);
  bool plain = tokens && tokens->size() == 2 && (*tokens)[0].is == Token::Is::word && !keyword(name) &&
               (*tokens)[0].text == name;
  if (plain) return name;
  std::string out = "`";
  for (char c : name) out += c == '`' ? "``" : std::string(1, c);
  return out + "`";
}

Expression filled_expression(const std::string& column, const Expression& value) {
  Expression::Parsed filled{value.text(), value.columns(), {}};
  auto known = std::find(filled.columns.begin(), filled.columns.end(), column);
  std::size_t index = static_cast<std::size_t>(known - filled.columns.begin());
  if (known == filled.columns.end()) filled.columns.push_back(column);
  filled.parts.push_back({ExpressionPart::Is::column, 0, 0, index, {}, 0, filled.text.size()});
  filled.parts.insert(filled.parts.end(), value.parts().begin(), value.parts().end());
  filled.parts.push_back(
      {ExpressionPart::Is::operation, static_cast<std::size_t>(Operation::coalesce), 2, 0, {}, 0, filled.text.size()});
  return Expression(std::move(filled));
}

}  // namespace leat
