/// The jobs of a service: taken, queued, started as processes, watched, ended, and kept. They outlive the service,
/// which finds them again.
#pragma once

#include <leat/chunk/log.hpp>
#include <leat/gateway/cluster_room.hpp>
#include <leat/gateway/event_log.hpp>
#include <leat/gateway/job_paths.hpp>
#include <leat/gateway/job_queue.hpp>
#include <leat/gateway/job_record.hpp>
#include <leat/gateway/job_store.hpp>
#include <leat/gateway/kept.hpp>
#include <leat/gateway/process.hpp>
#include <leat/gateway/quota.hpp>
#include <leat/graph/args.hpp>
#include <leat/inspect/inspect_client.hpp>

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace leat {

/// What a client asks for.
struct JobRequest {
  std::string graph = {};
  std::map<std::string, std::string> args = {};
  std::string tenant = {};
  int priority = 0;
  std::size_t threads = 0;  ///< 0: half of what there is for all, at least one
  bool on_cluster = false;  ///< it runs on the service's cluster
  std::chrono::milliseconds checkpoints{0};  ///< between two of them; 0: none
};

/// A job as it is shown: where it waits, its place among those that wait for the same, this machine or the cluster, and why.
struct JobView {
  JobRecord record;
  std::size_t position = 0;  ///< from 1; 0: it does not wait
  std::string reason = {};
};

/// Threads: any. Its functions wait for the disk, and submit() for a process that plans the job.
class Jobs {
 public:
  struct Options {
    std::filesystem::path program;           ///< what is run
    const std::vector<Program>& programs;    ///< its graphs
    std::filesystem::path folder;            ///< a folder by job, and the database
    std::filesystem::path data_root;         ///< "": jobs read no files
    Capacity capacity;
    EventLog& events;
    /// As JobPaths has it, of that tenant's; of one that is still coming where not all of it is wanted.
    std::function<Result<std::filesystem::path>(const std::string& id, const std::string& tenant, bool whole)> upload;
    /// How much of an upload is there, as people read it; "" of one that is complete, or not there.
    std::function<std::string(const std::string& id)> coming = {};
    /// What a tenant may use, and how many bytes its uploads have. Called with a lock held: they do not call back.
    std::function<Quota(const std::string& tenant)> quota;
    std::function<std::uint64_t(const std::string& tenant)> uploaded;
    std::uint64_t keep = kMostResults;       ///< bytes of results together
    std::vector<std::string> cluster = {};   ///< as ServiceOptions has it
    Log log;
  };
  static constexpr std::size_t kMostQueued = 100'000;
  static constexpr std::chrono::seconds kGrace{10};   ///< from the wish that a job ends to its being killed
  static constexpr std::chrono::hours kKept{24 * 30};
  static constexpr std::chrono::seconds kLook{1};     ///< from one look at what processes use and say to the next
  static constexpr std::size_t kMostOnCluster = 64;   ///< jobs that run on the cluster at a time
  /// Bytes that the process of such a job is counted with here; what its nodes hold is theirs.
  static constexpr std::uint64_t kSubmitter = std::uint64_t{32} << 20;

  /// Finds the jobs of an earlier service: those that run are watched again, those that wait wait on, those whose
  /// processes are gone end. Errors: those of JobStore, of ProcessWatch; failed (the folder).
  static Result<std::unique_ptr<Jobs>> open(Options options);
  /// Jobs go on; what was asked for is on disk.
  ~Jobs();

  /// Takes a job: it is on disk when this returns. Errors: invalid (no such graph, a value, what the plan finds, such as
  /// a file that is not there; that it never fits; there is no cluster), overloaded (the queue is full; a quota
  /// is used up: is_of_quota()), failed.
  Result<JobView> submit(const JobRequest& request);
  /// Errors, here and below: invalid (there is no such job).
  Result<JobView> find(std::uint64_t id) const;
  /// Youngest first, at most `most`, from the one below `before`; 0: from the youngest. Of one stage where it is given.
  std::vector<JobView> list(std::optional<JobStage> stage, std::uint64_t before, std::size_t most) const;
  /// Has it end, with nothing of it left but its checkpoints: at once where it waits; else it is asked, and killed after kGrace. Nothing
  /// changes for one that has ended.
  Result<JobView> cancel(std::uint64_t id);
  /// Has one that has failed, crashed or was cancelled go on from its latest checkpoint, under its number: it waits for its turn
  /// again. Errors: invalid too for one that is done, has not ended or has no checkpoint; overloaded.
  Result<JobView> restore(std::uint64_t id);
  /// Has its sources end early, and the rest finish. Errors: invalid too for one that does not run, or cannot be asked.
  Result<JobView> drain(std::uint64_t id);
  /// Asks its process, as the verbs of the command line do. Errors: invalid too for one that does not run; those of
  /// InspectClient.
  Result<std::string> ask(std::uint64_t id, const inspect::Question& question) const;
  /// A connection to its process, to ask more than once. Errors: as of ask().
  Result<inspect::InspectClient> client(std::uint64_t id) const;
  /// Its place among those that wait, and whether it is kept when others go.
  Result<JobView> change(std::uint64_t id, std::optional<int> priority, std::optional<bool> pinned);
  /// Forgets one that has ended, its results too. Errors: invalid for another.
  Result<void> remove(std::uint64_t id);
  /// Forgets those that ended before that time and are not pinned; then, the oldest first, so many that the results of all
  /// are no more than may be kept.
  void forget_old(Time time);
  /// Waits until another job than the `seen`th has ended, for so long, or for end(). How many have since it was opened.
  std::uint64_t ended_within(std::uint64_t seen, std::chrono::milliseconds time) const;
  /// Whether a tenant has room for so many bytes more. Errors: overloaded (its quota is used up).
  Result<void> room_for(const std::string& tenant, std::uint64_t bytes) const;

  /// Who waits here is answered, and nothing is started any more.
  void end();

  std::filesystem::path folder_of(std::uint64_t id) const { return options_.folder / std::to_string(id); }
  std::filesystem::path results_of(std::uint64_t id) const { return folder_of(id) / "results"; }
  std::filesystem::path log_of(std::uint64_t id) const { return folder_of(id) / "log"; }
  /// The file that a client of that tenant means by "data:FILE", "result:JOB/NAME" or "upload:ID", which may be still coming
  /// unless it is to be `whole`. Errors: invalid (there is none), with `name` in front.
  Result<std::filesystem::path> file_of(const std::string& name, const std::string& said, const std::string& tenant, bool whole) const;
  /// What of the uploads that it reads is still to come: "upload 1f2e: 5 of 9 bytes are there"; "": nothing.
  std::string awaited_by(const JobRecord& job) const;
  /// What it said at its end, JSON; "" where it did not, or has not ended.
  std::string report_of(std::uint64_t id) const;
  /// What it had drawn at its end, as curves_json() has it; "" as above.
  std::string drawn_by(std::uint64_t id) const;
  /// What it was planned to be, as `plan --format=json` says it; "": not known.
  std::string plan_of(std::uint64_t id) const;

  /// Waits for the end of its process: true; or for so long: false.
  bool gone_within(std::uint64_t id, std::chrono::milliseconds time) const;

  struct Counts {
    std::size_t queued = 0, running = 0, ended = 0;
  };
  Counts counts() const;

  /// Those that run, oldest first, those that wait, the first `most` as they would start, and how many there are.
  struct Current {
    std::vector<JobView> running, queued;
    Counts counts;
  };
  Current current(std::size_t most) const;

 private:
  Result<JobView> seen(std::uint64_t id) const;
  QuotaUsed use_of(const std::string& tenant) const;
  Result<void> has_room(const std::string& tenant) const;
  void look_later();
  void look();
  void look_at(JobRecord& job);
  void end_those_without_cpu();
  std::vector<std::uint64_t> old_jobs(Time time) const;
  std::filesystem::path checkpoints_of(std::uint64_t id) const;
  bool has_checkpoint(const JobRecord& job) const;
  bool has_finished(const JobRecord& job) const;
  bool has_begun(const JobRecord& job) const;
  std::vector<std::string> checkpoint_words(const JobRecord& job) const;
  void end_process(const JobRecord& job);
  void kill_after_grace(const JobRecord& job);
  Result<void> enqueue(const JobRecord& job);
  void adopt(const JobRecord& job);
  void dequeue(std::uint64_t id);
  std::vector<std::pair<std::uint64_t, std::size_t>> places(std::size_t most) const;
  JobView waiting(const JobRecord& job, std::size_t position) const;
  void begin_cluster();
  void watch_cluster();
  std::vector<SentJob> sent_jobs(std::unique_lock<std::mutex>& lock) const;
  std::string wait_on_cluster(std::uint64_t id, const std::vector<SentJob>& sent, std::unique_lock<std::mutex>& lock) const;
  void start_on_cluster();

  explicit Jobs(Options options) : options_(std::move(options)), queue_(options_.capacity) {}

  Result<void> load();
  JobPaths paths_of(std::filesystem::path results, const std::string& tenant, bool whole) const;
  Result<JobRecord> planned(const JobRequest& request);
  Result<Capacity> needs_of(const JobRecord& job, std::size_t threads) const;
  void keep_plan(const JobRecord& job, const std::string& plan) const;
  std::vector<std::string> words_of(const JobRecord& job, const std::string& verb) const;
  Result<void> saved(const JobRecord& job, std::unique_lock<std::mutex>& lock);
  void save(const JobRecord& job);
  void start_next();
  void start(JobRecord& job);
  void watch(const JobRecord& job);
  void ended(std::uint64_t id, const ProcessEnd& end);
  void settle(JobRecord& job, const ProcessEnd& end);
  void tell(const JobRecord& job);
  JobView view(const JobRecord& job) const;
  Counts counted() const;
  Result<JobRecord*> known(std::uint64_t id);

  Options options_;
  std::unique_ptr<JobStore> store_;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  JobQueue queue_;  // of this machine; a job that runs on the cluster has its process here
  JobQueue cluster_queue_{{0, kMostOnCluster}};
  std::string cluster_reason_;  // why the first of them waits
  std::condition_variable cluster_changed_;
  bool cluster_poked_ = false;
  std::thread cluster_thread_;
  std::map<std::uint64_t, JobRecord> jobs_;
  std::uint64_t last_ = 0;
  std::set<std::uint64_t> running_;
  std::set<std::uint64_t> removing_;  // they are being taken off the disk
  mutable std::map<std::uint64_t, inspect::JobNumber> sockets_;  // of those that run, where one was found
  std::vector<JobStore::Spent> spent_;  // by jobs that are forgotten
  std::uint64_t looks_ = 0, ends_seen_ = 0;
  bool look_comes_ = false, log_warned_ = false;
  bool ends_ = false;
  std::unique_ptr<ProcessWatch> watch_;
};

}  // namespace leat
