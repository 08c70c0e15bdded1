#include <leat/actors/json/blocks.hpp>

#include <leat/actors/json/files.hpp>

#include <algorithm>

namespace leat::json {
namespace {

class BlockSource final : public Source {
 public:
  BlockSource(InputPaths paths, const BlockOptions& options)
      : blocks_(std::move(paths), sizes_of(options)), most_(std::max(options.max_line, options.block_bytes)) {}

  Result<Description> probe() override { return probe_files(blocks_); }
  Result<Step> pull(Outbox& out) override {
    return blocks_.pull(out, [this](const RecordBlocks::Piece& piece) { return cut_objects(piece, most_); });
  }
  Result<std::optional<SourcePosition>> position() const override { return blocks_.position(); }
  Result<void> seek(const SourcePosition& to) override { return blocks_.seek(to); }
  Extent extent() const override { return blocks_.extent(); }

 private:
  RecordBlocks blocks_;
  std::size_t most_;
};

struct BlockReading : BlockOptions {
  std::vector<std::string> paths;
};

OptionsOf<BlockReading> options() {
  return with_block_options(OptionsOf<BlockReading>().needs(
      &BlockReading::paths, {.name = "path", .type = OptionType::paths, .sentence = "the files, plain, gzip or zstd; names, patterns such as data/*.jsonl, or - for standard input"}));
}

Kind<Message<schema::CsvBlock>> blocks(BlockReading reading) {
  auto kind = stage_kind<Message<schema::CsvBlock>>("json.blocks", options().of(reading));
  kind.reads_from = reading.paths;
  kind.source = [reading = std::move(reading)] { return std::make_unique<BlockSource>(reading.paths, reading); };
  return kind;
}

}  // namespace

Kind<Message<schema::CsvBlock>> blocks(InputPaths paths, BlockOptions options) {
  return blocks(BlockReading{options, std::move(paths.given)});
}

DeclaredKind declared_blocks() {
  return declared_kind("Reads files of JSON lines and cuts them between lines.", options(),
                       [](BlockReading reading) { return blocks(std::move(reading)); });
}

}  // namespace leat::json
