#include <leat/app/options.hpp>

#include <leat/app/verbs.hpp>
#include <leat/graph/node_list.hpp>

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

Result<void> read_endpoint(const Spoken& spoken, const std::string& name, std::optional<Endpoint>& into) {
  auto said = spoken.endpoints.find(name);
  if (said == spoken.endpoints.end()) return {};
  auto endpoint = parse_endpoint(said->second);
  if (!endpoint) return invalid("--" + name + ": " + endpoint.error().sentence);
  into = std::move(endpoint).value();
  return {};
}

}  // namespace

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
  const char* meets = request.verb ? request.verb->meets : nullptr;
  if (meets && !request.reach.cluster) {
    return invalid("--" + std::string(meets) + " is missing: say where the coordinator listens");
  }
  if (request.wait_for > 0 && !request.reach.cluster && !request.reach.listen) {
    return invalid("--nodes is for a cluster: say --cluster or --listen too");
  }
  return {};
}

}  // namespace leat
