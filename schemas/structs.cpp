// Makes plain C++ structs of a schema's, and what writes and reads them: a plugin of the Cap'n Proto compiler.
//
//   capnp compile -oleat_structs:FOLDER control.capnp
//
// writes FOLDER/control.structs.hpp, the structs, and FOLDER/control.structs.cpp, for each of them
// put(Builder, const T&) and get(Reader, T&). structs.capnp says what a schema can tell it. What is the same for
// every field (numbers that fit, texts, limits) is not made but called: framework/cluster/control_fields.hpp.
#include <capnp/schema.capnp.h>
#include <capnp/serialize.h>

#include <cctype>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

using capnp::schema::CodeGeneratorRequest;
using capnp::schema::Field;
using capnp::schema::Node;
using capnp::schema::Type;
using Annotations = capnp::List<capnp::schema::Annotation>::Reader;

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) out += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  return out + "\"";
}

// "processBase" between its words.
std::string words(const std::string& name, char between, int (*letter)(int)) {
  std::string out;
  for (char c : name) {
    if (std::isupper(static_cast<unsigned char>(c))) out += between;
    out += static_cast<char>(letter(static_cast<unsigned char>(c)));
  }
  return out;
}
std::string snake(const std::string& name) { return words(name, '_', std::tolower); }
std::string capital(std::string name) {
  name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
  return name;
}

class Structs {
 public:
  explicit Structs(CodeGeneratorRequest::Reader request) : request_(request) {
    for (auto node : request.getNodes()) nodes_.emplace(node.getId(), node);
    for (auto info : request.getSourceInfo()) infos_.emplace(info.getId(), info);
  }

  void write(CodeGeneratorRequest::RequestedFile::Reader file) {
    Node::Reader node = nodes_.at(file.getId());
    std::string path = file.getFilename().cStr();
    std::string stem = path.substr(path.rfind('/') + 1);
    stem.resize(stem.rfind(".capnp"));
    for (auto nested : node.getNestedNodes()) {
      Node::Reader inside = nodes_.at(nested.getId());
      if (inside.isStruct()) declare(nested.getId());
      if (inside.isEnum() && !has(inside.getAnnotations(), "custom")) enums_ += enumeration(inside);
    }
    std::string space = *text(node.getAnnotations(), "space");
    std::ofstream header(stem + ".structs.hpp");
    header << "/// Made of schemas/" << stem << ".capnp by schemas/structs.cpp.\n#pragma once\n\n";
    for (auto name : find(node.getAnnotations(), "headers")->getValue().getList().getAs<capnp::List<capnp::Text>>()) {
      header << "#include <" << name.cStr() << ">\n";
    }
    header << "\n#include <variant>\n\nnamespace " << space << " {\n\n" << enums_ << header_ << "}  // namespace " << space << "\n";
    std::ofstream source(stem + ".structs.cpp");
    source << "// Made of schemas/" << stem << ".capnp by schemas/structs.cpp.\n"
           << "#include <leat/cluster/control_fields.hpp>\n\nnamespace " << space << " {\n\n"
           << declarations_ << "\n" << source_ << "}  // namespace " << space << "\n";
  }

 private:
  std::optional<capnp::schema::Annotation::Reader> find(Annotations all, const std::string& name) const {
    for (auto each : all) {
      std::string display = nodes_.at(each.getId()).getDisplayName().cStr();
      if (display.substr(display.rfind(':') + 1) == name) return each;
    }
    return std::nullopt;
  }
  bool has(Annotations all, const std::string& name) const { return find(all, name).has_value(); }
  std::optional<std::string> text(Annotations all, const std::string& name) const {
    auto found = find(all, name);
    return found ? std::optional<std::string>(found->getValue().getText().cStr()) : std::nullopt;
  }
  std::string text(Annotations all, const std::string& name, const std::string& otherwise) const {
    return text(all, name).value_or(otherwise);
  }

  std::string short_name(std::uint64_t id) const {
    std::string display = nodes_.at(id).getDisplayName().cStr();
    return display.substr(display.rfind(':') + 1);
  }

  // As a comment of C++, on lines of its own or behind what it is said of.
  std::string comment(std::uint64_t id, std::optional<capnp::uint> member, const std::string& indent) const {
    auto info = infos_.find(id);
    if (info == infos_.end()) return "";
    std::string text = member ? info->second.getMembers()[*member].getDocComment().cStr()
                              : info->second.getDocComment().cStr();
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      std::size_t end = text.find('\n', at);
      out += indent + "/// " + text.substr(at, end - at) + "\n";
      at = end == std::string::npos ? text.size() : end + 1;
    }
    return out;
  }

  std::string type_of(Type::Reader type) const {
    switch (type.which()) {
      case Type::BOOL: return "bool";
      case Type::UINT8: return "std::uint8_t";
      case Type::UINT16: return "std::uint16_t";
      case Type::UINT32: return "std::uint32_t";
      case Type::UINT64: return "std::uint64_t";
      case Type::FLOAT64: return "double";
      case Type::TEXT:
      case Type::DATA: return "std::string";
      case Type::LIST: return "std::vector<" + type_of(type.getList().getElementType()) + ">";
      case Type::STRUCT: return struct_type(type.getStruct().getTypeId());
      case Type::ENUM: return enum_type(type.getEnum().getTypeId());
      default: throw std::runtime_error("a field of a type that structs.cpp does not know");
    }
  }
  // Another file's is as Cap'n Proto makes it.
  std::string enum_type(std::uint64_t id) const {
    bool here = nodes_.at(id).getScopeId() == request_.getRequestedFiles()[0].getId();
    return (here ? "" : "schema::") + short_name(id);
  }
  std::string struct_type(std::uint64_t id) const { return text(nodes_.at(id).getAnnotations(), "type", short_name(id)); }

  std::uint64_t struct_inside(Type::Reader type) const {
    while (type.isList()) type = type.getList().getElementType();
    return type.isStruct() ? type.getStruct().getTypeId() : 0;
  }

  std::vector<std::pair<capnp::uint, Field::Reader>> fields_of(Node::Reader node) const {
    std::vector<std::pair<capnp::uint, Field::Reader>> fields;
    auto all = node.getStruct().getFields();
    bool variant = has(node.getAnnotations(), "variant");
    for (capnp::uint i = 0; i < all.size(); ++i) {
      if (!variant || all[i].getDiscriminantValue() != Field::NO_DISCRIMINANT) fields.emplace_back(i, all[i]);
    }
    return fields;
  }

  // Those first that it is made of.
  void declare(std::uint64_t id) {
    if (!declared_.insert(id).second) return;
    Node::Reader node = nodes_.at(id);
    for (auto [index, field] : fields_of(node)) {
      if (auto inside = struct_inside(field.getSlot().getType())) declare(inside);
    }
    std::string name = short_name(id);
    auto annotations = node.getAnnotations();
    if (has(annotations, "custom") && !has(annotations, "type")) return;
    std::string type = struct_type(id);
    if (has(annotations, "pair")) return pair(node, name);
    declarations_ += "void put(schema::" + name + "::Builder to, const " + type + "& it);\n";
    declarations_ += "void get(schema::" + name + "::Reader from, " + type + "& it);\n";
    if (has(annotations, "variant")) return variant(node, name, type);
    if (!has(annotations, "type")) plain(node, id, name);
    if (has(annotations, "custom")) return;
    define(node, name, "", type, [](const std::string& field) { return snake(field); });
  }

  void plain(Node::Reader node, std::uint64_t id, const std::string& name) {
    header_ += comment(id, std::nullopt, "") + "struct " + name + " {\n";
    for (auto [index, field] : fields_of(node)) {
      header_ += comment(id, index, "  ") + "  " + text(field.getAnnotations(), "type", type_of(field.getSlot().getType())) +
                 " " + snake(field.getName().cStr()) + "{" + fallback(field) + "};\n";
    }
    if (has(node.getAnnotations(), "equal")) {
      header_ += "  friend bool operator==(const " + name + "&, const " + name + "&) = default;\n";
    }
    header_ += "};\n\n";
  }

  std::string enumeration(Node::Reader node) const {
    std::string out = comment(node.getId(), std::nullopt, "") + "enum class " + short_name(node.getId()) + " {\n";
    auto all = node.getEnum().getEnumerants();
    for (capnp::uint i = 0; i < all.size(); ++i) {
      out += comment(node.getId(), i, "  ") + "  " + snake(all[i].getName().cStr()) + ",\n";
    }
    return out + "};\n\n";
  }

  static std::string fallback(Field::Reader field) {
    auto value = field.getSlot().getDefaultValue();
    if (value.isUint32() && value.getUint32() != 0) return std::to_string(value.getUint32());
    return "";
  }

  void variant(Node::Reader node, const std::string& name, const std::string& type) {
    std::string list, puts, gets;
    auto fields = fields_of(node);
    for (std::size_t i = 0; i < fields.size(); ++i) {
      std::string field = fields[i].second.getName().cStr();
      std::string at = std::to_string(i);
      list += (i > 0 ? ", " : "") + type_of(fields[i].second.getSlot().getType());
      puts += "    case " + at + ": return put(to.init" + capital(field) + "(), std::get<" + at + ">(it));\n";
      gets += "    case schema::" + name + "::" + words(field, '_', std::toupper) + ": return get(from.get" +
              capital(field) + "(), it.emplace<" + at + ">());\n";
    }
    header_ += "using " + type + " = std::variant<" + list + ">;\n\n";
    source_ += "void put(schema::" + name + "::Builder to, const " + type + "& it) {\n  switch (it.index()) {\n" + puts +
               "  }\n}\n\n" + "void get(schema::" + name + "::Reader from, " + type +
               "& it) {\n  switch (from.which()) {\n" + gets + "  }\n  throw Bad{" +
               quoted(text(node.getAnnotations(), "what", "a " + name) + " of an unknown kind") + "};\n}\n\n";
    if (has(node.getAnnotations(), "who")) throw std::runtime_error("a variant has no who");
    whos(fields, type);
    of_job(fields, type);
  }

  void of_job(const std::vector<std::pair<capnp::uint, Field::Reader>>& fields, const std::string& type) {
    std::string cases;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (has(fields[i].second.getAnnotations(), "ofJob")) cases += "    case " + std::to_string(i) + ":\n";
    }
    if (cases.empty()) return;
    header_ += "/// True of what a node says of one of its jobs.\ninline bool is_of_job(const " + type +
               "& it) {\n  switch (it.index()) {\n" + cases + "      return true;\n    default: return false;\n  }\n}\n\n";
  }

  // Of the messages that a variant is of: who cannot be told, and what to do.
  void whos(const std::vector<std::pair<capnp::uint, Field::Reader>>& fields, const std::string& type) {
    std::string cases;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      auto annotations = nodes_.at(struct_inside(fields[i].second.getSlot().getType())).getAnnotations();
      auto who = text(annotations, "who");
      if (!who) continue;
      cases += "    case " + std::to_string(i) + ": return {" + quoted(*who) + ", " + quoted(text(annotations, "advice", "")) + "};\n";
    }
    if (cases.empty()) return;
    source_ += "Said said_of(const " + type + "& it) {\n  switch (it.index()) {\n" + cases + "    default: return {};\n  }\n}\n\n";
  }

  void pair(Node::Reader node, const std::string& name) {
    declarations_ += "template <class Pair>\nvoid put(schema::" + name + "::Builder to, const Pair& it);\n";
    declarations_ += "template <class Pair>\nvoid get(schema::" + name + "::Reader from, Pair& it);\n";
    std::string first = node.getStruct().getFields()[0].getName().cStr();
    define(node, name, "template <class Pair>\n", "Pair", [first](const std::string& field) { return field == first ? "first" : "second"; });
  }

  template <class Member>
  void define(Node::Reader node, const std::string& name, const std::string& before, const std::string& type, Member member) {
    std::string puts, gets;
    for (auto [index, field] : fields_of(node)) {
      std::string it = "it." + std::string(member(field.getName().cStr()));
      puts += "  " + put_field(field, it) + "\n";
      gets += "  " + get_field(field, it) + "\n";
    }
    std::string unused = puts.empty() ? "[[maybe_unused]] " : "";
    if (has(node.getAnnotations(), "checked")) {
      declarations_ += "void check(const " + type + "& it);\n";
      gets += "  check(it);\n";
    }
    source_ += before + "void put(" + unused + "schema::" + name + "::Builder to, " + unused + "const " + type + "& it) {\n" + puts +
               "}\n\n" + before + "void get(" + unused + "schema::" + name + "::Reader from, " + unused + type + "& it) {\n" + gets + "}\n\n";
  }

  std::string put_field(Field::Reader field, const std::string& it) const {
    std::string name = capital(field.getName().cStr());
    auto type = field.getSlot().getType();
    switch (type.which()) {
      case Type::STRUCT: return "put(to.init" + name + "(), " + it + ");";
      case Type::LIST: {
        auto element = type.getList().getElementType();
        std::string list = "auto list = to.init" + name + "(count(" + it + ".size()));";
        std::string each = element.isStruct() ? "put(list[at++], each)" : "list.set(at++, " + written(element, "each") + ")";
        return "{\n    " + list + "\n    capnp::uint at = 0;\n    for (const auto& each : " + it + ") " + each + ";\n  }";
      }
      default: {
        bool sentence = has(field.getAnnotations(), "sentence");
        return "to.set" + name + "(" + written(type, sentence ? "sentence_that_fits(" + it + ")" : it) + ");";
      }
    }
  }
  std::string written(Type::Reader type, const std::string& it) const {
    if (type.isText()) return "text_of(" + it + ")";
    if (type.isData()) return "data_of(" + it + ")";
    if (type.isBool() || type.isFloat64()) return it;
    if (type.isEnum()) return "number<schema::" + short_name(type.getEnum().getTypeId()) + ">(" + it + ")";
    return "number<" + type_of(type) + ">(" + it + ")";
  }

  std::string get_field(Field::Reader field, const std::string& it) const {
    std::string from = "from.get" + capital(field.getName().cStr()) + "()";
    auto type = field.getSlot().getType();
    if (type.isStruct()) return "get(" + from + ", " + it + ");";
    if (!type.isList()) return "take(" + from + ", " + it + ", " + limits(field, type) + ");";
    auto element = type.getList().getElementType();
    std::string each = text(field.getAnnotations(), "each", "one of the " + words(field.getName().cStr(), ' ', std::tolower));
    auto most = text(field.getAnnotations(), "eachMost");
    std::string limit = "{.what = " + quoted(each) + (most ? ", .most = " + *most + ", .printable = true}" : "}");
    std::string read = element.isStruct() ? "get(each, entry)" : "take(each, entry, " + limit + ")";
    return "for (auto each : some(" + from + ", " + limits(field, type) + ")) {\n    EntryOf<decltype(" + it + ")> entry{};\n    " +
           read + ";\n    add(" + it + ", std::move(entry), " + quoted(each) + ");\n  }";
  }
  std::string limits(Field::Reader field, Type::Reader type) const {
    auto annotations = field.getAnnotations();
    bool name = has(annotations, "name");
    bool sentence = has(annotations, "sentence");
    auto most = text(annotations, "most");
    if (!most && type.isEnum()) most = std::to_string(nodes_.at(type.getEnum().getTypeId()).getEnum().getEnumerants().size() - 1);
    if (sentence) most = "kMostSentence";
    std::string out = "{.what = " + quoted(sentence ? "a sentence" : text(annotations, "what", words(field.getName().cStr(), ' ', std::tolower)));
    if (auto least = text(annotations, "least")) out += ", .least = " + *least;
    if (most || name) out += ", .most = " + (name ? "kMostName" : *most);
    if (name) out += ", .printable = true";
    return out + "}";
  }

  CodeGeneratorRequest::Reader request_;
  std::map<std::uint64_t, Node::Reader> nodes_;
  std::map<std::uint64_t, Node::SourceInfo::Reader> infos_;
  std::set<std::uint64_t> declared_;
  std::string enums_;
  std::string header_;
  std::string declarations_;
  std::string source_;
};

}  // namespace

int main() {
  try {
    capnp::StreamFdMessageReader reader(0);
    auto request = reader.getRoot<CodeGeneratorRequest>();
    for (auto file : request.getRequestedFiles()) Structs(request).write(file);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "structs: " << error.what() << "\n";
  } catch (const kj::Exception& error) {
    std::cerr << "structs: " << error.getDescription().cStr() << "\n";
  }
  return 1;
}
