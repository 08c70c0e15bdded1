// Counts the words of a text: words < book.txt > counts.csv
#include <leat/leat.hpp>
using namespace leat;

Graph words(const Args&) {
  Graph g{"words"};
  g.source("read", text::lines("-", {.column = "word"}))
      .map("split", explode({.column = "word"}))
      .fold("count", group({.by = {"word"}, .columns = {"times = count()"}}))
      .sink("write", csv::write("/dev/stdout"));
  return g;
}

int main(int argc, char** argv) { return app(argc, argv, words); }
