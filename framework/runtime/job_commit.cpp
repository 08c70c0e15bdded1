#include <leat/runtime/job_commit.hpp>

#include <algorithm>
#include <utility>

namespace leat {
namespace {

void add(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

std::string joined(const std::vector<std::string>& names) {
  std::string all;
  for (const std::string& name : names) all += (all.empty() ? "" : ", ") + name;
  return all;
}

}  // namespace

// A file's kind says in its options which it is.
std::string JobCommit::sink_text(StageId id) const {
  const Stage& stage = graph_.stages()[id];
  return "stage " + stage.name + (stage.kind.options.empty() ? "" : " (" + stage.kind.options + ")");
}

std::vector<StageRun*> JobCommit::stages() const {
  std::vector<StageRun*> all;
  for (const auto& cell : cells_) {
    for (const auto& run : cell->stages()) all.push_back(run.get());
  }
  return all;
}

// The first cut, and the last.
OutputName JobCommit::output_name() const { return {share_.job, share_.epoch, 1, 0, true}; }

Result<void> JobCommit::seal() {
  sealed_ = true;
  Result<void> sealed = share_.dead_letters ? share_.dead_letters->seal(output_name()) : Result<void>();
  for (StageRun* run : stages()) {
    if (!sealed) break;
    sealed = run->seal(output_name());
    if (!sealed) sealed = run->named(sealed.error());
  }
  if (!sealed) abort();
  return sealed;
}

void JobCommit::abort() {
  if (!std::exchange(sealed_, false)) return;
  if (share_.dead_letters) [[maybe_unused]] auto gone = share_.dead_letters->abort(output_name());
  for (StageRun* run : stages()) [[maybe_unused]] auto gone = run->abort(output_name());
}

Result<void> JobCommit::commit() {
  auto all = stages();
  sealed_ = false;
  for (std::size_t at = 0; at < all.size(); ++at) {
    auto ok = all[at]->commit(output_name());
    if (ok) continue;
    for (std::size_t left = at; left < all.size(); ++left) [[maybe_unused]] auto gone = all[left]->abort(output_name());
    return commit_failed(all[at]->named(ok.error()), at);
  }
  if (!share_.dead_letters) return {};
  auto letters = share_.dead_letters->commit(output_name());
  return letters ? letters : commit_failed(letters.error(), all.size());
}

Error JobCommit::commit_failed(const Error& error, std::size_t at) const {
  std::vector<std::string> done;
  std::vector<std::string> left;
  auto all = stages();
  for (std::size_t i = 0; i < all.size(); ++i) {
    StageId id = all[i]->id();
    if (!graph_.stages()[id].kind.output) add(i < at ? done : left, sink_text(id));
  }
  if (done.empty() && left.size() <= 1) return error;
  std::string already = done.empty() ? "; nothing is committed here yet" : "; committed already: " + joined(done);
  return error.and_then(already + (left.empty() ? "" : "; not committed: " + joined(left)));
}

Result<void> JobCommit::let_go() {
  abort();
  Result<void> first;
  for (StageRun* run : stages()) {
    auto gone = run->let_go();
    if (first && !gone) first = run->named(gone.error().in("its destructor"));
  }
  return first;
}

}  // namespace leat
