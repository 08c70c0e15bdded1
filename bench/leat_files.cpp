// Tables into a SQLite table, and out of a table file: leat, and the plain loop that does the same.

#include "measure.hpp"

#include <leat/actors/sqlite/write.hpp>
#include <leat/actors/tables/read.hpp>
#include <leat/actors/tables/write.hpp>
#include <leat/chunk/table_builder.hpp>
#include <leat/graph/stream.hpp>
#include <leat/runtime/run.hpp>

#include <CLI/CLI.hpp>
#include <sqlite3.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace {

using namespace leat;
using bench::Json;
using bench::print_line;
using bench::Stopwatch;

constexpr std::size_t kRows = 8192;  // of a chunk

struct Options {
  std::size_t rows = 1'000'000;
  std::size_t threads = 2;
  std::string path;
};

// One row: what a CSV of flights might hold.
struct Row {
  std::int64_t id;
  std::int32_t hour;
  double delay;
  double distance;
  char carrier[3];
};

Row row_at(std::size_t i) {
  auto letter = [](std::size_t n) { return static_cast<char>('A' + n % 26); };
  return {static_cast<std::int64_t>(i), static_cast<std::int32_t>(i % 24), 0.25 * static_cast<double>(i * 7919 % 1000),
          static_cast<double>(i * 104729 % 5000) + 0.5, {letter(i * 31), letter(i * 17), 0}};
}

const Fields kFields = {{"id", ColumnType::I64}, {"hour", ColumnType::I32}, {"delay"}, {"distance"},
                        {"carrier", ColumnType::TEXT}};

Table made(Pool& pool, std::size_t first, std::size_t rows) {
  TableBuilder builder(pool, kFields, {.rows = rows, .heap = 2 * rows});
  auto* id = builder.cells<std::int64_t>(0).data();
  auto* hour = builder.cells<std::int32_t>(1).data();
  auto* delay = builder.cells<double>(2).data();
  auto* distance = builder.cells<double>(3).data();
  for (std::size_t i = 0; i < rows; ++i) {
    Row row = row_at(first + i);
    id[i] = row.id, hour[i] = row.hour, delay[i] = row.delay, distance[i] = row.distance;
    builder.put(4, i, {row.carrier, 2});
  }
  return std::move(builder).finish(rows, first);
}

[[noreturn]] void die(const std::string& sentence) {
  std::fprintf(stderr, "leat_files: %s\n", sentence.c_str());
  std::exit(1);
}

Report run_or_die(const Graph& graph, const Options& options) {
  RunOptions how;
  how.threads = options.threads;
  auto report = run(graph, how);
  if (!report) die(report.error().sentence);
  return std::move(*report);
}

Stream<Table> rows(Graph& g, const Options& options) {
  return g.source("make", [at = std::size_t{0}, rows = options.rows](Out<Table>& out) mutable {
    std::size_t next = std::min(kRows, rows - at);
    out.emit(made(out.pool(), at, next));
    at += next;
    return at < rows;
  });
}

void print(const char* who, double seconds, double items, const Options& options) {
  print_line(who, seconds, items, {{"mb_per_second", static_cast<double>(std::filesystem::file_size(options.path)) / 1e6 / seconds}});
}

void sqlite_leat(const Options& options) {
  Stopwatch watch;
  Graph g{"sqlite"};
  rows(g, options).sink("write", sqlite::write({.path = options.path, .table = "t"}));
  run_or_die(g, options);
  print("leat", watch.seconds(), static_cast<double>(options.rows), options);
}

void sql(sqlite3* database, const char* text) {
  if (sqlite3_exec(database, text, nullptr, nullptr, nullptr) != SQLITE_OK) die(sqlite3_errmsg(database));
}

void sqlite_hand(const Options& options) {
  Stopwatch watch;
  sqlite3* database = nullptr;
  if (sqlite3_open(options.path.c_str(), &database) != SQLITE_OK) die("cannot open the database");
  sql(database, "BEGIN; CREATE TABLE IF NOT EXISTS t (id INTEGER, hour INTEGER, delay REAL, distance REAL, carrier TEXT)");
  sqlite3_stmt* insert = nullptr;
  sqlite3_prepare_v2(database, "INSERT INTO t VALUES (?, ?, ?, ?, ?)", -1, &insert, nullptr);
  for (std::size_t i = 0; i < options.rows; ++i) {
    Row row = row_at(i);
    sqlite3_bind_int64(insert, 1, row.id);
    sqlite3_bind_int(insert, 2, row.hour);
    sqlite3_bind_double(insert, 3, row.delay);
    sqlite3_bind_double(insert, 4, row.distance);
    sqlite3_bind_text(insert, 5, row.carrier, 2, SQLITE_STATIC);
    if (sqlite3_step(insert) != SQLITE_DONE) die(sqlite3_errmsg(database));
    sqlite3_reset(insert);
  }
  sqlite3_finalize(insert);
  sql(database, "COMMIT");
  sqlite3_close(database);
  print("prepared statements", watch.seconds(), static_cast<double>(options.rows), options);
}

void tables_make(const Options& options) {
  Graph g{"make"};
  rows(g, options).sink("write", tables::write(options.path));
  auto report = run_or_die(g, options);
  print("leat, written", report.progress.seconds, static_cast<double>(options.rows), options);
}

// Drops them, having read these columns.
void read_file(const Options& options, const char* who, const ColumnNames& columns) {
  struct Drop final : Actor {
    Result<Step> visit(Visit& visit, Outbox& out) override {
      out.count("rows", Table(visit.chunk).rows());
      return Step::done;
    }
  };
  Stopwatch watch;
  Graph g{"read"};
  auto kind = stage_kind<void, Table>("bench.drop", "");
  kind.reads = [columns](const std::vector<Description>&, const ColumnNames&) { return std::vector{columns}; };
  kind.actor = [](const Making&) { return std::make_unique<Drop>(); };
  g.source("read", tables::read(options.path)).sink("drop", kind);
  run_or_die(g, options);
  print(who, watch.seconds(), static_cast<double>(options.rows), options);
}

void tables_read(const Options& options) { read_file(options, "leat", ColumnNames::all()); }
void tables_some(const Options& options) {
  read_file(options, "leat, two columns of five", ColumnNames::of({"hour", "delay"}));
}

void file_read(const Options& options) {
  Stopwatch watch;
  int file = ::open(options.path.c_str(), O_RDONLY);
  if (file < 0) die("cannot open the file");
  std::vector<char> buffer(256 * 1024);
  while (::read(file, buffer.data(), buffer.size()) > 0) {
  }
  ::close(file);
  print("read()", watch.seconds(), static_cast<double>(options.rows), options);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Tables in databases and in files"};
  app.require_subcommand(1);
  Options options;
  auto add = [&](const char* name, const char* about, void (*run)(const Options&)) {
    auto* sub = app.add_subcommand(name, about);
    sub->add_option("--rows", options.rows, "rows");
    sub->add_option("--threads", options.threads, "threads");
    sub->add_option("--path", options.path, "the database, or the file")->required();
    sub->callback([&options, run] { run(options); });
  };
  add("sqlite-write", "rows into a SQLite table", sqlite_leat);
  add("sqlite-hand", "the same by prepared statements in one transaction", sqlite_hand);
  add("tables-write", "rows into a table file", tables_make);
  add("tables-read", "a table file, dropped", tables_read);
  add("tables-some", "two columns of it", tables_some);
  add("file-read", "the file's bytes, dropped", file_read);
  CLI11_PARSE(app, argc, argv);
}
