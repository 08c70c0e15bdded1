/// Blocks of JSON lines into Tables, a step at a time: what json.parse and json.lines do.
#pragma once

#include <leat/actors/json/layout.hpp>
#include <leat/actors/json/rows.hpp>
#include <leat/graph/kind.hpp>
#include <leat/graph/options_of.hpp>

#include <memory>

namespace leat::json {

/// Threads: one.
class BlockParser {
 public:
  explicit BlockParser(ObjectLayout layout) : layout_(std::make_unique<const ObjectLayout>(std::move(layout))), reader_(*layout_) {}

  /// As Actor::visit, of a block: emits one Table, and says whether there is more to make of it.
  Result<Step> step(const Chunk& block, std::uint64_t& position, Outbox& out);

 private:
  void count(const Filled& filled, Outbox& out);
  Result<std::pair<Table, Filled>> make_table(Pool& pool, Text& text, const std::string& file, std::size_t records,
                                              std::uint64_t first);

  std::unique_ptr<const ObjectLayout> layout_;
  ObjectReader reader_;
};

/// What comes of blocks that are described by `input`; its state is a BlockParser's. Errors: layout_of()'s.
Result<Described> describe_parsed(const Description& input, const ParseOptions& options, const ColumnNames& wanted);

/// The names of all types a column can be told to have, and of what becomes of bad values.
Choices<ColumnType> column_types();
Choices<BadCells> bad_cells();

/// Adds the options of how lines are parsed to those of a kind.
template <class S>
OptionsOf<S> with_parse_options(OptionsOf<S> options) {
  return options
      .takes(&S::columns, {.name = "columns",
                           .sentence = "columns of the output, in this order: fields, PATH or NAME = PATH",
                           .fallback = "all"})
      .takes(&S::types,
             {.name = "types",
              .sentence = "types of columns, by name: they win over what the first lines look like",
              .fallback = "inferred"},
             column_types())
      .takes(&S::bad, {.name = "bad", .sentence = "what becomes of what cannot be read"}, bad_cells());
}

}  // namespace leat::json
