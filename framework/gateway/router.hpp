/// From requests to the functions of routes: one check of who may, parameters read, rates and deadlines held, errors
/// answered as sentences, answers compressed and known by their ETags.
#pragma once

#include <leat/chunk/log.hpp>
#include <leat/gateway/access.hpp>
#include <leat/gateway/route.hpp>
#include <leat/gateway/route_table.hpp>
#include <leat/gateway/token_bucket.hpp>
#include <leat/gateway/work_pool.hpp>

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace leat {

/// Threads: add() before serve(); serve() on the server's; the rest any.
class Router {
 public:
  /// Of one client, whatever it asks: requests a second, and at once.
  static constexpr double kRate = 20'000, kBurst = 40'000;
  static constexpr std::size_t kClients = 4096;  ///< whose rates are known at a time

  Router(AccessRules rules, WorkPool& pool, Log log) : rules_(std::move(rules)), pool_(pool), log_(std::move(log)) {}

  /// Errors: invalid (a pattern that is none, or there already; a name in it that is no parameter).
  Result<void> add(Route route);
  const std::vector<Route>& routes() const { return routes_; }
  void serve(const std::shared_ptr<HttpExchange>& exchange);

  /// How often each route has been asked, and answered with an error of the service's own.
  struct Count {
    std::atomic<std::uint64_t> asked = 0, failed = 0;
  };
  const Count& count(std::size_t route) const { return *counts_[route]; }

 private:
  struct Found {
    std::size_t route = 0;
    Identity who;
    OptionValues params;
  };

  Result<OptionValues> params_of(const Route& route, const std::map<std::string, std::string>& path, const HttpRequest& request) const;
  std::variant<Found, HttpAnswer> find(const HttpRequest& request);
  bool within_rate(const Found& found, const HttpRequest& request, double& wait);
  void run(const std::shared_ptr<HttpExchange>& exchange, const std::shared_ptr<Found>& found);
  void answer(const std::shared_ptr<HttpExchange>& exchange, const Found& found, const std::string& body,
              std::chrono::steady_clock::time_point deadline);
  void postpone(const std::shared_ptr<HttpExchange>& exchange, const std::shared_ptr<Found>& found, std::string body,
                std::chrono::steady_clock::time_point deadline);
  void end(HttpExchange& exchange, std::size_t route, Result<HttpAnswer> answered);

  const AccessRules rules_;
  WorkPool& pool_;
  Log log_;
  RouteTable table_;
  std::vector<Route> routes_;
  std::vector<std::unique_ptr<Count>> counts_;
  std::map<std::pair<std::string, std::size_t>, TokenBucket> buckets_;  // by client and route; that after the last is all
};

/// The answer as it goes to this client: 304 where it has it already, compressed where it takes that.
HttpAnswer finished(HttpAnswer answer, const HttpRequest& request);

}  // namespace leat
