// What the JSON tests share: a file read through json::blocks and json::parse, and through json::lines.
#pragma once

#include <leat/actor/recording_outbox.hpp>
#include <leat/actors/csv/format.hpp>
#include <leat/actors/json/lines.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "support/folder.hpp"

namespace json_fixture {

struct Told {
  std::string error;
  std::string columns;  // "id:i64 name:text"
  std::string rows;     // a line each: its number, and its cells with | between; - is null
  std::map<std::string, std::uint64_t> counts;
  std::size_t tables = 0;

  friend bool operator==(const Told&, const Told&) = default;
};

inline std::string columns_of(const leat::Fields& fields) {
  std::string out;
  for (const leat::Field& field : fields) {
    out += (out.empty() ? "" : " ") + field.name + ":" + std::string(leat::type_name(field.type));
  }
  return out;
}

inline std::string rows_of(const std::vector<leat::Chunk>& chunks) {
  std::string out;
  for (const leat::Chunk& chunk : chunks) {
    leat::Table table(chunk);
    for (std::size_t row = 0; row < table.rows(); ++row) {
      out += std::to_string(table.row_number(row));
      for (std::size_t i = 0; i < table.columns(); ++i) {
        out += '|';
        if (!table.valid(i, row)) {
          out += '-';
        } else if (leat::in_heap(table.type(i))) {
          out += table.text(i, row);
        } else {
          leat::csv::append_cell(out, table, i, row, ',');
        }
      }
      out += '\n';
    }
  }
  return out;
}

inline Told from(leat::RecordingOutbox& out, const leat::Fields& fields) {
  return {"", columns_of(fields), rows_of(out.emitted), out.counts, out.emitted.size()};
}

inline Told failed(const leat::Error& error) { return {error.sentence, "", "", {}, 0}; }

// Of a file; its path is left out of the error.
inline Told parsed(const std::string& path, leat::json::ParseOptions options = {}, leat::json::BlockOptions blocks = {},
                   const leat::ColumnNames& wanted = leat::ColumnNames::all()) {
  auto pool = leat::Pool::make();
  auto source = leat::json::blocks(path, blocks).source();
  auto probed = source->probe();
  if (!probed) return failed(probed.error());
  leat::RecordingOutbox read(*pool);
  if (auto drained = leat::drain(*source, read); !drained) return failed(drained.error());
  auto kind = leat::json::parse(options);
  auto described = kind.narrow({*probed}, wanted);
  if (!described) return failed(described.error());
  leat::RecordingOutbox out(*pool, described->needs.state);
  auto fed = leat::feed(*kind.actor({0, 1, {*probed}, "", wanted}), read.emitted, out);
  if (!fed) return failed(fed.error());
  for (const leat::Chunk& chunk : out.emitted) {
    if (chunk.footprint() > described->needs.max_output) return {"more output than declared", "", "", {}, 0};
  }
  return from(out, described->output.fields);
}

inline Told lines_of(const std::string& path, leat::json::ParseOptions options = {}, leat::json::BlockOptions blocks = {}) {
  auto pool = leat::Pool::make();
  auto source = leat::json::lines(path, options, blocks).source();
  auto probed = source->probe();
  if (!probed) return failed(probed.error());
  leat::RecordingOutbox out(*pool);
  if (auto drained = leat::drain(*source, out); !drained) return failed(drained.error());
  return from(out, probed->fields);
}

// Of a file with these lines, both ways, which must be one.
inline Told read(const std::string& content, leat::json::ParseOptions options = {}, leat::json::BlockOptions blocks = {}) {
  leat::tests::Folder folder;
  leat::tests::write_text(folder / "a.jsonl", content);
  Told one = parsed(folder / "a.jsonl", options, blocks);
  Told other = lines_of(folder / "a.jsonl", options, blocks);
  for (Told* told : {&one, &other}) {
    auto at = told->error.find(folder.path());
    if (at != std::string::npos) told->error.erase(at, folder.path().size() + 1);
  }
  if (!(one == other)) return failed(leat::failed("the two ways differ: " + one.error + " / " + other.error + "\n" +
                                                  one.columns + "\n" + other.columns + "\n" + one.rows + other.rows));
  return one;
}

}  // namespace json_fixture
