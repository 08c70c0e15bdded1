#include <algorithm>

#include <leat/actors/columns/number_columns.hpp>
#include <leat/actors/regression/training_columns.hpp>

namespace leat {
namespace {

constexpr std::size_t kLeftOutNamed = 32;
constexpr std::size_t kLeftOutLetters = 1000;

}  // namespace

Result<void> sound(std::string_view kind, const TrainingColumns& columns) {
  if (columns.target.empty()) {
    return invalid(std::string(kind) + " needs the name of its target column: set .target");
  }
  for (std::size_t i = 0; i < columns.features.size(); ++i) {
    const std::string& feature = columns.features[i];
    if (feature == columns.target) {
      return invalid("column " + feature + " is both target and feature of " + std::string(kind) +
                     ": leave it out of the features");
    }
    if (std::find(columns.features.begin(), columns.features.begin() + static_cast<std::ptrdiff_t>(i), feature) !=
        columns.features.begin() + static_cast<std::ptrdiff_t>(i)) {
      return invalid("column " + feature + " is named twice among the features of " + std::string(kind) +
                     ": name it once");
    }
  }
  return {};
}

Result<std::vector<std::string>> training_columns(std::string_view kind, const TrainingColumns& columns,
                                                  const Fields& fields) {
  auto target = numeric_columns(kind, fields, {columns.target});
  if (!target) return target.error();
  auto features = numeric_columns(kind, fields, columns.features);
  if (!features) return features.error();
  std::vector<std::string> names;
  for (std::size_t position : *features) {
    if (position != target->front()) names.push_back(fields[position].name);
  }
  if (names.empty()) {
    return invalid(std::string(kind) + " has no features: there is no numeric column besides the target " +
                   columns.target + " among " + listed(fields));
  }
  names.push_back(columns.target);
  return names;
}

std::vector<std::string> left_out(const TrainingColumns& columns, const Description& rows, const Fields& fields) {
  std::vector<std::string> out;
  if (!columns.features.empty()) return out;
  for (const Field& field : fields) {
    if (is_numeric(field.type)) continue;
    out.push_back(field.name + " (" + std::string(type_name(field.type)) + ")");
  }
  if (out.size() > kLeftOutNamed) {
    std::string more = std::to_string(out.size() - kLeftOutNamed) + " more";
    out.resize(kLeftOutNamed);
    out.push_back(more);
  }
  auto unread = rows.notes.find("unread");
  if (unread == rows.notes.end() || unread->second.empty()) return out;
  std::string text = unread->second;
  if (text.size() > kLeftOutLetters) text.resize(std::min(text.size(), text.rfind(", ", kLeftOutLetters)));
  out.push_back(text.size() < unread->second.size() ? text + " and more" : text);
  return out;
}

std::size_t left_out_letters() {
  return 64 * kLeftOutNamed + 2 * kLeftOutLetters;
}

}  // namespace leat
