/// Declared kinds: what a graph that is not written in C++ can be made of, in a file or a form.
///
///   leat::DeclaredKind declared_thin() {
///     return leat::declared_kind("Keeps one row in so many.", options(), [](Thinning t) { return thin(t); });
///   }
///
/// One for each kind, beside its actor; whoever offers kinds makes a table of them (actors/actors.hpp).
#pragma once

#include <leat/graph/kind.hpp>
#include <leat/graph/options_of.hpp>

#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace leat {

struct DeclaredKind {
  std::string name;      ///< that of the kinds it makes
  std::string sentence;  ///< what it does
  std::vector<Option> options;
  /// From options that are as declared; those left out have their defaults.
  std::function<StageKind(const OptionValues&)> make;
  StageKind shape;         ///< one made of stand-ins: its ports
  bool takes_any = false;  ///< whatever the stage above gives
  /// Can describe its output only when the source above has been looked at.
  bool needs_source = false;

  /// What a stage that reads from it receives; none: nothing can. A combinable kind's is the combined.
  const std::optional<PayloadType>& gives() const { return shape.combine ? shape.combine->output : shape.output; }
};

/// A stand-in for each of the options.
OptionValues stand_ins(const std::vector<Option>& options);

/// `make` gives a kind for an S. Pure.
template <class S, class Make>
DeclaredKind declared_kind(std::string sentence, OptionsOf<S> options, Make make) {
  DeclaredKind out;
  out.sentence = std::move(sentence);
  out.options = options.declared();
  out.make = [options = std::move(options), make](const OptionValues& given) -> StageKind {
    return make(options.read(given));
  };
  out.shape = out.make(stand_ins(out.options));
  out.name = out.shape.name;
  return out;
}

/// One without options: `make` takes nothing.
template <std::invocable Make>
DeclaredKind declared_kind(std::string sentence, Make make) {
  struct Nothing {};
  return declared_kind(std::move(sentence), OptionsOf<Nothing>(), [make](Nothing) { return make(); });
}

}  // namespace leat
