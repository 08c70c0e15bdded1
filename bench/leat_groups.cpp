// A group-by of Tables in memory, one thread: leat's actors against plain loops over the same cells with the best
// hash maps there are, in turns.

#include "leat_bench.hpp"
#include "measure.hpp"

#include <leat/actor/recording_outbox.hpp>
#include <leat/actors/group/group.hpp>
#include <leat/actors/group/ordered_cells.hpp>
#include <leat/chunk/table_builder.hpp>

#include <absl/container/flat_hash_map.h>
#include <tsl/robin_map.h>
#include <xxhash.h>

#include <ctime>
#include <random>

namespace bench {
namespace {

using namespace leat;

struct Options {
  std::string which;
  std::size_t rows = 4'000'000;
  std::size_t times = 5;
};

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

struct Case {
  const char* name;
  std::size_t keys;
  bool text;
};

std::vector<Chunk> tables(Pool& pool, const Case& of, std::size_t rows) {
  constexpr std::size_t kRows = 8192;
  std::mt19937_64 random(1);
  Fields fields = {{"key", of.text ? ColumnType::TEXT : ColumnType::I64}, {"x"}};
  std::vector<Chunk> made;
  for (std::size_t from = 0; from < rows; from += kRows) {
    std::size_t count = std::min(kRows, rows - from);
    TableBuilder builder(pool, fields, {.rows = count, .heap = 24 * count});
    for (std::size_t row = 0; row < count; ++row) {
      auto key = static_cast<std::int64_t>(random() % of.keys);
      if (of.text) {
        builder.put(0, row, "k" + std::to_string(key));
      } else {
        builder.cells<std::int64_t>(0)[row] = key;
      }
      builder.cells<double>(1)[row] = static_cast<double>(random() % 10000) / 100;
    }
    made.push_back(std::move(builder).finish(count, from).chunk());
  }
  return made;
}

struct Sum {
  std::int64_t count = 0;
  double sum = 0;
};

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return XXH3_64bits(text.data(), text.size()); }
};
struct TextEqual {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const { return a == b; }
};

template <class Found>
Sum& value_of(Found& found) {
  if constexpr (requires { found.value(); }) {
    return found.value();
  } else {
    return found->second;
  }
}

// What people write by hand: one pass, one map.
template <class Map>
double by_hand(const std::vector<Chunk>& chunks) {
  Map map;
  for (const Chunk& chunk : chunks) {
    Table table(chunk);
    ColumnPlace keys = place_of(table, 0);
    auto* x = reinterpret_cast<const double*>(table.cells(1));
    for (std::size_t row = 0, rows = table.rows(); row < rows; ++row) {
      Sum* sum = nullptr;
      if constexpr (std::is_same_v<typename Map::key_type, std::string>) {
        auto found = map.find(keys.text(row));
        if (found == map.end()) found = map.emplace(std::string(keys.text(row)), Sum()).first;
        sum = &value_of(found);
      } else {
        sum = &map[reinterpret_cast<const std::int64_t*>(keys.cells)[row]];
      }
      ++sum->count;
      sum->sum += x[row];
    }
  }
  double all = 0;
  for (const auto& [key, sum] : map) all += sum.sum / static_cast<double>(sum.count);
  return all;
}

double by_leat(const std::vector<Chunk>& chunks, Pool& pool) {
  auto kind = group({.by = {"key"}, .columns = {"n = count()", "mean = mean(x)"}, .memory = std::uint64_t{4} << 30});
  RecordingOutbox parts(pool, std::uint64_t{8} << 30), out(pool, std::uint64_t{8} << 30);
  if (!feed(*kind.actor({}), chunks, parts) || !feed(*kind.combine->actor({}), parts.emitted, out)) std::exit(1);
  double all = 0;
  for (const Chunk& chunk : out.emitted) all += Table(chunk).values<double>(2).sum();
  return all;
}

template <class F>
void take(double& best, F f) {
  double from = cpu_seconds();
  volatile double made = f();
  (void)made;
  best = std::min(best, cpu_seconds() - from);
}

void measure(const Case& of, const Options& options) {
  auto pool = Pool::make();
  auto chunks = tables(*pool, of, options.rows);
  double leat = 1e9, robin = 1e9, absl = 1e9;
  for (std::size_t i = 0; i < options.times; ++i) {
    take(leat, [&] { return by_leat(chunks, *pool); });
    if (of.text) {
      take(robin, [&] { return by_hand<tsl::robin_map<std::string, Sum, TextHash, TextEqual>>(chunks); });
      take(absl, [&] { return by_hand<absl::flat_hash_map<std::string, Sum, TextHash, TextEqual>>(chunks); });
    } else {
      take(robin, [&] { return by_hand<tsl::robin_map<std::int64_t, Sum>>(chunks); });
      take(absl, [&] { return by_hand<absl::flat_hash_map<std::int64_t, Sum>>(chunks); });
    }
  }
  auto rows = static_cast<double>(options.rows);
  print_line("leat", leat, rows,
             {{"case", of.name},
              {"ns_a_row", leat / rows * 1e9},
              {"robin_map_ns", robin / rows * 1e9},
              {"flat_hash_map_ns", absl / rows * 1e9},
              {"ratio", std::min(robin, absl) / leat}});
}

void run(const Options& options) {
  for (const Case& of : {Case{"int-24", 24, false}, Case{"int-1M", 1'000'000, false}, Case{"text-24", 24, true},
                         Case{"text-50k", 50'000, true}, Case{"text-1M", 1'000'000, true}}) {
    if (options.which.empty() || options.which == of.name) measure(of, options);
  }
}

}  // namespace

void add_groups(CLI::App& app) {
  auto options = std::make_shared<Options>();
  auto* sub = app.add_subcommand("groups", "a group-by against plain loops with hash maps, CPU seconds of one thread");
  sub->add_option("--case", options->which, "int-24, int-1M, text-24, text-50k, text-1M: type and number of keys");
  sub->add_option("--rows", options->rows, "rows");
  sub->add_option("--times", options->times, "how often; the best counts");
  sub->callback([options] { run(*options); });
}

}  // namespace bench
