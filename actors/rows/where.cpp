#include <leat/actors/rows/where.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/columns/number_columns.hpp>
#include <leat/actors/expression/evaluation.hpp>
#include <leat/chunk/gather.hpp>

#include <numeric>
#include <optional>

namespace leat {
namespace {

// Passes on the rows that are kept.
void emit_rows(Visit& visit, const Table& table, const std::vector<std::uint32_t>& kept, Outbox& out) {
  if (kept.empty()) return;
  if (kept.size() == table.rows()) {
    out.emit(visit.take());
  } else {
    out.emit(select_rows(out.pool(), table, kept).chunk());
  }
}

Description passed_on(const Description& rows, Needs& needs) {
  Description out = rows;
  out.max_chunk = needs.max_output = grown_chunk(rows, 8);
  return out;
}

}  // namespace
}  // namespace leat

namespace leat::row_functions {
namespace {

class Where final : public Actor {
 public:
  Where(std::vector<std::string> columns, Choose choose)
      : columns_("where", std::move(columns)), choose_(std::move(choose)) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    if (auto found = columns_.find(table); !found) return found.error();
    std::size_t rows = table.rows();
    std::vector<double> numbers(columns_.positions().size() * rows);
    std::vector<const double*> inputs;
    for (std::size_t column : columns_.positions()) {
      double* to = numbers.data() + inputs.size() * rows;
      read_numbers(table, column, to);
      inputs.push_back(to);
    }
    std::vector<std::uint32_t> kept;
    if (!rows_without_null(table, columns_.positions(), kept)) {
      kept.resize(rows);
      std::iota(kept.begin(), kept.end(), 0);
    }
    if (kept.size() < rows) out.count("rows dropped", rows - kept.size());
    choose_(inputs, kept);
    emit_rows(visit, table, kept, out);
    return Step::done;
  }

 private:
  NumberColumns columns_;
  Choose choose_;
};

struct Named {
  std::vector<std::string> columns;
};

OptionsOf<Named> names() {
  return OptionsOf<Named>().needs(&Named::columns, {.name = "columns", .sentence = "numeric columns"});
}

}  // namespace

Kind<Table, Table> where(std::vector<std::string> columns, Choose choose) {
  auto kind = stage_kind<Table, Table>("where", names().of({columns}));
  kind.has_function = true;
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::nothing;
  kind.describe = [columns](const std::vector<Description>& inputs) -> Result<Described> {
    if (inputs[0].fields_known) {
      auto found = numeric_columns("where", inputs[0].fields, columns);
      if (!found) return found.error();
    }
    Described made;
    made.output = passed_on(inputs[0], made.needs);
    made.needs.state = times(most_rows(inputs[0]), columns.size() * sizeof(double) + 4);
    return made;
  };
  kind.reads = [columns](const std::vector<Description>&, ColumnNames wanted) {
    wanted.add(ColumnNames::of(columns));
    return std::vector{wanted};
  };
  kind.actor = [columns, choose](const Making&) {
    return std::make_unique<Where>(columns, choose);
  };
  return kind;
}

}  // namespace leat::row_functions

namespace leat {
namespace {

Result<TypedExpression> bind_condition(const Expression& condition, const Fields& fields) {
  auto typed = bind_expression("where", condition, fields);
  if (typed && typed->type() != ColumnType::BOOL) {
    return invalid("where takes a condition, and " + condition.shown(condition.parts().back()) + " is " +
                   std::string(type_name(typed->type())) + ": compare it with something");
  }
  return typed;
}

// Looked up again where a chunk has other columns.
class BoundCondition {
 public:
  explicit BoundCondition(Expression condition) : condition_(std::move(condition)) {}

  Result<void> bind(const Table& table) {
    if (evaluation_ && fits(table)) return {};
    auto typed = bind_condition(condition_, table.fields());
    if (!typed) return typed.error();
    evaluation_.emplace(*typed);
    return {};
  }

  // Adds the rows that are kept; gives the number of those that are null.
  Result<std::size_t> choose(const Table& table, std::vector<std::uint32_t>& kept) {
    std::vector<ColumnPlace> columns;
    for (const auto& column : evaluation_->program().columns) columns.push_back(place_of(table, column.position));
    std::size_t rows = table.rows();
    std::size_t dropped = 0;
    kept.resize(rows);
    std::size_t size = 0;
    for (std::size_t first = 0; first < rows; first += kBlockRows) {
      std::size_t count = std::min(kBlockRows, rows - first);
      const BlockCells& cells = evaluation_->block(columns, first, count);
      if (auto row = first_failed(cells, count)) {
        return corrupt("where: row " + std::to_string(table.row_number(first + *row) + 1) + " (the first is 1): " +
                       evaluation_->failure(columns, first + *row));
      }
      auto* flags = cells.as<std::uint8_t>();
      for (std::size_t i = 0; cells.valid && i < count; ++i) {
        bool valid = cells.is_valid(i);
        kept[size] = static_cast<std::uint32_t>(first + i);
        size += valid && flags[i * cells.step()] != 0;
        dropped += !valid;
      }
      for (std::size_t i = 0; !cells.valid && i < count; ++i) {
        kept[size] = static_cast<std::uint32_t>(first + i);
        size += flags[i * cells.step()] != 0;
      }
    }
    kept.resize(size);
    return dropped;
  }

 private:
  bool fits(const Table& table) const {
    const auto& columns = evaluation_->program().columns;
    return std::all_of(columns.begin(), columns.end(), [&](const auto& column) {
      return column.position < table.columns() && table.type(column.position) == column.type &&
             table.name(column.position) == column.name;
    });
  }

  Expression condition_;
  std::optional<ExpressionEvaluation> evaluation_;
};

class WhereTrue final : public Actor {
 public:
  explicit WhereTrue(Expression condition) : condition_(std::move(condition)) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    if (auto bound = condition_.bind(table); !bound) return bound.error();
    auto dropped = condition_.choose(table, kept_);
    if (!dropped) return dropped.error();
    if (*dropped > 0) out.count("rows dropped", *dropped);
    emit_rows(visit, table, kept_, out);
    return Step::done;
  }

 private:
  BoundCondition condition_;
  std::vector<std::uint32_t> kept_;
};

struct Wanted {
  std::string condition;
};

OptionsOf<Wanted> options() {
  return OptionsOf<Wanted>().needs(&Wanted::condition,
                                   {.name = "condition", .sentence = "what is true of the rows that are kept"});
}

Result<Described> describe(const Expression& condition, const Description& rows) {
  Described made;
  made.output = passed_on(rows, made.needs);
  made.needs.state = plus(times(most_rows(rows), 4), 64 * kSlotBytes);
  if (auto ok = none_twice("where", rows, condition.columns()); !ok) return ok.error();
  if (!rows.fields_known) return made;
  auto typed = bind_condition(condition, rows.fields);
  if (!typed) return typed.error();
  made.needs.state = plus(times(most_rows(rows), 4), typed->state(rows.max_chunk));
  return made;
}

}  // namespace

Kind<Table, Table> where(std::string condition) {
  GivenOptions given = options().of({condition});
  auto parsed = parse_expression(condition);
  if (!parsed) given.wrong = parsed.error().in("condition").about({.option = "condition"});
  Expression whole = parsed ? *parsed : *parse_expression("true");
  auto kind = stage_kind<Table, Table>("where", std::move(given));
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::nothing;
  kind.pure = true;
  kind.describe = [whole](const std::vector<Description>& inputs) { return describe(whole, inputs[0]); };
  kind.reads = [whole](const std::vector<Description>&, ColumnNames wanted) {
    wanted.add(ColumnNames::of(whole.columns()));
    return std::vector{wanted};
  };
  kind.actor = [whole](const Making&) { return std::make_unique<WhereTrue>(whole); };
  return kind;
}

DeclaredKind declared_where() {
  return declared_kind("Keeps the rows for which an expression is true.", options(),
                       [](Wanted wanted) { return where(std::move(wanted.condition)); });
}

}  // namespace leat
