/// Graph texts for the tests, and what is said of them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>

#include "nodes/graph_build.hpp"

namespace leat::nodes {

/// The places and sentences of examine(), as a user sees them after the file's name.
inline std::vector<std::string> said(const std::string& text,
                                     const std::map<std::string, std::string>& values = {}) {
  std::vector<std::string> lines;
  for (const Complaint& complaint : examine(text, values)) {
    lines.push_back(located("g", complaint).substr(2));
  }
  return lines;
}

/// Requires exactly these, in this order.
inline void says(const std::string& text, const std::vector<std::string>& wanted) {
  auto joined = [](const std::vector<std::string>& lines) {
    std::string all;
    for (const std::string& line : lines)
      all += "\n  " + line;
    return all;
  };
  auto lines = said(text);
  BOOST_TEST((lines == wanted), "expected:" << joined(wanted) << "\ngot:" << joined(lines));
}

/// A sound graph of four stages on lines 1 to 16; its parameters are on lines 1 to 3.
inline const std::string kSound = R"([params]
data = { type = "path", sentence = "file to read" }
out = { type = "path", sentence = "file to write", default = "out.csv" }
[[stage]]
name = "read"
kind = "csv.blocks"
path = "${data}"
[[stage]]
name = "parse"
kind = "csv.parse"
from = "read"
[[stage]]
name = "write"
kind = "csv.write"
from = "parse"
path = "${out}"
)";

/// kSound with `what` replaced, once, by `by`.
inline std::string changed(const std::string& what, const std::string& by) {
  std::string text = kSound;
  std::size_t at = text.find(what);
  BOOST_REQUIRE(at != text.npos);
  return text.replace(at, what.size(), by);
}

}  // namespace leat::nodes
