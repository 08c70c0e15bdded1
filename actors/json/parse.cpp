#include <leat/actors/json/parse.hpp>

#include <leat/actors/json/block_parser.hpp>

namespace leat::json {
namespace {

class Parser final : public Actor {
 public:
  Parser(ObjectLayout layout, std::uint64_t memory) : parser_(std::move(layout)), memory_(memory) {}

  Result<void> start(Outbox& out) override {
    auto held = out.hold(memory_);
    if (!held) return held.error();
    held_ = std::move(*held);
    return {};
  }
  Result<Step> visit(Visit& visit, Outbox& out) override { return parser_.step(visit.chunk, visit.position, out); }

 private:
  BlockParser parser_;
  std::uint64_t memory_;
  Held held_;
};

OptionsOf<ParseOptions> options_of_parse() { return with_parse_options(OptionsOf<ParseOptions>()); }

}  // namespace

Kind<Table, Message<schema::CsvBlock>> parse(ParseOptions options) {
  auto kind = stage_kind<Table, Message<schema::CsvBlock>>("json.parse", options_of_parse().of(options));
  kind.sharing = Sharing::stateless;
  kind.holds = Holds::nothing;
  kind.pure = true;
  kind.describe = [options](const std::vector<Description>& inputs) {
    return describe_parsed(inputs.at(0), options, ColumnNames::all());
  };
  kind.narrow = [options](const std::vector<Description>& inputs, const ColumnNames& wanted) {
    return describe_parsed(inputs.at(0), options, wanted);
  };
  kind.actor = [options](const Making& making) -> std::unique_ptr<Actor> {
    auto layout = layout_of(making.inputs.at(0), options, making.wanted);
    return std::make_unique<Parser>(std::move(layout).value(), ObjectReader::memory(making.inputs.at(0).max_chunk));
  };
  return kind;
}

DeclaredKind declared_parse() {
  auto declared = declared_kind("Makes tables of blocks of JSON lines.", options_of_parse(),
                                [](ParseOptions options) { return parse(std::move(options)); });
  declared.needs_source = true;
  return declared;
}

}  // namespace leat::json
