// Four stages over chunks: chained or isolated, large or small, with a quick or a slow consumer.

#include "kernels.hpp"
#include "leat_bench.hpp"
#include "measure.hpp"

#include <leat/graph/stream.hpp>
#include <leat/schemas/chunk.capnp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace bench {
namespace {

using namespace leat;
using Bytes = Message<schema::Bytes>;
using Number = Message<schema::Number>;

struct Options {
  Running running;
  std::string kernel = "read";
  std::string mode = "chained";
  std::size_t chunks = 100000;
  std::size_t throw_every = 0;  // chunks; 0: never
};

// Throws at one visit in so many, and takes the time to the same chunk's next one.
class Faults {
 public:
  explicit Faults(std::size_t every) : every_(every) {}

  void visit(const void* chunk) {
    if (every_ == 0) return;
    if (pending_.load(std::memory_order_relaxed) > 0) comes_back(chunk);
    if ((count_.fetch_add(1, std::memory_order_relaxed) + 1) % (every_ + 1) != 0) return;
    std::lock_guard lock(mutex_);
    thrown_[chunk] = std::chrono::steady_clock::now();
    pending_.fetch_add(1, std::memory_order_relaxed);
    throw 1;
  }
  // What 99 in 100 do not exceed, in microseconds; 0 when there were none.
  double p99_us() {
    std::lock_guard lock(mutex_);
    if (us_.empty()) return 0;
    std::sort(us_.begin(), us_.end());
    return us_[us_.size() * 99 / 100];
  }

 private:
  void comes_back(const void* chunk) {
    std::lock_guard lock(mutex_);
    auto found = thrown_.find(chunk);
    if (found == thrown_.end()) return;
    us_.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - found->second).count());
    thrown_.erase(found);
    pending_.fetch_sub(1, std::memory_order_relaxed);
  }

  std::size_t every_;
  std::atomic<std::size_t> count_{0};
  std::atomic<int> pending_{0};
  std::mutex mutex_;
  std::map<const void*, std::chrono::steady_clock::time_point> thrown_;
  std::vector<double> us_;
};

struct Total {
  explicit Total(std::size_t throw_every) : faults(std::make_shared<Faults>(throw_every)) {}
  std::shared_ptr<std::atomic<std::uint64_t>> sum = std::make_shared<std::atomic<std::uint64_t>>(0);
  std::shared_ptr<Faults> faults;
  // Of the last stage: those above read again what they make again for one that has thrown.
  std::shared_ptr<std::atomic<std::uint64_t>> last = std::make_shared<std::atomic<std::uint64_t>>(0);
  void add(std::uint64_t value) const { sum->fetch_add(value, std::memory_order_relaxed); }
};

// A chunk whose bytes `fill` writes wholly.
template <class Fill>
Bytes filled(Pool& pool, Fill fill) {
  Building<schema::Bytes> building(pool, chunk_bytes + 64, 32);
  fill(building.root().initData(chunk_bytes).begin());
  return Bytes(std::move(building).finish());
}

auto source(std::size_t chunks) {
  return [number = std::size_t{0}, chunks](Out<Bytes>& out) mutable -> bool {
    if (number == chunks) return false;
    out.emit(filled(out.pool(), [&](std::uint8_t* to) { begin_chunk(to, chunk_bytes, number, true); }));
    return ++number < chunks;
  };
}

std::uint64_t read_one(const Bytes& bytes) {
  auto data = bytes.read().getData();
  return read_bytes(data.begin(), data.size());
}

Bytes make_one(const Bytes& bytes, Pool& pool) {
  auto data = bytes.read().getData();
  return filled(pool, [&](std::uint8_t* to) { make_bytes(to, data.begin(), data.size()); });
}

// What the sink keeps of a made chunk.
std::uint64_t first_byte(const Bytes& bytes) { return bytes.read().getData()[0]; }

Graph read_graph(const Options& options, const Total& total) {
  Graph g{"read"};
  auto step = [total](Bytes bytes) {
    total.add(read_one(bytes));
    return bytes;
  };
  auto last = [total](const Bytes& bytes) {
    std::uint64_t read = read_one(bytes);
    total.add(read);
    total.last->fetch_add(read, std::memory_order_relaxed);
  };
  auto second = [step, faults = total.faults](Bytes bytes) {
    faults->visit(bytes.read().getData().begin());
    return step(std::move(bytes));
  };
  auto chunks = g.source("source", source(options.chunks));
  if (options.mode == "isolated") {
    chunks.isolated().map("1", step).isolated().map("2", step).isolated().map("3", step).isolated()
        .sink("4", last);
  } else {
    auto wide = replicas(options.running.threads);
    chunks.map("1", step, wide).map("2", second).map("3", step)
        .map("4", [last](Bytes bytes) { last(bytes); return bytes; })
        .filter("drop", [](const Bytes&) { return false; })
        .sink("end", [](const Bytes&) {});
  }
  return g;
}

Graph make_graph(const Options& options, const Total& total) {
  Graph g{"make"};
  auto step = [](const Bytes& bytes, Pool& pool) { return make_one(bytes, pool); };
  g.source("source", source(options.chunks)).map("1", step, replicas(options.running.threads))
      .map("2", step).map("3", step)
      .map("4", [total, step](const Bytes& bytes, Pool& pool) {
        Bytes made = step(bytes, pool);
        total.add(first_byte(made));
        return made;
      })
      .filter("drop", [](const Bytes&) { return false; })
      .sink("end", [](const Bytes&) {});
  return g;
}

Graph slow_graph(const Options& options) {
  Graph g{"slow"};
  auto step = [](Bytes bytes) {
    read_one(bytes);
    return bytes;
  };
  g.source("source", source(options.chunks)).isolated().map("1", step).isolated()
      .map("2", step).isolated().map("3", step).isolated()
      .sink("4", [](const Bytes&) { busy_for(std::chrono::milliseconds(1)); });
  return g;
}

std::uint64_t read_small(const Number& number) {
  std::uint64_t value = number.read().getValue();
  return read_bytes(reinterpret_cast<const std::uint8_t*>(&value), sizeof value);
}

Graph small_graph(const Options& options, const Total& total) {
  Graph g{"small"};
  auto numbers = g.source("source", [number = std::size_t{0}, chunks = options.chunks](
                                        Out<Number>& out) mutable -> bool {
    if (number == chunks) return false;
    Building<schema::Number> building(out.pool());
    building.root().setValue(number);
    out.emit(Number(std::move(building).finish()));
    return ++number < chunks;
  });
  auto step = [](Number number) {
    read_small(number);
    return number;
  };
  auto last = [total, sum = std::uint64_t{0}](const Number& number) mutable { sum += read_small(number); };
  if (options.mode == "isolated") {
    numbers.isolated().map("1", step).isolated().map("2", step).isolated().map("3", step).isolated()
        .sink("4", last);
  } else {
    numbers.map("1", step, replicas(options.running.threads)).map("2", step).map("3", step)
        .filter("4", [](const Number& number) { return read_small(number) == ~0ull; })
        .sink("end", [](const Number&) {});
  }
  return g;
}

void print(const Options& options, const Report& report, const Total& total) {
  print_line("leat", report.progress.seconds, static_cast<double>(options.chunks),
             {{"kernel", options.kernel},
              {"mode", options.mode},
              {"threads", options.running.threads},
              {"scheduling", options.running.scheduling},
              {"bound_mb", static_cast<double>(report.bound.total()) / 1e6},
              {"sum", total.sum->load()},
              {"last_sum", total.last->load()},
              {"throw_to_visit_p99_us", total.faults->p99_us()}});
}

template <class Build>
void add(CLI::App& app, const char* name, const char* about, Build build) {
  auto options = std::make_shared<Options>();
  auto* sub = app.add_subcommand(name, about);
  options->running.add_to(*sub);
  sub->add_option("--kernel", options->kernel, "read or make")->check(CLI::IsMember({"read", "make"}));
  sub->add_option("--mode", options->mode, "chained or isolated")
      ->check(CLI::IsMember({"chained", "isolated"}));
  sub->add_option("--chunks", options->chunks, "chunks in all");
  sub->add_option("--throw-every", options->throw_every,
                  "stages, read, chained: the second stage throws at one in so many chunks, once each");
  sub->callback([options, build] {
    Total total(options->throw_every);
    print(*options, run_or_exit(build(*options, total), options->running.options()), total);
  });
}

}  // namespace

void add_stages(CLI::App& app) {
  add(app, "stages", "four stages over 256 KiB chunks", [](const Options& options, const Total& total) {
    return options.kernel == "read" ? read_graph(options, total) : make_graph(options, total);
  });
}

void add_slow(CLI::App& app) {
  add(app, "slow", "the same with a consumer at 1 ms per chunk",
      [](const Options& options, const Total&) { return slow_graph(options); });
}

void add_small(CLI::App& app) {
  add(app, "small", "eight-byte chunks",
      [](const Options& options, const Total& total) { return small_graph(options, total); });
}

}  // namespace bench
