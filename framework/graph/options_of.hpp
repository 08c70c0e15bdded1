/// The options of a kind, each bound to a member of the struct that its actor is made from.
///
///   struct Thinning { std::string column; std::uint64_t keep = 10; };
///   leat::OptionsOf<Thinning> options() {
///     return leat::OptionsOf<Thinning>()
///         .needs(&Thinning::column, {.name = "column", .sentence = "a numeric column"})
///         .takes(&Thinning::keep, {.name = "keep", .sentence = "one row in so many", .least = 1});
///   }
///   auto kind = leat::stage_kind<leat::Table, leat::Table>("thin", options().of(thinning));
///
/// The type is that of the member, unless the declaration says path, paths or bytes: std::string text, numbers
/// integer or real, bool flag, char character, vector<string> texts, enums choice, map<string, enum>
/// types. The default is the struct's own. An empty std::optional, list or map is left out: `fallback`
/// then says in words what holds. Plain values, nothing is registered. Threads: no state.
#pragma once

#include <leat/graph/option.hpp>

#include <concepts>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace leat {

/// How the values of an enum are written.
template <class E>
using Choices = std::vector<std::pair<std::string, E>>;

/// One member as it is written, for OptionsOf.
struct WrittenOption {
  bool given = true;      ///< false: nothing to write
  std::string canonical;  ///< as canonical options have it
  std::string shown;      ///< as people read it
  double number = 0;      ///< of a number

  static WrittenOption of(const std::string& member) { return {true, option_text(member), member, 0}; }
  static WrittenOption of(bool member) { return plain(member ? "true" : "false", member); }
  static WrittenOption of(char member) { return of(std::string(1, member)); }
  static WrittenOption of(double member) { return plain(shortest_text(member), member); }
  template <std::integral I>
  static WrittenOption of(I member) { return plain(std::to_string(member), static_cast<double>(member)); }
  static WrittenOption of(const std::vector<std::string>& member) {
    std::string all = option_texts(member, ",");
    return {!member.empty(), all, all, 0};
  }
  template <class T>
  static WrittenOption of(const std::optional<T>& member) { return member ? of(*member) : WrittenOption{false, {}, {}, 0}; }
  template <class E>
  static WrittenOption of(E member, const Choices<E>& choices) { return of(name_of(member, choices)); }
  template <class E>
  static WrittenOption of(const std::map<std::string, E>& member, const Choices<E>& choices) {
    WrittenOption all{!member.empty(), {}, {}, 0};
    for (const auto& [name, value] : member) {
      if (!all.canonical.empty()) all.canonical += ',';
      all.canonical.append(option_text(name)).append(1, ':').append(name_of(value, choices));
    }
    all.shown = all.canonical;
    return all;
  }

 private:
  static WrittenOption plain(const std::string& text, double number) { return {true, text, text, number}; }
  // One that is not there is written as nothing: no choice.
  template <class E>
  static std::string name_of(E value, const Choices<E>& choices) {
    for (const auto& [name, choice] : choices) {
      if (choice == value) return name;
    }
    return "";
  }
};

/// The sentence for a member that is not as its option was declared; nothing when it is.
std::optional<Error> wrong_option(const Option& option, const WrittenOption& written);
/// The fallback people read: the struct's default, or the words of the declaration.
std::string default_of(const Option& option, const WrittenOption& written);

/// All options of a kind that is made from an S.
template <class S>
class OptionsOf {
 public:
  /// One that must be given.
  template <class M, class B>
  OptionsOf& needs(M B::*member, Option option) { return bind(member, required(std::move(option))); }
  template <class E, class B>
  OptionsOf& needs(E B::*member, Option option, Choices<E> choices) {
    return bind(member, required(std::move(option)), std::move(choices));
  }
  /// One that may be left out.
  template <class M, class B>
  OptionsOf& takes(M B::*member, Option option) { return bind(member, optional(std::move(option))); }
  template <class M, class B, class E>
  OptionsOf& takes(M B::*member, Option option, Choices<E> choices) {
    return bind(member, optional(std::move(option)), std::move(choices));
  }

  std::vector<Option> declared() const {
    std::vector<Option> all;
    for (const Bound& bound : bound_) all.push_back(bound.option);
    return all;
  }

  /// All of a struct's options as a kind holds them, held against the declarations.
  GivenOptions of(const S& options) const {
    GivenOptions given("");
    for (const Bound& bound : bound_) {
      WrittenOption written = bound.write(options);
      if (!written.given) continue;
      given.text += (given.text.empty() ? "" : " ") + bound.option.name + "=" + written.canonical;
      if (!given.wrong) given.wrong = wrong_option(bound.option, written);
    }
    return given;
  }

  /// The struct with what was given; the rest keeps its default.
  S read(const OptionValues& given) const {
    S options{};
    for (const Bound& bound : bound_) {
      if (given.has(bound.option.name)) bound.set(options, given[bound.option.name]);
    }
    return options;
  }

 private:
  struct Bound {
    Option option;
    std::function<WrittenOption(const S&)> write;
    std::function<void(S&, const OptionValue&)> set;
  };

  static Option required(Option option) {
    option.fallback.reset();
    return option;
  }
  static Option optional(Option option) {
    if (!option.fallback) option.fallback = "";
    return option;
  }

  template <class M, class B>
  OptionsOf& bind(M B::*member, Option option) {
    if (option.type == OptionType::text) option.type = type_of(static_cast<M*>(nullptr));
    return add(std::move(option), [member](const S& options) { return WrittenOption::of(options.*member); },
               [member, type = option.type](S& options, const OptionValue& value) {
                 set(options.*member, type, value);
               });
  }
  template <class M, class B, class E>
  OptionsOf& bind(M B::*member, Option option, Choices<E> choices) {
    option.type = std::is_same_v<M, E> ? OptionType::choice : OptionType::types;
    for (const auto& choice : choices) option.choices.push_back(choice.first);
    return add(std::move(option),
               [member, choices](const S& options) { return WrittenOption::of(options.*member, choices); },
               [member, choices](S& options, const OptionValue& value) { set(options.*member, choices, value); });
  }
  OptionsOf& add(Option option, std::function<WrittenOption(const S&)> write,
                 std::function<void(S&, const OptionValue&)> set) {
    if (option.fallback) option.fallback = default_of(option, write(S{}));
    bound_.push_back({std::move(option), std::move(write), std::move(set)});
    return *this;
  }

  static OptionType type_of(const std::string*) { return OptionType::text; }
  static OptionType type_of(const bool*) { return OptionType::flag; }
  static OptionType type_of(const char*) { return OptionType::character; }
  static OptionType type_of(const double*) { return OptionType::real; }
  static OptionType type_of(const std::vector<std::string>*) { return OptionType::texts; }
  template <std::integral I>
  static OptionType type_of(const I*) { return OptionType::integer; }
  template <class T>
  static OptionType type_of(const std::optional<T>*) { return type_of(static_cast<const T*>(nullptr)); }

  static void set(std::string& member, OptionType, const OptionValue& value) { member = value.text; }
  static void set(bool& member, OptionType, const OptionValue& value) { member = value.flag; }
  static void set(char& member, OptionType, const OptionValue& value) { member = value.text.at(0); }
  static void set(double& member, OptionType, const OptionValue& value) { member = value.real; }
  static void set(std::vector<std::string>& member, OptionType, const OptionValue& value) { member = value.texts; }
  template <std::integral I>
  static void set(I& member, OptionType type, const OptionValue& value) {
    member = type == OptionType::bytes ? static_cast<I>(value.bytes) : static_cast<I>(value.integer);
  }
  template <class T>
  static void set(std::optional<T>& member, OptionType type, const OptionValue& value) {
    set(member.emplace(), type, value);
  }
  template <class E>
  static void set(E& member, const Choices<E>& choices, const OptionValue& value) {
    for (const auto& [name, choice] : choices) {
      if (name == value.text) member = choice;
    }
  }
  template <class E>
  static void set(std::map<std::string, E>& member, const Choices<E>& choices, const OptionValue& value) {
    for (const auto& [name, type] : value.types) {
      OptionValue one;
      one.text = type;
      set(member[name], choices, one);
    }
  }

  std::vector<Bound> bound_;
};

}  // namespace leat
