#include <leat/graph/options_of.hpp>

#include <leat/graph/bound.hpp>

namespace leat {
namespace {

Result<void> judged(const Option& option, const WrittenOption& written) {
  switch (option.type) {
    case OptionType::integer:
    case OptionType::real:
    case OptionType::bytes: return within_bounds(option, written.number);
    case OptionType::choice: return among_choices(option, written.shown);
    case OptionType::path:
    case OptionType::character: {
      auto read = option_value(option, written.shown);
      if (!read) return read.error();
      return {};
    }
    case OptionType::paths:
      // One that is empty would be written as two quotes.
      if (written.shown.find("\"\"") != std::string::npos) return invalid("must name files");
      return {};
    default: return {};
  }
}

}  // namespace

std::optional<Error> wrong_option(const Option& option, const WrittenOption& written) {
  auto judgement = judged(option, written);
  if (judgement) return std::nullopt;
  bool number = option.type == OptionType::integer || option.type == OptionType::real ||
                option.type == OptionType::bytes;
  bool plain = number || option.type == OptionType::paths;
  std::string value = plain ? written.shown : "\"" + written.shown + "\"";
  // A value of an enum that is no choice has no name.
  bool unnamed = option.type == OptionType::choice && written.shown.empty();
  return invalid(option.name + ": " + (unnamed ? "" : value + " ") + judgement.error().sentence)
      .about({.option = option.name});
}

std::string default_of(const Option& option, const WrittenOption& written) {
  if (!written.given) return *option.fallback;
  if (option.type != OptionType::bytes) return written.shown;
  return byte_text(static_cast<std::uint64_t>(written.number));
}

}  // namespace leat
