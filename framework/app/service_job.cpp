#include <leat/app/service_job.hpp>

#include <leat/graph/json_text.hpp>
#include <leat/inspect/snapshot_json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

std::string at(inspect::JobNumber number, const char* rest) {
  return "/api/v1/jobs/" + std::to_string(number) + rest;
}

bool is_over(const std::string& stage) { return stage != "running" && stage != "queued"; }

// A service kills a job that does not end.
constexpr std::chrono::seconds kEndWithin{40};

class ServiceJob final : public LookedAt {
 public:
  ServiceJob(ServiceClient client, inspect::JobNumber number) : client_(std::move(client)), number_(number) {}

  Result<std::string> described() override {
    auto stage = client_.stage_of(number_);
    if (!stage) return stage;
    if (is_over(*stage)) return ended(*stage);
    return client_.job(number_);
  }

  Result<JobSnapshot> snapshot() override {
    auto heard = ask({"snapshot"});
    if (!heard) return std::move(heard).error();
    auto snapshot = inspect::parse_snapshot_answer(heard->front().answer);
    return snapshot ? std::move(snapshot) : Result<JobSnapshot>(corrupt("the answer has no snapshot: no leat service is there"));
  }

  Result<std::vector<Heard>> ask(inspect::Question question) override {
    auto answer = client_.ask({"POST", at(number_, "/ask"), {}, inspect::question_line(question)});
    if (answer) {
      auto checked = inspect::checked_answer(std::move(answer->body));
      if (!checked) return std::move(checked).error();
      return std::vector<Heard>{{"", true, std::move(*checked)}};
    }
    if (answer.error().kind != ErrorKind::invalid) return std::move(answer).error();
    auto stage = client_.stage_of(number_);
    if (stage && is_over(*stage)) return ended(*stage);
    return std::move(answer).error();
  }

  bool gone_within(std::chrono::milliseconds time) override {
    auto until = std::chrono::steady_clock::now() + time;
    while (true) {
      auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
      auto stage = client_.stage_of(number_, std::max(left, std::chrono::milliseconds(0)));
      // What cannot be asked now is not known to be gone; the next answer says why.
      if (!stage) return false;
      if (is_over(*stage)) return true;
      if (std::chrono::steady_clock::now() >= until) return false;
    }
  }

 private:
  Error ended(const std::string& stage) const {
    return {ErrorKind::disconnected, "job " + std::to_string(number_) + " has ended: it is " + stage};
  }

  ServiceClient client_;
  inspect::JobNumber number_;
};

struct Said {
  ServiceClient client;
  inspect::JobNumber number;
};

Result<Said> said_job(const VerbCall& call) {
  auto client = ServiceClient::of(call.request.asked_service);
  if (!client) return std::move(client).error();
  auto number = client->number_of(call.request.asked.job);
  if (!number) return std::move(number).error();
  return Said{std::move(*client), *number};
}

}  // namespace

Result<std::unique_ptr<LookedAt>> job_of_service(const VerbCall& call) {
  auto said = said_job(call);
  if (!said) return std::move(said).error();
  return std::unique_ptr<LookedAt>(std::make_unique<ServiceJob>(std::move(said->client), said->number));
}

Result<ServiceEnd> cancel_on_service(const VerbCall& call) {
  auto said = said_job(call);
  if (!said) return std::move(said).error();
  if (auto asked = said->client.ask({"POST", at(said->number, "/cancel")}); !asked) return std::move(asked).error();
  auto until = std::chrono::steady_clock::now() + kEndWithin;
  while (std::chrono::steady_clock::now() < until) {
    auto stage = said->client.stage_of(said->number, ServiceClient::kMostWait);
    if (!stage) return std::move(stage).error();
    if (is_over(*stage)) return ServiceEnd{said->number, *stage};
  }
  return failed("job " + std::to_string(said->number) + " was asked to end, and has not: describe says what it does");
}

Result<ServiceEnd> drain_on_service(const VerbCall& call) {
  auto said = said_job(call);
  if (!said) return std::move(said).error();
  if (auto asked = said->client.ask({"POST", at(said->number, "/drain")}); !asked) return std::move(asked).error();
  return ServiceEnd{said->number, "draining"};
}

}  // namespace leat
