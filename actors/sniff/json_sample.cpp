#include <leat/actors/sniff/json_sample.hpp>

#include <leat/actors/csv/values.hpp>

#include <simdjson.h>

#include <algorithm>
#include <set>
#include <unordered_map>

namespace leat::json {
namespace {

using simdjson::ondemand::json_type;
using Value = simdjson::ondemand::value;

csv::Form form_of_text(std::string_view text) {
  std::int64_t instant = 0;
  csv::Reading went = csv::read_timestamp(csv::trimmed(text), instant);
  if (went == csv::Reading::good) return csv::Form::time;
  return went == csv::Reading::out_of_range ? csv::Form::unheld : csv::Form::other;
}

}  // namespace

// One of a tree of all that was seen.
struct Seen {
  FieldStep step;
  csv::Guess guess;  // of values that are neither object nor array
  bool object = false;
  bool array = false;
  std::vector<std::unique_ptr<Seen>> members;
  std::unordered_map<std::string, Seen*> by_key;
  std::vector<std::unique_ptr<Seen>> elements;

  bool flat() const { return object && !array && !guess.decides() && !members.empty(); }
  ColumnType type() const { return object || array ? ColumnType::TEXT : guess.type(); }
};

struct Sample::Reader {
  // `record` false: only looks whether it can be read.
  template <bool record>
  bool object(simdjson::ondemand::object object, Seen* seen, std::size_t depth) {
    for (auto field : object) {
      std::string_view key;
      Value value;
      if (field.unescaped_key().get(key) != simdjson::SUCCESS) return false;
      Seen* member = record ? member_of(*seen, std::string(key)) : nullptr;
      if (field.value().get(value) != simdjson::SUCCESS) return false;
      if ((!record || member) && !take<record>(value, member, depth)) return false;
    }
    return true;
  }

  template <bool record>
  bool array(simdjson::ondemand::array array, Seen* seen, std::size_t depth) {
    std::uint32_t at = 0;
    for (auto element : array) {
      Value value;
      if (element.get(value) != simdjson::SUCCESS) return false;
      Seen* here = record ? element_of(*seen, at) : nullptr;
      if ((!record || here) && at < kMostElements && !take<record>(value, here, depth)) return false;
      ++at;
    }
    return true;
  }

  template <bool record>
  bool take(Value value, Seen* seen, std::size_t depth) {
    json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) return false;
    if (type == json_type::object) {
      if (record) seen->object = true;
      simdjson::ondemand::object inner;
      if (depth >= kMostDepth) return true;
      return value.get_object().get(inner) == simdjson::SUCCESS && object<record>(inner, seen, depth + 1);
    }
    if (type == json_type::array) {
      if (record) seen->array = true;
      simdjson::ondemand::array inner;
      if (depth >= kMostDepth) return true;
      return value.get_array().get(inner) == simdjson::SUCCESS && array<record>(inner, seen, depth + 1);
    }
    csv::Form form{};
    if (!form_of_value(value, type, form)) return false;
    if (record) seen->guess.add(form);
    return true;
  }

  static bool form_of_value(Value value, json_type type, csv::Form& form) {
    bool truth = false;
    std::string_view text;
    switch (type) {
      case json_type::string:
        if (value.get_string().get(text) != simdjson::SUCCESS) return false;
        form = form_of_text(text);
        return true;
      case json_type::boolean:
        form = csv::Form::truth;
        return value.get_bool().get(truth) == simdjson::SUCCESS;
      case json_type::null:
        form = csv::Form::null;
        return value.is_null().get(truth) == simdjson::SUCCESS && truth;
      default:
        form = csv::form_of(csv::trimmed(value.raw_json_token()), '.');
        return form == csv::Form::integer || form == csv::Form::large_integer || form == csv::Form::real ||
               form == csv::Form::unheld;
    }
  }

  Seen* added(std::vector<std::unique_ptr<Seen>>& to, FieldStep step) {
    if (fields >= kMostFields) {
      too_many = true;
      return nullptr;
    }
    ++fields;
    to.push_back(std::make_unique<Seen>());
    to.back()->step = std::move(step);
    return to.back().get();
  }
  Seen* member_of(Seen& seen, const std::string& key) {
    auto [found, fresh] = seen.by_key.try_emplace(key);
    if (fresh) found->second = added(seen.members, {key});
    return found->second;
  }
  Seen* element_of(Seen& seen, std::uint32_t at) {
    if (at < seen.elements.size()) return seen.elements[at].get();
    return at < kMostElements ? added(seen.elements, {{}, at}) : nullptr;
  }

  template <bool record>
  bool line(std::string_view text) {
    simdjson::ondemand::document document;
    simdjson::ondemand::object all;
    return parser.iterate(text.data(), text.size(), text.size() + simdjson::SIMDJSON_PADDING).get(document) ==
               simdjson::SUCCESS &&
           document.get_object().get(all) == simdjson::SUCCESS && object<record>(all, &root, 1);
  }

  simdjson::ondemand::parser parser;
  std::string padded;
  Seen root;
  std::size_t fields = 0;
  bool too_many = false;
};

namespace {

std::string only_name(const FieldPath& path, std::set<std::string>& taken) {
  std::string name = path_name(path);
  std::string only = name;
  // A Table's columns have names.
  if (name.empty()) only = name = "c";
  for (std::size_t n = 2; !taken.insert(only).second; ++n) only = name + "_" + std::to_string(n);
  return only;
}

void list(const Seen& seen, FieldPath& path, bool column, std::set<std::string>& taken, std::vector<SampleField>& out) {
  for (const auto& member : seen.members) {
    path.push_back(member->step);
    bool here = column && !member->flat();
    out.push_back({path, member->type(), here ? only_name(path, taken) : ""});
    list(*member, path, column && member->flat(), taken, out);
    path.pop_back();
  }
  for (const auto& element : seen.elements) {
    path.push_back(element->step);
    out.push_back({path, element->type(), ""});
    list(*element, path, false, taken, out);
    path.pop_back();
  }
}

}  // namespace

Sample::Sample() : reader_(std::make_unique<Reader>()) {}
Sample::~Sample() = default;

bool Sample::add(std::string_view line) {
  reader_->padded = line;
  reader_->padded.append(simdjson::SIMDJSON_PADDING, ' ');
  std::string_view text(reader_->padded.data(), line.size());
  return reader_->line<false>(text) && reader_->line<true>(text);
}

std::vector<SampleField> Sample::fields() const {
  std::vector<SampleField> out;
  std::set<std::string> taken;
  FieldPath path;
  list(reader_->root, path, true, taken, out);
  return out;
}

bool Sample::too_many() const { return reader_->too_many; }

std::string note_of(const std::vector<SampleField>& fields) {
  std::string note;
  for (const SampleField& field : fields) {
    note += (field.name.empty() ? "-" : "+") + std::string(type_name(field.type)) + " " + path_text(field.path) + "\n";
  }
  return note;
}

Result<std::vector<SampleField>> fields_noted(const std::string& note, const Fields& columns) {
  Error nobody = invalid("json.parse does not know the fields of its input; feed it from json.blocks");
  std::vector<SampleField> out;
  std::size_t column = 0;
  for (std::size_t at = 0; at < note.size();) {
    std::size_t end = std::min(note.find('\n', at), note.size());
    std::size_t space = note.find(' ', at);
    if (space >= end) return nobody;
    auto type = type_named(std::string_view(note).substr(at + 1, space - at - 1));
    auto path = read_path(std::string_view(note).substr(space + 1, end - space - 1));
    bool is_column = note[at] == '+';
    if (!type || !path || (is_column && column == columns.size())) return nobody;
    out.push_back({std::move(*path), *type, is_column ? columns[column++].name : ""});
    at = end + 1;
  }
  if (out.empty() || column != columns.size()) return nobody;
  return out;
}

}  // namespace leat::json
