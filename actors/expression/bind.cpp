#include <leat/actor/saturating.hpp>
#include <leat/actors/columns/number_columns.hpp>
#include <leat/actors/csv/values.hpp>
#include <leat/actors/expression/stack.hpp>

#include <algorithm>
#include <optional>

namespace leat {
namespace {

using enum ValueType;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 86400 * kSecond;
constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
    {"second", kSecond}, {"minute", 60 * kSecond}, {"hour", 3600 * kSecond}, {"day", kDay},
    {"week", 7 * kDay},  {"month", -1},            {"year", -2}};
// What the text of a number, or of a time, takes at most.
constexpr std::uint64_t kNumberText = 32;
constexpr std::uint64_t kTimeText = 48;

TextBytes larger(TextBytes a, TextBytes b) { return {std::max(a.times, b.times), std::max(a.a_row, b.a_row)}; }
TextBytes times_of(TextBytes a, std::uint64_t n) { return {times(a.times, n), times(a.a_row, n)}; }

class Binding : OperandStack {
 public:
  Binding(std::string_view kind, const Expression& expression, const Fields& fields)
      : OperandStack(expression, kind), fields_(fields) {}

  Result<TypedExpression> run(const std::optional<WantedType>& wanted) {
    fills_ = wanted && wanted->filled;
    for (const ExpressionPart& part : parts()) {
      part_ = static_cast<std::size_t>(&part - parts().data());
      auto ok = part.is == ExpressionPart::Is::column    ? column(part)
                : part.is == ExpressionPart::Is::literal ? literal(part)
                                                         : operation(part);
      if (!ok) return ok.error();
    }
    if (auto ok = finish(wanted); !ok) return ok.error();
    return TypedExpression(program_);
  }

 private:
  Result<void> column(const ExpressionPart& part) {
    const std::string& name = program_->expression.columns()[part.column];
    auto position = only_column(program_->kind, fields_, name);
    if (!position) return position.error();
    const Field& field = fields_[*position];
    ValueType type = value_type(field.type);
    if (type == none) {
      return wrong("column " + name + " is " + std::string(leat::type_name(field.type)) +
                   ", which no expression reads: parse it as text");
    }
    auto& known = program_->columns;
    auto found = std::find_if(known.begin(), known.end(), [&](const auto& each) { return each.name == name; });
    std::size_t index = static_cast<std::size_t>(found - known.begin());
    if (found == known.end()) known.push_back({name, *position, field.type});
    push({type, field.nullable, {std::uint64_t{type == text}, 0}, &part},
         {.is = Instruction::Is::column, .index = index});
    return {};
  }

  Result<void> literal(const ExpressionPart& part) {
    const Literal& value = part.literals[0];
    push({value.type, value.type == none, {0, value.text.size()}, &part},
         {.is = Instruction::Is::literal, .index = keep({value})});
    return {};
  }

  Result<void> operation(const ExpressionPart& part) {
    using enum Operation;
    auto is = static_cast<Operation>(part.operation);
    if (is <= modulo) return arithmetic(is);
    if (is >= equal && is <= at_least) return comparison(is);
    if (is >= conjunction && is <= coalesce) return logic(is, part);
    if (is == negate || (is >= abs && is <= greatest)) return numbers(is, part.inputs);
    if (is >= length && is <= concat) return texts(is, part.inputs);
    if (is >= year && is <= floor_time) return times_(is);
    return cast(is);
  }

  Result<void> arithmetic(Operation is) {
    ValueType a = in(2, 0).type;
    ValueType b = in(2, 1).type;
    if (is == Operation::add && (a == text || b == text)) return texts(is, 2);
    if (a == time && (is == Operation::add || is == Operation::subtract)) return moved(is);
    for (std::size_t i = 0; i < 2; ++i) {
      if (in(2, i).type != none && !is_number(in(2, i).type)) return takes("numbers", in(2, i));
    }
    ValueType type = a == f64 || b == f64 || is == Operation::divide ? f64 : a == none && b == none ? f64 : i64;
    convert(place(2, 0), type);
    convert(place(2, 1), type);
    call(arithmetic_kernel(is, type), 2, {.type = type});
    return {};
  }

  // Times and seconds.
  Result<void> moved(Operation is) {
    Operand& second = in(2, 1);
    if (second.type == none) second.type = i64;
    if (second.type == text) {
      if (auto ok = time_of_text(place(2, 1)); !ok) return ok;
    }
    bool apart = is == Operation::subtract && second.type == time;
    if (!is_number(second.type) && !apart) return takes("seconds after a time", second);
    call(time_kernel(is, second.type), 2, {.type = apart ? f64 : time});
    return {};
  }

  Result<void> comparison(Operation is) {
    auto type = unite(2, 0);
    if (!type) return type.error();
    if (*type == none) return wrong("null is compared with null: write is null");
    call(comparison_kernel(is, *type), 2, {.type = boolean});
    return {};
  }

  Result<void> logic(Operation is, const ExpressionPart& part) {
    using enum Operation;
    std::size_t inputs = part.inputs;
    if (is == among) return list(part);
    if (is == is_null || is == is_not_null) {
      call(logic_kernel(is, in(1, 0).type), 1, {.type = boolean}, true);
      return {};
    }
    if (is == choose || is == coalesce) {
      std::size_t first = is == choose;
      if (fills_ && &part == &parts().back()) {
        if (auto ok = fits(); !ok) return ok;
      }
      if (first) {
        if (auto ok = need(inputs, 0, boolean, "a condition that is true or false"); !ok) return ok;
      }
      auto type = unite(inputs, first);
      if (!type) return type.error();
      const Operand a = in(inputs, first);
      const Operand b = in(inputs, first + 1);
      bool nullable = is == choose ? a.nullable || b.nullable : a.nullable && b.nullable;
      call(logic_kernel(is, *type), inputs, {*type, nullable, larger(a.bytes, b.bytes)}, true);
      stack_.back().bytes = *type == text ? sum_of(a.bytes, b.bytes) : TextBytes{};
      return {};
    }
    for (std::size_t i = 0; i < inputs; ++i) {
      if (auto ok = need(inputs, i, boolean, "what is true or false"); !ok) return ok;
    }
    bool nullable = in(inputs, 0).nullable || in(inputs, inputs - 1).nullable;
    call(logic_kernel(is, boolean), inputs, {boolean, nullable}, is != negation);
    return {};
  }

  // Of what fills a column: that the column stays what it is.
  Result<void> fits() {
    ValueType column = in(2, 0).type;
    ValueType value = in(2, 1).type;
    bool becomes =
        value == none || value == column || (column == f64 && value == i64) || (column == time && value == text);
    if (becomes) return {};
    return wrong(shown(in(2, 1)) + " fills a column that is " + std::string(type_name(column)) +
                 ": write another value, or cast the column");
  }

  Result<void> list(const ExpressionPart& part) {
    ValueType type = in(1, 0).type;
    std::vector<Literal> values = part.literals;
    bool reals = type == i64 && std::any_of(values.begin(), values.end(), [](auto& v) { return v.type == f64; });
    if (reals) convert(place(1, 0), type = f64);
    for (Literal& value : values) {
      if (type == f64 && value.type == i64) value = {f64, 0, static_cast<double>(value.integer), {}};
      if (type == time && value.type == text && csv::read_timestamp(value.text, value.integer) == csv::Reading::good)
        value.type = time;
      if (value.type == type) continue;
      return wrong(shown(in(1, 0)) + " is looked for among values of other types: write them alike, or cast it");
    }
    call(logic_kernel(Operation::among, type), 1, {.type = boolean}, false, keep(std::move(values)));
    return {};
  }

  Result<void> numbers(Operation is, std::size_t inputs) {
    using enum Operation;
    if (is == least || is == greatest) {
      auto type = unite(2, 0);
      if (!type) return type.error();
      if (!is_number(*type) && *type != time) return takes("numbers, or times", in(2, 0));
      call(number_kernel(is, *type), 2, {.type = *type});
      return {};
    }
    bool integers = in(inputs, 0).type == i64 && inputs == 1 && number_kernel(is, i64);
    if (!integers) {
      if (auto ok = need(inputs, 0, f64, "numbers"); !ok) return ok;
    }
    if (inputs == 2) {
      if (auto ok = need(2, 1, is == round ? i64 : f64, is == round ? "whole digits" : "numbers"); !ok) return ok;
    }
    Kernel kernel = is == round && inputs == 2 ? arithmetic_kernel(is, f64) : number_kernel(is, integers ? i64 : f64);
    call(kernel, inputs, {.type = integers ? i64 : f64});
    return {};
  }

  Result<void> texts(Operation is, std::size_t inputs) {
    using enum Operation;
    if (is == replace) return replacing();
    bool joins = is == add || is == concat;
    for (std::size_t i = 0; i < inputs; ++i) {
      bool count = is == substring && i > 0;
      auto ok = need(inputs, i, count ? i64 : text, count ? "whole numbers of characters" : "texts");
      if (ok) continue;
      if (!joins) return ok;
      return wrong(shown(in(inputs, i)) + " is put together with a text: write text(" +
                   program_->expression.shown(*in(inputs, i).part) + ")");
    }
    ValueType type = is == length ? i64 : is >= contains && is <= ends_with ? boolean : text;
    TextBytes bytes = joins ? sum_of(in(2, 0).bytes, in(2, 1).bytes) : in(inputs, 0).bytes;
    call(text_kernel(is), inputs, {.type = type, .bytes = type == text ? bytes : TextBytes{}});
    return {};
  }

  // How much longer a text becomes must be known.
  Result<void> replacing() {
    std::vector<Literal> written;
    if (auto ok = need(3, 0, text, "texts"); !ok) return ok;
    for (std::size_t i = 1; i < 3; ++i) {
      const ExpressionPart& each = *in(3, i).part;
      if (each.is != ExpressionPart::Is::literal || each.literals[0].type != text) {
        return wrong("replace takes what it looks for, and what it puts there, as texts that are written out");
      }
      written.push_back(each.literals[0]);
    }
    std::uint64_t longer = 1 + written[1].text.size() / std::max<std::size_t>(written[0].text.size(), 1);
    TextBytes bytes = times_of(in(3, 0).bytes, longer);
    call(text_kernel(Operation::replace), 3, {.type = text, .bytes = bytes}, false, keep(std::move(written)));
    return {};
  }

  Result<void> times_(Operation is) {
    if (is != Operation::floor_time) {
      if (auto ok = need(1, 0, time, "times"); !ok) return ok;
      call(time_kernel(is, none), 1, {.type = i64});
      return {};
    }
    if (auto ok = need(2, 0, time, "times"); !ok) return ok;
    const ExpressionPart& written = *in(2, 1).part;
    for (auto [name, unit] : kUnits) {
      if (written.is != ExpressionPart::Is::literal || written.literals[0].text != name) continue;
      call(time_kernel(is, none), 2, {.type = time}, false, keep({{i64, unit, 0, {}}}));
      return {};
    }
    return wrong("floor_time takes 'second', 'minute', 'hour', 'day', 'week', 'month' or 'year' as its second value");
  }

  Result<void> cast(Operation is) {
    constexpr ValueType kTo[] = {i64, f64, text, boolean, time};
    return cast(kTo[static_cast<std::size_t>(is) - static_cast<std::size_t>(Operation::to_int)], false);
  }

  Result<void> cast(ValueType to, bool misfits_null) {
    Operand& from = in(1, 0);
    if (from.type == none) from.type = to;
    if (from.type == to) return {};
    Kernel kernel = cast_kernel(from.type, to);
    if (!kernel)
      return wrong(shown(from) + " cannot become " + std::string(type_name(to)) +
                   ": go by way of another type, as int()");
    bool nullable = from.nullable || misfits_null;
    call(kernel, 1,
         {.type = to, .bytes = to == text ? TextBytes{0, from.type == time ? kTimeText : kNumberText} : TextBytes{}});
    stack_.back().nullable = nullable;
    program_->instructions.back().misfits_null = misfits_null;
    return {};
  }

  Result<void> finish(const std::optional<WantedType>& wanted) {
    part_ = parts().size() - 1;
    Operand& whole = stack_.back();
    if (wanted) {
      if (auto ok = cast(value_type(wanted->type), wanted->misfits_null); !ok) return ok;
      program_->stored = wanted->type;
      if (Kernel narrow = narrow_kernel(wanted->type)) {
        bool nullable = stack_.back().nullable || wanted->misfits_null;
        call(narrow, 1, {.type = stack_.back().type});
        stack_.back().nullable = nullable;
        program_->instructions.back().misfits_null = wanted->misfits_null;
      }
    } else if (whole.type == none) {
      return wrong("it is null, of no type: write which, as int(null)");
    } else if (parts().size() == 1 && parts()[0].is == ExpressionPart::Is::column) {
      program_->stored = program_->columns[0].type;
    } else {
      constexpr ColumnType kStored[] = {ColumnType::F64,  ColumnType::F64,  ColumnType::I64,
                                        ColumnType::BOOL, ColumnType::TEXT, ColumnType::TIMESTAMP};
      program_->stored = kStored[static_cast<std::size_t>(whole.type)];
    }
    program_->type = stack_.back().type;
    program_->nullable = stack_.back().nullable;
    program_->text = stack_.back().bytes;
    return {};
  }

  const Fields& fields_;
  bool fills_ = false;
};

}  // namespace

Result<TypedExpression> bind_expression(std::string_view kind, const Expression& expression, const Fields& fields) {
  return Binding(kind, expression, fields).run(std::nullopt);
}
Result<TypedExpression> bind_expression(std::string_view kind, const Expression& expression, const Fields& fields,
                                        WantedType wanted) {
  return Binding(kind, expression, fields).run(wanted);
}

}  // namespace leat
