#include <leat/app/app.hpp>

#include <leat/actors/dead_letter_file.hpp>
#include <leat/app/certs.hpp>
#include <leat/app/cluster_run.hpp>
#include <leat/app/command_line.hpp>
#include <leat/app/letters.hpp>
#include <leat/app/serve.hpp>
#include <leat/app/signals.hpp>
#include <leat/app/voice.hpp>
#include <leat/cluster/aside.hpp>
#include <leat/graph/node_list.hpp>
#include <leat/graph/render.hpp>
#include <leat/runtime/machine.hpp>
#include <leat/runtime/run.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <iostream>

namespace leat {
namespace {

RunOptions options_of(const Request& request, const Signals& signals, const Voice& voice) {
  RunOptions options;
  options.threads = request.threads;
  options.memory = request.memory;
  options.scheduling = request.scheduling == "sharing" ? Scheduling::sharing : Scheduling::stealing;
  options.stop = signals.stop();
  options.dead_letters = dead_letter_folder(request.dead_letters);
  options.on_progress = [&voice](const Progress& progress) { voice.progress(progress); };
  return options;
}

int run_request(const Program& program, const Request& request, const Voice& voice) {
  Signals signals;
  Graph graph = program.build(request.args);
  if (request.command == Request::Command::replay) {
    auto letters = replayed(graph, request);
    if (!letters) return voice.error(letters.error(), false);
    graph = std::move(*letters);
  }
  auto planned = plan(graph, request.threads);
  if (!planned) return voice.error(planned.error(), false);
  if (request.memory > 0) {
    if (auto ok = fits(planned->bound, request.memory); !ok) return voice.error(ok.error(), false);
  }
  auto report = run(std::move(planned).value(), options_of(request, signals, voice));
  if (!report) return voice.error(report.error(), true);
  return voice.report(*report);
}

// A plan for this process, or for the nodes that --nodes names.
Result<Plan> planned(const Program& program, const Request& request) {
  if (!request.nodes) return plan(program.build(request.args), request.threads);
  auto nodes = parse_nodes(*request.nodes, cpu_budget());
  if (!nodes) return invalid("--nodes " + (request.nodes->empty() ? "\"\"" : *request.nodes) + ": " + nodes.error().sentence);
  return plan(program.build(request.args), *nodes);
}

int plan_request(const Program& program, const Request& request, const Voice& voice) {
  auto made = planned(program, request);
  if (!made) return voice.error(made.error(), false);
  const Plan& shown = *made;
  std::string text = request.format == "dot"    ? plan_dot(shown.checked, shown.layout, shown.placement)
                     : request.format == "json" ? plan_json(shown.checked, shown.layout, shown.bound, shown.placement)
                                                : plan_text(shown.checked, shown.layout, shown.bound, shown.placement);
  return voice.text(text, "the plan");
}

int command(const std::string& name, std::vector<Program> programs, const Request& request, const Voice& voice) {
  using Command = Request::Command;
  const Program& program = programs[request.program];
  bool local = !request.reach.cluster && !request.reach.listen;
  if (request.command == Command::run && local) return run_request(program, request, voice);
  if (request.command == Command::replay && !local) {
    return voice.error(invalid("dead letters are replayed in this process: leave --cluster and --listen out"), false);
  }
  if (request.command == Command::replay) return run_request(program, request, voice);
  if (request.command == Command::letters) return list_letters(request, voice);
  if (request.command == Command::letter) return show_letter(request, voice);
  if (request.command == Command::plan) return plan_request(program, request, voice);
  if (request.command == Command::help) return voice.text(request.help, "the help");
  ProgramIdentity identity{name, executable_build_id(), std::move(programs)};
  switch (request.command) {
    case Command::run: return cluster_run_command(identity, request, voice);
    case Command::node: return node_command(identity, request, voice);
    case Command::coordinator: return coordinator_command(identity, request, voice);
    case Command::status: return status_command(identity, request, voice);
    case Command::drain: return drain_command(identity, request, voice);
    default: return certs_command(request, voice);
  }
}

// Of standard streams that are closed, the numbers go to files that are opened next, and what is said into them.
void hold_standard_streams() {
  for (int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(stream, F_GETFD) >= 0 || errno != EBADF) continue;
    // Writing to it fails as before.
    int held = ::open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
    if (held >= 0 && held != stream) ::dup2(held, stream), ::close(held);
  }
}

// What a function that has not returned still uses must not be destroyed by a process that ends.
int leave(int status) {
  if (left_behind() == 0) return status;
  std::cout.flush();
  std::fflush(nullptr);
  ::_exit(status);
}

}  // namespace

int app(int argc, char** argv, std::vector<Program> programs) {
  hold_standard_streams();
  std::vector<std::string> words(argv, argv + argc);
  std::string name = std::filesystem::path(words.at(0)).filename();
  auto request = parse_command_line(words, programs);
  if (!request) return Voice(name, Request{}).error(request.error(), false);
  Voice voice(name, *request);
  return leave(command(name, std::move(programs), *request, voice));
}

int app(int argc, char** argv, Graph (*build)(const Args&)) {
  std::string name = std::filesystem::path(argv[0]).filename();
  return app(argc, argv, {Program{name, "Runs the graph " + name + ".", {}, build}});
}

}  // namespace leat
