#include "nodes/kinds.hpp"

#include <array>
#include <charconv>

#include <leat/actors/actors.hpp>
#include <leat/graph/bound.hpp>

namespace leat::nodes {
namespace {

std::string plain(double value) {
  std::array<char, 32> text;
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

Option path(std::string sentence) {
  return {"path", OptionType::path, std::move(sentence)};
}

Option columns(std::string sentence, std::string fallback) {
  return {"columns", OptionType::texts, std::move(sentence), std::move(fallback)};
}

std::vector<std::string> texts(const Options& options, const std::string& name) {
  return options.has(name) ? options[name].texts : std::vector<std::string>();
}

KindEntry csv_blocks() {
  constexpr csv::BlockOptions kDefault;
  KindEntry entry{"csv.blocks", "Reads a CSV file and cuts it between records.", {}, {}};
  entry.options = {path("the file"),
                   {.name = "block_bytes",
                    .type = OptionType::bytes,
                    .sentence = "memory of one block",
                    .fallback = byte_text(kDefault.block_bytes),
                    .unit = "bytes",
                    .least = 64,
                    .most = 256 << 20},
                   {.name = "max_record",
                    .type = OptionType::bytes,
                    .sentence = "longest record",
                    .fallback = byte_text(kDefault.max_record),
                    .unit = "bytes",
                    .least = 64},
                   {"delimiter", OptionType::character, "what stands between cells", "detected"},
                   {"header", OptionType::flag, "the first record names the columns", "detected"}};
  entry.make = [](const Options& given) -> StageKind {
    csv::BlockOptions options;
    if (given.has("block_bytes")) options.block_bytes = given["block_bytes"].bytes;
    if (given.has("max_record")) options.max_record = given["max_record"].bytes;
    if (given.has("delimiter")) options.delimiter = given["delimiter"].text.at(0);
    if (given.has("header")) options.header = given["header"].flag;
    return csv::blocks(given["path"].text, options);
  };
  return entry;
}

csv::ParseOptions parse_options(const Options& given) {
  csv::ParseOptions options;
  if (given.has("real")) options.real = *type_named(given["real"].text);
  options.columns = texts(given, "columns");
  for (const std::string& name : texts(given, "numbers"))
    options.types[name] = options.real;
  if (given.has("types")) {
    for (const auto& [column, type] : given["types"].types)
      options.types[column] = *type_named(type);
  }
  std::string bad = given.has("bad") ? given["bad"].text : "fail";
  if (bad == "null") options.bad = csv::BadCells::null;
  if (bad == "drop") options.bad = csv::BadCells::drop;
  return options;
}

KindEntry csv_parse() {
  KindEntry entry{"csv.parse", "Makes tables of CSV blocks.", {}, {}};
  entry.options = {
      {.name = "real",
       .type = OptionType::choice,
       .sentence = "type of columns that look like numbers",
       .fallback = "f64",
       .choices = {"f64", "f32"}},
      columns("columns of the output, in this order", "all"),
      {"numbers", OptionType::texts,
       "columns to read as numbers, whatever the file's beginning looks like", "none"},
      {.name = "types",
       .type = OptionType::types,
       .sentence = "types of columns, by name: they win over what the file looks like",
       .fallback = "inferred",
       .choices = {"f64", "f32", "f16", "i64", "i32", "bool", "text", "bytes", "timestamp"}},
      {.name = "bad",
       .type = OptionType::choice,
       .sentence = "what becomes of cells that cannot be read",
       .fallback = "fail",
       .choices = {"fail", "null", "drop"}}};
  entry.make = [](const Options& given) -> StageKind { return csv::parse(parse_options(given)); };
  entry.needs_source = true;
  return entry;
}

KindEntry csv_write() {
  KindEntry entry{"csv.write", "Writes tables as one CSV file, whole or not at all.", {}, {}};
  entry.options = {path("the file"),
                   {"delimiter", OptionType::character, "what stands between cells", ","}};
  entry.make = [](const Options& given) -> StageKind {
    csv::Writing writing;
    if (given.has("delimiter")) writing.delimiter = given["delimiter"].text.at(0);
    return csv::write(given["path"].text, writing);
  };
  return entry;
}

using Compare = bool (*)(double, double);

Compare comparison(const std::string& sign) {
  if (sign == "<") return [](double a, double b) { return a < b; };
  if (sign == "<=") return [](double a, double b) { return a <= b; };
  if (sign == ">") return [](double a, double b) { return a > b; };
  if (sign == ">=") return [](double a, double b) { return a >= b; };
  if (sign == "!=") return [](double a, double b) { return a != b; };
  return [](double a, double b) { return a == b; };
}

KindEntry where_entry() {
  KindEntry entry{"where", "Keeps the rows whose cell compares so with a number.", {}, {}};
  entry.options = {{"column", OptionType::text, "a numeric column"},
                   {.name = "is",
                    .type = OptionType::choice,
                    .sentence = "how the cell compares",
                    .choices = {"<", "<=", ">", ">=", "==", "!="}},
                   {"value", OptionType::real, "the number"}};
  entry.make = [](const Options& given) -> StageKind {
    double value = given["value"].real;
    Compare compare = comparison(given["is"].text);
    auto choose = [value, compare](row_functions::Columns cells, std::vector<std::uint32_t>& rows) {
      std::erase_if(rows, [&](std::uint32_t row) { return !compare(cells[0][row], value); });
    };
    StageKind kind = row_functions::where({given["column"].text}, choose);
    kind.options += " " + given["is"].text + " " + plain(value);
    kind.has_function = false;  // those say all there is to it
    return kind;
  };
  return entry;
}

KindEntry split_entry(const std::string& name, const std::string& sentence, bool train) {
  KindEntry entry{name, sentence, {}, {}};
  entry.options = {{.name = "fraction",
                    .type = OptionType::real,
                    .sentence = "share of the rows to train on",
                    .unit = "fraction",
                    .least = 0,
                    .most = 1},
                   {.name = "seed",
                    .type = OptionType::integer,
                    .sentence = "another seed, another choice",
                    .fallback = "0",
                    .least = 0}};
  entry.make = [train](const Options& given) -> StageKind {
    double fraction = given["fraction"].real;
    auto seed = given.has("seed") ? static_cast<std::uint64_t>(given["seed"].integer) : 0;
    if (train) return split::train(fraction, seed);
    return split::holdout(fraction, seed);
  };
  return entry;
}

KindEntry moments_entry() {
  KindEntry entry{"moments", "Count, mean, deviation and extremes of columns, at the end.", {}, {}};
  entry.options = {columns("numeric columns", "all numeric ones")};
  entry.make = [](const Options& given) -> StageKind { return moments(texts(given, "columns")); };
  return entry;
}

KindEntry scale_entry() {
  KindEntry entry{"scale", "Standardises columns with finished moments.", {}, {}};
  entry.options = {columns("f64 or f32 columns", "all numeric ones")};
  entry.make = [](const Options& given) -> StageKind { return scale(texts(given, "columns")); };
  return entry;
}

KindEntry linear_regression_entry() {
  KindEntry entry{"linear_regression", "Least squares in one pass: a model, at the end.", {}, {}};
  entry.options = {
      {"target", OptionType::text, "column to predict"},
      {"features", OptionType::texts, "columns to predict from", "all numeric ones but the target"},
      {.name = "l2",
       .type = OptionType::real,
       .sentence = "ridge penalty",
       .fallback = plain(LinearRegression{}.l2),
       .least = 0}};
  entry.make = [](const Options& given) -> StageKind {
    LinearRegression options{given["target"].text, texts(given, "features")};
    if (given.has("l2")) options.l2 = given["l2"].real;
    return linear_regression(options);
  };
  return entry;
}

KindEntry evaluate_entry() {
  KindEntry entry{"evaluate", "Errors of a finished model on rows, at the end.", {}, {}};
  entry.make = [](const Options&) -> StageKind { return evaluate(); };
  return entry;
}

KindEntry predict_entry() {
  KindEntry entry{
      "predict", "A column of predictions of a saved model.", {path("model file to read")}, {}};
  entry.make = [](const Options& given) -> StageKind { return predict(given["path"].text); };
  return entry;
}

KindEntry model_file_entry() {
  KindEntry entry{
      "model_file", "Saves a model, whole or not at all.", {path("model file to write")}, {}};
  entry.make = [](const Options& given) -> StageKind { return model_file(given["path"].text); };
  return entry;
}

KindEntry score_report_entry() {
  KindEntry entry{"score_report", "Puts a model's errors into the job's results.", {}, {}};
  entry.make = [](const Options&) -> StageKind { return score_report(); };
  return entry;
}

KindEntry discard_entry() {
  KindEntry entry{"discard", "Drops what comes, and counts it.", {}, {}};
  entry.make = [](const Options&) -> StageKind { return discard<Table>(); };
  entry.takes_any = true;
  return entry;
}

std::string payload_names(const KindEntry& entry) {
  if (entry.takes_any) return "any";
  std::string names;
  for (const InputSpec& input : entry.shape.inputs)
    names += (names.empty() ? "" : ", ") + input.type.name;
  return names.empty() ? "-" : names;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size() + 1), ' ');
  return text;
}

std::string values_of(const Option& option) {
  if (option.type != OptionType::choice && option.type != OptionType::types)
    return expected(option.type);
  std::string all;
  for (const std::string& choice : option.choices)
    all += (all.empty() ? "" : "|") + choice;
  return option.type == OptionType::types ? "a table of columns and " + all : all;
}

}  // namespace

std::string show_options(const std::vector<Option>& options) {
  std::string text;
  for (const Option& option : options) {
    text += "  " + padded(option.name, 14) + option.sentence;
    if (!option.unit.empty()) text += " [" + option.unit + "]";
    text += option.fallback ? " (" + *option.fallback + ")" : " REQUIRED";
    text += ": " + values_of(option) + "\n";
  }
  return text;
}

std::vector<KindEntry> kinds() {
  std::vector<KindEntry> all = {
      csv_blocks(),
      csv_parse(),
      csv_write(),
      where_entry(),
      split_entry("split.train", "The rows to train on.", true),
      split_entry("split.holdout", "The rows held out: exactly the others.", false),
      moments_entry(),
      scale_entry(),
      linear_regression_entry(),
      evaluate_entry(),
      predict_entry(),
      model_file_entry(),
      score_report_entry(),
      discard_entry()};
  for (KindEntry& entry : all)
    entry.shape = entry.make(stand_ins(entry));
  return all;
}

Options stand_ins(const KindEntry& entry) {
  Options options;
  for (const Option& option : entry.options)
    options.set(option.name, stand_in(option));
  return options;
}

const KindEntry* find_kind(const std::vector<KindEntry>& kinds, const std::string& name) {
  auto found =
      std::find_if(kinds.begin(), kinds.end(), [&](const KindEntry& e) { return e.name == name; });
  return found == kinds.end() ? nullptr : &*found;
}

std::string list_kinds(const std::vector<KindEntry>& kinds) {
  std::string text = padded("kind", 20) + padded("takes", 20) + padded("gives", 14) + "\n";
  for (const KindEntry& entry : kinds) {
    text += padded(entry.name, 20) + padded(payload_names(entry), 20) +
            padded(entry.gives() ? entry.gives()->name : "-", 14) + entry.sentence + "\n";
  }
  return text;
}

std::string show_kind(const KindEntry& entry) {
  return entry.name + ": " + entry.sentence + "\ntakes: " + payload_names(entry) +
         "\ngives: " + (entry.gives() ? entry.gives()->name : "-") + "\n" +
         show_options(entry.options);
}

}  // namespace leat::nodes
