#include <leat/gateway/job_queue.hpp>

#include <leat/graph/bound.hpp>

#include <algorithm>
#include <tuple>

namespace leat {
namespace {

std::string threads_text(std::size_t threads) { return std::to_string(threads) + (threads == 1 ? " thread" : " threads"); }

}  // namespace

double JobQueue::share(const Capacity& has) const {
  auto part = [](auto mine, auto all) { return all == 0 ? 0.0 : static_cast<double>(mine) / static_cast<double>(all); };
  return std::max(part(has.memory, whole_.memory), part(has.threads, whole_.threads));
}

Result<void> JobQueue::add(const QueuedJob& job) {
  if (jobs_.count(job.id) > 0) return {};
  if (job.needs.threads > whole_.threads) {
    return invalid("it asks for " + threads_text(job.needs.threads) + ", and all jobs here have " + threads_text(whole_.threads) +
                      " together: ask for fewer, or start the service with more --threads");
  }
  if (job.needs.memory > whole_.memory) {
    return invalid("it may need " + byte_text(job.needs.memory) + ", and all jobs here have " + byte_text(whole_.memory) +
                      " together: give it less, or start the service with more --memory");
  }
  tenants_[job.tenant].waits[job.priority].insert(job.id);
  jobs_.emplace(job.id, Entry{job, false});
  return {};
}

void JobQueue::take(const Capacity& needs, Tenant& tenant) {
  tenant.has.memory += needs.memory;
  tenant.has.threads += needs.threads;
  free_.memory -= std::min(free_.memory, needs.memory);
  free_.threads -= std::min(free_.threads, needs.threads);
  ++running_;
}

void JobQueue::adopt(const QueuedJob& job) {
  jobs_.emplace(job.id, Entry{job, true});
  take(job.needs, tenants_[job.tenant]);
}

std::uint64_t JobQueue::next() const {
  std::uint64_t best = 0;
  std::tuple<int, double, double, std::uint64_t> least;
  for (const auto& [name, tenant] : tenants_) {
    if (tenant.waits.empty()) continue;
    const auto& [priority, ids] = *tenant.waits.begin();
    std::tuple mine(-priority, share(tenant.has), std::max(tenant.turn, now_), *ids.begin());
    if (best == 0 || mine < least) best = *ids.begin(), least = mine;
  }
  return best;
}

std::uint64_t JobQueue::start() {
  std::uint64_t id = next();
  if (id == 0) return 0;
  Entry& entry = jobs_.at(id);
  if (!free_.holds(entry.job.needs)) return 0;
  Tenant& tenant = tenants_.at(entry.job.tenant);
  auto of_priority = tenant.waits.begin();
  of_priority->second.erase(id);
  if (of_priority->second.empty()) tenant.waits.erase(of_priority);
  now_ = std::max(tenant.turn, now_);
  tenant.turn = now_ + share(entry.job.needs);
  take(entry.job.needs, tenant);
  entry.runs = true;
  return id;
}

void JobQueue::remove(std::uint64_t id) {
  auto found = jobs_.find(id);
  if (found == jobs_.end()) return;
  const QueuedJob& job = found->second.job;
  auto at = tenants_.find(job.tenant);
  Tenant& tenant = at->second;
  if (found->second.runs) {
    tenant.has.memory -= job.needs.memory;
    tenant.has.threads -= job.needs.threads;
    --running_;
    // What adopted jobs have may be more than all there is now.
    Capacity used;
    for (const auto& [name, one] : tenants_) used.memory += one.has.memory, used.threads += one.has.threads;
    free_.memory = whole_.memory - std::min(whole_.memory, used.memory);
    free_.threads = whole_.threads - std::min(whole_.threads, used.threads);
  } else {
    auto of_priority = tenant.waits.find(job.priority);
    of_priority->second.erase(id);
    if (of_priority->second.empty()) tenant.waits.erase(of_priority);
  }
  if (tenant.waits.empty() && tenant.has.threads == 0 && tenant.has.memory == 0) tenants_.erase(at);
  jobs_.erase(found);
}

std::vector<std::uint64_t> JobQueue::order(std::size_t most) const {
  JobQueue copy(*this);
  std::vector<std::uint64_t> ids;
  copy.free_ = {~std::uint64_t{0}, ~std::size_t{0}};
  for (std::uint64_t id = 0; ids.size() < most && (id = copy.start()) != 0;) ids.push_back(id);
  return ids;
}

std::string JobQueue::reason(std::uint64_t id, std::size_t position) const {
  if (position > 1) return "behind " + std::to_string(position - 1) + (position == 2 ? " other" : " others");
  const Capacity& needs = jobs_.at(id).job.needs;
  if (needs.memory > free_.memory) {
    return "waits for " + byte_text(needs.memory) + " of memory: " + byte_text(free_.memory) + " of " + byte_text(whole_.memory) + " is free";
  }
  if (needs.threads > free_.threads) {
    return "waits for " + threads_text(needs.threads) + ": " + std::to_string(free_.threads) + " of " + std::to_string(whole_.threads) + " is free";
  }
  return "starts";
}

}  // namespace leat
