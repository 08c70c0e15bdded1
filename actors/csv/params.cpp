#include <leat/actors/csv/params.hpp>

namespace leat::csv {
namespace {

std::vector<std::string> type_names() {
  std::vector<std::string> names;
  for (auto type = ColumnType::F64; type < ColumnType::RAW; type = ColumnType(static_cast<int>(type) + 1)) {
    names.emplace_back(type_name(type));
  }
  return names;
}

}  // namespace

std::vector<Option> params() {
  return {{.name = "delimiter",
           .type = OptionType::character,
           .sentence = "what stands between cells, such as ; or tab; \"\" to detect it",
           .fallback = ""},
          {.name = "header",
           .type = OptionType::choice,
           .sentence = "whether the first record names the columns",
           .fallback = "detect",
           .choices = {"detect", "true", "false"}},
          {.name = "nulls",
           .sentence = "what unquoted cells without a value say, with commas; an empty part is an empty cell",
           .fallback = ",NA"},
          {.name = "types",
           .type = OptionType::types,
           .sentence = "types of columns, as in id=text,price=f64; \"\" to infer all",
           .fallback = "",
           .choices = type_names()},
          {.name = "decimal",
           .type = OptionType::choice,
           .sentence = "what stands before the fraction of a number",
           .fallback = ".",
           .choices = {".", ","}},
          {.name = "bad",
           .type = OptionType::choice,
           .sentence = "what becomes of cells that cannot be read",
           .fallback = "fail",
           .choices = {"fail", "null", "drop"}}};
}

std::vector<Option> with_params(std::vector<Option> own) {
  for (Option& param : params()) own.push_back(std::move(param));
  return own;
}

BlockOptions block_options(const Args& args) {
  BlockOptions options;
  const std::string& delimiter = args["delimiter"];
  if (!delimiter.empty()) options.delimiter = delimiter == "tab" ? '\t' : delimiter[0];
  if (args["header"] != "detect") options.header = args["header"] == "true";
  options.nulls = split_at_commas(args["nulls"], true);
  options.decimal = args["decimal"][0];
  return options;
}

ParseOptions parse_options(const Args& args) {
  ParseOptions options;
  for (const auto& [column, type] : args.types("types")) options.types[column] = *type_named(type);
  if (args["bad"] == "null") options.bad = BadCells::null;
  if (args["bad"] == "drop") options.bad = BadCells::drop;
  return options;
}

}  // namespace leat::csv
