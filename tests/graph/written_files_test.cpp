// Two results under one name: one of them would be lost.
#include <filesystem>
#include <fstream>

#include <stdlib.h>

#include <leat/graph/layout.hpp>
#include <leat/graph/placement.hpp>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

namespace fs = std::filesystem;

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "leat-written-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()));
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const std::string& file) const { return (path / file).string(); }
  void write(const std::string& file) const { std::ofstream(path / file) << "there"; }
  fs::path path;
};

Kind<void, Number> writing(std::string path) {
  auto kind = stage_kind<void, Number>("test.write", option_text(path));
  kind.writes = {std::move(path)};
  kind.actor = [](const Making&) { return std::make_unique<Pass>(); };
  return kind;
}

Graph two(const std::string& first, const std::string& second) {
  Graph g{"g"};
  Stream<Number> s = g.source("s", numbers());
  s.sink("first", writing(first));
  s.sink("second", writing(second));
  return g;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(written_files)

BOOST_AUTO_TEST_CASE(two_stages_do_not_write_one_file) {
  BOOST_TEST(sentence(two("out.csv", "out.csv")) ==
             "graph g: stage second writes out.csv, which stage first writes too: one result would "
             "be lost; give each a "
             "file of its own");
  BOOST_TEST(sentence(two("out.csv", "other.csv")) == "");
  BOOST_TEST(sentence(two("a/out.csv", "b/out.csv")) == "");
}

BOOST_AUTO_TEST_CASE(other_spellings_of_a_path_are_the_same_file) {
  std::string here = fs::current_path().string();
  for (const std::string& other :
       {std::string("./out.csv"), std::string("x/../out.csv"), std::string(".//out.csv"),
        here + "/out.csv", here + "/./y/../out.csv"}) {
    refused(two("out.csv", other),
            "stage second writes " + other + ", which stage first writes too, as out.csv");
    refused(two(other, "out.csv"),
            "stage second writes out.csv, which stage first writes too, as " + other);
  }
}

BOOST_AUTO_TEST_CASE(links_lead_to_the_same_file) {
  Folder folder;
  fs::create_directory(folder.path / "real");
  fs::create_directory_symlink(folder.path / "real", folder.path / "linked");
  refused(two(folder / "real/out.csv", folder / "linked/out.csv"), "writes too");
  folder.write("there.csv");
  fs::create_symlink(folder.path / "there.csv", folder.path / "soft.csv");
  fs::create_hard_link(folder.path / "there.csv", folder.path / "hard.csv");
  refused(two(folder / "there.csv", folder / "soft.csv"), "writes too");
  refused(two(folder / "hard.csv", folder / "there.csv"), "writes too");
  fs::create_symlink("later.csv", folder.path / "dangling.csv");
  refused(two(folder / "dangling.csv", folder / "later.csv"), "writes too");
  folder.write("other.csv");
  BOOST_TEST(sentence(two(folder / "there.csv", folder / "other.csv")) == "");
}

BOOST_AUTO_TEST_CASE(replicas_of_one_stage_do_not_write_one_file) {
  Graph g = two("a.csv", "b.csv");
  g.stage(2).replicas = replicas(1, 2);
  refused(g,
          "stage second writes b.csv and may have 2 replicas, which would overwrite each other: "
          "give it one");
  Graph follows{"g"};
  auto kind = writing("a.csv");
  kind.sharing = Sharing::stateless;
  follows.source("s", numbers()).map("a", same(), replicas(2)).sink("out", std::move(kind));
  auto checked = follows.check();
  BOOST_REQUIRE(checked);
  auto layout = layout_of(*checked, 2);
  BOOST_REQUIRE(!layout);
  BOOST_TEST(layout.error().sentence.find("stage out writes a.csv and would have 2 replicas") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(equal_paths_on_different_nodes_are_two_files) {
  Graph g = two("out.csv", "out.csv");
  g.stage(1).on = "x";
  g.stage(2).on = "y";
  refused(g, "writes too");  // here all stages are in one place
  auto checked = g.check(Graph::Probes{});
  BOOST_REQUIRE_MESSAGE(checked, (checked ? "" : checked.error().sentence));
  auto on = [&](std::vector<NodeSpec> nodes) {
    auto layout = layout_of(*checked, nodes);
    BOOST_REQUIRE(layout);
    auto placed = place(*checked, *layout, nodes);
    return placed ? "" : placed.error().sentence;
  };
  BOOST_TEST(on({{"a", {"x"}, 1, 0}, {"b", {"y"}, 1, 0}}) == "");
  BOOST_TEST(on({{"a", {"x", "y"}, 1, 0}})
                 .find("stage second writes out.csv, which stage first writes too") !=
             std::string::npos);
  g.stage(2).on = "x";
  BOOST_TEST(!g.check(Graph::Probes{}).ok());
}

BOOST_AUTO_TEST_CASE(what_a_stage_reads_no_stage_writes) {
  Folder folder;
  folder.write("in.csv");
  fs::create_hard_link(folder.path / "in.csv", folder.path / "hard.csv");
  auto graph = [&](const std::string& to, const std::string& label = "") {
    Graph g{"g"};
    auto kind = numbers();
    kind.reads_from = {folder / "in.csv"};
    g.source("s", kind).sink("out", writing(to));
    g.stage(1).on = label;
    return g;
  };
  BOOST_TEST(sentence(graph(folder / "in.csv")) == "graph g: stage out writes " + folder / "in.csv" +
                                                      ", which stage s reads: what was there would be lost; give it a "
                                                      "file of its own");
  refused(graph(folder / "hard.csv"), ", which stage s reads, as ");
  BOOST_TEST(sentence(graph(folder / "out.csv")) == "");
  BOOST_TEST(graph(folder / "in.csv", "elsewhere").check(Graph::Probes{}).ok());
}

BOOST_AUTO_TEST_SUITE_END()
