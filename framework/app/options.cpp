#include <leat/app/options.hpp>

#include <leat/graph/node_list.hpp>
#include <leat/runtime/run.hpp>

#include <set>
#include <sstream>

namespace leat {
namespace {

std::string about(const Option& param) {
  std::string text = param.sentence;
  if (!param.unit.empty()) text += " [" + param.unit + "]";
  if (param.fallback && !param.fallback->empty()) text += " (" + *param.fallback + ")";
  return text;
}

std::string value_name(const Option& param) {
  if (param.type != OptionType::choice) return type_name(param.type);
  std::string all;
  for (const auto& choice : param.choices) all += (all.empty() ? "" : "|") + choice;
  return all;
}

// Checks whose description would stand in the help behind the option's type.
CLI::Validator whole_number(std::size_t least, std::size_t most) {
  return CLI::Range(least, most).description("");
}
CLI::Validator one_of(const std::set<std::string>& words) {
  return CLI::IsMember(words).description("");
}

CLI::Option* add_endpoint(CLI::App& command, Spoken& spoken, const std::string& name, const std::string& about) {
  return command
      .add_option_function<std::string>(
          "--" + name, [&spoken, name](const std::string& value) { spoken.endpoints[name] = value; }, about)
      ->type_name("host:port");
}

void add_credentials(CLI::App& command, Reach& reach) {
  std::string needed = ", in PEM form (needed off loopback)";
  auto* certificate =
      command.add_option("--certificate", reach.certificate, "this process's certificate" + needed)->type_name("file");
  auto* key = command.add_option("--key", reach.key, "its private key")->type_name("file");
  auto* authority =
      command.add_option("--authority", reach.authority, "the authority all certificates are signed by")
          ->type_name("file");
  certificate->needs(key)->needs(authority);
  key->needs(certificate);
  authority->needs(certificate);
}

void add_memory(CLI::App& command, Spoken& spoken, const std::string& about) {
  command.add_option("--memory", spoken.memory, about)->type_name("bytes");
}

void add_dead_letters(CLI::App& command, Request& request) {
  command
      .add_option("--dead-letters", request.dead_letters,
                  "folder for chunks that stages put aside (dead-letters)")
      ->type_name("folder");
}

void add_http(CLI::App& command, Spoken& spoken) {
  add_endpoint(command, spoken, "http", "serve /livez, /readyz and /metrics there, on loopback");
}

Result<void> read_endpoint(const Spoken& spoken, const std::string& name, std::optional<Endpoint>& into) {
  auto said = spoken.endpoints.find(name);
  if (said == spoken.endpoints.end()) return {};
  auto endpoint = parse_endpoint(said->second);
  if (!endpoint) return invalid("--" + name + ": " + endpoint.error().sentence);
  into = std::move(endpoint).value();
  return {};
}

}  // namespace

void add_params(CLI::App& command, const Program& program, Spoken& spoken) {
  for (const Option& param : all_params(program)) {
    if (param.hidden) continue;
    auto* option = command.add_option_function<std::string>(
        "--" + param.name,
        [&spoken, name = param.name](const std::string& value) { spoken.given[name] = value; }, about(param));
    option->type_name(value_name(param))->required(false);
    if (param.type == OptionType::flag) option->expected(0, 1)->default_str("true");
    if (!param.fallback) option->description(option->get_description() + " REQUIRED");
  }
}

void add_letters(CLI::App& command, Spoken& spoken) {
  spoken.request.letters = spoken.request.dead_letters;
  command.add_option("--from", spoken.request.letters, "a file of dead letters, or a folder of such (dead-letters)")
      ->type_name("path");
}

void add_letter(CLI::App& command, Spoken& spoken) {
  command.add_option("--from", spoken.request.letters, "the file")->type_name("file")->required();
  command.add_option("--number", spoken.request.letter, "which one, as list shows it (0)")->type_name("integer");
}

void add_replay(CLI::App& command, Spoken& spoken) {
  command.add_option("--from", spoken.request.letters, "the file of dead letters")->type_name("file")->required();
  add_run(command, spoken);
}

void add_run(CLI::App& command, Spoken& spoken) {
  Request& request = spoken.request;
  add_dead_letters(command, request);
  auto* threads = command.add_option("--threads", request.threads, "threads to use (those this process may use)")
                      ->type_name("integer")
                      ->check(whole_number(1, kMostThreads));
  add_memory(command, spoken, "refuse a graph that may need more than this");
  command.add_option("--scheduling", request.scheduling, "how cells share threads (stealing)")
      ->type_name("sharing|stealing")
      ->check(one_of({"sharing", "stealing"}));
  auto* json = command.add_flag("--json", request.json, "one JSON object a line, for programs");
  command.add_flag("--quiet", request.quiet, "say nothing but errors")->excludes(json);
  auto* cluster = add_endpoint(command, spoken, "cluster", "run on the nodes of the coordinator there");
  auto* listen = add_endpoint(command, spoken, "listen", "run on nodes that join here, as their coordinator");
  cluster->excludes(listen)->excludes(threads);
  listen->excludes(threads);
  command.add_option("--nodes", request.wait_for, "on a cluster: wait until this many have joined (1)")
      ->type_name("integer")
      ->check(whole_number(1, kMostNodes));
  add_credentials(command, request.reach);
}

void add_plan(CLI::App& command, Spoken& spoken) {
  Request& request = spoken.request;
  auto* threads =
      command.add_option("--threads", request.threads, "threads to plan for (those this process may use)")
          ->type_name("integer")
          ->check(whole_number(1, kMostThreads));
  command.add_option("--nodes", request.nodes, "nodes to place it on: 3, or a:cpus=4,memory=8GiB,labels=gpu;b")
      ->type_name("nodes")
      ->excludes(threads);
  command.add_option("--format", request.format, "how to print it (text)")
      ->type_name("text|dot|json")
      ->check(one_of({"text", "dot", "json"}));
}

void add_node(CLI::App& command, Spoken& spoken) {
  add_dead_letters(command, spoken.request);
  Serving& serving = spoken.request.serving;
  add_endpoint(command, spoken, "join", "the coordinator REQUIRED");
  command.add_option("--name", serving.name, "of this node (the host's name and the process's number)")
      ->type_name("text");
  command.add_option("--labels", spoken.labels, "labels that stages can ask for, with commas")->type_name("text");
  command.add_option("--cpus", serving.cpus, "threads for chunk work (those this process may use)")
      ->type_name("integer")
      ->check(whole_number(1, kMostCpus));
  add_memory(command, spoken, "refuse a job that may need more than this here");
  add_endpoint(command, spoken, "data", "take chunks there (127.0.0.1:0; needed when the coordinator is elsewhere)");
  command
      .add_option_function<int>(
          "--join-within", [&serving](int seconds) { serving.join_within = std::chrono::seconds(seconds); },
          "how long to look for a coordinator that is not there [seconds] (30)")
      ->type_name("integer")
      ->check(whole_number(0, 86400));
  add_http(command, spoken);
  add_credentials(command, spoken.request.reach);
}

void add_coordinator(CLI::App& command, Spoken& spoken) {
  add_endpoint(command, spoken, "listen", "where nodes and runs come (127.0.0.1:0, a free port)");
  command.add_option("--announce", spoken.request.serving.announce, "file to write that address to")
      ->type_name("file");
  add_http(command, spoken);
  add_credentials(command, spoken.request.reach);
}

void add_status(CLI::App& command, Spoken& spoken) {
  add_endpoint(command, spoken, "cluster", "the coordinator REQUIRED");
  command.add_flag("--json", spoken.request.json, "one JSON object, for programs");
  add_credentials(command, spoken.request.reach);
}

void add_drain(CLI::App& command, Spoken& spoken) {
  command.add_option("node", spoken.request.member, "the node's name")->required()->type_name("");
  add_endpoint(command, spoken, "cluster", "the coordinator REQUIRED");
  add_credentials(command, spoken.request.reach);
}

void add_authority(CLI::App& command, Spoken& spoken) {
  command.add_option("folder", spoken.request.certs.folder, "folder to make")->required()->type_name("");
}

void add_certificate(CLI::App& command, Spoken& spoken) {
  command.add_option("name", spoken.request.certs.name, "the node's name: its certificate is NAME.pem")
      ->required()
      ->type_name("");
  command.add_option("--in", spoken.request.certs.folder, "the authority's folder (.)")->type_name("folder");
  command.add_option("--host", spoken.request.certs.hosts, "a name or address it is reached at; may be repeated")
      ->type_name("text");
}

Result<void> understand(Spoken& spoken) {
  Request& request = spoken.request;
  if (spoken.memory) {
    auto bytes = parse_bytes(*spoken.memory);
    if (!bytes || *bytes == 0) {
      return invalid("--memory " + (spoken.memory->empty() ? "\"\"" : *spoken.memory) +
                     ": must be a size such as 64MiB");
    }
    request.memory = request.serving.memory = *bytes;
  }
  std::istringstream labels(spoken.labels);
  for (std::string label; std::getline(labels, label, ',');) {
    if (label.empty()) return invalid("--labels " + spoken.labels + ": a label is empty");
    request.serving.labels.push_back(label);
  }
  for (auto [name, into] : {std::pair{"cluster", &request.reach.cluster}, std::pair{"join", &request.reach.cluster},
                            std::pair{"listen", &request.reach.listen}, std::pair{"data", &request.serving.data},
                            std::pair{"http", &request.serving.http}}) {
    if (auto ok = read_endpoint(spoken, name, *into); !ok) return ok;
  }
  using Command = Request::Command;
  bool meets = request.command == Command::status || request.command == Command::drain;
  if (meets && !request.reach.cluster) return invalid("--cluster is missing: say where the coordinator listens");
  if (request.command == Command::node && !request.reach.cluster) {
    return invalid("--join is missing: say where the coordinator listens");
  }
  if (request.wait_for > 0 && !request.reach.cluster && !request.reach.listen) {
    return invalid("--nodes is for a cluster: say --cluster or --listen too");
  }
  return {};
}

}  // namespace leat
