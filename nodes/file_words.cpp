#include "nodes/file_words.hpp"

namespace leat::nodes {

Result<FileWords> file_words(const std::vector<std::string>& words, const std::string& command,
                             const std::string& needs, const std::set<std::string>& flags) {
  FileWords out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (flags.count(word) > 0) {
      out.flags.insert(word);
    } else if (word.rfind("--", 0) == 0) {
      std::size_t equals = word.find('=');
      bool apart = equals == word.npos;
      if (apart && i + 1 == words.size()) return invalid(word + " needs a value");
      std::string name = word.substr(2, apart ? word.npos : equals - 2);
      out.values[name] = apart ? words[++i] : word.substr(equals + 1);
    } else if (word.rfind("-", 0) == 0 && word.size() > 1) {
      return invalid(word + " is not known: see leat --help");
    } else if (out.path.empty()) {
      out.path = word;
    } else {
      return invalid(word + " is not expected here: " + command + " takes one file");
    }
  }
  if (out.path.empty()) return invalid(command + " needs " + needs);
  return out;
}

}  // namespace leat::nodes
