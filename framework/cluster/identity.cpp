#include <leat/cluster/control.hpp>

#include <leat/graph/fingerprint.hpp>

#include <algorithm>

namespace leat::control {

Identity identity_of(const ProgramIdentity& identity) {
  Identity out{identity.build, {}};
  for (const Program& program : identity.programs) {
    // What is hidden is a job's own, its fallback above all; the graph itself is compared with the job.
    auto hidden = std::count_if(program.params.begin(), program.params.end(), [](const Option& p) { return p.hidden; });
    auto shown = program.params.size() - static_cast<std::size_t>(hidden);
    out.lines.push_back("graph " + program.name + ": " + std::to_string(shown) + " parameters");
    for (const Option& param : program.params) {
      if (param.hidden) continue;
      std::string line = "parameter " + program.name + " --" + param.name + ": " + type_name(param.type);
      for (const std::string& choice : param.choices) line += " " + choice;
      if (param.fallback) line += ", else " + *param.fallback;
      if (param.least) line += ", least " + std::to_string(*param.least);
      if (param.most) line += ", most " + std::to_string(*param.most);
      out.lines.push_back(std::move(line));
    }
  }
  return out;
}

std::string difference(const Identity& ours, const Identity& theirs, const std::string& our_name,
                       const std::string& their_name) {
  if (ours.lines != theirs.lines) return first_difference(ours.lines, theirs.lines, our_name, their_name);
  if (ours.build == theirs.build) return "";
  return our_name + " is build " + ours.build + ", " + their_name + " is build " + theirs.build;
}

}  // namespace leat::control
