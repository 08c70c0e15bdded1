#include <leat/app/otlp_export.hpp>

#include <leat/actor/guard.hpp>

#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <utility>

namespace leat {
namespace {

using Clock = std::chrono::steady_clock;

}  // namespace

struct OtlpExport::Line {
  // What is told at a time.
  struct Told {
    MetricFamilies metrics;
    std::vector<TraceSpan> spans;
    std::uint64_t when = 0;
  };

  explicit Line(Options given) : options(std::move(given)), began(unix_time()) {}

  const Options options;
  const std::uint64_t began;
  std::mutex asking;  // while the functions of the options are called
  bool over = false;  // they are not called any more
  std::mutex mutex;
  std::condition_variable changed;
  std::optional<Told> last;
  std::stop_source hurry;
  Clock::time_point until;  // of the last
  // The thread's own.
  std::vector<TraceSpan> spans;  // that are to be told
  std::optional<Clock::time_point> warned;
  std::size_t missed = 0;

  Told asked() const {
    Told told;
    if (options.metrics) told.metrics = options.metrics();
    if (options.spans) told.spans = options.spans();
    told.when = unix_time();
    return told;
  }

  void serve() {
    for (bool goes_on = true; goes_on;) {
      std::optional<Told> told;
      {
        std::unique_lock lock(mutex);
        changed.wait_for(lock, options.every, [this] { return last.has_value(); });
        told = std::exchange(last, std::nullopt);
        goes_on = !told;
      }
      if (goes_on) {
        std::lock_guard lock(asking);
        if (!over) told = asked();
      }
      if (told) tell(std::move(*told), !goes_on);
    }
  }

  void tell(Told told, bool is_last) {
    auto time = [&] {
      auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
      return is_last ? std::max(left, std::chrono::milliseconds(0)) : kWithin;
    };
    std::stop_token stop = is_last ? std::stop_token() : hurry.get_token();
    bool heard = bring("/v1/metrics", otlp_metrics(told.metrics, options.resource, began, told.when), time(), stop);
    std::move(told.spans.begin(), told.spans.end(), std::back_inserter(spans));
    if (spans.size() > kMostSpans) spans.erase(spans.begin(), spans.end() - kMostSpans);
    // Who does not take the one is not waited for again.
    if (heard && !spans.empty() && bring("/v1/traces", otlp_traces(spans, options.resource), time(), stop)) spans.clear();
  }

  bool bring(const std::string& path, const std::string& body, std::chrono::milliseconds within, const std::stop_token& stop) {
    auto answer = http_post(options.to, path, body, within, stop);
    std::string why = answer ? otlp_rejection(*answer) : answer.error().sentence;
    // One that was given up for the last.
    if (why.empty() || stop.stop_requested()) return answer.ok();
    ++missed;
    auto now = Clock::now();
    if (warned && now - *warned < options.warn_every) return answer.ok();
    std::lock_guard lock(mutex);
    warned = now;
    std::string before = missed > 1 ? ", " + std::to_string(missed) + " times since it was last said" : "";
    missed = 0;
    if (options.warn && !silent) options.warn(why + before);
    return answer.ok();
  }

  bool silent = false;  // nobody is there to be warned; under mutex
};

OtlpExport::OtlpExport(Options options)
    : line_(std::make_shared<Line>(std::move(options))), thread_("the export", Log(), [line = line_] {
        [[maybe_unused]] auto went = guarded([&]() -> Result<void> {
          line->serve();
          return {};
        });
      }) {}

OtlpExport::~OtlpExport() {
  std::optional<Line::Told> last;
  {
    std::lock_guard lock(line_->asking);
    line_->over = true;
    auto asked = guarded([&]() -> Result<Line::Told> { return line_->asked(); });
    last = asked ? std::move(*asked) : Line::Told();
  }
  auto until = Clock::now() + kLast;
  {
    std::lock_guard lock(line_->mutex);
    line_->last = std::move(last);
    line_->until = until;
  }
  line_->hurry.request_stop();
  line_->changed.notify_all();
  thread_.wait_until(until + std::chrono::milliseconds(100));
  std::lock_guard lock(line_->mutex);
  line_->silent = true;
}

}  // namespace leat
