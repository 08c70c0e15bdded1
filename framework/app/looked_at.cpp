#include <leat/app/looked_at.hpp>

#include <leat/app/asking.hpp>
#include <leat/app/cluster_run.hpp>
#include <leat/app/service_job.hpp>
#include <leat/chunk/one_line.hpp>
#include <leat/graph/json_text.hpp>
#include <leat/inspect/snapshot_json.hpp>

#include <nlohmann/json.hpp>

#include <map>
#include <optional>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

// Bytes of what all processes answer together: half of what one message may have.
constexpr std::size_t kMostOfAll = std::size_t{8} << 20;

Result<JobSnapshot> snapshot_in(const std::string& answer) {
  Json json = Json::parse(answer);
  if (!json.contains("snapshot")) return corrupt("the answer has no snapshot: it comes from another program");
  return inspect::parse_snapshot(json_text(json["snapshot"]));
}

class LocalJob final : public LookedAt {
 public:
  LocalJob(inspect::InspectClient client, std::string share) : client_(std::move(client)), share_(std::move(share)) {}

  Result<std::string> described() override { return leat::described(client_); }

  Result<JobSnapshot> snapshot() override {
    auto heard = ask({"snapshot"});
    if (!heard) return std::move(heard).error();
    return snapshot_in(heard->front().answer);
  }

  Result<std::vector<Heard>> ask(inspect::Question question) override {
    question.options["job"] = share_;
    auto answer = client_.ask(question);
    if (!answer) return std::move(answer).error();
    return std::vector<Heard>{{"", true, std::move(*answer)}};
  }

  bool gone_within(std::chrono::milliseconds time) override { return client_.gone_within(time); }

 private:
  inspect::InspectClient client_;
  std::string share_;
};

class ClusterJob final : public LookedAt {
 public:
  // `processes`: of the cluster. A job of no graph has ended.
  ClusterJob(std::unique_ptr<NodeQuestions> cluster, const JobStatus& job, std::size_t processes)
      : cluster_(std::move(cluster)),
        id_(job.id),
        name_((job.graph.empty() ? "" : job.graph + " ") + std::to_string(job.id)),
        was_there_(!job.graph.empty()),
        most_(kMostOfAll / processes) {}

  Result<std::string> described() override {
    auto status = cluster_->status();
    if (!status) return of_coordinator(std::move(status).error());
    for (const JobStatus& job : status->jobs) {
      if (job.id == id_) return described_job(job);
    }
    return ended();
  }

  Result<JobSnapshot> snapshot() override {
    auto heard = ask({"snapshot"});
    if (!heard) return std::move(heard).error();
    std::vector<JobSnapshot> shares;
    for (const Heard& one : *heard) {
      auto share = one.heard ? snapshot_in(one.answer) : Result<JobSnapshot>(last_of(one.node));
      if (!share) return share;
      for (NodeSnapshot& node : share->nodes) node.name = one.node;
      if (one.heard) last_[one.node] = *share;
      shares.push_back(std::move(*share));
    }
    return joined(shares);
  }

  Result<std::vector<Heard>> ask(inspect::Question question) override {
    question.options["job"] = name_;
    question.options["most"] = std::to_string(most_);
    std::string line = inspect::question_line(question);
    line.pop_back();
    auto answers = cluster_->ask(id_, line);
    if (!answers) return lost(std::move(answers).error());
    if (answers->empty()) return invalid("job " + std::to_string(id_) + " has no cells yet, or none any more: describe says its state");
    std::vector<Heard> heard;
    std::optional<Error> first;
    bool any = false;
    for (NodeAnswer& one : *answers) {
      auto answer = checked(one);
      if (!answer && !first) first = answer.error().in("node " + one_line(one.node));
      if (!answer) continue;
      any = any || one.heard;
      heard.push_back({one.node, one.heard, std::move(*answer)});
    }
    if (first && !any) return *first;
    return heard;
  }

  // Nothing tells of its end but the next answer.
  bool gone_within(std::chrono::milliseconds time) override {
    cluster_->wait(time);
    return false;
  }

 private:
  // "" of one that was not heard.
  static Result<std::string> checked(const NodeAnswer& one) {
    if (!one.heard) return std::string();
    if (one.answer.empty()) return overloaded("its answer is too long to be told: ask it on its machine");
    return inspect::checked_answer(one.answer);
  }

  JobSnapshot last_of(const std::string& node) const {
    auto known = last_.find(node);
    JobSnapshot share = known == last_.end() ? JobSnapshot() : known->second;
    if (share.nodes.empty()) share.nodes.emplace_back();
    for (NodeSnapshot& each : share.nodes) each.heard = false;
    return share;
  }

  // That it is lost does not say that the job has ended.
  static Error of_coordinator(Error why) {
    if (why.kind == ErrorKind::disconnected) why.kind = ErrorKind::failed;
    return why;
  }

  Error ended() const { return {ErrorKind::disconnected, "job " + std::to_string(id_) + " has ended"}; }

  // One that is not there any more has ended while it was looked at.
  Error lost(Error why) {
    if (why.kind != ErrorKind::invalid || !was_there_) return of_coordinator(std::move(why));
    auto job = described();
    return !job && job.error().kind == ErrorKind::disconnected ? job.error() : why;
  }

  std::unique_ptr<NodeQuestions> cluster_;
  const std::uint64_t id_;
  const std::string name_;  // as nodes call it
  const bool was_there_;
  const std::size_t most_;  // bytes of an answer, where it can be told shorter
  std::map<std::string, JobSnapshot> last_;
};

Result<std::unique_ptr<LookedAt>> of_cluster(const VerbCall& call, bool may_have_ended) {
  auto options = submit_options(call.identity(), call.request);
  if (!options) return std::move(options).error();
  auto cluster = NodeQuestions::open(*options);
  if (!cluster) return std::move(cluster).error();
  auto status = (*cluster)->status();
  if (!status) return std::move(status).error();
  auto job = job_called(*status, call.request.asked.job);
  auto number = number_in(call.request.asked.job);
  if (!job && may_have_ended && number) job = JobStatus{*number, {}, {}, {}};
  if (!job) return std::move(job).error();
  return std::unique_ptr<LookedAt>(std::make_unique<ClusterJob>(std::move(*cluster), *job, status->members.size() + 1));
}

Result<std::unique_ptr<LookedAt>> of_machine(const VerbCall& call) {
  auto client = asked_job(call.request);
  if (!client) return std::move(client).error();
  return std::unique_ptr<LookedAt>(std::make_unique<LocalJob>(std::move(*client), call.request.asked.share));
}

}  // namespace

Result<std::unique_ptr<LookedAt>> looked_at(const VerbCall& call) {
  if (call.request.asked_service.at) return job_of_service(call);
  return call.request.access.cluster ? of_cluster(call, false) : of_machine(call);
}

Result<std::unique_ptr<LookedAt>> job_of_cluster(const SubmitOptions& options, std::uint64_t number, const std::string& graph) {
  auto cluster = NodeQuestions::open(options);
  if (!cluster) return std::move(cluster).error();
  auto status = (*cluster)->status();
  if (!status) return std::move(status).error();
  JobStatus job{number, graph, {}, {}};
  return std::unique_ptr<LookedAt>(std::make_unique<ClusterJob>(std::move(*cluster), job, status->members.size() + 1));
}

Result<std::unique_ptr<LookedAt>> looked_back_at(const VerbCall& call) {
  if (call.request.asked_service.at) return job_of_service(call);
  return call.request.access.cluster ? of_cluster(call, true) : of_machine(call);
}

std::string silent_nodes(const JobSnapshot& snapshot) {
  std::string text;
  for (const NodeSnapshot& node : snapshot.nodes) {
    if (!node.heard) text += " (node " + one_line(node.name) + " is silent)";
  }
  return text;
}

}  // namespace leat
