// version: what this program is, as nodes compare it before they work together.
#include <leat/app/verbs.hpp>

namespace leat {
namespace {

void add_version(CLI::App&, Spoken&) {}

int show_version(const VerbCall& call) {
  return call.voice.text(call.name + ", build " + call.identity().build + "\n", "the version");
}

}  // namespace

extern const Verb kVersionVerb;
const Verb kVersionVerb{"", "version", "show which build this is, as a cluster compares it", false, add_version, show_version};

}  // namespace leat
