// What the CSV tests share: files that go away, and a whole file read at once.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <leat/actor/recording_outbox.hpp>
#include <leat/actors/csv/csv.hpp>
#include <leat/chunk/table.hpp>

#include "support/folder.hpp"

namespace csv_fixture {

// Files of one test.
class Files {
 public:
  std::string folder() const { return folder_.path(); }
  std::string path(const std::string& name) const { return folder_ / name; }
  std::string write(const std::string& content, const std::string& name = "a.csv") const {
    leat::tests::write_text(path(name), content);
    return path(name);
  }

 private:
  leat::tests::Folder folder_;
};

// What a file gave; `error` is empty when all went well.
struct Read {
  Read() = default;
  Read(Read&&) = default;
  // The old pool must outlive the old chunks.
  Read& operator=(Read&& other) noexcept {
    std::destroy_at(this);
    return *std::construct_at(this, std::move(other));
  }

  std::shared_ptr<leat::Pool> pool = leat::Pool::make();
  std::string error;
  leat::ErrorKind kind = leat::ErrorKind::failed;
  leat::Description source;
  leat::Described described;
  std::vector<leat::Chunk> blocks;
  std::vector<leat::Table> tables;
  std::map<std::string, std::uint64_t> counts;

  std::size_t rows() const {
    std::size_t sum = 0;
    for (const auto& table : tables)
      sum += table.rows();
    return sum;
  }
  template <class T> std::vector<T> values(std::size_t column) const {
    std::vector<T> out;
    for (const auto& table : tables) {
      auto cells = table.values<T>(column);
      out.insert(out.end(), cells.data(), cells.data() + cells.size());
    }
    return out;
  }
  std::vector<std::string> texts(std::size_t column) const {
    std::vector<std::string> out;
    for (const auto& table : tables) {
      for (std::size_t row = 0; row < table.rows(); ++row)
        out.emplace_back(table.text(column, row));
    }
    return out;
  }
  std::vector<std::uint64_t> numbers() const {
    std::vector<std::uint64_t> out;
    for (const auto& table : tables) {
      for (std::size_t row = 0; row < table.rows(); ++row)
        out.push_back(table.row_number(row));
    }
    return out;
  }
};

inline bool noted(Read& out, const leat::Error& error) {
  out.error = error.sentence;
  out.kind = error.kind;
  return false;
}

inline bool read_blocks(Read& out, const leat::InputPaths& paths, leat::csv::BlockOptions options) {
  auto source = leat::csv::blocks(paths, options).source();
  auto probed = source->probe();
  if (!probed) return noted(out, probed.error());
  out.source = *probed;
  leat::RecordingOutbox outbox(*out.pool);
  auto drained = leat::drain(*source, outbox);
  out.blocks = std::move(outbox.emitted);
  return drained ? true : noted(out, drained.error());
}

// Reads a file through csv::blocks and csv::parse.
inline Read read(const leat::InputPaths& paths, leat::csv::ParseOptions options = {},
                 leat::csv::BlockOptions block_options = {}) {
  Read out;
  if (!read_blocks(out, paths, block_options)) return out;
  auto kind = leat::csv::parse(options);
  auto described = kind.describe({out.source});
  if (!described) {
    noted(out, described.error());
    return out;
  }
  out.described = *described;
  auto actor = kind.actor(leat::Making{0, 1, {out.source}});
  leat::RecordingOutbox outbox(*out.pool);
  auto fed = leat::feed(*actor, out.blocks, outbox);
  if (!fed) noted(out, fed.error());
  for (auto& chunk : outbox.emitted)
    out.tables.emplace_back(std::move(chunk));
  out.counts = outbox.counts;
  return out;
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace csv_fixture
