#include <leat/actors/models/score_report.hpp>

#include <charconv>
#include <cmath>

namespace leat {
namespace {

std::string digits(double number) {
  char text[32];
  auto end = std::to_chars(text, text + sizeof text, number, std::chars_format::general, 5).ptr;
  return {text, end};
}

class ScoreReport final : public Actor {
 public:
  Result<Step> visit(Visit& visit, Outbox& out) override {
    auto score = visit.chunk.root<schema::Score>();
    std::string target = score.getTarget().cStr();
    out.report("target", target);
    out.report("rmse", digits(score.getRmse()));
    out.report("mae", digits(score.getMae()));
    bool exists = !std::isnan(score.getR2());
    out.report("r2", exists ? digits(score.getR2()) : "undefined (" + target + " is constant)");
    if (!std::isnan(score.getLogLoss())) out.report("log loss", digits(score.getLogLoss()));
    if (!std::isnan(score.getAccuracy())) out.report("accuracy", digits(score.getAccuracy()));
    out.report("held-out rows", std::to_string(score.getRows()));
    return Step::done;
  }
};

}  // namespace

Kind<void, Message<schema::Score>> score_report() {
  auto kind = stage_kind<void, Message<schema::Score>>("score_report", "");
  kind.holds = Holds::nothing;
  kind.describe = [](const std::vector<Description>&) -> Result<Described> { return Described{}; };
  kind.actor = [](const Making&) { return std::make_unique<ScoreReport>(); };
  return kind;
}

DeclaredKind declared_score_report() {
  return declared_kind("Puts a model's errors into the job's results.", score_report);
}

}  // namespace leat
