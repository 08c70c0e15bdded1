// Doubles three numbers that are in memory, and checks what comes out.
#include <leat/leat.hpp>

#include <iostream>
#include <vector>

using Number = leat::Message<leat::schema::Number>;

Number number(leat::Pool& pool, std::uint64_t value) {
  leat::Building<leat::schema::Number> building(pool);
  building.root().setValue(value);
  return Number(std::move(building).finish());
}

int main() {
  auto pool = leat::Pool::make();
  leat::Collected<Number> doubled;

  leat::Graph g{"consumer"};
  g.source("in", leat::from_memory<Number>({number(*pool, 1), number(*pool, 2), number(*pool, 3)}))
      .map("double", [](Number n, leat::Pool& p) { return number(p, 2 * (*n).getValue()); })
      .sink("out", leat::collect(doubled));

  auto report = leat::run(g);
  if (!report) {
    std::cerr << report.error().sentence << "\n";
    return 1;
  }
  std::vector<std::uint64_t> values;
  for (const Number& n : doubled.take()) values.push_back((*n).getValue());
  for (std::uint64_t value : values) std::cout << value << " ";
  std::cout << "\n";
  return values == std::vector<std::uint64_t>{2, 4, 6} ? 0 : 1;
}
