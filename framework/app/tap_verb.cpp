// tap: the first rows that a stage emits from now on.
#include <leat/app/asking.hpp>
#include <leat/app/chunk_rows.hpp>
#include <leat/app/looked_at.hpp>
#include <leat/app/show.hpp>
#include <leat/runtime/tap.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <random>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

// Between two looks at what has come.
constexpr std::chrono::milliseconds kBetweenRows{100};

// No two taps have the same.
std::string new_name() {
  std::random_device random;
  return std::to_string(random()) + "-" + std::to_string(random());
}

// Shows rows as they come, of all nodes no more than are wanted.
class Rows {
 public:
  explicit Rows(const VerbCall& call) : call_(call), left_(call.request.asked.rows) {}

  // Of what a process has copied so far, what is new. False: no more will come of it.
  bool take(const LookedAt::Heard& heard) {
    if (!heard.heard) return true;
    Json json = Json::parse(heard.answer);
    auto rows = json.value("rows", std::vector<std::string>());
    auto nodes = json.value("nodes", std::vector<std::string>());  // of a run on a cluster, whose each is
    std::map<std::string, std::size_t> said;
    for (std::size_t row = 0; row < rows.size() && left_ > 0; ++row) {
      const std::string& node = row < nodes.size() ? nodes[row] : heard.node;
      std::size_t& shown = shown_[node];
      if (said[node]++ < shown) continue;
      text_ += shown_row(rows[row], node);
      ++shown, --left_;
    }
    return !json.value("over", false);
  }

  // Returns the exit status so far.
  int flush() {
    if (text_.empty()) return kDone;
    return call_.console.text(std::exchange(text_, ""), "the rows");
  }
  bool enough() const { return left_ == 0; }
  bool none() const { return left_ == call_.request.asked.rows; }

 private:
  std::string shown_row(const std::string& row, const std::string& node) {
    if (call_.request.json) return rows_json({row}, call_.request.asked.place, node);
    return rows_text({row}, header_);
  }

  const VerbCall& call_;
  std::size_t left_;
  std::map<std::string, std::size_t> shown_;  // by node
  std::string header_;
  std::string text_;
};

int tap(const VerbCall& call) {
  const Asked& asked = call.request.asked;
  auto job = looked_at(call);
  if (!job) return call.console.error(job.error(), true);
  inspect::Question question{"tap", {{"tap", new_name()}, {"place", asked.place}, {"rows", std::to_string(asked.rows)}}};
  Rows rows(call);
  for (bool goes_on = true, first = true; goes_on && !rows.enough(); first = false) {
    if (!first) (*job)->gone_within(kBetweenRows);
    auto heard = (*job)->ask(question);
    // A job that has ended has no more rows.
    if (!heard && !first && has_ended(heard.error())) break;
    if (!heard) return call.console.error(heard.error(), true);
    goes_on = false;
    for (const auto& one : *heard) goes_on = rows.take(one) || goes_on;
    if (int status = rows.flush(); status != kDone) return status;
  }
  if (rows.none()) print(stderr, call.name + ": " + one_line(asked.place) + " has emitted no row before the job ended\n");
  return kDone;
}

void add_tap(CLI::App& command, ParsedCommand& parsed) {
  add_job(command, parsed);
  command.add_option("place", parsed.request.asked.place, "a stage, or an edge as FROM>TO")->required()->type_name("");
  command.add_option("--rows", parsed.request.asked.rows, "how many rows, 100 at most (10)")
      ->type_name("integer")
      ->check(whole_number(1, Tap::kMostRows));
  add_json(command, parsed);
  add_cluster(command, parsed, "a job of the coordinator there");
  add_service(command, parsed, "a job of the service there");
}

}  // namespace

extern const Verb kTapVerb;
const Verb kTapVerb{"", "tap", "show the first rows that a stage emits from now on", false, add_tap, tap};

}  // namespace leat
