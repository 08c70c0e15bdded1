// Jobs that run on a cluster: when they begin there. Each is a process here all the same.
#include <leat/gateway/cluster_room.hpp>
#include <leat/gateway/jobs.hpp>

#include <leat/graph/bound.hpp>

#include <nlohmann/json.hpp>

#include <pthread.h>

#include <algorithm>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::milliseconds kBetweenStatuses{1000};
constexpr std::chrono::milliseconds kBetweenLooks{200};  // while one is on its way
constexpr std::chrono::seconds kStatusWithin{3};
constexpr std::size_t kMostStatus = std::size_t{16} << 20;

// What `--cluster=HOST:PORT` says.
std::string place_in(const std::vector<std::string>& words) {
  return words.empty() ? "" : words.front().substr(words.front().find('=') + 1);
}

// What a command says, without the name that it puts before it.
std::string without_name(const std::string& said) {
  std::size_t name = said.find(": ");
  return name == said.npos || said.find(' ') < name ? said : said.substr(name + 2);
}

}  // namespace

Result<void> Jobs::enqueue(const JobRecord& job) {
  if (job.on_cluster) return cluster_queue_.add({job.id, job.tenant, job.priority, {0, 1}});
  return queue_.add({job.id, job.tenant, job.priority, job.needs});
}

void Jobs::adopt(const JobRecord& job) {
  if (job.on_cluster) cluster_queue_.adopt({job.id, job.tenant, job.priority, {0, 1}});
  queue_.adopt({job.id, job.tenant, job.priority, job.on_cluster ? Capacity{kSubmitter, 0} : job.needs});
}

void Jobs::dequeue(std::uint64_t id) {
  queue_.remove(id);
  cluster_queue_.remove(id);
}

std::vector<std::pair<std::uint64_t, std::size_t>> Jobs::places(std::size_t most) const {
  std::vector<std::pair<std::uint64_t, std::size_t>> places;
  for (const JobQueue* queue : {&queue_, &cluster_queue_}) {
    std::size_t position = 0;
    for (std::uint64_t id : queue->order(most - std::min(most, places.size()))) places.emplace_back(id, ++position);
  }
  return places;
}

JobView Jobs::waiting(const JobRecord& job, std::size_t position) const {
  if (job.on_cluster && position == 1) return {job, position, cluster_reason_};
  return {job, position, (job.on_cluster ? cluster_queue_ : queue_).reason(job.id, position)};
}

void Jobs::begin_cluster() {
  if (options_.cluster.empty()) {
    cluster_reason_ = "waits for a cluster: this service was started without --cluster";
    return;
  }
  cluster_reason_ = "waits for the cluster " + place_in(options_.cluster);
  cluster_thread_ = std::thread([this] { watch_cluster(); });
}

// A process whose run has not said yet which job of the cluster it is has number 0.
std::vector<SentJob> Jobs::sent_jobs(std::unique_lock<std::mutex>& lock) const {
  std::vector<SentJob> sent;
  for (std::uint64_t id : running_) {
    const JobRecord& job = jobs_.at(id);
    if (job.on_cluster) sent.push_back({id, 0, job.needs.memory});
  }
  lock.unlock();
  for (SentJob& one : sent) {
    auto said = ask(one.id, {"describe"});
    Json json = said ? Json::parse(*said, nullptr, false) : Json();
    if (json.is_object() && json.contains("cluster_job") && json["cluster_job"].is_number_unsigned()) one.number = json["cluster_job"];
  }
  lock.lock();
  return sent;
}

// The coordinator is asked by a command of the program's, as plans are made: what has no answer ends with that process.
std::string Jobs::wait_on_cluster(std::uint64_t id, const std::vector<SentJob>& sent, std::unique_lock<std::mutex>& lock) const {
  if (sent.size() >= kMostOnCluster) return std::to_string(sent.size()) + " jobs of this service are there already";
  if (queue_.free().memory < kSubmitter) return "its process here waits for " + byte_text(kSubmitter) + " of memory";
  if (std::string coming = wait_for_sent(sent); !coming.empty()) return coming;
  std::uint64_t memory = jobs_.at(id).needs.memory;
  std::vector<std::string> words{options_.program.string(), "status", "--json"};
  words.insert(words.end(), options_.cluster.begin(), options_.cluster.end());
  lock.unlock();
  auto text = output_of(words, kMostStatus, kStatusWithin);
  lock.lock();
  if (!text) return text.error().kind == ErrorKind::failed ? "its coordinator does not answer" : without_name(text.error().sentence);
  auto room = parse_cluster_room(*text);
  return room ? wait_for_cluster(*room, sent, memory) : room.error().sentence;
}

void Jobs::start_on_cluster() {
  std::uint64_t id = cluster_queue_.start();
  if (id == 0) return;
  JobRecord& job = jobs_.at(id);
  queue_.adopt({id, job.tenant, job.priority, {kSubmitter, 0}});
  start(job);
}

void Jobs::watch_cluster() {
  ::pthread_setname_np(::pthread_self(), "cluster");
  std::unique_lock lock(mutex_);
  while (!ends_) {
    if (cluster_queue_.waiting() == 0) {
      cluster_changed_.wait(lock, [this] { return ends_ || cluster_queue_.waiting() > 0; });
      continue;
    }
    cluster_poked_ = false;
    auto sent = sent_jobs(lock);
    auto next = cluster_queue_.order(1);
    if (ends_ || next.empty()) continue;
    std::string why = wait_on_cluster(next.front(), sent, lock);
    if (ends_) return;
    // It may have been cancelled or overtaken meanwhile.
    auto now_next = cluster_queue_.order(1);
    bool same = !now_next.empty() && now_next.front() == next.front();
    if (!same) continue;
    cluster_reason_ = "waits for the cluster " + place_in(options_.cluster) + (why.empty() ? "" : ": " + why);
    if (why.empty()) start_on_cluster();
    bool comes = why.empty() || !wait_for_sent(sent).empty();
    cluster_changed_.wait_for(lock, comes ? kBetweenLooks : kBetweenStatuses, [this] { return ends_ || cluster_poked_; });
  }
}

}  // namespace leat
