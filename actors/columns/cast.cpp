#include <leat/actors/columns/cast.hpp>

#include <leat/actors/columns/computed_columns.hpp>

namespace leat {
namespace {

struct Casting {
  std::map<std::string, ColumnType> types;
  Misfits misfits = Misfits::fail;
};

OptionsOf<Casting> options() {
  Choices<ColumnType> all;
  for (ColumnType type : {ColumnType::F64, ColumnType::F32, ColumnType::F16, ColumnType::I64, ColumnType::I32,
                          ColumnType::BOOL, ColumnType::TEXT, ColumnType::TIMESTAMP}) {
    all.emplace_back(std::string(type_name(type)), type);
  }
  return OptionsOf<Casting>()
      .takes(&Casting::types,
             {.name = "types", .sentence = "new types of columns, by name", .fallback = "none, which is refused"}, all)
      .takes(&Casting::misfits,
             {.name = "misfits", .sentence = "what becomes of a value that its new type does not hold"},
             Choices<Misfits>{{"fail", Misfits::fail}, {"null", Misfits::null}});
}

}  // namespace

Kind<Table, Table> cast(std::map<std::string, ColumnType> types, Misfits misfits) {
  GivenOptions given = options().of({types, misfits});
  std::vector<ComputedColumn> columns;
  for (const auto& [name, type] : types) {
    auto value = parse_expression(written_name(name));
    if (value && type != ColumnType::BYTES && type != ColumnType::RAW) {
      columns.push_back({name, *value, WantedType{type, misfits == Misfits::null}});
    } else if (!given.wrong) {
      given.wrong =
          invalid("types: column " + name + " cannot become " + std::string(type_name(type)) + ": name another type");
    }
  }
  if (types.empty()) given.wrong = invalid("types: cast is told of no column: name those to cast, and their types");
  return computing_kind("cast", std::move(given), std::move(columns));
}

DeclaredKind declared_cast() {
  return declared_kind("Columns of another type.", options(),
                       [](Casting casting) { return cast(std::move(casting.types), casting.misfits); });
}

}  // namespace leat
