#include <algorithm>
#include <optional>

#include <leat/actor/saturating.hpp>
#include <leat/actors/tables/cache.hpp>
#include <leat/actors/tables/scratch_tables.hpp>
#include <leat/schemas/table_file.capnp.h>

namespace leat::tables {
namespace {

// Of the stream as it is stored: `memory`, or all of it where that is known to be less.
std::uint64_t memory_for(const Description& rows, const CacheOptions& options) {
  if (!rows.fields_known || rows.rows == 0) return options.memory;
  std::uint64_t row = 1;
  for (const Field& field : stored(rows.fields, options.store)) {
    if (field.type == ColumnType::TEXT || field.type == ColumnType::BYTES || field.type == ColumnType::RAW)
      return options.memory;
    row += cell_bytes(field.type, field.dictionary) + 1;
  }
  // Blocks of memory come in four sizes a doubling.
  std::uint64_t all = times(rows.rows, row);
  return std::min(options.memory, plus(plus(all, all / 3), times(2, rows.max_chunk)));
}

class Cache final : public Actor {
 public:
  Cache(CacheOptions options, const Description& rows, std::string job)
      : options_(std::move(options)), memory_(memory_for(rows, options_)), job_(std::move(job)) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    std::uint64_t rounded = 0;
    auto made = stored(out.pool(), Table(visit.chunk), options_.store, rounded);
    if (!made) return std::move(made).error();
    if (auto same = same_columns(*made); !same) return same.error();
    if (auto held = hold(*made, out); !held) return held.error();
    out.count("rows", made->rows());
    if (rounded > 0) out.count("rounded", rounded);
    out.emit(std::move(*made).chunk());
    return Step::done;
  }

  Result<Step> finish(Ending ending, Outbox& out) override {
    if (ending == Ending::interrupted || again_ == options_.again || chunks() == 0) return Step::done;
    if (scratch_ && !scratch_->ended()) {
      if (auto ended = scratch_->end(); !ended) return ended.error();
    }
    auto chunk = next_chunk(out.pool());
    if (!chunk) return chunk.error();
    out.emit(std::move(*chunk));
    if (++next_ == chunks()) {
      ++again_;
      next_ = 0;
      place_ = {};
    }
    out.progress(again_ * chunks() + next_, options_.again * chunks());
    return again_ == options_.again ? Step::done : Step::more;
  }

  Result<Snapshot> snapshot(Pool& pool) const override {
    Snapshot parts;
    if (fields_.empty()) return parts;
    Building<schema::CacheState> building(pool, 256 + (scratch_ ? scratch_->path().size() : 0));
    auto root = building.root();
    root.setAgain(again_);
    root.setNext(next_);
    root.setOffset(place_.offset);
    root.setRowsBefore(place_.rows);
    if (scratch_) {
      root.setScratch(scratch_->path().c_str());
      root.setBytes(scratch_->bytes());
      root.setEnded(scratch_->ended());
    }
    parts.push_back({std::move(building).finish()});
    if (scratch_) parts.push_back({scratch_->index().chunk(pool)});
    for (const Kept& kept : kept_) parts.push_back({kept.chunk});
    return parts;
  }

  Result<void> restore(const Snapshot& from, Outbox& out) override {
    if (from.empty()) return {};
    auto root = from[0].chunk.root<schema::CacheState>();
    bool spilled = root.getScratch().size() > 0;
    again_ = root.getAgain();
    next_ = root.getNext();
    for (std::size_t i = spilled ? 2 : 1; i < from.size(); ++i) {
      auto kept = out.keep(from[i].chunk);
      if (!kept) return kept.error();
      kept_bytes_ += Pool::footprint(from[i].chunk.bytes()) + sizeof(Kept);
      kept_.push_back(std::move(*kept));
    }
    if (!kept_.empty()) fields_ = Table(kept_[0].chunk).fields();
    if (!spilled) return {};
    auto scratch = ScratchTables::go_on(options_.scratch, job_, root.getScratch().cStr(), root.getBytes(),
                                        Index::of(from[1].chunk), root.getEnded());
    if (!scratch) return scratch.error();
    scratch_.emplace(std::move(*scratch));
    fields_ = scratch_->index().fields;
    place_ = {root.getOffset(), next_ > kept_.size() ? next_ - kept_.size() : 0, root.getRowsBefore()};
    return hold_book(out);
  }

 private:
  std::uint64_t chunks() const { return kept_.size() + (scratch_ ? scratch_->index().chunks : 0); }

  Result<void> hold(const Table& table, Outbox& out) {
    // In a block of its size, so that it does not matter what it was made in.
    std::uint64_t tight = Pool::footprint(table.chunk().bytes());
    std::uint64_t bytes = tight + sizeof(Kept);
    if (!scratch_ && bytes <= memory_ - kept_bytes_) {
      auto kept = out.keep(table.chunk().footprint() > tight ? table.chunk().copy(out.pool()) : table.chunk());
      if (!kept) return kept.error();
      kept_.push_back(std::move(*kept));
      kept_bytes_ += bytes;
      return {};
    }
    if (!scratch_) {
      auto opened = ScratchTables::open(options_.scratch, job_);
      if (!opened) return opened.error();
      scratch_.emplace(std::move(*opened));
      if (auto held = hold_book(out); !held) return held;
    }
    out.count("chunks on disk", 1);
    return scratch_->add(table);
  }

  // What reading and writing the file holds itself.
  Result<void> hold_book(Outbox& out) {
    auto held = out.hold(FileReader::kMostBefore);
    if (!held) return held.error();
    book_ = std::move(*held);
    return {};
  }

  Result<Chunk> next_chunk(Pool& pool) {
    if (next_ < kept_.size()) return kept_[next_].chunk;
    return scratch_->read(place_, pool);
  }

  Result<void> same_columns(const Table& table) {
    Fields fields = table.fields();
    bool same = fields_.empty() || fields.size() == fields_.size();
    for (std::size_t i = 0; same && i < fields_.size(); ++i) {
      same = fields[i].name == fields_[i].name && fields[i].type == fields_[i].type;
    }
    if (!same) {
      return invalid("cache got rows with columns " + listed(fields) + " after rows with " + listed(fields_) +
                     ": give each layout its own cache");
    }
    if (!fields_.empty()) return {};
    if (auto have = have_values("cache", fields); !have) return have;
    fields_ = std::move(fields);
    return {};
  }

  CacheOptions options_;
  std::uint64_t memory_;
  std::string job_;
  Fields fields_;
  std::vector<Kept> kept_;  // the first chunks, and all that come later are in the file
  std::uint64_t kept_bytes_ = 0;
  std::optional<ScratchTables> scratch_;
  Held book_;
  std::uint64_t again_ = 0;  // times that all was given after the first
  std::uint64_t next_ = 0;   // chunk of the pass that is under way
  ChunkPlace place_;         // of the next one in the file
};

OptionsOf<CacheOptions> options_of_cache() {
  return OptionsOf<CacheOptions>()
      .needs(&CacheOptions::again,
             {.name = "again", .sentence = "times that all rows are given after the first", .least = 1})
      .takes(&CacheOptions::store, {.name = "store", .sentence = "what larger floats are held as"},
             Choices<Floats>{{"f64", Floats::as_they_are}, {"f32", Floats::f32}, {"f16", Floats::f16}})
      .takes(&CacheOptions::memory,
             {.name = "memory", .type = OptionType::bytes, .sentence = "what is held before it goes to disk"})
      .takes(&CacheOptions::scratch,
             {.name = "scratch", .type = OptionType::path, .sentence = "folder for what memory has no room for"});
}

Result<Described> describe(const Description& rows, const CacheOptions& options) {
  if (auto have = have_values("cache", rows.fields); !have) return have.error();
  Described made{rows, {}};
  made.output.fields = stored(rows.fields, options.store);
  made.output.notes["passes"] = std::to_string(plus(options.again, 1));
  // What a copy has beside the cells is no more than it was; one is made, one is read.
  std::uint64_t reading = plus(times(2, rows.max_chunk), FileReader::kMostBefore);
  made.needs.state = plus(memory_for(rows, options), reading);
  made.needs.max_output = made.output.max_chunk;
  return made;
}

}  // namespace

Kind<Table, Table> cache(CacheOptions options) {
  auto kind = stage_kind<Table, Table>("cache", options_of_cache().of(options));
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.describe = [options](const std::vector<Description>& inputs) { return describe(inputs[0], options); };
  kind.reads = [](const std::vector<Description>& inputs, const ColumnNames& wanted) {
    if (!inputs[0].fields_known) return std::vector{ColumnNames::all_changed()};
    std::vector<std::string> names;
    for (const Field& field : inputs[0].fields) {
      if (wanted.has(field.name)) names.push_back(field.name);
    }
    return std::vector{ColumnNames::changed(names)};
  };
  kind.actor = [options](const Making& making) {
    return std::make_unique<Cache>(options, making.inputs.empty() ? Description() : making.inputs[0], making.job);
  };
  return kind;
}

DeclaredKind declared_cache() {
  return declared_kind("Gives a stream again, several times, from memory and then from disk.", options_of_cache(),
                       [](CacheOptions options) { return cache(std::move(options)); });
}

}  // namespace leat::tables
