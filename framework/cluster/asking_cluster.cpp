// What who is no member asks of a cluster: its status, its nodes' answers; and what ends jobs and nodes.
#include <leat/cluster/caller.hpp>

#include <algorithm>
#include <chrono>

namespace leat {
namespace {

constexpr std::chrono::milliseconds kBetween{100};
constexpr std::chrono::milliseconds kAnswerWithin{5000};

Result<control::Message> answered(Caller& caller, const SubmitOptions& options, const control::Message& question) {
  caller.say(question);
  auto answer = caller.answer(kAnswerWithin);
  if (answer) return std::move(*answer);
  return Error{ErrorKind::disconnected, "the coordinator " + to_string(options.coordinator) + " gives no answer"};
}

Result<ClusterStatus> ask(Caller& caller, const SubmitOptions& options, const control::Message& question) {
  auto answer = answered(caller, options, question);
  if (!answer) return std::move(answer).error();
  if (auto* status = std::get_if<ClusterStatus>(&*answer)) return std::move(*status);
  return unexpected_answer();
}

Result<ClusterStatus> ask(const SubmitOptions& options, const Transport& transport, const control::Message& question) {
  Caller caller(options);
  if (auto ok = caller.open(transport); !ok) return std::move(ok).error();
  return ask(caller, options, question);
}

bool has(const ClusterStatus& status, control::JobId job) {
  return std::any_of(status.jobs.begin(), status.jobs.end(), [&](const JobStatus& one) { return one.id == job; });
}

}  // namespace

Result<ClusterStatus> cluster_status(const SubmitOptions& options, const Transport& transport) {
  return ask(options, transport, control::AskStatus{control::identity_of(options.identity)});
}

Result<void> cancel_job(const SubmitOptions& options, std::uint64_t job, std::chrono::milliseconds within,
                        const Transport& transport) {
  Caller caller(options);
  if (auto ok = caller.open(transport); !ok) return std::move(ok).error();
  control::Message question = control::AskStatus{control::identity_of(options.identity)};
  auto status = ask(caller, options, question);
  question = control::Interrupt{job};
  auto until = std::chrono::steady_clock::now() + within;
  while (status) {
    caller.forget();
    status = ask(caller, options, question);
    if (!status) break;
    if (!has(*status, job)) return {};
    if (std::chrono::steady_clock::now() >= until) {
      return overloaded("job " + std::to_string(job) + " has been told to end and has not yet: a stage of it does not return, or it commits");
    }
    question = control::AskStatus{control::identity_of(options.identity)};
    caller.forget();
    [[maybe_unused]] auto nothing = caller.answer(kBetween);
  }
  return std::move(status).error();
}

Result<void> drain_job(const SubmitOptions& options, std::uint64_t job, const Transport& transport) {
  Caller caller(options);
  if (auto ok = caller.open(transport); !ok) return std::move(ok).error();
  auto status = ask(caller, options, control::AskStatus{control::identity_of(options.identity)});
  if (!status) return std::move(status).error();
  caller.forget();
  status = ask(caller, options, control::DrainJob{job});
  if (!status) return std::move(status).error();
  return {};
}

namespace {

class CallerQuestions final : public NodeQuestions {
 public:
  explicit CallerQuestions(const SubmitOptions& options) : options_(options), caller_(options) {}

  Result<void> open(const Transport& transport) {
    if (auto ok = caller_.open(transport); !ok) return ok;
    auto status = this->status();
    return status ? Result<void>() : std::move(status).error();
  }

  void wait(std::chrono::milliseconds time) override {
    caller_.forget();
    auto said = caller_.answer(time);
    if (said && !*said) lost_ = said->error();
  }

  Result<ClusterStatus> status() override {
    if (lost_) return *lost_;
    caller_.forget();
    return leat::ask(caller_, options_, control::AskStatus{control::identity_of(options_.identity)});
  }

  Result<std::vector<NodeAnswer>> ask(std::uint64_t job, const std::string& question) override {
    if (lost_) return *lost_;
    caller_.forget();
    auto answer = answered(caller_, options_, control::Ask{job, 0, question});
    if (!answer) return std::move(answer).error();
    if (auto* said = std::get_if<control::Answers>(&*answer)) return std::move(said->answers);
    return unexpected_answer();
  }

 private:
  const SubmitOptions options_;
  Caller caller_;
  std::optional<Error> lost_;
};

}  // namespace

Result<std::unique_ptr<NodeQuestions>> open_questions(const SubmitOptions& options, const Transport& transport) {
  auto questions = std::make_unique<CallerQuestions>(options);
  if (auto ok = questions->open(transport); !ok) return std::move(ok).error();
  return std::unique_ptr<NodeQuestions>(std::move(questions));
}

Result<void> drain_node(const SubmitOptions& options, const std::string& node, const Transport& transport) {
  if (node.empty()) return invalid("say which node to drain");
  auto status = ask(options, transport, control::Drain{node, control::identity_of(options.identity)});
  if (!status) return std::move(status).error();
  return {};
}

}  // namespace leat
