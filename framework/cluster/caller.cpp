#include <leat/cluster/caller.hpp>

namespace leat {
namespace {

constexpr std::chrono::milliseconds kConnectWithin{10000};

}  // namespace

Result<void> Caller::open(const Transport& transport) {
  ControlEvents events;
  events.joined = [](PeerId) {};
  events.message = [this](PeerId, const ControlBytes& bytes) { take(control::decode(bytes)); };
  events.gone = [this](PeerId, const std::string& why) { lose(why); };
  events.tick = [this] { tick(); };
  ControlOptions control;
  control.at = options_.coordinator;
  control.credentials = options_.credentials;
  control.log = options_.log;
  control.connect_within = kConnectWithin;
  auto plane = transport.connect(std::move(control), std::move(events));
  if (!plane) return std::move(plane).error();
  {
    std::lock_guard lock(mutex_);
    heard_ = clock_.at(instant());
  }
  sender_.attach(std::move(*plane));
  return {};
}

void Caller::say(const control::Message& message) {
  if (auto ok = sender_.say(kCoordinator, message); !ok) take(std::move(ok).error());
}

std::optional<Result<control::Message>> Caller::answer(std::chrono::milliseconds at_most) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, at_most, [this] { return !answers_.empty() || nudged_ || waits_; });
  nudged_ = false;
  if (answers_.empty()) return std::nullopt;
  return answers_.front();
}

std::optional<Result<control::Message>> Caller::next(std::chrono::milliseconds at_most) {
  auto found = answer(at_most);
  std::lock_guard lock(mutex_);
  if (found) answers_.pop_front();
  return found;
}

void Caller::forget() {
  std::lock_guard lock(mutex_);
  answers_.clear();
}

std::optional<Progress> Caller::progress() {
  std::lock_guard lock(mutex_);
  return std::exchange(progress_, std::nullopt);
}

std::optional<std::string> Caller::waits() {
  std::lock_guard lock(mutex_);
  return std::exchange(waits_, std::nullopt);
}

std::uint64_t Caller::job() {
  std::lock_guard lock(mutex_);
  return job_;
}

void Caller::nudge() {
  {
    std::lock_guard lock(mutex_);
    nudged_ = true;
  }
  changed_.notify_all();
}

void Caller::take(Result<control::Message> message) {
  std::lock_guard lock(mutex_);
  heard_ = clock_.at(instant());
  if (over()) return;
  if (!message) {
    answers_.push_back(std::move(message).error());
  } else if (auto* said = std::get_if<control::Underway>(&*message)) {
    job_ = said->job;
    if (said->waits.empty()) {
      progress_ = std::move(said->progress);
    } else {
      waits_ = std::move(said->waits);
    }
  } else if (auto* refused = std::get_if<control::Refused>(&*message)) {
    answers_.push_back(refused->why);
  } else if (!std::holds_alternative<control::Heartbeat>(*message)) {
    answers_.push_back(std::move(message));
  }
  changed_.notify_all();
}

bool Caller::lost() {
  std::lock_guard lock(mutex_);
  return lost_;
}

void Caller::lose(const std::string& why) {
  std::lock_guard lock(mutex_);
  if (over()) return;
  lost_ = true;
  answers_.push_back(Error{ErrorKind::disconnected, "the coordinator " + to_string(options_.coordinator) + " was lost: " + why +
                                                        "; its nodes commit nothing that they had not been told to"});
  changed_.notify_all();
}

void Caller::tick() {
  Instant now = clock_.at(instant());
  bool beat = false;
  bool silent = false;
  {
    std::lock_guard lock(mutex_);
    if (heard_ == Instant{0}) return;
    beat = now - beaten_ >= options_.timeouts.heartbeat;
    if (beat) beaten_ = now;
    silent = now - heard_ > options_.timeouts.lost_after;
  }
  if (beat) say(control::Heartbeat{});
  if (silent) lose("it is silent");
}

Error unexpected_answer() { return corrupt("the coordinator answered something else than was asked: run the same build everywhere"); }

}  // namespace leat
