// Any bytes as a graph file: no crash, places inside the text, sentences on one line, and whatever is
// found sound can be built.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <algorithm>
#include <string>

#include <leat/actors/actors.hpp>

#include "nodes/graph_build.hpp"

using namespace leat;
using namespace leat::nodes;

namespace {

void require(bool holds, const std::string& what) {
  if (holds) return;
  std::fprintf(stderr, "%s\n", what.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(reinterpret_cast<const char*>(data), size);
  auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  auto complaints = examine(text, {});
  for (const Complaint& complaint : complaints) {
    require(complaint.at.line >= 1 && complaint.at.line <= lines + 1 && complaint.at.column >= 1,
            located("no place in the text", complaint));
    require(!complaint.sentence.empty(), "an empty sentence");
    bool one_line = std::none_of(complaint.sentence.begin(), complaint.sentence.end(),
                                 [](char c) { return c >= 0 && c < 0x20; });
    require(one_line, "more than a line: " + complaint.sentence);
  }
  if (!complaints.empty()) return 0;
  Complaints none;
  auto all = stock_kinds();
  GraphFile file = read_graph(text, all, none);
  auto graph = build_graph(file, parameters_of(file, {}), "fuzz", none);
  require(graph && none.empty(), "what was sound could not be built");
  return 0;
}
