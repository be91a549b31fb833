// SPDX-License-Identifier: MIT
#include "pap/net/service.hpp"

#include <csignal>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/driver.hpp"
#include "net/limits.hpp"
#include "net/logger.hpp"
#include "net/process_memory.hpp"
#include "net/server.hpp"
#include "pap/version.hpp"

namespace pap::net {

namespace {

// What an agent with a short name costs all told (docs/performance.md), and what the process costs
// without any.
constexpr std::size_t kBytesPerAgent = 110;
constexpr std::size_t kBytesWithoutAgents = 24U << 20U;

}  // namespace

class Service::Impl {
 public:
  Impl(const Config& config, const std::vector<std::string>& warnings)
      : config_(config),
        log_(config_.log_level, config_.log_format),
        driver_(io_, config_, log_),
        server_(io_, config_, log_, driver_),
        signals_(io_, SIGTERM, SIGINT),
        timer_(io_) {
    std::signal(SIGPIPE, SIG_IGN);
    for (const std::string& warning : warnings) log_.warn("config_warning", {{"what", warning}});
  }

  ~Impl() {
    driver_.shutdown();
    server_.close_all();
    signals_.cancel();
    timer_.cancel();
    io_.restart();
    io_.poll();  // the handlers of what was closed; sessions need the server when they go
    log_.close();
  }

  std::uint16_t listen(std::string& error) {
    port_ = server_.listen(error);
    return port_;
  }

  int run() {
    announce();
    await_signal();
    server_.start();
    driver_.start();
    driver_.run();
    return cut_short_ ? 1 : 0;
  }

  void request_stop() {
    boost::asio::post(io_, [this] { stop("requested"); });
  }

 private:
  void announce() {
    log_.info("started", {{"version", version()},
                          {"cluster_id", config_.cluster_id},
                          {"port", port_},
                          {"max_agents", config_.max_agents},
                          {"max_connections", server_.max_connections()}});
    const auto limit = memory_limit_bytes();
    const std::size_t wanted = config_.max_agents * kBytesPerAgent + kBytesWithoutAgents;
    if (limit && wanted > *limit) {
      log_.warn("max_agents_exceeds_memory", {{"max_agents", config_.max_agents},
                                              {"needs_bytes", wanted},
                                              {"memory_limit_bytes", *limit}});
    }
  }

  void await_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
      if (error) return;
      if (stopping_) return stop_at_once();
      stop(signal == SIGTERM ? "SIGTERM" : "SIGINT");
      await_signal();
    });
  }

  // --- stopping, in the order of events (design: Stopping and upgrading) ---

  void stop(const char* why) {
    if (stopping_) return;
    stopping_ = true;
    driver_.core().drain(system_now());
    server_.drain();
    log_.info("draining", {{"why", why}, {"drain_ms", config_.drain.count()}});
    after(config_.drain, [this] { finish(); });
  }

  void finish() {
    server_.stop_accepting();
    server_.close_idle();
    deadline_ = std::chrono::steady_clock::now() + config_.shutdown_grace;
    log_.info("stopping", {{"connections", server_.connections()},
                           {"alerts_waiting", driver_.core().alerts().outbox().waiting()}});
    await_quiet();
  }

  void await_quiet() {
    const std::size_t left = server_.close_idle();  // of those that have had their answer by now
    const bool quiet = left == 0 && server_.busy() == 0 && driver_.outbox_empty();
    if (quiet || std::chrono::steady_clock::now() >= deadline_) return say_goodbye();
    after(kLookAgain, [this] { await_quiet(); });
  }

  void say_goodbye() {
    server_.close_observers();
    goodbyes_until_ = std::chrono::steady_clock::now() + kGoodbye;
    await_goodbyes();
  }

  void await_goodbyes() {
    if (server_.observers() == 0 || std::chrono::steady_clock::now() >= goodbyes_until_) {
      return leave();
    }
    after(kLookAgain, [this] { await_goodbyes(); });
  }

  void leave() {
    const core::Outbox& outbox = driver_.core().alerts().outbox();
    log_.info("stopped", {{"alerts_left", outbox.waiting() + outbox.in_flight()},
                          {"alerts_held", driver_.core().alerts().held()},
                          {"agents", driver_.core().agents()}});
    io_.stop();
  }

  void stop_at_once() {
    cut_short_ = true;
    const core::Outbox& outbox = driver_.core().alerts().outbox();
    log_.warn("stopped_at_once", {{"alerts_left", outbox.waiting() + outbox.in_flight()}});
    io_.stop();
  }

  template <class Action>
  void after(std::chrono::milliseconds delay, Action action) {
    timer_.expires_after(delay);
    timer_.async_wait([action](const boost::system::error_code& error) {
      if (!error) action();
    });
  }

  static constexpr std::chrono::milliseconds kLookAgain{20};
  static constexpr std::chrono::milliseconds kGoodbye{1000};

  const Config config_;
  boost::asio::io_context io_{1};
  Logger log_;
  Driver driver_;
  Server server_;
  boost::asio::signal_set signals_;
  boost::asio::steady_timer timer_;
  std::uint16_t port_ = 0;

  bool stopping_ = false;
  bool cut_short_ = false;
  std::chrono::steady_clock::time_point deadline_;
  std::chrono::steady_clock::time_point goodbyes_until_;
};

Service::Service(const Config& config, const std::vector<std::string>& warnings)
    : impl_(std::make_unique<Impl>(config, warnings)) {}
Service::~Service() = default;
std::uint16_t Service::listen(std::string& error) { return impl_->listen(error); }
int Service::run() { return impl_->run(); }
void Service::request_stop() { impl_->request_stop(); }

}  // namespace pap::net
