// docs/expressions.md: every operation has its line, and every example is so.
#include <leat/actors/expression/expression.hpp>
#include <leat/actors/expression/operations.hpp>
#include <leat/actors/rows/where.hpp>

#include "actors/tables.hpp"

#include <fstream>
#include <set>

using namespace leat;
using namespace leat::tests;

namespace {

struct Line {
  std::string name, example, is;
};

std::string plain(std::string cell) {
  auto first = cell.find('`');
  return first == std::string::npos ? cell : cell.substr(first + 1, cell.find('`', first + 1) - first - 1);
}

// The rows of tables with four columns, behind "## Operators".
std::vector<Line> page() {
  std::ifstream file("docs/expressions.md");
  std::vector<Line> lines;
  bool begun = false;
  for (std::string line; std::getline(file, line);) {
    begun = begun || line == "## Operators";
    if (!begun || line.substr(0, 3) != "| `") continue;
    std::vector<std::string> cells;
    for (std::size_t at = 1; at < line.size();) {
      std::size_t end = line.find(" |", at);
      cells.push_back(line.substr(at, end - at));
      at = end == std::string::npos ? line.size() : end + 2;
    }
    BOOST_REQUIRE_MESSAGE(cells.size() == 4u, line);
    lines.push_back({plain(cells[0]), plain(cells[2]), plain(cells[3])});
  }
  return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(expressions_page)

BOOST_AUTO_TEST_CASE(it_has_a_line_for_every_operation) {
  std::set<std::string> named;
  for (const Line& line : page()) named.insert(line.name.substr(0, line.name.find('(')));
  for (const ExpressionOperation& each : expression_operations()) {
    BOOST_TEST(named.count(std::string(each.name)) == 1u, each.name);
    named.erase(each.is == Operation::subtract ? "" : std::string(each.name));
    if (each.is == Operation::subtract) continue;
  }
  named.erase("-");
  BOOST_TEST(named.empty(), (named.empty() ? "" : *named.begin()) << " is no operation");
}

BOOST_AUTO_TEST_CASE(every_example_is_what_the_page_says) {
  auto pool = Pool::make();
  Table one = table_of(*pool, {{"x", {1}}});
  for (const Line& line : page()) {
    auto left = parse_expression(line.example);
    auto right = parse_expression(line.is);
    BOOST_REQUIRE_MESSAGE(left && right, line.example << ": " << sentence(left) << sentence(right));
    auto type = [&](const Expression& of) {
      auto typed = bind_expression("test", of, one.fields());
      BOOST_REQUIRE_MESSAGE(typed.ok(), sentence(typed));
      return typed->type();
    };
    BOOST_TEST((type(*left) == type(*right)), line.example);
    RecordingOutbox out(*pool);
    auto fed = feed(*where("(" + line.example + ") == (" + line.is + ")").actor({}), {one.chunk()}, out);
    BOOST_REQUIRE_MESSAGE(fed.ok(), sentence(fed));
    BOOST_TEST(out.emitted.size() == 1u, line.example << " is not " << line.is);
  }
}

BOOST_AUTO_TEST_SUITE_END()
