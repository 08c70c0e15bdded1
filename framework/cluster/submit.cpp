#include <leat/cluster/control_sender.hpp>
#include <leat/cluster/detached_call.hpp>
#include <leat/cluster/listening_clock.hpp>
#include <leat/cluster/transport.hpp>
#include <leat/actor/guard.hpp>
#include <leat/graph/built_graph.hpp>
#include <leat/graph/fingerprint.hpp>
#include <leat/graph/input_paths.hpp>
#include <leat/runtime/blocked.hpp>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <filesystem>
#include <mutex>
#include <optional>
#include <system_error>

namespace leat {
namespace {

constexpr std::chrono::milliseconds kProgressEvery{100};
// So long nobody need be told that a connection is being made.
constexpr std::chrono::milliseconds kSilence{100};
constexpr std::chrono::milliseconds kAnswerWithin{5000};
constexpr std::chrono::milliseconds kConnectWithin{10000};

// One who is no member: says something, and hears what comes of it.
class Caller {
 public:
  explicit Caller(SubmitOptions options) : options_(std::move(options)), clock_(options.timeouts.lost_after) {}
  ~Caller() { sender_.detach(); }

  Result<void> open(const Transport& transport) {
    ControlEvents events;
    events.joined = [](PeerId) {};
    events.message = [this](PeerId, const ControlBytes& bytes) { take(control::decode(bytes)); };
    events.gone = [this](PeerId, const std::string& why) { lose(why); };
    events.tick = [this] { tick(); };
    ControlOptions control;
    control.at = options_.coordinator;
    control.credentials = options_.credentials;
    control.log = options_.log;
    control.connect_within = kConnectWithin;
    auto plane = transport.connect(std::move(control), std::move(events));
    if (!plane) return std::move(plane).error();
    {
      std::lock_guard lock(mutex_);
      heard_ = clock_.at(instant());
    }
    sender_.attach(std::move(*plane));
    return {};
  }

  // What cannot be told is answered at once, with why.
  void say(const control::Message& message) {
    if (auto ok = sender_.say(kCoordinator, message); !ok) take(std::move(ok).error());
  }

  // Waits until there is an answer, for this long at most; progress comes out on the way.
  std::optional<Result<control::Message>> answer(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, at_most, [this] { return answer_ || nudged_ || waits_; });
    nudged_ = false;
    return answer_;
  }
  // What comes next is another answer.
  void forget() {
    std::lock_guard lock(mutex_);
    answer_.reset();
  }
  std::optional<Progress> progress() {
    std::lock_guard lock(mutex_);
    return std::exchange(progress_, std::nullopt);
  }
  std::optional<std::string> waits() {
    std::lock_guard lock(mutex_);
    return std::exchange(waits_, std::nullopt);
  }
  void nudge() {
    {
      std::lock_guard lock(mutex_);
      nudged_ = true;
    }
    changed_.notify_all();
  }

 private:
  void take(Result<control::Message> message) {
    std::lock_guard lock(mutex_);
    heard_ = clock_.at(instant());
    if (answer_) return;
    if (!message) {
      answer_ = std::move(message).error();
    } else if (auto* said = std::get_if<control::Underway>(&*message)) {
      if (said->waits.empty()) {
        progress_ = std::move(said->progress);
      } else {
        waits_ = std::move(said->waits);
      }
    } else if (auto* refused = std::get_if<control::Refused>(&*message)) {
      answer_ = refused->why;
    } else if (!std::holds_alternative<control::Heartbeat>(*message)) {
      answer_ = std::move(message);
    }
    changed_.notify_all();
  }

  void lose(const std::string& why) {
    std::lock_guard lock(mutex_);
    if (answer_) return;
    answer_ = Error{ErrorKind::disconnected, "the coordinator " + to_string(options_.coordinator) + " was lost: " + why +
                                                 "; its nodes commit nothing that they had not been told to"};
    changed_.notify_all();
  }

  void tick() {
    Instant now = clock_.at(instant());
    bool beat = false;
    bool silent = false;
    {
      std::lock_guard lock(mutex_);
      if (heard_ == Instant{0}) return;
      beat = now - beaten_ >= options_.timeouts.heartbeat;
      if (beat) beaten_ = now;
      silent = now - heard_ > options_.timeouts.lost_after;
    }
    if (beat) say(control::Heartbeat{});
    if (silent) lose("it is silent");
  }

  using Instant = std::chrono::milliseconds;
  const SubmitOptions options_;
  ListeningClock clock_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Result<control::Message>> answer_;
  std::optional<Progress> progress_;
  std::optional<std::string> waits_;
  Instant heard_{0};
  Instant beaten_{0};
  bool nudged_ = false;
  ControlSender sender_;
};

// Opens it on a thread of its own: that may take long, and nobody who is asked to stop waits for it. None: it is
// left to itself.
std::optional<Result<void>> opened(const std::shared_ptr<Caller>& caller, const Transport& transport,
                                   const SubmitOptions& options) {
  struct Opening {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::optional<Result<void>> opened;
  };
  auto opening = std::make_shared<Opening>();
  DetachedCall call("the connection", Log(), [caller, transport, opening] {
    auto opened = guarded([&] { return caller->open(transport); });
    std::lock_guard lock(opening->mutex);
    opening->opened = std::move(opened);
    opening->changed.notify_all();
  });
  std::unique_lock lock(opening->mutex);
  auto done = [&] { return opening->opened.has_value(); };
  bool stopped = options.stop.stop_requested();
  if (!opening->changed.wait_for(lock, options.stop, kSilence, done) && !stopped && options.on_wait) {
    lock.unlock();
    options.on_wait("for the coordinator " + to_string(options.coordinator));
    lock.lock();
  }
  opening->changed.wait(lock, options.stop, done);
  auto came = opening->opened;
  lock.unlock();
  if (!came) call.wait_until({});
  return came;
}

// Where a path leads depends on who reads it: the submitter's folder counts.
Result<Args> resolved(const Program& program, const Args& args) {
  auto values = args.values();
  auto params = all_params(program, values);
  for (const Option& param : params) {
    std::string& value = values[param.name];
    bool several = param.type == OptionType::paths;
    if ((param.type != OptionType::path && !several) || value.empty()) continue;
    auto paths = several ? split_at_commas(value) : std::vector<std::string>{value};
    for (std::string& path : paths) {
      if (is_standard_input(path)) continue;  // what reads it is refused with a reason of its own
      std::error_code problem;
      auto whole = std::filesystem::absolute(path, problem);
      if (problem) {
        return invalid("--" + param.name + " " + path + " leads nowhere: the folder this runs in is gone (" +
                       problem.message() + "); give a path from /, or run it elsewhere");
      }
      path = whole.lexically_normal().string();
    }
    value = several ? joined_with_commas(paths) : paths.front();
  }
  return Args::from(params, values);
}

Result<control::Submit> submission(const Program& program, const Args& args, const SubmitOptions& options) {
  auto canonical = resolved(program, args);
  if (!canonical) return std::move(canonical).error();
  auto graph = twice_built_graph(program, *canonical);
  if (!graph) return std::move(graph).error();
  control::Submit submit;
  submit.identity = control::identity_of(options.identity);
  submit.work = {program.name, canonical->values(), canonical_lines(*graph)};
  submit.memory = options.memory;
  submit.nodes = static_cast<std::uint32_t>(std::max<std::size_t>(options.nodes, 1));
  submit.nodes_within = options.nodes_within;
  submit.host = host_name();
  if (auto told = control::encode(submit); !told) return std::move(told).error();
  return submit;
}

Error unexpected() { return corrupt("the coordinator answered something else than was asked: run the same build everywhere"); }

}  // namespace

Result<Report> run_on_cluster(std::size_t program, const Args& args, SubmitOptions options,
                              const Transport& transport) {
  auto submit = submission(options.identity.programs.at(program), args, options);
  if (!submit) return std::move(submit).error();
  auto caller = std::make_shared<Caller>(options);
  auto open = opened(caller, transport, options);
  if (!open) {
    Report none;
    none.ending = Ending::interrupted;
    return none;
  }
  if (!*open) return std::move(*open).error();
  caller->say(*submit);
  std::stop_callback on_stop(options.stop, [&] { caller->nudge(); });
  bool interrupted = false;
  while (true) {
    auto answer = caller->answer(kProgressEvery);
    if (auto waits = caller->waits(); waits && options.on_wait) options.on_wait(*waits);
    auto progress = caller->progress();
    if (progress && options.on_progress) options.on_progress(*progress);
    if (answer) {
      if (!*answer) return std::move(*answer).error();
      auto* outcome = std::get_if<control::Outcome>(&**answer);
      if (!outcome) return unexpected();
      if (auto* error = std::get_if<Error>(&outcome->content)) return *error;
      auto& report = std::get<Report>(outcome->content);
      report.warnings = blocked_stages(report.progress);
      if (options.on_progress) options.on_progress(report.progress);
      return std::move(report);
    }
    if (options.stop.stop_requested() && !std::exchange(interrupted, true)) caller->say(control::Interrupt{});
  }
}

namespace {

Result<ClusterStatus> ask(Caller& caller, const SubmitOptions& options, const control::Message& question) {
  caller.say(question);
  auto answer = caller.answer(kAnswerWithin);
  if (!answer) {
    return Error{ErrorKind::disconnected, "the coordinator " + to_string(options.coordinator) + " gives no answer"};
  }
  if (!*answer) return std::move(*answer).error();
  if (auto* status = std::get_if<ClusterStatus>(&**answer)) return std::move(*status);
  return unexpected();
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
    [[maybe_unused]] auto nothing = caller.answer(kProgressEvery);
  }
  return std::move(status).error();
}

Result<void> drain_node(const SubmitOptions& options, const std::string& node, const Transport& transport) {
  if (node.empty()) return invalid("say which node to drain");
  auto status = ask(options, transport, control::Drain{node, control::identity_of(options.identity)});
  if (!status) return std::move(status).error();
  return {};
}

}  // namespace leat
