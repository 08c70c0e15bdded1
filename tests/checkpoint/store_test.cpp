#include "support/folder.hpp"

#include <leat/checkpoint/cut_file.hpp>
#include <leat/checkpoint/restarts.hpp>
#include <leat/checkpoint/store.hpp>
#include <leat/chunk/table_builder.hpp>

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace leat;
using tests::Folder;
using tests::text_of;
namespace fs = std::filesystem;

namespace {

Chunk numbers(Pool& pool, std::int64_t first, std::size_t rows) {
  TableBuilder builder(pool, {{"n", ColumnType::I64}}, rows);
  for (std::size_t i = 0; i < rows; ++i) builder.cells<std::int64_t>(0)[i] = first + static_cast<std::int64_t>(i);
  return std::move(builder).finish(rows, 0).chunk();
}

Cut some_cut(Pool& pool, std::uint64_t n) {
  Cut cut{1, n, {}, {}, {}};
  StageCut stage{"sum", "group.group", "1", 0, 2};
  stage.state.push_back({numbers(pool, 5, 100), KeyGroup{7}});
  stage.state.push_back({numbers(pool, 6, 1), std::nullopt});
  stage.counts["rows"] = 12;
  stage.lines.emplace_back("written", "a.csv");
  cut.stages.push_back(std::move(stage));
  StageCut other{"write", "csv.write", "1", 0, 1, true};
  cut.stages.push_back(std::move(other));
  cut.sources.push_back({"read", {"file 12", std::string("\0\1", 2)}, 17, false, {{"bad cells", 3}}, {}});
  cut.edges.push_back({"read", "sum", 0, 17});
  return cut;
}

Sealed sealed(std::uint64_t n, bool last = false) { return {"write", {"job", 1, n, 0, last}}; }

void put(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

CheckpointStore opened(const fs::path& folder) {
  auto store = CheckpointStore::open(folder);
  BOOST_REQUIRE_MESSAGE(store, (store ? std::string() : store.error().sentence));
  return std::move(*store);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(store)

BOOST_AUTO_TEST_CASE(a_cut_is_read_as_it_was_written) {
  Folder folder;
  auto pool = Pool::make();
  Cut cut = some_cut(*pool, 3);
  auto facts = write_cut(cut, fs::path(folder / "cut"));
  BOOST_REQUIRE_MESSAGE(facts, (facts ? std::string() : facts.error().sentence));
  auto read = read_cut(fs::path(folder / "cut"), *facts, *pool);
  BOOST_REQUIRE_MESSAGE(read, (read ? std::string() : read.error().sentence));
  BOOST_TEST(read->n == 3u);
  BOOST_TEST(read->epoch == 1u);
  BOOST_REQUIRE(read->stages.size() == 2u);
  BOOST_TEST(read->stages[0].stage == "sum");
  BOOST_TEST(read->stages[0].replicas == 2u);
  BOOST_TEST(read->stages[0].state[0].chunk.hash() == cut.stages[0].state[0].chunk.hash());
  BOOST_TEST(*read->stages[0].state[0].group == 7);
  BOOST_TEST(!read->stages[0].state[1].group);
  BOOST_TEST(read->stages[0].counts == cut.stages[0].counts);
  BOOST_TEST((read->stages[0].lines == cut.stages[0].lines));
  BOOST_TEST(read->stages[1].ended);
  BOOST_TEST((read->sources[0].position == cut.sources[0].position));
  BOOST_TEST(read->sources[0].next == 17u);
  BOOST_TEST(read->edges[0].next == 17u);
}

BOOST_AUTO_TEST_CASE(a_cut_with_any_bit_flipped_or_any_end_missing_is_refused) {
  Folder folder;
  auto pool = Pool::make();
  auto facts = write_cut(some_cut(*pool, 3), fs::path(folder / "cut"));
  BOOST_REQUIRE(facts);
  std::string whole = text_of(fs::path(folder / "cut"));
  for (std::size_t at = 0; at < whole.size(); at += 37) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 4);
    put(fs::path(folder / "cut"), flipped);
    auto read = read_cut(fs::path(folder / "cut"), *facts, *pool);
    BOOST_TEST(!read);
    put(fs::path(folder / "cut"), whole.substr(0, at));
    BOOST_TEST(!read_cut(fs::path(folder / "cut"), *facts, *pool));
  }
}

BOOST_AUTO_TEST_CASE(what_is_published_is_found_again) {
  Folder folder;
  auto pool = Pool::make();
  {
    auto store = opened(fs::path(folder / "store"));
    BOOST_TEST(!store.unfinished());
    BOOST_REQUIRE(store.begin({"job", 1, "graph", {"line"}, 4}));
    for (std::uint64_t n = 1; n <= 5; ++n) BOOST_REQUIRE(store.publish(some_cut(*pool, n), {sealed(n), sealed(9, true)}));
    BOOST_REQUIRE(store.committed(5));
  }
  auto store = opened(fs::path(folder / "store"));
  auto job = store.unfinished();
  BOOST_REQUIRE(job);
  BOOST_TEST(job->began.job == "job");
  BOOST_TEST(job->began.threads == 4u);
  BOOST_TEST(job->manifests.size() == CheckpointStore::kKept);
  BOOST_TEST(job->manifests.back().n == 5u);
  BOOST_REQUIRE(job->past.size() == 2u);
  BOOST_TEST(job->past.front().n == 1u);
  // What is seen only with the last is still to come, whatever was committed.
  BOOST_REQUIRE(job->uncommitted.size() == 1u);
  BOOST_TEST(job->uncommitted[0].name.last);
  BOOST_TEST(job->uncommitted[0].name.job == "job");
  BOOST_TEST(store.read(job->manifests.back(), *pool)->n == 5u);
  auto files = std::distance(fs::directory_iterator(fs::path(folder / "store/cuts")), fs::directory_iterator());
  BOOST_TEST(files == static_cast<std::ptrdiff_t>(CheckpointStore::kKept));
  BOOST_REQUIRE(store.end());
  BOOST_TEST(!store.unfinished());
  BOOST_TEST(fs::is_empty(fs::path(folder / "store/cuts")));
}

BOOST_AUTO_TEST_CASE(of_two_who_go_on_one_is_told) {
  Folder folder;
  auto first = Journal::open(folder.path());
  auto second = Journal::open(folder.path());
  BOOST_REQUIRE(first->append(journal::Committed{1}));
  auto refused = second->append(journal::Committed{2});
  BOOST_REQUIRE(!refused);
  BOOST_TEST((refused.error().kind == ErrorKind::disconnected));
  BOOST_REQUIRE(first->append(journal::Committed{3}));
  BOOST_TEST(!second->append(journal::Committed{4}));
}

BOOST_AUTO_TEST_CASE(a_folder_is_of_one_process) {
  Folder folder;
  auto store = opened(fs::path(folder / "store"));
  pid_t child = ::fork();
  if (child == 0) {
    auto other = CheckpointStore::open(fs::path(folder / "store"));
    ::_exit(other ? 1 : other.error().sentence.find("another run has the checkpoints") == std::string::npos ? 2 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  BOOST_TEST(status == 0);
}

BOOST_AUTO_TEST_CASE(a_journal_that_is_damaged_or_has_a_gap_is_refused_and_left_alone) {
  Folder folder;
  {
    auto journal = Journal::open(folder.path());
    for (std::uint64_t n = 1; n <= 3; ++n) BOOST_REQUIRE(journal->append(journal::Committed{n}));
  }
  fs::path second = fs::path(folder / "0000000002");
  std::string whole = text_of(second);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    put(second, flipped);
    BOOST_TEST(!Journal::open(folder.path()));
  }
  fs::remove(second);
  auto gap = Journal::open(folder.path());
  BOOST_REQUIRE(!gap);
  BOOST_TEST(gap.error().sentence.find("0000000002 is missing") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_others_may_write_is_not_trusted) {
  Folder folder;
  fs::create_directory(fs::path(folder / "store"));
  fs::permissions(fs::path(folder / "store"), fs::perms::all);
  auto store = CheckpointStore::open(fs::path(folder / "store"));
  BOOST_REQUIRE(!store);
  BOOST_TEST((store.error().kind == ErrorKind::invalid));
}

BOOST_AUTO_TEST_CASE(a_job_begins_anew_so_often_and_ever_later) {
  using namespace std::chrono_literals;
  Restarts restarts({3, 60s});
  Restarts::Clock::time_point now{};
  BOOST_TEST(restarts.after_failure(now, 0)->count() == 0);
  BOOST_TEST(restarts.after_failure(now, 20)->count() == 100);
  BOOST_TEST(restarts.after_failure(now, 0)->count() == 160);
  BOOST_TEST(!restarts.after_failure(now + 59s, 0));
  BOOST_TEST(restarts.after_failure(now + 61s, 0)->count() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
