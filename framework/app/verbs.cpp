#include <leat/app/verbs.hpp>

namespace leat {

// Each in the file that does it.
extern const Verb kRunVerb;
extern const Verb kPlanVerb;
extern const Verb kNodeVerb;
extern const Verb kCoordinatorVerb;
extern const Verb kStatusVerb;
extern const Verb kDrainVerb;
extern const Verb kListLettersVerb;
extern const Verb kShowLetterVerb;
extern const Verb kReplayVerb;
extern const Verb kAuthorityVerb;
extern const Verb kCertificateVerb;
extern const Verb kVersionVerb;

std::span<const Verb* const> verbs() {
  static constexpr const Verb* kAll[] = {
      &kRunVerb,
      &kPlanVerb,
      &kNodeVerb,
      &kCoordinatorVerb,
      &kStatusVerb,
      &kDrainVerb,
      &kListLettersVerb,
      &kShowLetterVerb,
      &kReplayVerb,
      &kAuthorityVerb,
      &kCertificateVerb,
      &kVersionVerb,
  };
  return kAll;
}

std::span<const VerbGroup> verb_groups() {
  static constexpr VerbGroup kGroups[] = {
      {"dead-letter", "look at chunks that stages have put aside, or run them again"},
      {"certs", "make the certificates of a cluster"},
  };
  return kGroups;
}

ProgramIdentity VerbCall::identity() const { return {name, executable_build_id(), programs}; }

}  // namespace leat
