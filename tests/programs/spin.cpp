// A graph for programs/jobs.sh and for services: its source gives chunks for ever; what `--stage` is, "spin" never returns
// from a visit, "rest" takes a while for each, "go" counts them.
#include <leat/gateway/job_service.hpp>
#include <leat/leat.hpp>

#include <poll.h>

#include <atomic>
#include <filesystem>

using namespace leat;

namespace {

Graph spin(const Args& args) {
  bool spins = args["stage"] == "spin", rests = args["stage"] == "rest";
  auto count = static_cast<std::size_t>(args.integer("replicas"));
  Graph g{"spin"};
  g.source("endless",
           [](Out<Table>& out) {
             TableBuilder builder(out.pool(), {{"number", ColumnType::I64}}, 1000);
             for (std::size_t row = 0; row < 1000; ++row) builder.cells<std::int64_t>(0)[row] = static_cast<std::int64_t>(row);
             static std::atomic<std::uint64_t> chunks{0};
             double number = static_cast<double>(++chunks);
             out.outbox().sample("chunks", number, 2 * number);
             out.emit(std::move(builder).finish(1000, 0));
             return true;
           })
      .map("turn",
           [spins, rests](Table table) {
             static std::atomic<std::uint64_t> turns{0};
             while (spins) turns.fetch_add(1);
             if (rests) ::poll(nullptr, 0, 5);
             return table;
           },
           args.flag("ordered") ? replicas(count).ordered() : replicas(count))
      .sink("keep", tables::write(args["out"]));
  return g;
}

}  // namespace

int main(int argc, char** argv) {
  JobService service;
  service.get("/size/{data}", {.sentence = "How many bytes a file has.", .params = {{"data", OptionType::path, "the file"}}},
              [](const RouteCall& call) -> Result<HttpAnswer> {
                return json_answer("{\"bytes\":" + std::to_string(std::filesystem::file_size(call.params["data"].text)) + "}");
              });
  return app(argc, argv,
             {Program{"spin",
                      "Numbers for ever.",
                      {{.name = "stage",
                        .type = OptionType::choice,
                        .sentence = "what the stage does",
                        .fallback = "go",
                        .choices = {"go", "spin", "rest"}},
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
                       output_path("out", "file to write", "out/kept")},
                      spin}},
             service);
}
