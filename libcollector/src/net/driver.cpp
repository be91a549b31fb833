// SPDX-License-Identifier: MIT
#include "net/driver.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <utility>

#include <boost/asio/post.hpp>

#include "net/notice_log.hpp"

namespace pap::net {
namespace {

std::uint64_t entropy() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

std::string start_id() {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::uint64_t bits = entropy(), i = 0; i < 16; ++i, bits >>= 4U) text += kDigits[bits & 15U];
  return text;
}

core::CollectorSettings core_settings(const Config& config, std::optional<std::uint64_t> seed) {
  core::CollectorSettings settings;
  settings.cluster = {config.cluster_id, config.cluster_name};
  settings.check_interval = config.zombie_check_interval;
  settings.alert_queue_max_size = config.alert_queue_max_size;
  settings.alert_queue_ttl = config.alert_queue_ttl;
  settings.agent_retention = config.agent_retention;
  settings.max_agents = config.max_agents;
  settings.has_station = config.station_configured();
  settings.start_id = start_id();
  settings.seed = seed ? *seed : entropy();
  return settings;
}

std::unique_ptr<StationClient> station_for(boost::asio::io_context& io, const Config& config) {
  if (!config.station_configured()) return nullptr;
  StationOptions options;
  options.url = *config.station_url;
  options.key = *config.station_key;
  options.ca_file = config.station_ca_file.value_or("");
  return std::make_unique<StationClient>(io, std::move(options));
}

}  // namespace

Driver::Driver(boost::asio::io_context& io, const Config& config, Logger& log,
               std::optional<std::uint64_t> seed)
    : io_(io),
      log_(log),
      core_(core_settings(config, seed), system_now()),
      station_(station_for(io, config)),
      timer_(io) {}

void Driver::start() { arm(system_now()); }

void Driver::run() {
  while (!io_.stopped()) {
    if (!core_.catching_up()) {
      if (io_.run_one() == 0) return;
    } else if (io_.poll_one() > 0 || io_.stopped()) {
      continue;
    } else if (nothing_waits_()) {
      // Nothing waits in any socket: what came during the stall has been handled.
      core_.caught_up(system_now());
      schedule_pump();
    } else if (io_.run_one() == 0) {
      return;
    }
  }
}

// --- time ---

void Driver::arm(core::Instant now) {
  if (stopped_) return;
  count_if_late(now);
  const auto latest = now.mono + core::kCallEvery;
  due_ = std::clamp(core_.next_deadline(now), now.mono + kShortestTick, latest);
  armed_ = true;
  timer_.expires_after(due_ - now.mono);
  timer_.async_wait([this](const boost::system::error_code& error) { on_timer(error); });
}

void Driver::on_timer(const boost::system::error_code& error) {
  if (error || stopped_) return;
  ++counters_.ticks;
  count_if_late(system_now());
  tick();
}

// Also of a tick that a socket forestalled: after a stall both wait, and sockets come first.
void Driver::count_if_late(core::Instant now) {
  if (std::exchange(armed_, false) && now.mono - due_ > kLateTick) ++counters_.ticks_late;
}

void Driver::tick() {
  ticking_ = core_.tick(system_now());
  pump();
  if (ticking_) {
    // The rest after whatever waits in the sockets by now.
    boost::asio::post(io_, [this] { tick(); });
  } else {
    arm(system_now());
  }
}

// --- effects ---

void Driver::schedule_pump() {
  if (std::exchange(pumping_, true)) return;
  boost::asio::post(io_, [this] {
    pump();
    // A new deadline may be nearer than the one that is armed.
    if (!ticking_) arm(system_now());
  });
}

void Driver::pump() {
  pumping_ = false;
  if (stopped_) return;
  post_alerts();
  write_log();
  wake_observers();
  after_call();
}

void Driver::write_log() {
  const auto notices = core_.take_notices();
  for (const core::Notice& notice : notices) log_notice(log_, notice);
  counters_.log_lines.add(notices.size());
}

void Driver::post_alerts() {
  std::size_t posts = 0;
  for (; core_.has_delivery() && posts < kPostsSlice; ++posts) {
    auto delivery = core_.next_delivery(system_now());
    if (!delivery) break;
    post(std::move(*delivery));
  }
  counters_.posts.add(posts);
}

void Driver::wake_observers() {
  const auto woken = core_.events().take_woken(kObserversSlice);
  for (const core::ObserverId observer : woken) {
    if (woken_) woken_(observer);
  }
  counters_.observers.add(woken.size());
}

void Driver::post(core::Delivery delivery) {
  const std::uint64_t sequence = delivery.sequence;
  const core::Instant posted = system_now();
  station_->post(std::move(delivery), [this, sequence, posted](core::StationAnswer answer) {
    const core::Instant now = system_now();
    counters_.delivery_latency.add(now.mono - posted.mono);
    core_.station_answered(sequence, answer, now);
    schedule_pump();
  });
}

bool Driver::outbox_empty() const {
  const core::Outbox& outbox = core_.alerts().outbox();
  return outbox.waiting() == 0 && outbox.in_flight() == 0;
}

void Driver::shutdown() {
  stopped_ = true;
  timer_.cancel();
  if (station_) station_->shutdown();
}

}  // namespace pap::net
