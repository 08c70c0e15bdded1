#include <leat/gateway/charts.hpp>

#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;

// Seconds: a rate of less says more of the clock than of the job.
constexpr double kLeastTime = 0.2;

// By how much it rises in a second.
Json rates_of(const Json& totals) {
  Json points = Json::array();
  for (std::size_t from = 0, to = 1; to < totals.size(); ++to) {
    double time = totals.at(to).at(0).get<double>() - totals.at(from).at(0).get<double>();
    if (time <= 0 || (time < kLeastTime && !points.empty())) continue;
    points.push_back({totals.at(to).at(0), (totals.at(to).at(1).get<double>() - totals.at(from).at(1).get<double>()) / time});
    from = to;
  }
  return points;
}

Json chart_of(const Json& curve) {
  std::string stage = curve.at("stage"), name = curve.at("name");
  const Json& samples = curve.at("samples");
  if (!stage.empty()) return {{"name", name}, {"stage", stage}, {"x", "step"}, {"points", samples}};
  bool rate = name != "memory";
  return {{"name", rate ? name + "/s" : name}, {"x", "time"}, {"points", rate ? rates_of(samples) : samples}};
}

}  // namespace

std::string charts_json(std::string_view curves) {
  Json charts = {{"charts", Json::array()}};
  try {
    Json told = Json::parse(curves);
    for (const Json& curve : told.at("curves")) charts["charts"].push_back(chart_of(curve));
  } catch (const Json::exception&) {
    return "{\"charts\":[]}";
  }
  return json_text(charts);
}

}  // namespace leat
