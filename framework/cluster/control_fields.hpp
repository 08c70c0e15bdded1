/// How one field of a control message is written and read, whichever message it is of: numbers that fit, texts,
/// limits. What is made of schemas/control.capnp calls it, field by field.
#pragma once

#include <leat/cluster/control.hpp>
#include <leat/graph/node_list.hpp>
#include <leat/schemas/control.capnp.h>

#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace leat::control {

/// What cannot be written, and what is wrong with bytes from outside: thrown between encode() or decode() and
/// here, and no further. Cap'n Proto speaks by exceptions too.
struct Unfit {
  std::string what;
};
struct Bad {
  std::string what;
};

/// What holds for a field. The most, where nothing is said: of a text kMostText bytes, of a list kMostEntries.
struct Limits {
  const char* what = "";  ///< for sentences: "a node's name", "labels"
  std::size_t least = 0;
  std::size_t most = std::numeric_limits<std::size_t>::max();
  bool printable = false;  ///< one line
};

/// Of whom a sentence is that says what cannot be told, and what to do.
struct Said {
  const char* who = "a message";
  const char* advice = "make it smaller";
};
Said said_of(const Message& message);

/// A whole message. Throw Unfit and Bad.
void put(schema::Message::Builder to, const Message& message);
void get(schema::Message::Reader from, Message& message);
/// All of a stage's progress but its metrics.
void put(schema::NamedProgress::Builder to, const StageProgress& stage);
void get(schema::NamedProgress::Reader from, StageProgress& stage);

// Writing.

/// With its length, so that zeros inside survive. The text must outlive it.
inline capnp::Text::Reader text_of(const std::string& text) { return {text.c_str(), text.size()}; }
inline capnp::Data::Reader data_of(const std::string& bytes) {
  return {reinterpret_cast<const kj::byte*>(bytes.data()), bytes.size()};
}

/// The same number, as a field has it.
template <class To, class From>
To number(From value) {
  if constexpr (std::is_enum_v<To>) {
    return static_cast<To>(value);
  } else if constexpr (std::is_enum_v<From>) {
    return static_cast<To>(value);
  } else {
    if (value > std::numeric_limits<To>::max()) throw Unfit{"a number as large as " + std::to_string(value)};
    return static_cast<To>(value);
  }
}
template <class To>
To number(std::chrono::milliseconds time) {
  if (time.count() < 0) throw Unfit{"a time below 0"};
  return number<To>(static_cast<std::uint64_t>(time.count()));
}
inline capnp::uint count(std::size_t size) { return number<capnp::uint>(size); }

// Reading.

/// Throws where the number, of bytes or entries where `of` says so, is beyond a limit.
void within(std::uint64_t number, const Limits& limits, const char* of);

void take(capnp::Text::Reader from, std::string& into, Limits limits);
void take(capnp::Data::Reader from, std::string& into, Limits limits);
inline void take(bool from, bool& into, const Limits&) { into = from; }
inline void take(double from, double& into, const Limits&) { into = from; }
inline void take(std::uint32_t from, std::chrono::milliseconds& into, const Limits&) { into = std::chrono::milliseconds(from); }
template <class From, class To>
  requires(std::is_integral_v<From> || std::is_enum_v<From>)
void take(From from, To& into, const Limits& limits) {
  auto number = static_cast<std::uint64_t>(from);
  if constexpr (std::is_enum_v<To>) {
    if (number > limits.most) throw Bad{std::string(limits.what) + " of an unknown kind"};
  } else {
    within(number, limits, "");
  }
  into = static_cast<To>(from);
}

/// The list, when it is within its limits.
template <class List>
List some(List list, Limits limits) {
  if (limits.most > kMostEntries) limits.most = kMostEntries;
  within(list.size(), limits, "entries");
  return list;
}

template <class Container>
struct Entries;
template <class T>
struct Entries<std::vector<T>> {
  using type = T;
};
template <class K, class V>
struct Entries<std::map<K, V>> {
  using type = std::pair<K, V>;
};
/// What a list's entry is read as.
template <class Container>
using EntryOf = typename Entries<Container>::type;

template <class T>
void add(std::vector<T>& to, T&& entry, const char*) {
  to.push_back(std::move(entry));
}
template <class K, class V>
void add(std::map<K, V>& to, std::pair<K, V>&& entry, const char* what) {
  if (!to.insert(std::move(entry)).second) throw Bad{std::string(what) + " twice"};
}

}  // namespace leat::control
