#include <algorithm>

#include <leat/graph/kind.hpp>

namespace leat {
namespace {

bool stands_alone(char c) {
  bool letter =
      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
  return letter || (c >= '0' && c <= '9') ||
         std::string_view("._-/+").find(c) != std::string_view::npos;
}

}  // namespace

std::string option_text(std::string_view text) {
  if (!text.empty() && std::all_of(text.begin(), text.end(), stands_alone))
    return std::string(text);
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string option_texts(const std::vector<std::string>& texts, std::string_view between) {
  std::string all;
  for (const std::string& text : texts) {
    if (&text != &texts.front()) all += between;
    all += option_text(text);
  }
  return all;
}

}  // namespace leat
