#include <leat/app/verbs.hpp>

namespace leat {

// Each in the file that does it.
extern const Verb kRunVerb;
extern const Verb kPlanVerb;
extern const Verb kNodeVerb;
extern const Verb kCoordinatorVerb;
extern const Verb kStatusVerb;
extern const Verb kJobsVerb;
extern const Verb kDescribeVerb;
extern const Verb kTopVerb;
extern const Verb kWhyVerb;
extern const Verb kTapVerb;
extern const Verb kDumpVerb;
extern const Verb kCheckpointVerb;
extern const Verb kLogsVerb;
extern const Verb kTraceVerb;
extern const Verb kCancelVerb;
extern const Verb kDrainVerb;
extern const Verb kUploadVerb;
extern const Verb kListLettersVerb;
extern const Verb kShowLetterVerb;
extern const Verb kReplayVerb;
extern const Verb kAuthorityVerb;
extern const Verb kCertificateVerb;
extern const Verb kCompletionVerb;
extern const Verb kManVerb;
extern const Verb kVersionVerb;
extern const Verb kServeVerb;

Verbs verbs(bool with_service) {
  static constexpr const Verb* kAll[] = {
      &kRunVerb,
      &kPlanVerb,
      &kNodeVerb,
      &kCoordinatorVerb,
      &kStatusVerb,
      &kJobsVerb,
      &kDescribeVerb,
      &kTopVerb,
      &kWhyVerb,
      &kTapVerb,
      &kDumpVerb,
      &kCheckpointVerb,
      &kLogsVerb,
      &kTraceVerb,
      &kCancelVerb,
      &kDrainVerb,
      &kUploadVerb,
      &kListLettersVerb,
      &kShowLetterVerb,
      &kReplayVerb,
      &kAuthorityVerb,
      &kCertificateVerb,
      &kCompletionVerb,
      &kManVerb,
      &kVersionVerb,
      &kServeVerb,  // the last, which most programs are without
  };
  return with_service ? Verbs(kAll) : Verbs(kAll).first(std::size(kAll) - 1);
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
