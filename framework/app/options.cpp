#include <leat/app/options.hpp>

#include <leat/app/checkpoint_options.hpp>
#include <leat/app/otlp.hpp>
#include <leat/app/verbs.hpp>
#include <leat/chunk/one_line.hpp>
#include <leat/graph/node_list.hpp>

#include <set>
#include <sstream>

namespace leat {
namespace {

// Where `serve` listens in all that is written of it.
constexpr std::uint16_t kServicePort = 8080;

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

Result<void> read_endpoint(const ParsedCommand& parsed, const std::string& name, std::optional<Endpoint>& into) {
  auto said = parsed.endpoints.find(name);
  if (said == parsed.endpoints.end()) return {};
  auto endpoint = parse_endpoint(said->second);
  if (!endpoint) return invalid("--" + name + ": " + endpoint.error().sentence);
  into = std::move(endpoint).value();
  return {};
}

Result<void> read_size(const std::string& option, const std::optional<std::string>& said, std::uint64_t& into) {
  if (!said) return {};
  auto bytes = parse_bytes(*said);
  if (!bytes || *bytes == 0) return invalid(option + " " + (said->empty() ? "\"\"" : *said) + ": must be a size such as 64MiB");
  into = *bytes;
  return {};
}

}  // namespace

CLI::Validator whole_number(std::size_t least, std::size_t most) {
  return CLI::Range(least, most).description("");
}

CLI::Validator one_of(const std::set<std::string>& words) {
  return CLI::IsMember(words).description("");
}

CLI::Option* add_endpoint(CLI::App& command, ParsedCommand& parsed, const std::string& name, const std::string& about) {
  return command
      .add_option_function<std::string>(
          "--" + name, [&parsed, name](const std::string& value) { parsed.endpoints[name] = value; }, about)
      ->type_name("host:port");
}

void add_credentials(CLI::App& command, CoordinatorAccess& access) {
  std::string needed = ", in PEM form (needed off loopback)";
  auto* certificate =
      command.add_option("--certificate", access.certificate, "this process's certificate" + needed)->type_name("file");
  auto* key = command.add_option("--key", access.key, "its private key")->type_name("file");
  auto* authority =
      command.add_option("--authority", access.authority, "the authority all certificates are signed by")
          ->type_name("file");
  certificate->needs(key)->needs(authority);
  key->needs(certificate);
  authority->needs(certificate);
}

void add_memory(CLI::App& command, ParsedCommand& parsed, const std::string& about) {
  command.add_option("--memory", parsed.memory, about)->type_name("bytes");
}

void add_dead_letters(CLI::App& command, Request& request) {
  command
      .add_option("--dead-letters", request.dead_letters,
                  "folder for chunks that stages put aside (dead-letters)")
      ->type_name("folder");
}

void add_http(CLI::App& command, ParsedCommand& parsed) {
  add_endpoint(command, parsed, "http", "serve /livez, /readyz and /metrics there, on loopback");
}

void add_otlp(CLI::App& command, ParsedCommand& parsed) {
  command.add_option("--otlp", parsed.otlp, "tell the collector of OpenTelemetry there what is counted, every 10 s and at the end")
      ->type_name("url");
}

void add_params(CLI::App& command, const Program& program, ParsedCommand& parsed) {
  for (const Option& param : all_params(program)) {
    if (param.hidden) continue;
    auto* option = command.add_option_function<std::string>(
        "--" + param.name,
        [&parsed, name = param.name](const std::string& value) { parsed.given[name] = value; }, about(param));
    option->type_name(value_name(param))->required(false);
    if (param.type == OptionType::flag) option->expected(0, 1)->default_str("true");
    if (!param.fallback) option->description(option->get_description() + " REQUIRED");
  }
}

Result<void> understand(ParsedCommand& parsed) {
  Request& request = parsed.request;
  if (auto ok = read_size("--memory", parsed.memory, request.memory); !ok) return ok;
  if (parsed.memory) request.serving.memory = request.memory;
  if (auto ok = read_size("--keep", parsed.keep, request.service.keep); !ok) return ok;
  std::istringstream labels(parsed.labels);
  for (std::string label; std::getline(labels, label, ',');) {
    if (label.empty()) return invalid("--labels " + parsed.labels + ": a label is empty");
    request.serving.labels.push_back(label);
  }
  if (auto ok = understand_checkpoints(parsed); !ok) return ok;
  for (auto [name, into] : {std::pair{"cluster", &request.access.cluster}, std::pair{"join", &request.access.cluster},
                            std::pair{"listen", &request.access.listen}, std::pair{"data", &request.serving.data},
                            std::pair{"http", &request.serving.http}}) {
    if (auto ok = read_endpoint(parsed, name, *into); !ok) return ok;
  }
  if (parsed.otlp) {
    auto place = parse_http_place(*parsed.otlp, kOtlpPort);
    if (!place) return invalid("--otlp " + one_line(place.error().sentence));
    request.otlp = std::move(place).value();
  }
  if (parsed.service) {
    auto place = parse_http_place(*parsed.service, kServicePort, true);
    if (!place) return invalid("--service " + one_line(place.error().sentence));
    if (request.access.cluster) return invalid("--service and --cluster are two places: say one");
    place->authority = request.asked_service.authority;
    if (!place->authority.empty() && !place->tls) return invalid("--ca is of a service that is asked with https");
    request.asked_service.at = std::move(place).value();
  }
  const char* meets = request.verb ? request.verb->meets : nullptr;
  if (meets && !request.access.cluster) {
    return invalid("--" + std::string(meets) + " is missing: say where the coordinator listens");
  }
  if (request.wait_for > 0 && !request.access.cluster && !request.access.listen) {
    return invalid("--nodes is for a cluster: say --cluster or --listen too");
  }
  return {};
}

}  // namespace leat
