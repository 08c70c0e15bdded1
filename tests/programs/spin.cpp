// A graph for programs/jobs.sh: its source gives chunks for ever; what `--stage` is, "spin" never returns from a visit,
// "go" counts them.
#include <leat/leat.hpp>

#include <atomic>

using namespace leat;

namespace {

Graph spin(const Args& args) {
  bool spins = args["stage"] == "spin";
  auto count = static_cast<std::size_t>(args.integer("replicas"));
  Graph g{"spin"};
  g.source("endless",
           [](Out<Table>& out) {
             TableBuilder builder(out.pool(), {{"number", ColumnType::I64}}, 1000);
             for (std::size_t row = 0; row < 1000; ++row) builder.cells<std::int64_t>(0)[row] = static_cast<std::int64_t>(row);
             out.emit(std::move(builder).finish(1000, 0));
             return true;
           })
      .map("turn",
           [spins](Table table) {
             static std::atomic<std::uint64_t> turns{0};
             while (spins) turns.fetch_add(1);
             return table;
           },
           args.flag("ordered") ? replicas(count).ordered() : replicas(count))
      .sink("keep", tables::write(args["out"]));
  return g;
}

}  // namespace

int main(int argc, char** argv) {
  return app(argc, argv,
             {Program{"spin",
                      "Numbers for ever.",
                      {{.name = "stage",
                        .type = OptionType::choice,
                        .sentence = "what the stage does",
                        .fallback = "go",
                        .choices = {"go", "spin"}},
                       {.name = "replicas",
                        .type = OptionType::integer,
                        .sentence = "of the stage",
                        .fallback = "1",
                        .least = 1,
                        .most = 8},
                       {.name = "ordered",
                        .type = OptionType::flag,
                        .sentence = "what they give is in the order of the source",
                        .fallback = "false"},
                       {.name = "out", .type = OptionType::path, .sentence = "file to write", .fallback = "out/kept"}},
                      spin}});
}
