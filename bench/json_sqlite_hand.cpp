// The limit for JSON lines into a SQLite table: one thread, simdjson's On-Demand and one prepared statement in one
// transaction, into a database that is not there.

#include <cstdint>
#include <exception>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>
#include <simdjson.h>
#include <sqlite3.h>

#include "file_blocks.hpp"
#include "measure.hpp"

namespace {

using namespace simdjson;

class Rows {
 public:
  explicit Rows(const std::string& path) {
    held(sqlite3_open(path.c_str(), &database_) == SQLITE_OK);
    run("BEGIN");
    run("CREATE TABLE events (id INTEGER, name TEXT, score REAL, active BOOLEAN, at TIMESTAMP, \"user.city\" TEXT, "
        "\"user.zip\" INTEGER)");
    held(sqlite3_prepare_v2(database_, "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", -1, &insert_, nullptr) == SQLITE_OK);
  }
  void put(ondemand::document_reference event) {
    sqlite3_bind_int64(insert_, 1, event["id"].get_int64().value());
    text(2, event["name"].get_string().value());
    sqlite3_bind_double(insert_, 3, event["score"].get_double().value());
    sqlite3_bind_int(insert_, 4, event["active"].get_bool().value());
    text(5, event["at"].get_string().value());
    ondemand::object user = event["user"].get_object().value();
    text(6, user["city"].get_string().value());
    sqlite3_bind_int64(insert_, 7, user["zip"].get_int64().value());
    held(sqlite3_step(insert_) == SQLITE_DONE);
    sqlite3_reset(insert_);
  }
  void finish() {
    sqlite3_finalize(insert_);
    run("COMMIT");
    sqlite3_close(database_);
  }

 private:
  void held(bool went) {
    if (!went) throw std::runtime_error(sqlite3_errmsg(database_));
  }
  void run(const char* statement) { held(sqlite3_exec(database_, statement, nullptr, nullptr, nullptr) == SQLITE_OK); }
  void text(int place, std::string_view text) {
    sqlite3_bind_text(insert_, place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }

  sqlite3* database_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

}  // namespace

int main(int argc, char** argv) {
  std::string data, out;
  CLI::App app{"limit: JSON lines into SQLite by hand"};
  app.add_option("--data", data, "JSON lines")->required();
  app.add_option("--out", out, "the database")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    const bench::Stopwatch watch;
    bench::FileBlocks file(data);
    ondemand::parser parser;
    Rows rows(out);
    std::size_t count = 0;
    for (std::string_view text; !(text = file.next()).empty();) {
      ondemand::document_stream events = parser.iterate_many(text.data(), text.size(), text.size()).value();
      for (auto event : events) {
        rows.put(event.value());
        ++count;
      }
    }
    rows.finish();
    bench::print_line("json_sqlite_hand", watch.seconds(), static_cast<double>(count), bench::Json::object());
  } catch (const std::exception& error) {
    std::cerr << "json_sqlite_hand: error: " << error.what() << "\n";
    return 1;
  }
}
