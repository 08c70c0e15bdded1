// Whole commands, each in a process of its own: what ends a process must not end the tests.
#include <leat/app/app.hpp>
#include <leat/graph/memory.hpp>
#include <leat/graph/stream.hpp>
#include <leat/schemas/chunk.capnp.h>

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace leat;

namespace {

using Number = Message<schema::Number>;

struct Ended {
  int status = -1;  // of waitpid
  std::string errors;
};

// app(), with `out` as its standard output.
Ended ended(std::vector<std::string> words, Graph (*build)(const Args&), int out) {
  std::FILE* errors = std::tmpfile();
  Ended result;
  pid_t child = ::fork();
  if (child == 0) {
    // Boost.Test has its own ideas of signals.
    for (int signal : {SIGABRT, SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_DFL);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(::fileno(errors), STDERR_FILENO);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    try {
      std::_Exit(app(static_cast<int>(words.size()), argv.data(), {Program{"prog", "Does.", {}, build}}));
    } catch (...) {
      std::abort();
    }
  }
  ::waitpid(child, &result.status, 0);
  std::rewind(errors);
  char buffer[4096];
  result.errors.assign(buffer, std::fread(buffer, 1, sizeof buffer, errors));
  std::fclose(errors);
  return result;
}

Graph throws(const Args&) { throw std::runtime_error("no"); }

Graph counts(const Args&) {
  Graph g{"prog"};
  g.source("count", [n = std::uint64_t{0}](Out<Number>& out) mutable -> bool {
     Building<schema::Number> building(out.pool());
     building.root().setValue(n++);
     out.emit(Number(std::move(building).finish()));
     return n < 10;
   }).sink("out", [](const Number&) {});
  return g;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(app)

BOOST_AUTO_TEST_CASE(a_graph_that_cannot_be_built_is_refused_with_a_sentence) {
  int out = ::open("/dev/null", O_WRONLY);
  for (std::vector<std::string> words : {std::vector<std::string>{"prog", "run"},
                                         {"prog", "plan"},
                                         {"prog", "plan", "--nodes", "2"},
                                         {"prog", "dead-letter", "replay", "--from", "nowhere"}}) {
    auto said = ended(words, throws, out);
    BOOST_TEST((WIFEXITED(said.status) && WEXITSTATUS(said.status) == 2), words[1]);
    BOOST_TEST(said.errors == "prog: graph prog cannot be built: threw an exception: no\n");
  }
  ::close(out);
}

BOOST_AUTO_TEST_CASE(standard_output_that_nobody_reads_is_said_and_ends_nothing) {
  int ends[2];
  BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  ::close(ends[0]);
  for (const char* flag : {"--json", "--threads=1"}) {
    auto said = ended({"prog", "run", flag}, counts, ends[1]);
    BOOST_TEST((WIFEXITED(said.status) && WEXITSTATUS(said.status) == 1), flag);
    BOOST_TEST(said.errors == "prog: what the run did (the run is complete, its results are there) could not be written to "
                              "standard output: Broken pipe\n");
  }
  ::close(ends[1]);
}

BOOST_AUTO_TEST_SUITE_END()
