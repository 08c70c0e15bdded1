#include <leat/app/message_row.hpp>

#include <leat/app/chunk_rows.hpp>
#include <leat/graph/json_text.hpp>
#include <leat/schemas/chunk.capnp.h>
#include <leat/schemas/csv.capnp.h>
#include <leat/schemas/model.capnp.h>

#include <capnp/dynamic.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostDepth = 8;
constexpr const char* kBeyond = "~";

std::string hex(std::span<const std::byte> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (std::byte byte : bytes) {
    text += kDigits[std::to_integer<unsigned>(byte) >> 4];
    text += kDigits[std::to_integer<unsigned>(byte) & 15];
  }
  return text;
}

// What JSON has no form for is a text, as in a table.
Json real(double number) {
  if (std::isfinite(number)) return number;
  return std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf";
}

class Values {
 public:
  // Of a union the field that is set.
  template <class Put>
  void fields(const capnp::DynamicStruct::Reader& of, std::size_t depth, Put put) {
    for (auto field : of.getSchema().getNonUnionFields()) put(field, value_of(of, field, depth));
    KJ_IF_MAYBE(field, of.which()) { put(*field, value_of(of, *field, depth)); }
  }

 private:
  Json value_of(const capnp::DynamicStruct::Reader& of, capnp::StructSchema::Field field, std::size_t depth) {
    bool is_group = field.getProto().isGroup();
    bool points = is_pointer(field.getType()) && !is_group;
    return points && !of.has(field) ? Json() : value(of.get(field), depth);
  }

  static bool is_pointer(const capnp::Type& type) {
    return type.isText() || type.isData() || type.isList() || type.isStruct() || type.isAnyPointer() || type.isInterface();
  }

  Json value(const capnp::DynamicValue::Reader& of, std::size_t depth) {
    if (++values_ > kMostValues || depth > kMostDepth) return kBeyond;
    switch (of.getType()) {
      case capnp::DynamicValue::BOOL: return of.as<bool>();
      case capnp::DynamicValue::INT: return of.as<std::int64_t>();
      case capnp::DynamicValue::UINT: return of.as<std::uint64_t>();
      case capnp::DynamicValue::FLOAT: return real(of.as<double>());
      case capnp::DynamicValue::TEXT: {
        auto text = of.as<capnp::Text>();
        return short_text({text.begin(), text.size()});
      }
      case capnp::DynamicValue::DATA: return std::to_string(of.as<capnp::Data>().size()) + " bytes";
      case capnp::DynamicValue::ENUM: return enumerant(of.as<capnp::DynamicEnum>());
      case capnp::DynamicValue::LIST: return list(of.as<capnp::DynamicList>(), depth);
      case capnp::DynamicValue::STRUCT: return object(of.as<capnp::DynamicStruct>(), depth);
      case capnp::DynamicValue::ANY_POINTER:
      case capnp::DynamicValue::CAPABILITY: return kBeyond;
      case capnp::DynamicValue::UNKNOWN:
      case capnp::DynamicValue::VOID: break;
    }
    return nullptr;
  }

  static Json enumerant(const capnp::DynamicEnum& of) {
    KJ_IF_MAYBE(known, of.getEnumerant()) { return known->getProto().getName().cStr(); }
    return of.getRaw();
  }

  Json list(const capnp::DynamicList::Reader& of, std::size_t depth) {
    Json all = Json::array();
    auto shown = std::min<capnp::uint>(of.size(), kMostListed);
    for (capnp::uint i = 0; i < shown; ++i) all.push_back(value(of[i], depth + 1));
    if (shown < of.size()) all.push_back("and " + std::to_string(of.size() - shown) + " more");
    return all;
  }

  Json object(const capnp::DynamicStruct::Reader& of, std::size_t depth) {
    Json all = Json::object();
    fields(of, depth + 1, [&](capnp::StructSchema::Field field, Json value) { all[field.getProto().getName().cStr()] = std::move(value); });
    return all;
  }

  std::size_t values_ = 0;
};

std::string row(const Json& columns, const Json& cells) {
  return json_text(Json{{"columns", columns}, {"cells", cells}});
}

template <class... Ts>
std::optional<capnp::StructSchema> one_of(std::uint64_t type) {
  std::optional<capnp::StructSchema> found;
  (void)((capnp::typeId<Ts>() == type && (found = capnp::Schema::from<Ts>(), true)) || ...);
  return found;
}

// What leat's own stages carry. A program's own schemas are not among what is known of a chunk by its type.
std::optional<capnp::StructSchema> schema_of(std::uint64_t type) {
  return one_of<schema::Number, schema::Moments, schema::CrossMoments, schema::LinearModel, schema::Score, schema::ScoreSums,
                schema::CsvWritten>(type);
}

}  // namespace

std::string message_row(const Chunk& chunk) {
  Json columns = Json::array(), cells = Json::array();
  auto schema = schema_of(chunk.type());
  if (!schema) {
    auto head = chunk.message().first(std::min(kMostHead, chunk.bytes()));
    return row(Json::array({"bytes", "head"}), Json::array({chunk.bytes(), hex(head)}));
  }
  auto root = chunk.root<capnp::AnyStruct>().as<capnp::DynamicStruct>(*schema);
  Values().fields(root, 0, [&](capnp::StructSchema::Field field, Json value) {
    if (columns.size() == kMostTapped) return;
    columns.push_back(field.getProto().getName().cStr());
    cells.push_back(std::move(value));
  });
  return row(columns, cells);
}

}  // namespace leat
