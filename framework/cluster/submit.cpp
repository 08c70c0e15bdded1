#include <leat/cluster/caller.hpp>
#include <leat/cluster/detached_call.hpp>
#include <leat/cluster/submitted.hpp>
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

constexpr std::chrono::milliseconds kWaitOfAnswer{20};
// So long nobody need be told that a connection is being made.
constexpr std::chrono::milliseconds kSilence{100};

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

}  // namespace

// On a thread of its own: that may take long, and nobody who is asked to stop waits for it.
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

Result<Report> run_on_cluster(std::size_t program, const Args& args, SubmitOptions options,
                              const Transport& transport) {
  auto submit = submission(options.identity.programs.at(program), args, options);
  if (!submit) return std::move(submit).error();
  if (!options.checkpoints.folder.empty()) return epochs_on_cluster(std::move(*submit), options, transport);
  auto caller = std::make_shared<Caller>(options);
  auto open = opened(caller, transport, options);
  if (!open) {
    Report none;
    none.ending = Ending::interrupted;
    return none;
  }
  if (!*open) return std::move(*open).error();
  return submitted(*caller, *submit, options);
}

Result<Report> submitted(Caller& caller, const control::Submit& submit, const SubmitOptions& options, const SubmittedCuts& cuts) {
  caller.say(submit);
  std::stop_callback on_stop(options.stop, [&] { caller.nudge(); });
  bool interrupted = false;
  std::uint64_t number = 0;
  while (true) {
    auto answer = caller.next(kWaitOfAnswer);
    if (auto now = caller.job(); std::exchange(number, now) != now && options.on_number) options.on_number(now);
    if (auto waits = caller.waits(); waits && options.on_wait) options.on_wait(*waits);
    auto progress = caller.progress();
    if (progress && options.on_progress) options.on_progress(*progress);
    if (progress && cuts.runs) cuts.runs();
    if (answer) {
      if (!*answer) return std::move(*answer).error();
      if (auto* taken = std::get_if<control::CutTaken>(&**answer); taken && cuts.taken) {
        if (auto ok = cuts.taken(*taken); !ok) return std::move(ok).error();
        continue;
      }
      auto* outcome = std::get_if<control::Outcome>(&**answer);
      if (!outcome) return unexpected_answer();
      if (auto* error = std::get_if<Error>(&outcome->content)) return *error;
      auto& report = std::get<Report>(outcome->content);
      for (std::string& sentence : blocked_stages(report.progress)) report.warnings.push_back(std::move(sentence));
      if (options.on_progress) options.on_progress(report.progress);
      return std::move(report);
    }
    bool stops = options.stop.stop_requested() && !interrupted;
    if (cuts.look && !cuts.look(stops)) continue;
    if (stops && !std::exchange(interrupted, true)) caller.say(control::Interrupt{});
  }
}

}  // namespace leat
