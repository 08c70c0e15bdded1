// version: what this program is, as nodes compare it before they work together.
#include <leat/app/verbs.hpp>

namespace leat {
namespace {

void add_version(CLI::App&, ParsedCommand&) {}

int show_version(const VerbCall& call) {
  return call.console.text(call.name + ", build " + call.identity().build + "\n", "the version");
}

}  // namespace

extern const Verb kVersionVerb;
const Verb kVersionVerb{"", "version", "show which build this is, as a cluster compares it", false, add_version, show_version};

}  // namespace leat
