#include <leat/chunk/fields.hpp>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace leat {
namespace {

constexpr std::array<std::string_view, 10> kNames = {"f64",  "f32",  "f16",   "i64",       "i32",
                                                     "bool", "text", "bytes", "timestamp", "raw"};
constexpr std::array<std::size_t, 10> kBytes = {8, 4, 2, 8, 4, 1, 8, 8, 8, 8};

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      std::size_t changed = diagonal + (a[i] != b[j]);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::size_t cell_bytes(ColumnType type, bool dictionary) {
  return dictionary ? 4 : kBytes[static_cast<std::size_t>(type)];
}

std::string_view type_name(ColumnType type) {
  auto index = static_cast<std::size_t>(type);
  return index < kNames.size() ? kNames[index] : "unknown";
}

std::optional<ColumnType> type_named(std::string_view name) {
  auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end() || *found == "raw") return std::nullopt;
  return static_cast<ColumnType>(found - kNames.begin());
}

bool is_numeric(ColumnType type) { return type <= ColumnType::BOOL; }

std::optional<std::size_t> find_field(const Fields& fields, std::string_view name) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (fields[i].name == name) return i;
  }
  return std::nullopt;
}

std::string listed(const Fields& fields, std::size_t most) {
  std::string out;
  std::size_t shown = fields.size() <= most + 1 ? fields.size() : most;
  for (std::size_t i = 0; i < shown; ++i) {
    if (i) out += i + 1 == fields.size() ? " and " : ", ";
    out += fields[i].name;
  }
  if (shown < fields.size()) out += " and " + std::to_string(fields.size() - shown) + " more";
  return out.empty() ? "none" : out;
}

std::string nearest_name(const Fields& fields, std::string_view wanted) {
  std::string best;
  std::size_t least = wanted.size() / 2 + 1;
  for (const Field& field : fields) {
    std::size_t distance = edit_distance(field.name, wanted);
    if (distance < least) {
      least = distance;
      best = field.name;
    }
  }
  return best;
}

std::string no_column_named(const Fields& fields, std::string_view name) {
  std::string near = nearest_name(fields, name);
  return "there is no column " + std::string(name) + (near.empty() ? "" : " (did you mean " + near + "?)") +
         ": there are " + listed(fields);
}

}  // namespace leat
