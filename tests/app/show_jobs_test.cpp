#include <leat/app/completion.hpp>
#include <leat/app/log_lines.hpp>
#include <leat/app/show_jobs.hpp>

#include <boost/test/unit_test.hpp>

using namespace leat;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

const std::string kRun =
    R"({"type":"job","version":1,"number":41,"kind":"run","program":"regression","build":"12ab","graph":"train","state":"running",)"
    R"("pid":77,"memory":1048576,"progress":{"seconds":12.0,"done":0.42,"stages":[{"name":"parse","replicas":2,"visits":9,"busy_s":3.5,)"
    R"("counts":{"rows":7}}]}})";
const std::string kSilent = R"({"type":"job","version":1,"number":42,"kind":"","graph":"","state":"silent","why":"it is stopped"})";

std::vector<CommandText> some_commands() {
  return {{{}, "Counts.", {"run"}, {}, {{"--help", "", "help", {}, false}}},
          {{"run"}, "run it's graph", {}, {{"job", "", "which", {}, true}},
           {{"--format", "a|b", "how [text] (a)", {"a", "b"}, false}, {"--out", "file", "where", {}, false}}}};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(show_jobs)

BOOST_AUTO_TEST_CASE(a_job_is_a_line_and_what_is_not_known_is_a_dash) {
  BOOST_TEST(jobs_text({kRun, kSilent}) ==
             "job     kind         graph                 state       done   time      pid\n"
             "41      run          train                 running     42%    12.0 s    77\n"
             "42      –            –                     silent      –      –         –\n");
  BOOST_TEST(jobs_text({}) == "no jobs\n");
}

BOOST_AUTO_TEST_CASE(for_programs_all_are_in_one_object) {
  std::string json = jobs_json({kRun, kSilent});
  BOOST_TEST(has(json, R"({"type":"jobs","version":1,"jobs":[{"type":"job")"), json);
  BOOST_TEST(has(json, R"("state":"silent")"), json);
}

BOOST_AUTO_TEST_CASE(one_is_shown_with_what_its_stages_count) {
  std::string text = job_text(kRun);
  for (const char* part : {"job 41: train, running", "pid: 77", "build: 12ab", "done: 42%", "  parse: replicas 2, visits 9, 3.5 s busy, rows 7"}) {
    BOOST_TEST(has(text, part), text);
  }
  BOOST_TEST(has(job_text(kSilent), "job 42: –, silent it is stopped"), job_text(kSilent));
}

BOOST_AUTO_TEST_CASE(a_dump_has_the_threads_even_where_there_are_no_cells) {
  std::string text = dump_text(R"({"number":41,"graph":"train","state":"running","pid":77,"threads":[)"
                               R"({"id":78,"name":"crew","state":"R","cpu_s":1.5,"waits_in":""},)"
                               R"({"id":79,"name":"x","state":"S","cpu_s":0,"waits_in":"futex_wait"}]})");
  BOOST_TEST(has(text, "  78 crew: R, 1.50 s on a CPU\n"), text);
  BOOST_TEST(has(text, "  79 x: S, 0.00 s on a CPU, waits in futex_wait\n"), text);
}

BOOST_AUTO_TEST_CASE(a_log_is_kept_within_its_bound_and_its_lines_are_numbered) {
  LogLines lines;
  lines.add(LogLevel::warning, "node lost", {{"node", "a b"}});
  std::string answer = "{\"lines\":" + lines.json({}) + "}";
  BOOST_TEST(has(log_text(answer), "Z warning node lost node=\"a b\"\n"), log_text(answer));
  BOOST_TEST(has(log_json(answer), R"("fields":{"node":"a b"}})"), log_json(answer));
  BOOST_TEST(line_after(answer, 0) == 1u);
  BOOST_TEST(lines.json({1}) == "[]");
  BOOST_TEST(line_after("{\"lines\":[]}", 7) == 7u);
  std::string large(1000, 'x');
  for (int i = 0; i < 1000; ++i) lines.add(LogLevel::info, large, {});
  BOOST_TEST(lines.json({}).size() < LogLines::kMost + 1000);
  BOOST_TEST(line_after("{\"lines\":" + lines.json({}) + "}", 0) == 1001u);
}

BOOST_AUTO_TEST_CASE(lines_about_a_job_are_those_that_name_it_or_none_and_the_last_within_a_bound) {
  LogLines lines;
  for (const char* job : {"1", "2", "12"}) lines.add(LogLevel::info, "job built", {{"job", job}});
  lines.add(LogLevel::debug, "connected", {{"job", "1"}});
  lines.add(LogLevel::debug, "it hung up", {{"peer", "x"}});
  lines.add(LogLevel::error, "node lost", {{"node", "a"}});
  std::string answer = logs_answer(lines, {"logs", {{"job", "spin 1"}}});
  BOOST_TEST(has(answer, R"({"type":"logs","version":1,"lines":[{"number":0,)"), answer);
  BOOST_TEST(has(log_text(answer), "job built job=1\n"), answer);
  BOOST_TEST(has(log_text(answer), "node lost node=a\n"), answer);
  BOOST_TEST((!has(answer, "\"2\"") && !has(answer, "\"12\"")), answer);
  BOOST_TEST((has(answer, "connected") && !has(answer, "it hung up")), answer);
  // Each process has numbers of its own.
  answer = logs_answer(lines, {"logs", {{"from b", "4"}, {"from c", "3"}, {"from", "2"}}}, "c");
  BOOST_TEST((has(answer, "node lost") && !has(answer, "job built")), answer);
  answer = logs_answer(lines, {"logs", {{"from b", "4"}, {"from", "2"}}}, "c");
  BOOST_TEST((has(answer, "node lost") && has(answer, "\"12\"") && !has(answer, "\"2\"")), answer);
  answer = logs_answer(lines, {"logs", {{"most", "1"}}});
  BOOST_TEST((has(answer, "node lost") && !has(answer, "job built")), answer);
}

BOOST_AUTO_TEST_CASE(lines_of_several_processes_are_in_order_and_say_whose_they_are) {
  auto line = [](const std::string& time, const std::string& phrase) {
    return R"({"number":0,"type":"log","version":1,"time":")" + time + R"(","level":"info","phrase":")" + phrase + R"(","fields":{}})";
  };
  std::string all = merged({{"", "{\"lines\":[" + line("1", "one") + "," + line("3", "three") + "]}"},
                            {"b", "{\"lines\":[" + line("2", "two") + "]}"}});
  BOOST_TEST(log_text(all) == "coordinator 1 info one\nb 2 info two\ncoordinator 3 info three\n");
  BOOST_TEST(has(log_json(all), R"("phrase":"two","fields":{},"node":"b"})"), log_json(all));
  BOOST_TEST(has(log_json(all), R"("phrase":"one","fields":{},"node":null})"), log_json(all));
  BOOST_TEST(log_text(merged({})) == "");
  BOOST_TEST(silent_text("b", false) == "not heard: (node b is silent)\n");
  BOOST_TEST(silent_text("b", true) == "{\"type\":\"silent\",\"version\":1,\"node\":\"b\"}\n");
}

BOOST_AUTO_TEST_CASE(shells_complete_what_is_declared) {
  std::string bash = bash_completion("prog", some_commands());
  for (const char* part : {"complete -o default -F _leat_prog prog", "'run --format') words='a b' ;;", "'run') words='--format --out' ;;"}) {
    BOOST_TEST(has(bash, part), bash);
  }
  std::string zsh = zsh_completion("prog", some_commands());
  for (const char* part : {"#compdef prog", "'run --format') compadd -- a b; return ;;", "'--out:where'"}) BOOST_TEST(has(zsh, part), zsh);
  std::string fish = fish_completion("prog", some_commands());
  for (const char* part : {"-l format -d 'how [text] (a)' -x -a 'a b'", "-l out -d 'where' -r", "-a run -d 'run it’s graph'"}) {
    BOOST_TEST(has(fish, part), fish);
  }
}

BOOST_AUTO_TEST_CASE(the_man_page_has_every_command_and_nothing_troff_would_obey) {
  auto commands = some_commands();
  commands[1].options.push_back({"--x", "", ".SH a \\fB request", {}, false});
  std::string page = man_page("prog", commands);
  for (const char* part : {".TH \"prog\" 1", ".SS \\fBprog run\\fR \\fIjob\\fR", "\\fB\\-\\-format\\fR \\fIa|b\\fR", "\\&.SH a \\efB request"}) {
    BOOST_TEST(has(page, part), page);
  }
}

BOOST_AUTO_TEST_SUITE_END()
