#include <leat/gateway/job_store.hpp>

#include <leat/actors/sqlite/database.hpp>
#include <leat/graph/json_text.hpp>
#include <leat/net/private_folder.hpp>

#include <nlohmann/json.hpp>

#include <pthread.h>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;
using sqlite::Database;
using sqlite::Opening;
using sqlite::Statement;

// What each version has more than the one before it; a database says in user_version how many it has.
constexpr const char* kMigrations[] = {
    "CREATE TABLE job (id INTEGER PRIMARY KEY AUTOINCREMENT, record TEXT NOT NULL)",
    "CREATE TABLE spent (id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, ended INTEGER NOT NULL, cpu_ms INTEGER NOT NULL)",
};
constexpr std::int64_t kVersion = std::size(kMigrations);

constexpr const char* kKeepSpent =
    "INSERT OR IGNORE INTO spent SELECT id, json_extract(record, '$.tenant'), json_extract(record, '$.ended'), "
    "CAST(1000 * json_extract(record, '$.cpu') AS INTEGER) FROM job WHERE id = ? AND json_extract(record, '$.cpu') > 0";

// Seconds: another service that is ending has flushed by then.
constexpr std::uint64_t kWait = 5;

std::int64_t millis(Time time) { return time.time_since_epoch().count(); }
Time time_of(const Json& json, const char* name) { return Time(std::chrono::milliseconds(json.value(name, std::int64_t{0}))); }

std::string text_of(const JobRecord& job) {
  Json json = {{"graph", job.graph},
               {"args", job.args},
               {"values", job.values},
               {"tenant", job.tenant},
               {"priority", job.priority},
               {"pinned", job.pinned},
               {"memory", job.needs.memory},
               {"threads", job.needs.threads},
               {"cluster", job.on_cluster},
               {"checkpoints", job.checkpoints.count()},
               {"restored", job.restored},
               {"stage", stage_name(job.stage)},
               {"cancelling", job.cancelling},
               {"draining", job.draining},
               {"submitted", millis(job.submitted)},
               {"started", millis(job.started)},
               {"ended", millis(job.ended)},
               {"pid", job.process.pid},
               {"began", job.process.began},
               {"cpu", job.cpu},
               {"cpu_before", job.cpu_before},
               {"bytes", job.bytes},
               {"status", job.status},
               {"sentence", job.sentence}};
  return json_text(json);
}

std::optional<JobRecord> record_of(std::uint64_t id, const std::string& text) {
  Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  try {
    JobRecord job;
    auto stage = stage_called(json.at("stage"));
    if (!stage) return std::nullopt;
    job.id = id;
    job.graph = json.at("graph");
    job.args = json.at("args");
    job.values = json.at("values");
    job.tenant = json.at("tenant");
    job.priority = json.at("priority");
    job.pinned = json.at("pinned");
    job.needs = {json.at("memory"), json.at("threads")};
    job.on_cluster = json.value("cluster", false);
    job.checkpoints = std::chrono::milliseconds(json.value("checkpoints", std::int64_t{0}));
    job.restored = json.value("restored", std::uint64_t{0});
    job.stage = *stage;
    job.cancelling = json.at("cancelling");
    job.draining = json.at("draining");
    job.submitted = time_of(json, "submitted");
    job.started = time_of(json, "started");
    job.ended = time_of(json, "ended");
    job.process = {json.at("pid"), json.at("began")};
    job.cpu = json.value("cpu", 0.0);
    job.cpu_before = json.value("cpu_before", 0.0);
    job.bytes = json.value("bytes", std::uint64_t{0});
    job.status = json.at("status");
    job.sentence = json.at("sentence");
    return job;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

Result<void> migrate(Database& database) {
  auto version = database.number("PRAGMA user_version");
  if (!version) return std::move(version).error();
  if (*version > kVersion) {
    return invalid(database.path() + ": was written by a later version of this program: start that one, or give another --state");
  }
  for (std::int64_t next = *version; next < kVersion; ++next) {
    std::string step = std::string("BEGIN; ") + kMigrations[next] + "; PRAGMA user_version=" + std::to_string(next + 1) + "; COMMIT";
    if (auto done = database.run(step); !done) return done;
  }
  return {};
}

struct Change {
  std::uint64_t id = 0;
  std::optional<std::string> record;  // none: to be removed
  JobStore::Then then;
};

class Store final : public JobStore {
 public:
  explicit Store(Database database) : database_(std::move(database)), thread_([this] { run(); }) {}
  ~Store() override {
    {
      std::lock_guard lock(mutex_);
      ends_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

  Result<std::uint64_t> last() override {
    std::lock_guard lock(writing_);
    auto number = database_.number("SELECT seq FROM sqlite_sequence WHERE name = 'job'");
    if (!number) return std::move(number).error();
    return static_cast<std::uint64_t>(*number);
  }

  Result<std::vector<JobRecord>> load() override {
    std::lock_guard lock(writing_);
    auto rows = database_.prepare("SELECT id, record FROM job ORDER BY id");
    if (!rows) return std::move(rows).error();
    std::vector<JobRecord> jobs;
    while (true) {
      auto more = rows->step();
      if (!more) return std::move(more).error();
      if (!*more) return jobs;
      auto id = static_cast<std::uint64_t>(rows->integer(0));
      auto job = record_of(id, rows->text(1));
      if (!job) return corrupt(database_.path() + ": the record of job " + std::to_string(id) + " is damaged: remove it, or give another --state");
      jobs.push_back(std::move(*job));
    }
  }

  Result<std::vector<Spent>> spent(Time after) override {
    std::lock_guard lock(writing_);
    std::string old = "DELETE FROM spent WHERE ended < " + std::to_string(millis(after));
    if (auto done = database_.run(old); !done) return std::move(done).error();
    auto rows = database_.prepare("SELECT tenant, ended, cpu_ms FROM spent");
    if (!rows) return std::move(rows).error();
    std::vector<Spent> all;
    while (true) {
      auto more = rows->step();
      if (!more) return std::move(more).error();
      if (!*more) return all;
      all.push_back({rows->text(0), Time(std::chrono::milliseconds(rows->integer(1))), static_cast<double>(rows->integer(2)) / 1000});
    }
  }

  void save(JobRecord record, Then then) override { add({record.id, text_of(record), std::move(then)}); }
  void remove(std::uint64_t id, Then then) override { add({id, std::nullopt, std::move(then)}); }

 private:
  void add(Change change) {
    std::lock_guard lock(mutex_);
    changes_.push_back(std::move(change));
    changed_.notify_one();
  }

  void run() {
    ::pthread_setname_np(::pthread_self(), "job store");
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return ends_ || !changes_.empty(); });
      if (changes_.empty()) return;
      std::deque<Change> mine = std::exchange(changes_, {});
      lock.unlock();
      Result<void> done = write(mine);
      for (const Change& one : mine) {
        if (one.then) one.then(done);
      }
      lock.lock();
    }
  }

  Result<void> write(const std::deque<Change>& changes) {
    std::lock_guard lock(writing_);
    auto done = database_.run("BEGIN IMMEDIATE");
    for (std::size_t i = 0; done && i < changes.size(); ++i) done = write(changes[i]);
    if (done) done = database_.run("COMMIT");
    if (!done) [[maybe_unused]] auto undone = database_.run("ROLLBACK");
    return done;
  }

  Result<void> write(const Change& change) {
    if (!change.record) {
      auto used = database_.prepare(kKeepSpent);
      if (!used) return std::move(used).error();
      used->bind(1, static_cast<std::int64_t>(change.id));
      if (auto stepped = used->step(); !stepped) return std::move(stepped).error();
    }
    auto statement = database_.prepare(change.record ? "INSERT OR REPLACE INTO job VALUES (?, ?)" : "DELETE FROM job WHERE id = ?");
    if (!statement) return std::move(statement).error();
    statement->bind(1, static_cast<std::int64_t>(change.id));
    if (change.record) statement->bind(2, *change.record);
    auto stepped = statement->step();
    return stepped ? Result<void>() : std::move(stepped).error();
  }

  Database database_;
  std::mutex writing_;  // whoever uses the database
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Change> changes_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<JobStore>> JobStore::open(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    if (auto made = write_private_file(file, ""); !made) return std::move(made).error();
  }
  auto database = Database::open(file.string(), Opening::to_write, kWait);
  if (!database) return std::move(database).error();
  // Of two services the second finds the first one's lock.
  if (auto set = database->run("PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"); !set) {
    return std::move(set).error();
  }
  if (auto done = migrate(*database); !done) return std::move(done).error();
  return std::unique_ptr<JobStore>(std::make_unique<Store>(std::move(*database)));
}

}  // namespace leat
