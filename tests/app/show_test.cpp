#include <leat/app/show.hpp>

#include <boost/test/unit_test.hpp>

using namespace leat;

namespace {

Progress half_way() {
  Progress progress;
  progress.seconds = 10;
  progress.bytes = 50 << 20;
  progress.bytes_total = 100 << 20;
  progress.rows = 20'000'000;
  StageProgress parse;
  parse.name = "parse";
  parse.replicas = 2;
  parse.busy = 18;
  parse.read = progress.bytes;
  parse.to_read = progress.bytes_total;
  parse.counts = {{"rows", 20'000'000}, {"rows dropped", 3}};
  progress.stages = {parse};
  return progress;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_AUTO_TEST_SUITE(show)

BOOST_AUTO_TEST_CASE(the_bar_says_share_rate_time_left_and_who_is_busy) {
  std::string line = bar(half_way(), 120);
  for (const char* part : {"[===============               ]", " 50%", "2.00 M rows/s", "8 s to 17 s left", "parse 90% busy"}) {
    BOOST_TEST(has(line, part), line);
  }
}

BOOST_AUTO_TEST_CASE(the_bar_never_wraps) {
  for (std::size_t width : {1u, 10u, 40u, 80u}) BOOST_TEST(bar(half_way(), width).size() <= width);
}

BOOST_AUTO_TEST_CASE(without_a_known_size_the_bar_shows_no_share_and_no_time_left) {
  Progress progress = half_way();
  progress.bytes_total = progress.stages[0].to_read = 0;
  BOOST_TEST(!has(bar(progress, 120), "% \t"));
  BOOST_TEST(!has(bar(progress, 120), "left"));
  BOOST_TEST(!has(bar(progress, 120), "["));
}

BOOST_AUTO_TEST_CASE(what_is_read_and_not_worked_off_is_not_done) {
  Progress progress;
  progress.seconds = 80;
  progress.bytes = progress.bytes_total = 1000;
  StageProgress read{.name = "read", .chunks_out = 8, .busy = 0.01, .read = 1000, .to_read = 1000};
  StageProgress slow{.name = "slow", .visits = 2, .chunks_in = 8, .busy = 20};
  progress.stages = {read, slow};
  BOOST_TEST(part_done(progress) == 0.25, boost::test_tools::tolerance(0.01));
  BOOST_TEST(has(bar(progress, 120), " 25%"), bar(progress, 120));
  BOOST_TEST(has(bar(progress, 120), "0 s to 8 min left"), bar(progress, 120));
  // Of a stage that is at its first chunk nothing is known yet.
  progress.stages[1].visits = 0;
  progress.stages[1].busy = 0;
  BOOST_TEST(part_done(progress) < 0.5);
}

BOOST_AUTO_TEST_CASE(a_second_pass_that_begins_does_not_undo_the_first) {
  Progress progress = half_way();
  progress.stages[0].visits = progress.stages[0].chunks_in = 1000;
  StageProgress again{.name = "parse again", .visits = 0, .chunks_in = 4};
  double before = part_done(progress);
  progress.stages.push_back(again);
  BOOST_TEST(part_done(progress) == before, boost::test_tools::tolerance(0.01));
}

BOOST_AUTO_TEST_CASE(nothing_is_all_done_before_the_end) {
  Progress progress = half_way();
  progress.bytes = progress.bytes_total;
  BOOST_TEST(has(bar(progress, 120), " 99%"), bar(progress, 120));
  BOOST_TEST(has(progress_json(progress), "\"done\":0.99"));
  Report report;
  report.progress = progress;
  BOOST_TEST(!has(report_json(report), "\"done\""));
}

BOOST_AUTO_TEST_CASE(what_a_job_waits_for_is_told_to_programs) {
  BOOST_TEST(waiting_json("for nodes: 1 of 3") == "{\"type\":\"waiting\",\"what\":\"for nodes: 1 of 3\"}");
}

BOOST_AUTO_TEST_CASE(the_summary_names_results_losses_and_memory) {
  Report report;
  report.progress = half_way();
  report.results = {{"model", "a.bin"}, {"rmse", "1.5"}};
  report.peak_memory = 20 << 20;
  report.bound.terms = {{BoundTerm::What::process_base, "", 40 << 20}};
  std::string text = summary(report);
  BOOST_TEST(text ==
             "model: a.bin\nrmse: 1.5\nrows dropped: 3 in parse\nrows: 20000000 in 10.00 s, 2.00 M rows/s\n"
             "peak memory: 20.0 MiB of a bound of 40.0 MiB\n");
}

BOOST_AUTO_TEST_CASE(a_result_that_is_lines_is_shown_as_lines_and_no_other) {
  Report report;
  report.results = {{"best", "a,b\n1,\x1b\n"}, {"written", "odd\nname"}};
  BOOST_TEST(has(summary(report), "best:\n  a,b\n  1,\\x1b\nwritten: odd\\nname\n"), summary(report));
}

BOOST_AUTO_TEST_CASE(on_a_cluster_the_jobs_memory_is_told_from_the_processes) {
  Report report;
  report.nodes = {{"a", {}, 200 << 20, 40 << 20, 3 << 20}};
  BOOST_TEST(summary(report) == "node a: at most 3.00 MiB of chunks, of a bound of 40.0 MiB; its process 200 MiB\n");
  BOOST_TEST(has(report_json(report), "\"peak_memory\":209715200,\"peak_pool\":3145728,\"bound\":41943040"));
}

BOOST_AUTO_TEST_CASE(an_error_with_bytes_that_are_no_text_is_still_json) {
  BOOST_TEST(has(error_json(corrupt("bad \xff byte")), "\"kind\":\"corrupt\""));
}

BOOST_AUTO_TEST_CASE(the_bar_names_the_stage_whose_replicas_have_least_time_to_spare) {
  Progress progress = half_way();
  progress.stages[0].replicas = 8;
  StageProgress train;
  train.name = "train";
  train.busy = 9;
  progress.stages.push_back(train);
  BOOST_TEST(has(bar(progress, 120), "train 90% busy"), bar(progress, 120));
}

BOOST_AUTO_TEST_CASE(a_report_tells_programs_its_warnings) {
  Report report;
  BOOST_TEST(has(report_json(report), "\"warnings\":[]"));
  report.warnings = {"too much"};
  BOOST_TEST(has(report_json(report), "\"warnings\":[\"too much\"]"));
}

BOOST_AUTO_TEST_CASE(an_errors_subject_is_told_to_programs) {
  std::string json = error_json(corrupt("bad").about({.stage = "parse", .file = "a.csv", .line = 7}));
  BOOST_TEST(has(json, "\"stage\":\"parse\""));
  BOOST_TEST(has(json, "\"file\":\"a.csv\""));
  BOOST_TEST(has(json, "\"line\":7"));
  BOOST_TEST(!has(json, "column"));
}

BOOST_AUTO_TEST_SUITE_END()
