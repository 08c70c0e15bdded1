// leat sniff: what csv.blocks decides about a file, and why.
#include <algorithm>

#include <leat/actors/csv/params.hpp>
#include <leat/actors/input/file.hpp>
#include <leat/actors/sniff/sniff.hpp>

#include "nodes/commands.hpp"
#include "nodes/file_words.hpp"
#include "nodes/toml_text.hpp"

namespace leat::nodes {
namespace {

std::string character(char c) {
  if (c == '\t') return "tab";
  return c == ' ' ? "space" : std::string(1, c);
}

std::string line_end_name(const std::string& line_end) {
  if (line_end == "\r\n") return "CRLF";
  return line_end == "\r" ? "CR" : "LF";
}

std::string told(const InputFile& file, const csv::Sniffed& found, const csv::BlockOptions& options) {
  std::string text = csv::shown(file.path()) + "\n";
  if (file.packing() != Packing::plain) text += "  packing      " + packing_name(file.packing()) + "\n";
  if (found.skipped_lines > 0) {
    text += "  passed over  " + std::to_string(found.skipped_lines) +
            (found.skipped_lines == 1 ? " line before the records\n" : " lines before the records\n");
  }
  text += "  delimiter    " + character(found.delimiter) + "   (" + found.why_delimiter + ")\n";
  text += std::string("  header       ") + (found.header ? "yes" : "no") + "   (" + found.why_header + ")\n";
  text += "  line end     " + line_end_name(found.line_end) + "\n";
  text += "  decimal      " + character(options.decimal) + "\n";
  if (!found.renamed.empty()) text += "  renamed      " + csv::shown(found.renamed) + "\n";
  text += "  columns      " + std::to_string(found.fields.size()) + ", their types as the first " +
          std::to_string(found.records + !found.header) + " rows have them\n";
  std::size_t width = 0;
  for (const Field& field : found.fields) width = std::max(width, leat::type_name(field.type).size());
  for (const Field& field : found.fields) {
    std::string type(leat::type_name(field.type));
    type.resize(width, ' ');
    text += "    " + type + "  " + shown(field.name, 200) + "\n";
  }
  return text;
}

}  // namespace

Answer sniff_command(const std::vector<std::string>& words) {
  auto refusal = [](const std::string& sentence) { return Answer{"", "leat: " + shown(sentence, 1000) + "\n", 2}; };
  auto request = file_words(words, "sniff", "a file: leat sniff FILE.csv");
  if (!request) return refusal(request.error().sentence);
  auto args = Args::from(csv::params(), request->values);
  if (!args) return refusal(args.error().sentence);
  csv::BlockOptions options = csv::block_options(*args);
  if (auto ok = csv::check_options(options, request->path); !ok) return refusal(ok.error().sentence);
  auto file = InputFile::open(request->path);
  if (!file) return refusal(file.error().sentence);
  auto found = csv::sniff_file(*file, options);
  if (!found) return refusal(found.error().sentence);
  for (const auto& [name, type] : args->types("types")) {
    auto at = find_field(found->fields, name);
    if (!at) return refusal("--types names column " + name + ", which is not there: there are " + listed(found->fields));
    found->fields[*at].type = *type_named(type);
  }
  return {told(*file, *found, options), "", 0};
}

}  // namespace leat::nodes
