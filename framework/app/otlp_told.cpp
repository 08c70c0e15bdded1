#include <leat/app/otlp_told.hpp>

#include <leat/app/show.hpp>

#include <unistd.h>

namespace leat {
namespace {

// By the names that OpenTelemetry has for them, and leat's own.
MetricLabels resource(const VerbCall& call, const std::string& kind, const std::string& node) {
  char host[256] = {};
  if (::gethostname(host, sizeof host - 1) != 0) host[0] = '\0';
  MetricLabels labels = {{"service.name", call.name},
                         {"service.version", call.identity().build},
                         {"service.instance.id", std::string(host) + ":" + std::to_string(::getpid())},
                         {"host.name", host},
                         {"leat.process", kind}};
  if (!node.empty()) labels.emplace_back("leat.node", node);
  return labels;
}

}  // namespace

std::unique_ptr<OtlpExport> told_by_otlp(const VerbCall& call, const LiveRun& live) {
  if (!call.request.otlp) return nullptr;
  OtlpExport::Options options{*call.request.otlp, resource(call, "run", "")};
  options.metrics = [&live] { return live.metrics(); };
  options.spans = [&live] { return live.spans(); };
  if (!call.request.quiet) {
    options.warn = [name = call.name](const std::string& why) {
      print(stderr, name + ": warning: the collector is not told: " + one_line(why) + "\n");
    };
  }
  return std::make_unique<OtlpExport>(std::move(options));
}

std::unique_ptr<OtlpExport> told_by_otlp(const VerbCall& call, const std::string& kind, const std::string& node, const Log& log,
                                         std::function<MetricFamilies()> metrics,
                                         std::function<std::vector<TraceSpan>()> spans) {
  if (!call.request.otlp) return nullptr;
  OtlpExport::Options options{*call.request.otlp, resource(call, kind, node)};
  options.metrics = std::move(metrics);
  options.spans = std::move(spans);
  options.warn = [log](const std::string& why) { log.warning("the collector is not told", {{"why", why}}); };
  return std::make_unique<OtlpExport>(std::move(options));
}

}  // namespace leat
