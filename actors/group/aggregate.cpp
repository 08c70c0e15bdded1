#include <leat/actors/group/aggregate.hpp>

#include <cctype>

namespace leat {
namespace {

struct Named {
  const char* name;
  AggregateFunction function;
};

constexpr Named kFunctions[] = {
    {"count", AggregateFunction::count}, {"sum", AggregateFunction::sum},     {"mean", AggregateFunction::mean},
    {"min", AggregateFunction::min},     {"max", AggregateFunction::max},     {"first", AggregateFunction::first},
    {"last", AggregateFunction::last},   {"distinct", AggregateFunction::distinct},
};

bool plain(char letter) {
  auto byte = static_cast<unsigned char>(letter);
  return std::isalnum(byte) || byte >= 0x80 || letter == '_' || letter == '.' || letter == '-';
}

class Reading {
 public:
  explicit Reading(const std::string& text) : text_(text) {}

  Result<Aggregate> read() {
    Aggregate made;
    if (!name(made.name)) return expected("the name of the column to make, as in " + example());
    if (!sign('=')) return expected("= after the name, as in " + example());
    std::string function;
    if (!name(function)) return expected("a function, one of " + functions());
    if (auto found = find(function); !found) {
      return found.error();
    } else {
      made.function = *found;
    }
    if (!sign('(')) return expected("( after " + function + ", as in " + example());
    bool of_column = name(made.column);
    if (!sign(')')) {
      return expected(of_column ? ") after the column"
                                : "a column between ( and ), in backticks where it is not made of letters, digits "
                                  "and _ . -");
    }
    if (at_ < text_.size()) return expected("nothing more");
    if (!of_column && made.function != AggregateFunction::count) {
      return invalid("\"" + text_ + "\": " + function + "() is of a column: write " + function + "(COLUMN)");
    }
    return made;
  }

 private:
  void skip() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  bool sign(char wanted) {
    skip();
    if (at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    skip();
    return true;
  }
  bool name(std::string& to) {
    skip();
    std::size_t from = at_;
    if (at_ < text_.size() && text_[at_] == '`') {
      std::size_t end = text_.find('`', at_ + 1);
      if (end == std::string::npos || end == at_ + 1) return false;
      to = text_.substr(at_ + 1, end - at_ - 1);
      at_ = end + 1;
      return true;
    }
    while (at_ < text_.size() && plain(text_[at_])) ++at_;
    to = text_.substr(from, at_ - from);
    return at_ > from;
  }
  Result<AggregateFunction> find(const std::string& name) const {
    Fields all;
    for (const Named& each : kFunctions) {
      if (name == each.name) return each.function;
      all.push_back({each.name});
    }
    std::string near = nearest_name(all, name);
    return invalid("\"" + text_ + "\": there is no function " + name + (near.empty() ? "" : ", did you mean " + near) +
                   ": there are " + functions());
  }
  static std::string functions() {
    Fields all;
    for (const Named& each : kFunctions) all.push_back({each.name});
    return listed(all, all.size());
  }
  static std::string example() { return "\"delay = mean(arr_delay)\""; }
  Error expected(const std::string& what) const {
    return invalid("\"" + text_ + "\": expected " + what +
                   (at_ < text_.size() ? ", and found \"" + text_.substr(at_) + "\"" : ", and there it ends"));
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

std::string written(const std::string& name) {
  for (char letter : name) {
    if (!plain(letter)) return std::string("`").append(name).append("`");
  }
  return name;
}

}  // namespace

Result<Aggregate> aggregate_of(const std::string& text) { return Reading(text).read(); }

std::string_view function_name(AggregateFunction function) {
  for (const Named& each : kFunctions) {
    if (each.function == function) return each.name;
  }
  return "";
}

std::string text_of(const Aggregate& aggregate) {
  return written(aggregate.name) + " = " + std::string(function_name(aggregate.function)) + "(" +
         written(aggregate.column) + ")";
}

Result<Field> result_of(const Aggregate& aggregate, const Field& column) {
  Field made{aggregate.name, ColumnType::I64, true};
  switch (aggregate.function) {
    case AggregateFunction::count:
    case AggregateFunction::distinct: made.nullable = false; return made;
    case AggregateFunction::sum:
    case AggregateFunction::mean: break;
    default: made.type = column.type; return made;
  }
  if (!is_numeric(column.type)) {
    return invalid('"' + text_of(aggregate) + "\" needs numbers, but column " + column.name + " is " +
                   std::string(type_name(column.type)) + ": name another column, or parse this one as f64");
  }
  bool real = is_real(column.type) || aggregate.function == AggregateFunction::mean;
  made.type = real ? ColumnType::F64 : ColumnType::I64;
  return made;
}

std::unique_ptr<GroupState> state_of(const Aggregate& aggregate, ColumnType type) {
  switch (aggregate.function) {
    case AggregateFunction::count: return count_state();
    case AggregateFunction::sum: return sum_state(type, false);
    case AggregateFunction::mean: return sum_state(type, true);
    case AggregateFunction::min: return extreme_state(type, false);
    case AggregateFunction::max: return extreme_state(type, true);
    case AggregateFunction::first: return place_state(type, false);
    case AggregateFunction::last: return place_state(type, true);
    case AggregateFunction::distinct: break;
  }
  return distinct_state(type);
}

}  // namespace leat
