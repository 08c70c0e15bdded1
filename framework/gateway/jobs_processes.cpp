// How jobs become processes, and what becomes of those.
#include <leat/gateway/jobs.hpp>

#include <leat/chunk/fields.hpp>
#include <leat/chunk/one_line.hpp>
#include <leat/graph/bound.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

#include <signal.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fstream>
#include <system_error>

namespace leat {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMostPlan = std::size_t{16} << 20;
constexpr std::chrono::seconds kPlanWithin{20};

Result<const Program*> graph_called(const std::vector<Program>& programs, const std::string& name) {
  Fields names;
  for (const Program& one : programs) {
    if (one.name == name) return &one;
    names.push_back({one.name});
  }
  std::string near = nearest_name(names, name);
  return invalid("there is no graph " + one_line(name) + (near.empty() ? "" : ", did you mean " + near + "?") + ": there are " + listed(names));
}

// The last line that a process has said, for want of an outcome.
std::string last_line_of(const fs::path& log) {
  std::ifstream file(log);
  std::error_code error;
  auto size = static_cast<std::streamoff>(fs::file_size(log, error));
  if (error) return "";
  file.seekg(std::max<std::streamoff>(0, size - 4096));
  std::string last;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty()) last = line;
  }
  return one_line(last);
}

// The largest number that a folder of a job has; 0: there is none.
std::uint64_t last_folder(const fs::path& folder) {
  std::uint64_t last = 0;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::string name = at->path().filename();
    std::uint64_t number = 0;
    auto [rest, wrong] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (wrong == std::errc() && rest == name.data() + name.size()) last = std::max(last, number);
  }
  return last;
}

// The process that works in that folder.
std::optional<ProcessIdentity> process_in(const fs::path& folder, const fs::path& program) {
  std::error_code error;
  for (fs::directory_iterator at("/proc", error), end; !error && at != end; at.increment(error)) {
    std::string name = at->path().filename();
    if (name.find_first_not_of("0123456789") != name.npos) continue;
    std::error_code unreadable;
    if (fs::read_symlink(at->path() / "cwd", unreadable) != folder || unreadable) continue;
    if (fs::read_symlink(at->path() / "exe", unreadable) != program || unreadable) continue;
    return process_of(static_cast<pid_t>(std::stol(name)));
  }
  return std::nullopt;
}

}  // namespace

std::vector<std::string> Jobs::words_of(const JobRecord& job, const std::string& verb) const {
  std::vector<std::string> words{options_.program.string(), verb};
  auto program = graph_called(options_.programs, job.graph);
  if (program && !(*program)->word.empty()) {
    words.push_back((*program)->word);
  } else if (options_.programs.size() > 1) {
    words.push_back(job.graph);
  }
  for (const auto& [name, value] : job.values) words.push_back("--" + name + "=" + value);
  if (!job.on_cluster) words.push_back("--threads=" + std::to_string(job.needs.threads));
  return words;
}

// What it needs is what its own program plans, in a process of its own: a function of the user's that crashes ends that.
Result<Capacity> Jobs::needs_of(const JobRecord& job, std::size_t threads) const {
  auto words = words_of(job, "plan");
  words.push_back("--format=json");
  auto text = output_of(words, kMostPlan, kPlanWithin);
  if (!text) return std::move(text).error();
  Json plan = Json::parse(*text, nullptr, false);
  if (!plan.is_object() || !plan.contains("bound")) return failed("the program's plan is none");
  Bound bound;
  keep_plan(job, *text);
  for (const Json& term : plan["bound"]["terms"]) {
    std::string what = term.value("what", "") + " of " + term.value("where", "");
    bound.terms.push_back({BoundTerm::What::state, what, term.value("bytes", std::uint64_t{0})});
  }
  std::sort(bound.terms.begin(), bound.terms.end(), [](const BoundTerm& a, const BoundTerm& b) { return a.bytes > b.bytes; });
  // What a node has is its own, and not known here.
  if (job.on_cluster || bound.total() <= options_.capacity.memory) return Capacity{bound.total(), threads};
  std::string largest;
  for (std::size_t i = 0; i < std::min<std::size_t>(3, bound.terms.size()); ++i) {
    largest += (i == 0 ? "" : ", ") + bound.terms[i].where + " " + byte_text(bound.terms[i].bytes);
  }
  return invalid("it may need " + byte_text(bound.total()) + ", and all jobs here have " + byte_text(options_.capacity.memory) +
                    " together; most of it is " + largest + ": give it less, or start the service with more --memory");
}

// Paths of this machine are said as its client said them.
void Jobs::keep_plan(const JobRecord& job, const std::string& plan) const {
  Json json = Json::parse(plan, nullptr, false);
  if (!json.contains("stages")) return;
  for (Json& stage : json["stages"]) {
    if (!stage.contains("options")) continue;
    std::string options = stage["options"];
    for (const auto& [name, value] : job.values) {
      auto given = job.args.find(name);
      std::string said = given == job.args.end() ? fs::path(value).filename().string() : given->second;
      if (value.empty() || value[0] != '/' || value == said) continue;
      for (std::size_t at = 0; (at = options.find(value, at)) != options.npos; at += said.size()) options.replace(at, value.size(), said);
    }
    stage["options"] = options;
  }
  std::ofstream(folder_of(job.id) / "plan.json") << json_text(json) << "\n";
}

JobPaths Jobs::paths_of(fs::path results, const std::string& tenant, bool whole) const {
  auto results_of_other = [this](std::uint64_t other) -> Result<fs::path> {
    auto found = find(other);
    if (!found) return std::move(found).error();
    if (found->record.stage != JobStage::done) return invalid("job " + std::to_string(other) + " is not done: it has no results");
    return results_of(other);
  };
  return {options_.data_root, std::move(results), results_of_other, [this, tenant, whole](const std::string& id) { return options_.upload(id, tenant, whole); }};
}

Result<fs::path> Jobs::file_of(const std::string& name, const std::string& said, const std::string& tenant, bool whole) const {
  auto value = path_value({.name = name, .type = OptionType::path}, said, paths_of({}, tenant, whole));
  return value ? Result<fs::path>(*value) : std::move(value).error();
}

std::string Jobs::awaited_by(const JobRecord& job) const {
  std::string all;
  for (const auto& [name, given] : job.args) {
    for (const std::string& part : split_at_commas(given)) {
      std::string there = part.rfind("upload:", 0) == 0 ? options_.coming(part.substr(7)) : "";
      if (!there.empty()) all += (all.empty() ? "" : "; ") + there;
    }
  }
  return all;
}

Result<JobRecord> Jobs::planned(const JobRequest& request) {
  auto program = graph_called(options_.programs, request.graph);
  if (!program) return std::move(program).error();
  if (request.on_cluster && options_.cluster.empty()) {
    return invalid("this service has no cluster: leave cluster out, or start it with --cluster HOST:PORT");
  }
  JobRecord job;
  {
    std::lock_guard lock(mutex_);
    job.id = ++last_;
  }
  auto refused = [&](Error error) {
    std::error_code ignored;
    fs::remove_all(folder_of(job.id), ignored);
    return error;
  };
  job.graph = request.graph;
  job.args = request.args;
  job.tenant = request.tenant;
  job.priority = request.priority;
  job.on_cluster = request.on_cluster;
  job.checkpoints = request.checkpoints;
  if (!job.on_cluster) job.needs.threads = request.threads > 0 ? request.threads : std::max<std::size_t>(1, options_.capacity.threads / 2);
  job.submitted = now_utc();
  Capacity here = job.on_cluster ? Capacity{kSubmitter, 0} : job.needs;
  if (auto fits = JobQueue(options_.capacity).add({job.id, job.tenant, job.priority, here}); !fits) return std::move(fits).error();
  std::error_code error;
  fs::create_directories(results_of(job.id), error);
  if (error) return refused(failed("cannot make a folder for the job: " + error.message()));
  JobPaths paths = paths_of(results_of(job.id), job.tenant, false);
  auto params = all_params(**program, job.args);
  std::map<std::string, std::string> given = job.args;
  for (const Option& param : params) {
    if (param.type != OptionType::path && param.type != OptionType::paths) continue;
    // A file that a parameter falls back to is one of whoever wrote the program; what is written has its name.
    if (given.count(param.name) == 0 && param.output && param.fallback) given[param.name] = fs::path(*param.fallback).filename();
    if (given.count(param.name) == 0 && param.fallback && !param.fallback->empty()) {
      return refused(invalid(param.name + " is missing: say data:FILE, upload:ID or result:JOB/NAME"));
    }
    if (given.count(param.name) == 0 || given[param.name].empty()) continue;
    auto value = path_value(param, given[param.name], paths);
    if (!value) return refused(std::move(value).error());
    given[param.name] = std::move(*value);
  }
  auto args = Args::from(params, given);
  if (!args) return refused(std::move(args).error());
  job.values = std::move(given);
  auto needs = needs_of(job, job.needs.threads);
  std::string awaited = needs ? "" : awaited_by(job);
  if (!awaited.empty() && needs.error().kind == ErrorKind::failed) {
    return refused(overloaded(awaited + ", which is too little to plan the job by: submit it again when more has come"));
  }
  if (!needs) return refused(std::move(needs).error());
  job.needs = *needs;
  return job;
}

Result<void> Jobs::load() {
  auto records = store_->load();
  if (!records) return std::move(records).error();
  auto spent = store_->spent(now_utc() - Quota::kCounted);
  if (!spent) return std::move(spent).error();
  auto last = store_->last();
  if (!last) return std::move(last).error();
  std::lock_guard lock(mutex_);
  // A folder may be of a job that the database does not know: nothing of it is taken for another's.
  last_ = std::max(*last, last_folder(options_.folder));
  spent_ = std::move(*spent);
  for (JobRecord& record : *records) {
    last_ = std::max(last_, record.id);
    jobs_.emplace(record.id, std::move(record));
  }
  for (auto& [id, job] : jobs_) {
    if (job.stage == JobStage::queued) {
      if (auto added = enqueue(job); !added) {
        job.stage = JobStage::failed;
        job.sentence = added.error().sentence;
        job.ended = now_utc();
        save(job);
      }
    } else if (job.stage == JobStage::running) {
      // It was being started as the service ended: its process is known by its folder, and its log says that there was one.
      if (job.process.pid == 0) job.process = process_in(folder_of(id), options_.program).value_or(ProcessIdentity{});
      bool begun = job.process.pid != 0 || has_begun(job);
      if (!begun) job.stage = JobStage::queued;
      if (begun) adopt(job);
      if (begun) watch(job);
      // It has been asked before that was on disk, and a second signal would end it at once.
      if (begun && job.cancelling) kill_after_grace(job);
      if (!begun) [[maybe_unused]] auto added = enqueue(job);
    }
  }
  start_next();
  return {};
}

// Asked once: a second signal would end it in the middle of what it finishes.
void Jobs::end_process(const JobRecord& job) {
  signal_process(job.process, SIGTERM);
  kill_after_grace(job);
}

void Jobs::kill_after_grace(const JobRecord& job) {
  watch_->after(kGrace, [process = job.process] { signal_process(process, SIGKILL, true); });
}

void Jobs::start_next() {
  if (ends_) return;
  while (std::uint64_t id = queue_.start()) start(jobs_.at(id));
  cluster_poked_ = true;
  cluster_changed_.notify_all();
}

// On disk before it runs, so that no later service starts it twice.
void Jobs::start(JobRecord& job) {
  running_.insert(job.id);
  job.stage = JobStage::running;
  job.started = now_utc();
  store_->save(job, [this, id = job.id](Result<void> done) {
    std::lock_guard lock(mutex_);
    auto found = jobs_.find(id);
    if (ends_ || found == jobs_.end()) return;
    JobRecord& mine = found->second;
    std::error_code ignored;
    fs::create_directories(results_of(id), ignored);
    auto words = words_of(mine, "run");
    words.push_back("--outcome=" + (folder_of(id) / "outcome.json").string());
    for (std::string& word : checkpoint_words(mine)) words.push_back(std::move(word));
    if (mine.on_cluster) words.insert(words.end(), options_.cluster.begin(), options_.cluster.end());
    else words.push_back("--dead-letters=" + (folder_of(id) / "dead-letters").string());
    auto process = done ? start_process(words, folder_of(id), log_of(id)) : Result<ProcessIdentity>(done.error());
    if (!process) {
      mine.sentence = process.error().sentence;
      return settle(mine, {});
    }
    mine.process = *process;
    if (mine.cancelling) end_process(mine);
    save(mine);
    tell(mine);
    watch(mine);
  });
}

void Jobs::watch(const JobRecord& job) {
  watch_->watch(job.process, [this, id = job.id](ProcessEnd end) { ended(id, end); });
  running_.insert(job.id);
  look_later();
}

void Jobs::ended(std::uint64_t id, const ProcessEnd& end) {
  std::lock_guard lock(mutex_);
  auto found = jobs_.find(id);
  if (found != jobs_.end()) settle(found->second, end);
}

void Jobs::settle(JobRecord& job, const ProcessEnd& end) {
  Json outcome = Json::parse(report_of(job.id), nullptr, false);
  bool told = outcome.is_object() && outcome.contains("status") && outcome["status"].is_number_integer() &&
              outcome.contains("said") && outcome["said"].is_object();
  running_.erase(job.id);
  sockets_.erase(job.id);
  ++ends_seen_;
  job.ended = now_utc();
  job.cpu = std::max(job.cpu, job.cpu_before + end.cpu);
  job.status = told ? outcome["status"].get<int>() : end.status.value_or(0);
  if (told && job.status == 0) {
    job.stage = JobStage::done;
    job.sentence.clear();
    job.bytes = bytes_in(results_of(job.id));
  } else if (!told && has_finished(job)) {
    // It was killed after it had made all of it visible, and before it said so.
    job.stage = JobStage::done;
    job.sentence.clear();
    job.bytes = bytes_in(results_of(job.id));
  } else if (job.cancelling) {
    job.stage = JobStage::cancelled;
    if (job.sentence.empty()) job.sentence = "cancelled";
  } else if (told || end.status || !job.sentence.empty()) {
    job.stage = JobStage::failed;
    if (job.sentence.empty() && told) {
      const Json& said = outcome["said"];
      job.sentence = said.contains("sentence") && said["sentence"].is_string() ? said["sentence"].get<std::string>() : "it was interrupted";
    }
    if (job.sentence.empty()) job.sentence = last_line_of(log_of(job.id));
    if (job.sentence.empty()) job.sentence = "its process ended with status " + std::to_string(job.status);
  } else {
    job.stage = JobStage::crashed;
    job.sentence = end.signal ? std::string("its process was ended by a signal: ") + ::strsignal(end.signal)
                              : "its process is gone and has not said how it ended";
  }
  if (job.stage != JobStage::done && has_checkpoint(job)) {
    // What it has written so far is sealed, and not seen.
    job.bytes = bytes_in(results_of(job.id)) + bytes_in(checkpoints_of(job.id));
  } else if (job.stage != JobStage::done) {
    std::error_code error;
    fs::remove_all(results_of(job.id), error);
  }
  [[maybe_unused]] auto kept = keep_last(log_of(job.id), kMostLog);
  // What it had started goes with it. Of one that ended while nobody looked the number may be another's by now.
  if (end.status || end.signal) ::kill(-job.process.pid, SIGKILL);
  dequeue(job.id);
  save(job);
  tell(job);
  start_next();
}

}  // namespace leat
