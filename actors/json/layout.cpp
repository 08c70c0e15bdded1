#include <leat/actors/json/layout.hpp>

#include <leat/actors/sniff/json_sample.hpp>

#include <algorithm>
#include <map>
#include <optional>

namespace leat::json {
namespace {

constexpr std::size_t kBody = 512 * 1024;
constexpr std::size_t kMostHeap = 256 * 1024;
constexpr std::size_t kFewRows = 8;

// A column of the output, before it is known whether it is wanted.
struct Asked {
  std::string name;
  FieldPath path;
  ColumnType type = ColumnType::TEXT;
  bool declared = false;
};

using Sampled = std::vector<SampleField>;

std::optional<SampleField> named(const Sampled& fields, const std::string& name) {
  auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.name == name; });
  return found == fields.end() ? std::nullopt : std::optional(*found);
}

std::optional<SampleField> at_path(const Sampled& fields, const FieldPath& path) {
  auto found = std::find_if(fields.begin(), fields.end(), [&](const auto& field) { return field.path == path; });
  return found == fields.end() ? std::nullopt : std::optional(*found);
}

Error no_field(const std::string& file, const Fields& fields, const std::string& name) {
  std::string near = nearest_name(fields, name);
  return invalid(file + ": there is no field \"" + name + "\" in the first lines; " +
                 (near.empty() ? "" : "did you mean \"" + near + "\"? ") + "fields: " + listed(fields) +
                 "; give its type where it comes later (option types)");
}

// A column of this name that the source has found, or what lies at the path.
Result<Asked> find_asked(const std::string& text, const std::string& file, const Description& input,
                         const Sampled& fields, const ParseOptions& options) {
  AskedColumn wanted = asked_column(text);
  Asked out{wanted.name, {}};
  if (wanted.name.empty()) return invalid(file + ": \"" + text + "\" names no column: write NAME = PATH");
  auto type = options.types.find(out.name);
  auto found = named(fields, wanted.path);
  if (!found) {
    auto path = read_path(wanted.path);
    if (!path) return invalid(file + ": " + path.error().sentence);
    out.path = std::move(*path);
    found = at_path(fields, out.path);
  }
  out.declared = type != options.types.end();
  if (!found && !out.declared) return no_field(file, input.fields, wanted.path);
  if (found) {
    out.path = found->path;
    out.type = found->type;
  }
  if (out.declared) out.type = type->second;
  return out;
}

Result<std::vector<Asked>> asked_for(const std::string& file, const Description& input, const Sampled& fields,
                                     const ParseOptions& options) {
  std::vector<Asked> all;
  for (const SampleField& field : fields) {
    if (!options.columns.empty() || field.name.empty()) continue;
    auto type = options.types.find(field.name);
    bool declared = type != options.types.end();
    all.push_back({field.name, field.path, declared ? type->second : field.type, declared});
  }
  for (const std::string& text : options.columns) {
    auto one = find_asked(text, file, input, fields, options);
    if (!one) return one.error();
    for (const Asked& other : all) {
      if (other.name == one->name || other.path == one->path) {
        return invalid(file + ": field \"" + path_text(one->path) + "\", column \"" + one->name +
                       "\", is asked for twice; name it once");
      }
    }
    all.push_back(std::move(*one));
  }
  for (const auto& [name, type] : options.types) {
    bool there = std::any_of(all.begin(), all.end(), [&name = name](const Asked& asked) { return asked.name == name; });
    if (!there) {
      Fields known;
      for (const Asked& asked : all) known.push_back({asked.name});
      std::string near = nearest_name(known, name);
      return invalid(file + ": there is no column \"" + name + "\" to have a type; " +
                     (near.empty() ? "" : "did you mean \"" + near + "\"? ") +
                     "ask for it (option columns) where it is not in the first lines");
    }
  }
  return all;
}

std::string quoted_key(const std::string& key) {
  return key.find_first_of("\"\\") == key.npos ? key + '"' : "";
}

WantedField& added(std::vector<WantedField>& to, const FieldStep& step) {
  for (WantedField& field : to) {
    if (field.step == step) return field;
  }
  return to.emplace_back(WantedField{step, quoted_key(step.key)});
}

void add_output(ObjectLayout& out, const Asked& asked) {
  WantedField* field = &out.root;
  for (const FieldStep& step : asked.path) field = &added(step.element ? field->elements : field->members, step);
  field->column = out.output.size();
  out.output.push_back({asked.name, asked.type, true});
  out.exact.push_back(asked.type == ColumnType::F64 && !asked.declared);
  out.cells_row += cell_bytes(asked.type);
}

// Beside wanted fields those that are known, so that they are not taken for others.
void add_known(WantedField& at, const FieldPath& path, std::size_t step) {
  if (step == path.size() || path[step].element) return;
  bool last = step + 1 == path.size();
  auto found = std::find_if(at.members.begin(), at.members.end(),
                            [&](const WantedField& field) { return field.step == path[step]; });
  if (found == at.members.end()) {
    if (last && (step == 0 || !at.members.empty())) at.members.push_back({path[step], quoted_key(path[step].key)});
    return;
  }
  add_known(*found, path, step + 1);
}

// In the order of the sample, in which they mostly come.
void put_in_order(WantedField& field, FieldPath& path, const std::map<std::string, std::size_t>& places) {
  std::map<std::string, std::size_t> here;  // by key
  for (const WantedField& member : field.members) {
    path.push_back(member.step);
    auto found = places.find(path_text(path));
    here[member.step.key] = found == places.end() ? places.size() : found->second;
    path.pop_back();
  }
  std::stable_sort(field.members.begin(), field.members.end(), [&](const WantedField& a, const WantedField& b) {
    return here[a.step.key] < here[b.step.key];
  });
  for (WantedField& member : field.members) {
    path.push_back(member.step);
    put_in_order(member, path, places);
    path.pop_back();
  }
}

// Numbers all fields; the most texts that one byte can come to be in.
std::size_t number(WantedField& field, ObjectLayout& layout) {
  field.number = layout.fields++;
  std::size_t below = 0;
  for (auto* all : {&field.members, &field.elements}) {
    for (WantedField& one : *all) below = std::max(below, number(one, layout));
  }
  bool text = field.column != kNoColumn && in_heap(layout.output[field.column].type);
  return below + text;
}

}  // namespace

std::size_t ObjectLayout::most_rows(std::size_t bytes) const {
  std::size_t heap = std::min(bytes * heaps, kMostHeap);
  std::size_t bits = 8 * cells_row + output.size();
  return std::max(kFewRows, (kBody - heap) * 8 / std::max<std::size_t>(bits, 1));
}

Result<ObjectLayout> layout_of(const Description& input, const ParseOptions& options, const ColumnNames& wanted) {
  auto path = input.notes.find("path");
  auto note = input.notes.find("json fields");
  if (path == input.notes.end() || note == input.notes.end() || !input.fields_known) {
    return invalid("json.parse does not know the fields of its input; feed it from json.blocks");
  }
  auto fields = fields_noted(note->second, input.fields);
  if (!fields) return fields.error();
  ObjectLayout out;
  out.path = path->second;
  out.bad = options.bad;
  out.counts_others = options.columns.empty();
  auto asked = asked_for(out.path, input, *fields, options);
  if (!asked) return asked.error();
  for (const Asked& one : *asked) {
    if (wanted.has(one.name)) add_output(out, one);
  }
  if (out.output.empty()) add_output(out, asked->front());
  std::map<std::string, std::size_t> places;
  for (const SampleField& field : *fields) {
    add_known(out.root, field.path, 0);
    places.emplace(path_text(field.path), places.size());
  }
  FieldPath at;
  put_in_order(out.root, at, places);
  out.heaps = number(out.root, out);
  return out;
}

}  // namespace leat::json
