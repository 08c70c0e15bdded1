#include <leat/actors/json/lines.hpp>

#include <leat/actor/saturating.hpp>
#include <leat/actors/input/block_tables.hpp>
#include <leat/actors/json/block_parser.hpp>
#include <leat/actors/json/files.hpp>

#include <algorithm>

namespace leat::json {
namespace {

struct LineReading : ParseOptions, BlockOptions {
  std::vector<std::string> paths;
};

class LineSource final : public BlockTables {
 public:
  explicit LineSource(const LineReading& reading)
      : BlockTables(reading.paths, sizes_of(reading),
                    [most = std::max(reading.max_line, reading.block_bytes)](const RecordBlocks::Piece& piece) {
                      return cut_objects(piece, most);
                    }),
        options_(reading) {}

  Result<Description> probe() override {
    auto blocks = probe_files(blocks_);
    if (!blocks) return blocks;
    auto layout = layout_of(*blocks, options_);
    if (!layout) return layout.error();
    parser_.emplace(std::move(*layout));
    auto described = describe_parsed(*blocks, options_, ColumnNames::all());
    if (!described) return described.error();
    described->output.state = plus(state(), described->needs.state);
    return std::move(described->output);
  }

 private:
  Result<Step> make(const Chunk& block, std::uint64_t& position, Outbox& out) override {
    return parser_->step(block, position, out);
  }

  ParseOptions options_;
  std::optional<BlockParser> parser_;
};

OptionsOf<LineReading> options() {
  return with_block_options(with_parse_options(OptionsOf<LineReading>().needs(
      &LineReading::paths, {.name = "path", .type = OptionType::paths, .sentence = "the files, plain, gzip or zstd; names, patterns such as data/*.jsonl, or - for standard input"})));
}

Kind<Table> lines(LineReading reading) {
  auto kind = stage_kind<Table>("json.lines", options().of(reading));
  kind.reads_from = reading.paths;
  kind.source = [reading = std::move(reading)] { return std::make_unique<LineSource>(reading); };
  return kind;
}

}  // namespace

Kind<Table> lines(InputPaths paths, ParseOptions options, BlockOptions blocks) {
  return lines(LineReading{std::move(options), blocks, std::move(paths.given)});
}

DeclaredKind declared_lines() {
  return declared_kind("Reads files of JSON lines as tables.", options(),
                       [](LineReading reading) { return lines(std::move(reading)); });
}

}  // namespace leat::json
