/// TOML as plain values that know where they stand.
///
///   auto read = leat::nodes::read_toml("name = \"flights\"\n");
///   auto& root = std::get<leat::nodes::Value>(read);
///   root.table[0].key          // "name"
///   root.table[0].value.at     // line 1, column 8
///
/// Contract. TOML 1.0, read with toml++, which no other file sees. Members stand in the order of
/// the text. Errors carry the place: what is no TOML, a text of more than kMostText bytes, a key of
/// more than kMostKeyParts parts (toml++ recurses once a part), keys written twice. Threads: no
/// state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <leat/chunk/result.hpp>
#include <leat/graph/args.hpp>

namespace leat::nodes {

/// A graph travels as a value of a parameter.
inline constexpr std::size_t kMostText = kMostValue;

/// Text from a file as it may stand in a sentence: control characters escaped, at most `most`
/// bytes.
std::string shown(std::string_view text, std::size_t most = 60);

/// A place in a text; both count from 1, columns in characters. Line 0: nowhere.
struct Position {
  std::size_t line = 0;
  std::size_t column = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

/// What is wrong at a place: one sentence without the place, on one line whatever names it quotes.
struct Complaint {
  Complaint(Position place, std::string_view said);
  Position at;
  std::string sentence;
};
using Complaints = std::vector<Complaint>;

/// "FILE:LINE:COLUMN: sentence", on one line.
std::string located(const std::string& file, const Complaint& complaint);

struct Member;

/// One TOML value.
struct Value {
  enum class Type { text, integer, real, flag, date, list, table };
  Type type = Type::table;
  Position at;
  std::string text;  ///< text; of a date nothing
  std::int64_t integer = 0;
  double real = 0;
  bool flag = false;
  std::vector<Value> list;
  std::vector<Member> table;

  /// The member with this key, or nullptr.
  const Member* find(std::string_view key) const;
};

/// A key with its value.
struct Member {
  std::string key;
  Position at;  ///< of the key
  Value value;
};

/// "a string", "an integer" ...: the words of TOML, for sentences.
std::string_view type_name(Value::Type type);

/// A value, or the place and the sentence.
using Parsed = std::variant<Value, Complaint>;
Parsed read_toml(std::string_view text);

}  // namespace leat::nodes
