/// Two data planes in one process, certificates for them, and what they log.
#pragma once

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <leat/net/certificates.hpp>
#include <leat/net/data_plane.hpp>

namespace leat::testing {

/// Lines as "warning connection refused peer=... reason=...". Threads: any.
class LogLines {
 public:
  Log log() {
    return Log([this](LogLevel level, std::string_view phrase, const std::vector<LogField>& fields) {
      static constexpr const char* kNames[] = {"debug", "info", "warning", "error"};
      std::string line = kNames[static_cast<int>(level)] + (" " + std::string(phrase));
      for (const auto& [key, value] : fields)
        line += " " + std::string(key) + "=" + value;
      std::lock_guard lock(mutex_);
      lines_.push_back(line);
      changed_.notify_all();
    });
  }
  /// How many lines hold `part`, at once.
  std::size_t count(const std::string& part) {
    std::lock_guard lock(mutex_);
    return count_locked(part);
  }
  /// Waits until `times` lines hold `part`; false when that takes too long.
  bool await(const std::string& part, std::size_t times = 1) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, std::chrono::seconds(20), [&] { return count_locked(part) >= times; });
  }
  std::string all() {
    std::lock_guard lock(mutex_);
    std::string out;
    for (const auto& line : lines_)
      out += line + "\n";
    return out;
  }

 private:
  std::size_t count_locked(const std::string& part) const {
    std::size_t count = 0;
    for (const auto& line : lines_)
      count += line.find(part) != std::string::npos;
    return count;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

/// An authority and one node's certificate, in a folder that goes with it.
class Certificates {
 public:
  Certificates() {
    std::string pattern = (std::filesystem::temp_directory_path() / "leat_net_XXXXXX").string();
    folder_ = std::filesystem::path(::mkdtemp(pattern.data())) / "authority";
    BOOST_REQUIRE(make_authority(folder_).ok());
    auto made = make_node_certificate(folder_, "node", {"127.0.0.1", "localhost"});
    BOOST_REQUIRE_MESSAGE(made.ok(), (made.ok() ? "" : made.error().sentence));
    credentials_ = *made;
  }
  ~Certificates() { std::filesystem::remove_all(folder_.parent_path()); }
  const Credentials& credentials() const { return credentials_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  Credentials credentials_;
};

inline std::unique_ptr<DataPlane> opened(DataPlane::Options options) {
  auto plane = DataPlane::open(std::move(options));
  BOOST_REQUIRE_MESSAGE(plane.ok(), (plane.ok() ? "" : plane.error().sentence));
  return std::move(plane).value();
}

/// Two nodes that trust each other; a job on them at a time.
class TwoNodes {
 public:
  explicit TwoNodes(std::optional<Credentials> tls = {}, std::chrono::milliseconds handshake = std::chrono::seconds(5),
                    std::chrono::milliseconds beat = std::chrono::milliseconds(300)) {
    for (std::size_t i = 0; i < 2; ++i) {
      DataPlane::Options options;
      options.tls = tls;
      options.log = logs[i].log();
      options.handshake_within = handshake;
      options.beat = beat;
      planes[i] = opened(std::move(options));
    }
  }

  /// What node `me` knows of job `job`. Its peer may be reached by another way.
  JobWiring wiring(std::uint64_t job, std::uint32_t me, std::optional<Endpoint> way = {}) const {
    JobWiring out;
    out.job = job;
    out.epoch = 3;
    out.token = "a token of a job, no secret here";
    out.me = me;
    out.nodes = {planes[0]->endpoint(), planes[1]->endpoint()};
    if (way) out.nodes[1 - me] = *way;
    return out;
  }

  LogLines logs[2];
  std::unique_ptr<DataPlane> planes[2];
};

/// Both ends' links of one job.
struct BothLinks {
  BothLinks(TwoNodes& nodes, std::uint64_t job) : BothLinks(nodes, nodes.wiring(job, 0), nodes.wiring(job, 1)) {}
  BothLinks(TwoNodes& nodes, JobWiring first, JobWiring second)
      : links{nodes.planes[0]->links(std::move(first)), nodes.planes[1]->links(std::move(second))} {}
  void start() {
    links[0]->start();
    links[1]->start();
  }
  std::unique_ptr<JobLinks> links[2];
};

}  // namespace leat::testing
