/// An actor of one's own: the number of flights and their mean delay, hour by hour.
///
/// In: Tables with the numeric columns "time" (hours of the day) and "delay" (minutes); a row in which
/// one is missing does not count. Out: one Table of 24
/// rows when all input has ended: hour (i32), flights (i64), delay (f64). The state is 24 pairs of
/// numbers, so it declares no budget.
#pragma once

#include <leat/actor/actor.hpp>
#include <leat/chunk/table_builder.hpp>
#include <leat/graph/kind.hpp>

#include <algorithm>
#include <array>

class Hourly final : public leat::Actor {
 public:
  leat::Result<leat::Step> visit(leat::Visit& visit, leat::Outbox&) override {
    leat::Table flights(visit.chunk);
    std::size_t time = *flights.find("time");
    std::size_t delay = *flights.find("delay");
    for (std::size_t row = 0; row < flights.rows(); ++row) {
      if (!flights.valid(time, row) || !flights.valid(delay, row)) continue;
      auto hour = static_cast<std::size_t>(std::clamp(flights.number(time, row), 0.0, 23.0));
      ++flights_[hour];
      delay_[hour] += flights.number(delay, row);
    }
    return leat::Step::done;
  }

  leat::Result<leat::Step> finish(leat::Ending ending, leat::Outbox& out) override {
    if (ending == leat::Ending::interrupted) return leat::Step::done;
    leat::TableBuilder builder(out.pool(), fields(), flights_.size());
    for (std::size_t hour = 0; hour < flights_.size(); ++hour) {
      builder.cells<std::int32_t>(0)[hour] = static_cast<std::int32_t>(hour);
      builder.cells<std::int64_t>(1)[hour] = flights_[hour];
      builder.cells<double>(2)[hour] = flights_[hour] ? delay_[hour] / flights_[hour] : 0;
    }
    out.emit(std::move(builder).finish(flights_.size(), 0).chunk());
    return leat::Step::done;
  }

  static leat::Fields fields() {
    return {{"hour", leat::ColumnType::I32}, {"flights", leat::ColumnType::I64}, {"delay"}};
  }

 private:
  std::array<std::int64_t, 24> flights_{};
  std::array<double, 24> delay_{};
};

/// The kind: what a graph takes. Checks the columns before anything starts.
inline leat::Kind<leat::Table, leat::Table> hourly() {
  auto kind = leat::stage_kind<leat::Table, leat::Table>("own.hourly", "");
  kind.describe = [](const std::vector<leat::Description>& inputs) -> leat::Result<leat::Described> {
    for (const char* name : {"time", "delay"}) {
      auto at = leat::find_field(inputs[0].fields, name);
      if (!at || !leat::is_numeric(inputs[0].fields[*at].type)) {
        return leat::invalid(std::string("needs a numeric column ") + name + "; there are " +
                             leat::listed(inputs[0].fields));
      }
    }
    leat::Described described;
    described.output.fields = Hourly::fields();
    described.output.max_chunk = leat::TableBuilder::footprint(Hourly::fields(), {.rows = 24});
    described.needs.max_output = described.output.max_chunk;
    return described;
  };
  kind.actor = [](const leat::Making&) { return std::make_unique<Hourly>(); };
  return kind;
}
