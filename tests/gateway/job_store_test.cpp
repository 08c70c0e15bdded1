#include <boost/test/unit_test.hpp>

#include <leat/actors/sqlite/database.hpp>
#include <leat/gateway/job_store.hpp>
#include <leat/gateway/process.hpp>

#include <filesystem>
#include <fstream>
#include <future>

#include <signal.h>

#include "support/folder.hpp"

using namespace leat;
namespace fs = std::filesystem;

namespace {

struct Stored {
  leat::tests::Folder folder;
  fs::path file = folder / "jobs.db";

  std::unique_ptr<JobStore> open() {
    auto store = JobStore::open(file);
    BOOST_REQUIRE_MESSAGE(store, (store ? "" : store.error().sentence));
    return std::move(*store);
  }
  static void save(JobStore& store, const JobRecord& job) {
    std::promise<bool> done;
    store.save(job, [&](Result<void> kept) { done.set_value(kept.ok()); });
    BOOST_REQUIRE(done.get_future().get());
  }
  std::string refused() {
    auto store = JobStore::open(file);
    return store ? "opened" : store.error().sentence;
  }
};

ProcessIdentity started(const std::vector<std::string>& words, const fs::path& folder) {
  auto process = start_process(words, folder, folder / "log");
  BOOST_REQUIRE_MESSAGE(process, (process ? "" : process.error().sentence));
  return *process;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(job_store, Stored)

BOOST_AUTO_TEST_CASE(what_was_saved_is_there_for_the_next) {
  JobRecord job;
  job.id = 7;
  job.graph = "train";
  job.args = {{"data", "data:a.csv"}};
  job.values = {{"data", "/x/a.csv"}};
  job.tenant = "anna";
  job.priority = -2;
  job.pinned = true;
  job.on_cluster = true;
  job.needs = {std::uint64_t{5} << 40, 3};
  job.stage = JobStage::crashed;
  job.cancelling = job.draining = true;
  job.submitted = Time(std::chrono::milliseconds(1));
  job.started = Time(std::chrono::milliseconds(2));
  job.ended = Time(std::chrono::milliseconds(3));
  job.process = {41, 99};
  job.cpu = 1.25;
  job.bytes = std::uint64_t{3} << 40;
  job.status = 5;
  job.sentence = "it \"broke\"";
  {
    auto store = open();
    save(*store, job);
    JobRecord other;
    other.id = 8;
    save(*store, other);
    store->remove(8, {});
  }
  auto found = open()->load();
  BOOST_REQUIRE((found && found->size() == 1));
  const JobRecord& same = found->front();
  BOOST_TEST((same.id == 7 && same.graph == job.graph && same.args == job.args && same.values == job.values && same.tenant == job.tenant));
  BOOST_TEST((same.on_cluster && same.priority == -2 && same.pinned && same.needs.memory == job.needs.memory && same.needs.threads == 3));
  BOOST_TEST((same.stage == job.stage && same.cancelling && same.draining && same.process == job.process && same.status == 5));
  BOOST_TEST((same.cpu == job.cpu && same.bytes == job.bytes));
  BOOST_TEST((same.submitted == job.submitted && same.started == job.started && same.ended == job.ended && same.sentence == job.sentence));
}

BOOST_AUTO_TEST_CASE(what_a_job_has_used_is_known_when_it_is_forgotten) {
  {
    auto store = open();
    for (std::uint64_t id : {1, 2, 3}) {
      JobRecord job;
      job.id = id;
      job.tenant = "anna";
      job.stage = JobStage::done;
      job.ended = Time(std::chrono::hours(id));
      job.cpu = id == 3 ? 0 : 0.5 * static_cast<double>(id);
      save(*store, job);
      store->remove(id, {});
    }
  }
  auto store = open();
  BOOST_TEST(store->load()->empty());
  auto spent = store->spent(Time(std::chrono::hours(2)));
  BOOST_REQUIRE((spent && spent->size() == 1));
  const JobStore::Spent& one = spent->front();
  BOOST_TEST((one.tenant == "anna" && one.cpu == 1 && one.ended == Time(std::chrono::hours(2))));
}

BOOST_AUTO_TEST_CASE(a_database_that_is_none_later_or_damaged_is_refused) {
  { auto store = open(); }
  {
    auto database = sqlite::Database::open(file.string(), sqlite::Opening::to_write, 1);
    BOOST_REQUIRE(database->run("PRAGMA user_version=99"));
  }
  BOOST_TEST(refused().find("later version") != std::string::npos);
  {
    auto database = sqlite::Database::open(file.string(), sqlite::Opening::to_write, 1);
    BOOST_REQUIRE(database->run("PRAGMA user_version=1; DROP TABLE spent; INSERT INTO job VALUES (3, '{\"stage\": 4}')"));
  }
  auto loaded = open()->load();
  BOOST_REQUIRE(!loaded.ok());
  BOOST_TEST(loaded.error().sentence.find("job 3 is damaged") != std::string::npos);
  fs::remove(file);
  std::ofstream(file) << std::string(5000, 'x');
  BOOST_TEST(refused().find("no SQLite database") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_process_is_watched_to_its_end_and_told_apart) {
  auto watch = ProcessWatch::open();
  BOOST_REQUIRE(watch);
  std::promise<ProcessEnd> one, two, three;
  fs::path here = folder.path();
  auto with_status = started({"/bin/sh", "-c", "echo said; exit 5"}, here);
  (*watch)->watch(with_status, [&](ProcessEnd end) { one.set_value(end); });
  BOOST_TEST(one.get_future().get().status.value_or(0) == 5);
  auto busy = started({"/bin/sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"}, here);
  std::promise<ProcessEnd> worked;
  (*watch)->watch(busy, [&](ProcessEnd end) { worked.set_value(end); });
  BOOST_TEST(worked.get_future().get().cpu > 0);
  BOOST_TEST(!cpu_seconds_of(busy));
  BOOST_TEST(cpu_seconds_of(*process_of(::getpid())).value_or(-1) >= 0);
  BOOST_TEST(leat::tests::text_of(folder / "log") == "said\n");
  auto waits = started({"/usr/bin/tail", "-f", "/dev/null"}, here);
  BOOST_TEST(lives(waits));
  (*watch)->watch(waits, [&](ProcessEnd end) { two.set_value(end); });
  signal_process({waits.pid, waits.began + 1}, SIGKILL);
  BOOST_TEST(lives(waits));
  signal_process(waits, SIGKILL);
  BOOST_TEST(two.get_future().get().signal == SIGKILL);
  (*watch)->watch({waits.pid, waits.began}, [&](ProcessEnd end) { three.set_value(end); });
  BOOST_TEST(!three.get_future().get().status);
}

BOOST_AUTO_TEST_CASE(what_a_process_says_is_taken_or_its_last_line_told) {
  auto said = output_of({"/bin/sh", "-c", "printf hello"}, 100, std::chrono::seconds(20));
  BOOST_REQUIRE(said);
  BOOST_TEST(*said == "hello");
  auto refused = output_of({"/bin/sh", "-c", "echo first >&2; echo 'no such file' >&2; exit 2"}, 100, std::chrono::seconds(20));
  BOOST_TEST((!refused.ok() && refused.error().kind == ErrorKind::invalid && refused.error().sentence == "no such file"));
  auto much = output_of({"/bin/sh", "-c", "while :; do echo y; done"}, 100, std::chrono::seconds(20));
  BOOST_TEST((!much.ok() && much.error().sentence.find("more than it may") != std::string::npos));
  auto late = output_of({"/usr/bin/tail", "-f", "/dev/null"}, 100, std::chrono::milliseconds(50));
  BOOST_TEST((!late.ok() && late.error().sentence.find("not ended in time") != std::string::npos));
  BOOST_TEST(!output_of({"/none"}, 100, std::chrono::seconds(1)).ok());
}

BOOST_AUTO_TEST_SUITE_END()
