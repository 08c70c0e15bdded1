// The actor kit's trial of sinks that write files.
#include <leat/graph/actor_kit.hpp>

#include <leat/actor/guard.hpp>
#include <leat/actor/recording_outbox.hpp>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include <sys/wait.h>
#include <unistd.h>

namespace leat::kit {
namespace {

using Files = std::vector<std::string>;

class SinkTrial {
 public:
  explicit SinkTrial(const Trial& trial) : trial_(trial), pool_(Pool::make()) {}
  ~SinkTrial() { remove(); }

  Result<void> run() {
    for (const std::string& path : trial_.kind.writes) {
      if (std::filesystem::exists(path)) return invalid("the file " + path + " is there: try with another");
    }
    before_ = folders();
    if (auto described = described_budget(); !described) return described;
    auto expected = whole({"kit-whole", 0, 1, 0, true});
    if (!expected) return std::move(expected).error();
    remove();
    if (auto ok = dies_and_is_committed(*expected); !ok) return ok;
    if (auto ok = dies_and_is_thrown_away(); !ok) return ok;
    for (std::size_t chunks = 0; chunks <= trial_.chunks.size(); ++chunks) {
      if (auto ok = goes_on(chunks, *expected); !ok) {
        return ok.error().in("cut after " + std::to_string(chunks) + " chunks");
      }
    }
    return {};
  }

 private:
  Result<void> described_budget() {
    if (!trial_.kind.describe) return {};
    auto described = guarded([&] { return trial_.kind.describe(trial_.inputs); });
    if (!described) return std::move(described).error();
    budget_ = described->needs.state;
    return {};
  }

  Result<std::unique_ptr<Actor>> made(std::string job = "kit") {
    Making making;
    making.job = std::move(job);
    making.inputs = trial_.inputs;
    return guarded([&] { return trial_.kind.actor(making); });
  }

  Result<void> feed(Actor& actor, Outbox& out, std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      if (auto ok = feed_one(actor, trial_.chunks[i].chunk, out, trial_.chunks[i].port); !ok) return ok;
    }
    return {};
  }

  Result<void> write_and_seal(const OutputName& name) {
    RecordingOutbox out(*pool_, budget_);
    auto actor = made();
    if (!actor) return std::move(actor).error();
    if (auto ok = (*actor)->start(out); !ok) return ok;
    if (auto ok = feed(**actor, out, 0, trial_.chunks.size()); !ok) return ok;
    if (auto ok = finish(**actor, out); !ok) return ok;
    if (auto ok = (*actor)->seal(name); !ok) return ok;
    return untouched();
  }

  // What is in the files when nothing happens.
  Result<Files> whole(const OutputName& name) {
    if (auto ok = write_and_seal(name); !ok) return std::move(ok).error();
    auto actor = made();
    if (!actor) return std::move(actor).error();
    if (auto ok = (*actor)->commit(name); !ok) return std::move(ok).error();
    return files();
  }

  // A process that seals and is gone at once, as if it had been killed.
  Result<void> other_process(const OutputName& name) {
    pid_t child = ::fork();
    if (child < 0) return failed("cannot fork");
    if (child == 0) {
      auto sealed = guarded([&] { return write_and_seal(name); });
      ::_exit(sealed ? 0 : 1);
    }
    int status = 0;
    if (::waitpid(child, &status, 0) != child || status != 0) return failed("could not seal in another process");
    return untouched();
  }

  Result<void> dies_and_is_committed(const Files& expected) {
    OutputName name{"kit-dies", 0, 1, 0, true};
    if (auto ok = other_process(name); !ok) return ok;
    for (int times = 0; times < 2; ++times) {
      auto actor = made();
      if (!actor) return std::move(actor).error();
      if (auto ok = (*actor)->commit(name); !ok) return ok.error().in(times ? "committed twice" : "committed by name");
      auto found = files();
      if (!found) return std::move(found).error();
      if (*found != expected) return failed("what was committed by its name is something else than was written");
    }
    remove();
    return nothing_left();
  }

  Result<void> dies_and_is_thrown_away() {
    OutputName name{"kit-aborts", 0, 1, 0, true};
    if (auto ok = other_process(name); !ok) return ok;
    for (int times = 0; times < 2; ++times) {
      auto actor = made();
      if (!actor) return std::move(actor).error();
      if (auto ok = (*actor)->abort(name); !ok) return ok.error().in("thrown away by name");
      if (auto ok = untouched(); !ok) return ok;
    }
    return nothing_left();
  }

  Result<void> goes_on(std::size_t chunks, const Files& expected) {
    OutputName cut{"kit-cut", 0, 1, 0, false};
    RecordingOutbox out(*pool_, budget_);
    auto first = made(cut.job);
    if (!first) return std::move(first).error();
    if (auto ok = (*first)->start(out); !ok) return ok;
    if (auto ok = feed(**first, out, 0, chunks); !ok) return ok;
    if (auto ok = (*first)->seal(cut); !ok) return ok;
    auto state = (*first)->snapshot(*pool_);
    if (!state) return std::move(state).error();
    first->reset();
    RecordingOutbox again(*pool_, budget_);
    auto other = made(cut.job);
    if (!other) return std::move(other).error();
    if (auto ok = (*other)->start(again); !ok) return ok;
    if (auto ok = (*other)->restore(*state, again); !ok) return ok;
    if (auto ok = feed(**other, again, chunks, trial_.chunks.size()); !ok) return ok;
    if (auto ok = finish(**other, again); !ok) return ok;
    OutputName last{"kit-cut", 1, 2, 0, true};
    if (auto ok = (*other)->seal(last); !ok) return ok;
    if (auto ok = (*other)->commit(cut); !ok) return ok.error().in("an earlier cut, committed late");
    if (auto ok = (*other)->commit(last); !ok) return ok;
    if (auto ok = (*other)->abort(cut); !ok) return ok;
    auto found = files();
    if (!found) return std::move(found).error();
    remove();
    if (*found != expected) return failed("writes something else once its state was taken down and up again");
    return nothing_left();
  }

  Result<Files> files() const {
    Files found;
    for (const std::string& path : trial_.kind.writes) {
      std::ifstream file(path, std::ios::binary);
      if (!file) return failed("there is no " + path + " after the commit");
      auto content = trial_.content ? trial_.content(path) : Result<std::string>(std::string(std::istreambuf_iterator<char>(file), {}));
      if (!content) return std::move(content).error();
      found.push_back(std::move(*content));
    }
    return found;
  }

  Result<void> untouched() const {
    for (const std::string& path : trial_.kind.writes) {
      if (std::filesystem::exists(path)) return failed(path + " can be seen before the commit");
    }
    return {};
  }

  std::set<std::string> folders() const {
    std::set<std::string> names;
    for (const std::string& path : trial_.kind.writes) {
      auto folder = std::filesystem::absolute(path).parent_path();
      for (const auto& entry : std::filesystem::directory_iterator(folder)) names.insert(entry.path().string());
    }
    return names;
  }

  Result<void> nothing_left() const {
    for (const std::string& name : folders()) {
      if (!before_.count(name)) return failed("leaves " + name + " behind");
    }
    return {};
  }

  void remove() const {
    std::error_code ignored;
    for (const std::string& path : trial_.kind.writes) std::filesystem::remove(path, ignored);
  }

  const Trial& trial_;
  std::shared_ptr<Pool> pool_;
  std::uint64_t budget_ = 0;
  std::set<std::string> before_;
};

}  // namespace

Result<void> try_sink(const Trial& trial) {
  auto tried = guarded([&] { return SinkTrial(trial).run(); });
  return tried ? tried : tried.error().in(trial.kind.name);
}

}  // namespace leat::kit
