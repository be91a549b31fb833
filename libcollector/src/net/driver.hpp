// SPDX-License-Identifier: MIT
#pragma once

// Drives one core on one reactor, by the policy that collector.hpp asks for: ticks when they are
// due, a slice at a time with sockets in between; after a stall sockets first; deliveries, log
// lines and observers' messages as soon as a call has brought them.
//
// Ownership: owns the core and the Station client; the reactor and the logger are the caller's.
// Errors: the constructor throws what StationClient's does.
// Threads: the reactor's.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/limits.hpp"
#include "net/logger.hpp"
#include "net/net_counters.hpp"
#include "net/station_client.hpp"
#include "net/system_clock.hpp"
#include "pap/core/collector.hpp"
#include "pap/net/config.hpp"

namespace pap::net {

class Driver {
 public:
  // `seed` of hashes and jitter: for runs that are to be alike; none is a random one.
  Driver(boost::asio::io_context& io, const Config& config, Logger& log,
         std::optional<std::uint64_t> seed = std::nullopt);

  core::Collector& core() { return core_; }
  bool ticking() const { return ticking_; }
  // Alerts are on their way to the Station.
  bool posting() const { return core_.alerts().outbox().in_flight() > 0; }
  NetCounters& counters() { return counters_; }
  const StationClient* station() const { return station_.get(); }

  // Asked when nothing is ready after a stall, whether nothing waits in the kernel that there is no
  // room for either.
  void caught_up_if(std::function<bool()> question) { nothing_waits_ = std::move(question); }
  // Called with every observer that has something new.
  void on_woken(std::function<void(core::ObserverId)> handler) { woken_ = std::move(handler); }

  void start();
  // Serves the reactor until it is stopped.
  void run();
  // To be called after every call into the core that may have brought work.
  void after_call() {
    if (!core_.has_work() && !core_.events().any_woken()) return;  // nearly always
    if (core_.notices() >= kLogLinesAtOnce) write_log();
    schedule_pump();
  }
  // One turn's worth of what the core wants done; another turn is scheduled where more is left.
  void pump();
  // Nothing is left that could leave without waiting for something other than an answer.
  bool outbox_empty() const;
  void shutdown();

 private:
  void schedule_pump();
  void arm(core::Instant now);
  void on_timer(const boost::system::error_code& error);
  void count_if_late(core::Instant now);
  void tick();
  void write_log();
  void post_alerts();
  void post(core::Delivery delivery);
  void wake_observers();

  boost::asio::io_context& io_;
  Logger& log_;
  core::Collector core_;
  NetCounters counters_;
  std::unique_ptr<StationClient> station_;
  std::function<void(core::ObserverId)> woken_;
  std::function<bool()> nothing_waits_ = [] { return true; };

  boost::asio::steady_timer timer_;
  core::MonotonicTime due_;
  bool armed_ = false;    // a tick is to come at due_
  bool ticking_ = false;  // a tick is worked off in slices
  bool pumping_ = false;  // a pump is scheduled
  bool stopped_ = false;
};

}  // namespace pap::net
