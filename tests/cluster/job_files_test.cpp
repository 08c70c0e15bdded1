// Two jobs at a time and one file: what one writes the other neither reads nor writes.
#include <leat/cluster/job_files.hpp>

#include <stdlib.h>

#include <filesystem>
#include <fstream>

#include "cluster/small_cluster.hpp"

using namespace leat;
using namespace leat::testing;
using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;

Member on(const std::string& node, const std::string& host) {
  Member member;
  member.joined.node.name = node;
  member.joined.host = host;
  return member;
}

UsedFile reads(const std::string& path, std::uint64_t inode = 0) { return {"read", path, path, 1, inode, false}; }
UsedFile writes(const std::string& path, std::uint64_t inode = 0) { return {"write", path, path, 1, inode, true}; }

std::string sentence(const Result<void>& result) { return result ? "" : result.error().sentence; }

// Jobs of one program: each reads a file, if only to name it, and writes one.
struct Fixture {
  Fixture() {
    std::string name = (fs::temp_directory_path() / "leat-jobs-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()));
    folder = name;
    std::ofstream(in()) << "there";
    cluster.open_coordinator();
    cluster.add_node("a");
  }
  ~Fixture() { fs::remove_all(folder); }

  std::string in() const { return (folder / "in").string(); }
  std::string out() const { return (folder / "out").string(); }

  Program copying() {
    std::vector<Option> params = {{"from", OptionType::path, "", {}}, {"to", OptionType::path, "", {}},
                                  {"end", OptionType::integer, "", "10"}};
    return {"copying", "", params, [this](const Args& args) {
              auto write = noting(collected, tally);
              write.writes = {args["to"]};
              Kind<Number, Number> look = kind_of<Passing, Number, Number>(Sharing::stateless);
              look.reads_from = {args["from"]};
              Graph g{"copying"};
              auto end = static_cast<std::uint64_t>(args.integer("end"));
              g.source("count", counting(end)).map("watch", [this, end](Number n) {
                if (end > 10 && !told.exchange(true)) flowing.set_value();
                return n;
              }).map("read", look).sink("write", write);
              return g;
            }};
  }

  struct Passing final : Actor {
    Result<Step> visit(Visit& visit, Outbox& out) override {
      out.emit(visit.take());
      return Step::done;
    }
  };

  // What a job says that runs beside one from `in` to `out`.
  std::string beside(const std::string& from, const std::string& to) {
    std::stop_source stop;
    SubmitOptions options = cluster.submit_options();
    options.stop = stop.get_token();
    auto first = std::async(std::launch::async, [this, options] {
      return cluster.run(0, {{"from", in()}, {"to", out()}, {"end", "1000000000000"}}, options);
    });
    BOOST_REQUIRE((flowing.get_future().wait_for(30s) == std::future_status::ready));
    auto second = cluster.run(0, {{"from", from}, {"to", to}});
    stop.request_stop();
    BOOST_TEST(first.get().ok());
    return second ? "" : second.error().sentence;
  }

  fs::path folder;
  Collected<Number> collected;
  std::shared_ptr<Tally> tally = std::make_shared<Tally>();
  std::promise<void> flowing;
  std::atomic<bool> told{false};
  SmallCluster cluster{{copying()}};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(job_files)

BOOST_AUTO_TEST_CASE(what_a_job_writes_no_other_reads_or_writes_meanwhile) {
  JobFiles files;
  BOOST_TEST(files.use(1, "g", on("a", "h"), {reads("/in"), writes("/out")}).ok());
  BOOST_TEST(files.use(2, "g", on("b", "h"), {reads("/in"), writes("/other")}).ok());
  BOOST_TEST(sentence(files.use(3, "k", on("b", "h"), {reads("/in"), writes("/out")})) ==
             "stage write writes /out on node b, which stage write of job 1 (graph g) writes: wait until that job has "
             "ended, or give one of them a file of its own");
  BOOST_TEST(sentence(files.use(3, "k", on("b", "h"), {writes("/in")})).find("stage read of job 1 (graph g) reads") !=
             std::string::npos);
  BOOST_TEST(!files.use(3, "k", on("b", "h"), {reads("/out")}).ok());
  files.release(1);
  files.release(2);
  BOOST_TEST(files.use(3, "k", on("b", "h"), {reads("/out"), writes("/in")}).ok());
}

BOOST_AUTO_TEST_CASE(a_file_under_two_names_is_one_and_files_of_two_machines_are_two) {
  JobFiles files;
  BOOST_TEST(files.use(1, "g", on("a", "h"), {writes("/out", 7)}).ok());
  BOOST_TEST(!files.use(2, "g", on("a", "h"), {reads("/linked", 7)}).ok());
  BOOST_TEST(files.use(2, "g", on("a", "h"), {reads("/linked", 8)}).ok());
  BOOST_TEST(files.use(2, "g", on("c", "elsewhere"), {reads("/out", 7)}).ok());
  // A job's own stages are the graph's to check.
  BOOST_TEST(files.use(1, "g", on("a", "h"), {reads("/out", 7)}).ok());
}

BOOST_FIXTURE_TEST_CASE(a_job_that_would_read_what_another_writes_is_refused, Fixture) {
  std::string said = beside(out(), in() + "2");
  BOOST_TEST(said.find("stage read reads " + out() + " on node a, which stage write of job 1 (graph copying) writes") !=
                 std::string::npos,
             said);
  // Once that has ended it may.
  BOOST_TEST(cluster.run(0, {{"from", out()}, {"to", in() + "2"}}).ok());
}

BOOST_FIXTURE_TEST_CASE(a_job_that_would_write_what_another_reads_is_refused_by_whatever_name, Fixture) {
  fs::create_hard_link(in(), folder / "linked");
  std::string said = beside(out() + "3", (folder / "linked").string());
  BOOST_TEST(said.find("stage write writes " + (folder / "linked").string()) != std::string::npos, said);
  BOOST_TEST(said.find("reads, as " + in()) != std::string::npos, said);
}

BOOST_FIXTURE_TEST_CASE(jobs_that_read_one_file_run_beside_each_other, Fixture) {
  BOOST_TEST(beside(in(), out() + "2") == "");
}

BOOST_FIXTURE_TEST_CASE(jobs_may_write_to_one_device, Fixture) {
  BOOST_TEST(cluster.run(0, {{"from", in()}, {"to", "/dev/null"}}).ok());
  BOOST_TEST(used_files(copying().build(*Args::from(copying().params, {{"from", in()}, {"to", "/dev/null"}})), {0, 1, 2, 3})
                 .size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
