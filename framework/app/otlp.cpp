#include <leat/app/otlp.hpp>

#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

#include <chrono>
#include <random>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kCumulative = 2, kInternal = 1, kError = 2;

Json attributes(const MetricLabels& labels) {
  Json all = Json::array();
  for (const auto& [name, value] : labels) all.push_back({{"key", name}, {"value", {{"stringValue", value}}}});
  return all;
}

bool has(const std::string& name, const char* part) { return name.find(part) != name.npos; }

Json point(const MetricSample& sample, bool whole, std::uint64_t began, std::uint64_t now) {
  Json json = {{"attributes", attributes(sample.labels)},
               {"startTimeUnixNano", std::to_string(began)},
               {"timeUnixNano", std::to_string(now)}};
  if (whole) {
    json["asInt"] = std::to_string(static_cast<std::int64_t>(sample.value));
  } else {
    json["asDouble"] = sample.value;
  }
  return json;
}

Json metric(const MetricFamily& family, std::uint64_t began, std::uint64_t now) {
  bool seconds = has(family.name, "_seconds");
  Json points = Json::array();
  for (const MetricSample& sample : family.samples) points.push_back(point(sample, !seconds, began, now));
  Json json = {{"name", family.name},
               {"description", family.sentence},
               {"unit", seconds ? "s" : has(family.name, "_bytes") ? "By" : "1"}};
  if (family.kind == MetricKind::gauge) {
    json["gauge"] = {{"dataPoints", std::move(points)}};
  } else {
    json["sum"] = {{"dataPoints", std::move(points)}, {"aggregationTemporality", kCumulative}, {"isMonotonic", true}};
  }
  return json;
}

Json span_json(const TraceSpan& span) {
  Json json = {{"traceId", span.trace}, {"spanId", span.id}};
  if (!span.parent.empty()) json["parentSpanId"] = span.parent;
  json["name"] = span.name;
  json["kind"] = kInternal;
  json["startTimeUnixNano"] = std::to_string(span.began);
  json["endTimeUnixNano"] = std::to_string(span.ended);
  json["attributes"] = attributes(span.attributes);
  json["status"] = Json::object();
  if (!span.error.empty()) json["status"] = {{"message", span.error}, {"code", kError}};
  return json;
}

// What `inside` holds, of this resource and of leat.
std::string request(const char* of_resources, const char* of_scopes, const char* inside, Json all, const MetricLabels& resource) {
  Json scope = {{"scope", {{"name", "leat"}}}, {inside, std::move(all)}};
  Json whole = {{"resource", {{"attributes", attributes(resource)}}}, {of_scopes, Json::array({std::move(scope)})}};
  return json_text(Json{{of_resources, Json::array({std::move(whole)})}});
}

}  // namespace

std::string otlp_metrics(const MetricFamilies& families, const MetricLabels& resource, std::uint64_t began, std::uint64_t now) {
  Json all = Json::array();
  for (const MetricFamily& family : families) {
    if (!family.samples.empty()) all.push_back(metric(family, began, now));
  }
  return request("resourceMetrics", "scopeMetrics", "metrics", std::move(all), resource);
}

std::string otlp_traces(const std::vector<TraceSpan>& spans, const MetricLabels& resource) {
  Json all = Json::array();
  for (const TraceSpan& span : spans) all.push_back(span_json(span));
  return request("resourceSpans", "scopeSpans", "spans", std::move(all), resource);
}

// Numbers of 64 bits come as texts, or as numbers.
std::string otlp_rejection(const std::string& answer) {
  Json json = Json::parse(answer, nullptr, false);
  if (!json.is_object() || !json.contains("partialSuccess") || !json["partialSuccess"].is_object()) return "";
  const Json& part = json["partialSuccess"];
  for (const char* name : {"rejectedDataPoints", "rejectedSpans"}) {
    if (!part.contains(name)) continue;
    std::string count = part[name].is_string() ? part[name].get<std::string>() : json_text(part[name]);
    if (count == "0") continue;
    bool told = part.contains("errorMessage") && part["errorMessage"].is_string();
    return "it has rejected " + count + (told ? ": " + part["errorMessage"].get<std::string>() : "");
  }
  return "";
}

std::string fresh_id(std::size_t bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::random_device random;
  std::string id;
  while (id.size() < 2 * bytes) id += kDigits[random() % 16];
  // One of zeros alone is none.
  id.back() = kDigits[1 + random() % 15];
  return id;
}

std::uint64_t unix_time() {
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

}  // namespace leat
