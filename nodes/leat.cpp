// The stock program: graphs written as TOML over the stock actors. A user of leat::app like any
// other.
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>

#include <leat/app/exit_status.hpp>
#include <leat/gateway/job_service.hpp>
#include <leat/leat.hpp>

#include "nodes/commands.hpp"
#include "nodes/graph_build.hpp"
#include "nodes/graph_program.hpp"
#include "nodes/served_graphs.hpp"

using namespace leat;

namespace {

// What a process does that gets its graphs from others, or has to do with none.
constexpr std::array kServing = {"node", "coordinator", "status", "drain", "certs"};
const std::vector<std::string> kCommands = {"run",         "plan",   "validate", "kinds", "sniff", "node",
                                            "coordinator", "status", "drain",    "certs", "serve"};

constexpr const char* kHelp =
    R"(Runs graphs written as TOML.

  leat run FILE.toml [--PARAMETER VALUE ...] [OPTION ...]       run a graph
  leat plan FILE.toml [--PARAMETER VALUE ...] [OPTION ...]      show a graph and its memory bound
  leat validate FILE.toml [--PARAMETER VALUE ...] [--probe]     find what is wrong; --probe: in its sources too
  leat kinds [KIND]                                             what a stage can be
  leat sniff FILE.csv [--delimiter ;] [OPTION ...]              what is taken of a CSV file, and why

  leat run FILE.toml --cluster HOST:PORT | --listen HOST:PORT   run it on the nodes of a cluster
  leat coordinator | node | status | drain | certs ...          see leat COMMAND --help

  leat serve --graphs FOLDER [OPTION ...]                       the folder's graphs as jobs over HTTP; see leat serve --help

leat run FILE.toml --help shows the parameters of that graph and all options.
)";

int print(std::FILE* to, const std::string& text, int status) {
  errno = 0;
  bool written =
      std::fwrite(text.data(), 1, text.size(), to) == text.size() && std::fflush(to) == 0;
  if (written) return status;
  std::string why = std::generic_category().message(errno);
  std::fputs(("leat: standard output could not be written: " + why + "\n").c_str(), stderr);
  return kFailed;
}

int refuse(const std::string& sentence) {
  return print(stderr, "leat: " + nodes::shown(sentence, 1000) + "\n", kRefused);
}

int say(const nodes::Answer& answer) {
  print(stderr, answer.errors, answer.status);
  return print(stdout, answer.out, answer.status);
}

// A command line as main() gets it; of `words`, which stay as they are.
std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words)
    pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Takes the file's name out of the words: what is left is the command line of a program with its
// graph.
int run_file(std::vector<std::string> words) {
  std::string path = words[2];
  auto text = nodes::read_graph_file(path);
  if (!text) return refuse(text.error().sentence);
  nodes::Complaints complaints = nodes::examine(*text, {});
  if (!complaints.empty()) return refuse(nodes::located(path, complaints.front()));
  auto kinds = stock_kinds();
  auto file = nodes::read_graph(*text, kinds, complaints);
  words.erase(words.begin() + 2);
  return app(static_cast<int>(words.size()), pointers_to(words).data(),
             {nodes::graph_program(path, *text, file)});
}

int serve(std::vector<std::string> words, bool help) {
  JobService service;
  auto graphs = [&]() -> Result<std::vector<Program>> {
    if (help) return std::vector<Program>{nodes::any_graph_program()};
    auto folder = nodes::take_graphs_folder(words);
    return folder ? nodes::served_graphs(*folder) : std::move(folder).error();
  }();
  if (!graphs) return refuse(graphs.error().sentence);
  return app(static_cast<int>(words.size()), pointers_to(words).data(), *graphs, service);
}

}  // namespace

int main(int argc, char** argv) {
  // As app() does.
  std::signal(SIGPIPE, SIG_IGN);
  std::vector<std::string> words(argv, argv + argc);
  auto is = [&](std::size_t at, const char* word) {
    return at < words.size() && words[at] == word;
  };
  auto asks_help = [&](std::size_t at) { return is(at, "--help") || is(at, "-h"); };
  bool own = is(1, "validate") || is(1, "kinds") || is(1, "sniff");
  bool file = is(1, "run") || is(1, "plan");
  if (words.size() < 2 || asks_help(1) || ((own || file) && asks_help(2)))
    return print(stdout, kHelp, 0);
  std::vector<std::string> rest(words.begin() + 2, words.end());
  if (is(1, "validate")) return say(nodes::validate_command(rest));
  if (is(1, "kinds")) return say(nodes::kinds_command(rest));
  if (is(1, "sniff")) return say(nodes::sniff_command(rest));
  for (const char* word : kServing) {
    if (is(1, word)) return app(argc, argv, {nodes::any_graph_program()});
  }
  if (is(1, "serve")) return serve(std::move(words), asks_help(2));
  if (!file)
    return refuse("there is no command " + words[1] + nodes::did_you_mean(kCommands, words[1]) +
                  "; see leat --help");
  if (rest.empty() || rest[0].rfind("-", 0) == 0) {
    return refuse(words[1] + " needs a graph first: leat " + words[1] + " FILE.toml");
  }
  return run_file(std::move(words));
}
