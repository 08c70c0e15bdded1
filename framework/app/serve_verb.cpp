// serve: jobs of this program, and what else its service has, over HTTP.
#include <leat/app/log_lines.hpp>
#include <leat/app/logging.hpp>
#include <leat/app/notify.hpp>
#include <leat/app/serve.hpp>
#include <leat/app/signals.hpp>
#include <leat/app/verbs.hpp>

#include <filesystem>

namespace leat {
namespace {

void add_cluster_of_jobs(CLI::App& command, ParsedCommand& parsed) {
  add_endpoint(command, parsed, "cluster", "the coordinator of a cluster that jobs may run on, too");
  CoordinatorAccess& files = parsed.request.cluster_of_service;
  auto* certificate = command.add_option("--cluster-certificate", files.certificate, "of jobs there, in PEM form (needed off loopback)")->type_name("file");
  auto* key = command.add_option("--cluster-key", files.key, "its private key")->type_name("file");
  auto* authority = command.add_option("--cluster-authority", files.authority, "the authority all certificates of the cluster are signed by")->type_name("file");
  certificate->needs(key)->needs(authority);
  key->needs(certificate);
  authority->needs(certificate);
}

// What a job's own process is told, which works in another folder.
Result<std::vector<std::string>> cluster_words(const Request& request) {
  CoordinatorAccess access = request.cluster_of_service;
  if (!request.access.cluster) {
    if (!access.certificate.empty()) return invalid("--cluster-certificate is of a cluster: say --cluster HOST:PORT too");
    return std::vector<std::string>{};
  }
  access.cluster = request.access.cluster;
  if (auto known = credentials_of(access); !known) return std::move(known).error();
  std::vector<std::string> words{"--cluster=" + to_string(*access.cluster)};
  for (auto [name, file] : {std::pair{"--certificate=", &access.certificate}, std::pair{"--key=", &access.key}, std::pair{"--authority=", &access.authority}}) {
    if (!file->empty()) words.push_back(name + std::filesystem::absolute(*file).string());
  }
  return words;
}

void add_serve(CLI::App& command, ParsedCommand& parsed) {
  ServiceOptions& service = parsed.request.service;
  add_endpoint(command, parsed, "listen", "where it is asked (127.0.0.1:0, a free port)");
  command.add_option("--host", service.hosts, "further names it is asked by, such as leat.example:8443")
      ->type_name("host:port")
      ->delimiter(',');
  auto* certificate = command.add_option("--certificate", parsed.request.access.certificate, "its certificate, in PEM form (needed off loopback)")
                          ->type_name("file");
  auto* key = command.add_option("--key", parsed.request.access.key, "its private key")->type_name("file");
  certificate->needs(key);
  key->needs(certificate);
  add_memory(command, parsed, "that all jobs together may need (three quarters of the machine's)");
  command.add_option("--threads", service.threads, "of all jobs together (those this process may use)")
      ->type_name("integer")
      ->check(whole_number(1, kMostThreads));
  command.add_option("--keep", parsed.keep, "bytes of results, for more of which the oldest jobs are forgotten (10GiB)")->type_name("bytes");
  command.add_option("--state", service.state, "folder for jobs, uploads and results (service, in the state folder)")->type_name("folder");
  command.add_option("--data-root", service.data_root, "folder whose files jobs may read")->type_name("folder");
  command.add_option("--tokens", service.tokens, "file of tokens, made where there is none (tokens, in --state)")->type_name("file");
  add_cluster_of_jobs(command, parsed);
  command.add_option("--announce", parsed.request.serving.announce, "file to write the address to")->type_name("file");
  command.add_option("--log-format", parsed.request.serving.log_format, "of the lines on standard error (text)")
      ->type_name("json|text")
      ->check(one_of({"json", "text"}));
}

int serve(const VerbCall& call) {
  const Request& request = call.request;
  Signals signals("ending: jobs go on; again to end now", true);
  ServiceOptions options = request.service;
  options.listen = request.access.listen.value_or(Endpoint{});
  options.memory = request.memory;
  options.announce = request.serving.announce;
  if (!request.access.certificate.empty()) options.tls = Credentials{request.access.certificate, request.access.key, {}};
  auto cluster = cluster_words(request);
  if (!cluster) return call.console.error(cluster.error(), false);
  options.cluster = std::move(*cluster);
  Watchdog watchdog;
  Supervised supervised;
  ServiceCall serving{call.name, call.programs, options, request.serving.log_format == "json" ? json_log() : standard_log(),
                      signals.stop(), {}};
  serving.say = [&](const std::string& text) {
    print(stdout, text);
    supervised.ready();
  };
  auto ended = call.service->serve(serving);
  supervised.stopping();
  return ended ? kDone : call.console.error(ended.error(), ended.error().kind != ErrorKind::invalid);
}

}  // namespace

extern const Verb kServeVerb;
const Verb kServeVerb{"", "serve", "take jobs over HTTP, and run them as they fit", false, add_serve, serve};

}  // namespace leat
