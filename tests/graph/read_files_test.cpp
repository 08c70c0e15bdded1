// What stages read: paths, patterns and standard input, and what can be read only once.
#include <filesystem>
#include <fstream>

#include <stdlib.h>

#include <sys/stat.h>

#include <leat/graph/input_paths.hpp>
#include <leat/graph/read_files.hpp>

#include "graph/sample_kinds.hpp"

using namespace leat;
using namespace leat::testing;

namespace {

namespace fs = std::filesystem;

struct Folder {
  Folder() {
    std::string name = (fs::temp_directory_path() / "leat-read-XXXXXX").string();
    BOOST_REQUIRE(::mkdtemp(name.data()));
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  std::string operator/(const std::string& file) const { return (path / file).string(); }
  void write(const std::string& file) const { std::ofstream(path / file) << "there"; }
  fs::path path;
};

using Paths = std::vector<std::string>;

Graph reading(const Paths& first, const Paths& second) {
  Graph g{"g"};
  for (const Paths& paths : {first, second}) {
    auto kind = numbers();
    kind.reads_from = paths;
    std::string number = std::to_string(g.stages().size());
    g.source("read" + number, kind).sink("end" + number, [](const Number&) {});
  }
  return g;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(read_files)

BOOST_AUTO_TEST_CASE(files_are_those_named_and_those_that_match_by_name) {
  Folder folder;
  for (const char* name : {"b.csv", "a.csv", "c[1].csv", "d.txt"}) folder.write(name);
  auto found = files_of({folder / "d.txt", folder / "*.csv"});
  BOOST_REQUIRE(found.ok());
  BOOST_TEST(*found == (Paths{folder / "d.txt", folder / "a.csv", folder / "b.csv", folder / "c[1].csv"}));
  BOOST_TEST(*files_of(folder / "c[1].csv") == Paths{folder / "c[1].csv"});
  BOOST_TEST(*files_of("not/there.csv") == Paths{"not/there.csv"});
  BOOST_TEST(files_of(folder / "x*").error().sentence ==
             folder / "x*" + ": no file matches this pattern; check the path");
  BOOST_TEST(files_of({folder / "a.csv", folder / "a*"}).error().sentence ==
             folder / "a.csv" + ": is named twice, and its rows would be counted twice; name it once");
  BOOST_TEST(files_of({"-", "/dev/stdin"}).error().sentence.find("is named twice") != std::string::npos);
  BOOST_TEST(files_of(Paths()).error().sentence == "there is no file to read: name at least one");
}

BOOST_AUTO_TEST_CASE(what_gives_what_it_has_only_once_is_read_by_one_stage) {
  Folder folder;
  folder.write("in.csv");
  BOOST_REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  fs::create_symlink("pipe", folder.path / "link");
  BOOST_TEST(sentence(reading({folder / "pipe"}, {folder / "in.csv", folder / "link"})) ==
             "graph g: stage read2 reads " + folder / "link" +
                 ", which stage read0 reads too, and which gives what it has only once: save it to a file, and read "
                 "that");
  BOOST_TEST(sentence(reading({folder / "pipe"}, {folder / "in.csv"})) == "");
  BOOST_TEST(sentence(reading({folder / "in.csv"}, {folder / "in.csv"})) == "");
}

BOOST_AUTO_TEST_CASE(standard_input_is_not_read_on_nodes) {
  auto probed = reading({"a.csv"}, {"b.csv", "-"}).probe({0});
  BOOST_REQUIRE(!probed.ok());
  BOOST_TEST(probed.error().sentence ==
             "graph g: stage read2 reads standard input, which a cluster's nodes do not have: save it to a file that "
             "they can read, or run it in one process");
}

BOOST_AUTO_TEST_CASE(what_a_pattern_matches_no_stage_writes) {
  Folder folder;
  folder.write("in.csv");
  Graph g{"g"};
  auto kind = numbers();
  kind.reads_from = {folder / "*.csv"};
  auto writing = stage_kind<void, Number>("test.write", "");
  writing.writes = {folder / "in.csv"};
  writing.actor = [](const Making&) { return std::make_unique<Pass>(); };
  g.source("s", kind).sink("out", writing);
  BOOST_TEST(sentence(g) == "graph g: stage out writes " + folder / "in.csv" +
                                ", which stage s reads: what was there would be lost; give it a file of its own");
}

BOOST_AUTO_TEST_CASE(several_paths_are_one_text_with_commas) {
  Option option{.name = "data", .type = OptionType::paths};
  BOOST_TEST(option_value(option, "a.csv,\"b,c.csv\"")->texts == (Paths{"a.csv", "b,c.csv"}));
  BOOST_TEST(option_value(option, "").error().sentence == "must name files");
  for (const Paths& parts : {Paths{"a"}, Paths{"a,b", "c"}, Paths{"\"q\"", ""}, Paths{"x\"y", "z"}}) {
    BOOST_TEST(split_at_commas(joined_with_commas(parts)) == parts);
  }
}

BOOST_AUTO_TEST_SUITE_END()
