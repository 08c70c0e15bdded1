/// Kinds that make a Table of each message: what moments_table, score_table and model_table share.
///
///   return leat::message_table<schema::Score>("score_table", fields(), table_of);
///
/// Stateless, any number of replicas. Threads: no state.
#pragma once

#include <leat/actor/saturating.hpp>
#include <leat/chunk/table_builder.hpp>
#include <leat/graph/kind.hpp>

#include <algorithm>
#include <cmath>

namespace leat {

/// Writes a number, or a null where it is not known or is NaN.
inline void put_number(TableBuilder& builder, std::size_t column, std::size_t row, double number, bool known) {
  if (known && !std::isnan(number)) {
    builder.cells<double>(column)[row] = number;
  } else {
    builder.set_null(column, row);
  }
}

template <class Schema>
class MessageTable final : public Actor {
 public:
  using Make = Table (*)(Pool&, typename Schema::Reader);
  explicit MessageTable(Make make) : make_(make) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    out.emit(make_(out.pool(), visit.chunk.root<Schema>()).chunk());
    return Step::done;
  }

 private:
  Make make_;
};

template <class Schema>
Kind<Table, Message<Schema>> message_table(std::string name, Fields fields, typename MessageTable<Schema>::Make make) {
  auto kind = stage_kind<Table, Message<Schema>>(std::move(name), "");
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::nothing;
  kind.pure = true;
  kind.describe = [fields](const std::vector<Description>& inputs) -> Result<Described> {
    Described made;
    made.output.fields = fields;
    // A row has a name, which takes a word in a message, and a number of its own.
    auto bytes = static_cast<std::size_t>(std::min<std::uint64_t>(inputs[0].max_chunk, std::uint64_t{512} << 20));
    made.output.max_chunk = TableBuilder::footprint(fields, {.rows = bytes / 16 + 2, .heap = bytes + 64});
    made.needs.max_output = made.output.max_chunk;
    return made;
  };
  kind.actor = [make](const Making&) { return std::make_unique<MessageTable<Schema>>(make); };
  return kind;
}

}  // namespace leat
