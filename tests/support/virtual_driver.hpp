// SPDX-License-Identifier: MIT
#pragma once

// A collector in virtual time: driven by the policy that collector.hpp asks of a driver, between
// agents that beat when a test says so and a Station that answers as a test says.
//
// Time stands still but in run_for(), run_until() and stall(). Whatever the collector wants done at
// an instant is done at that instant, so a test may count on exact times.
//
// Errors: std::logic_error when the collector keeps its driver busy without getting anywhere.
// Threads: one.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "pap/core/collector.hpp"

namespace pap::test {

using core::Nanos;

// An alert on its way to the Station.
struct Post {
  core::MonotonicTime at;
  std::uint64_t sequence = 0;
  std::string key;
  std::string body;

  nlohmann::json json() const { return nlohmann::json::parse(body); }
  std::string type() const { return json().at("type"); }
  std::string agent() const { return json().at("agent_uuid"); }
};

// What the Station answers, and when. No status: the connection broke.
struct Reply {
  std::optional<std::uint16_t> status = 201;
  Nanos after = std::chrono::milliseconds{20};
  std::optional<Nanos> retry_after = std::nullopt;
};

// A notice and when it came.
struct Noticed {
  core::MonotonicTime at;
  core::Notice notice;
};

inline constexpr Reply kStored{};
inline constexpr Reply kServerError{503};
inline constexpr Reply kBadAlert{400};
inline constexpr Reply kNoConnection{std::nullopt, Nanos{0}};
inline constexpr Reply kHangs{std::nullopt, std::chrono::seconds{10}};

inline Reply slow_down(std::optional<Nanos> retry_after, std::uint16_t status = 429) {
  return {status, std::chrono::milliseconds{20}, retry_after};
}

inline core::CollectorSettings usual_settings() {
  core::CollectorSettings settings;
  settings.cluster = {"c1", "Cluster One"};
  settings.start_id = "start";
  return settings;
}

class World {
 public:
  using Station = std::function<Reply(const Post&)>;

  explicit World(core::CollectorSettings settings = usual_settings())
      : core_(std::move(settings), now_) {}

  core::Collector& collector() { return core_; }
  const core::Collector& collector() const { return core_; }
  core::Instant now() const { return now_; }
  core::MonotonicTime mono() const { return now_.mono; }
  Nanos since_start() const { return now_.mono - kStart; }

  // --- what the world does ---

  void station(Station answers) { station_ = std::move(answers); }
  void station(Reply always) {
    station_ = [always](const Post&) { return always; };
  }

  // Without an uptime: that of a process that was started an hour before the collector.
  core::HeartbeatOutcome beat(std::string_view id, protocol::Mode mode = protocol::Mode::kIdle,
                              std::optional<double> uptime = std::nullopt,
                              std::string_view name = {}) {
    protocol::Heartbeat heartbeat;
    heartbeat.mode = mode;
    heartbeat.uptime_seconds = uptime.value_or(usual_uptime());
    heartbeat.agent_name = name;
    const auto outcome = core_.heartbeat(agent_id(id), heartbeat, now_);
    pump();
    return outcome;
  }
  double usual_uptime() const { return 3600 + seconds_of(since_start()); }

  bool remove(std::string_view id) {
    const bool removed = core_.remove(agent_id(id), now_);
    pump();
    return removed;
  }

  void run_for(Nanos span) { run_until(now_.mono + span); }
  void run_until(core::MonotonicTime end) {
    for (;;) {
      serve();
      if (now_.mono >= end) return;
      auto next = end;
      next = std::min(next, core_.next_deadline(now_));
      if (!answers_.empty()) next = std::min(next, answers_.begin()->first);
      pass(next - now_.mono);
    }
  }
  // The collector is stopped for so long: time passes, and nobody calls it.
  void stall(Nanos span) { pass(span); }
  // … and nobody says when all that waited has been handled.
  void never_catches_up() { says_caught_up_ = false; }
  void step_wall_clock(Nanos by) { now_.wall += by; }

  // Hands over what is to be done, as a driver does after each call.
  void pump() {
    take_notices();
    while (core_.has_work()) {
      auto delivery = core_.next_delivery(now_);
      take_notices();
      if (!delivery) break;
      posts_.push_back({now_.mono, delivery->sequence, std::move(delivery->idempotency_key),
                        std::move(delivery->body)});
      const Reply reply = station_(posts_.back());
      answers_.emplace(now_.mono + reply.after, Answer{posts_.back().sequence, reply});
    }
  }

  // --- what came of it ---

  const std::vector<Post>& posts() const { return posts_; }
  const std::vector<Noticed>& notices() const { return notices_; }
  std::size_t answers_due() const { return answers_.size(); }
  void forget_the_past() {
    posts_.clear();
    notices_.clear();
  }

  std::vector<Post> posts_of(std::string_view type, std::string_view agent = {}) const {
    std::vector<Post> matching;
    for (const Post& post : posts_) {
      const auto json = post.json();
      if (json.at("type") != type) continue;
      if (agent.empty() || json.at("agent_uuid") == agent) matching.push_back(post);
    }
    return matching;
  }
  std::vector<Noticed> notices_of(core::Notice::Kind kind, std::string_view agent = {}) const {
    std::vector<Noticed> matching;
    for (const Noticed& each : notices_) {
      if (each.notice.kind != kind) continue;
      if (agent.empty() || each.notice.agent_id == agent) matching.push_back(each);
    }
    return matching;
  }
  std::size_t count(core::Notice::Kind kind, std::string_view agent = {}) const {
    return notices_of(kind, agent).size();
  }
  // When the agent's death was last decided.
  std::optional<core::MonotonicTime> died_at(std::string_view agent) const {
    const auto deaths = notices_of(core::Notice::Kind::kAgentDead, agent);
    if (deaths.empty()) return std::nullopt;
    return deaths.back().at;
  }

  nlohmann::json agent(std::string_view id) {
    std::string text;
    if (!core_.append_agent(text, agent_id(id), now_)) return nullptr;
    return nlohmann::json::parse(text).at("agent");
  }
  bool healthy(std::string_view id) { return agent(id).at("healthy"); }
  protocol::FleetStats stats() {
    while (!core_.settle_health(now_)) {
    }
    return core_.stats();
  }
  nlohmann::json alert_rows(std::size_t limit = SIZE_MAX) const {
    std::string text;
    core_.append_alerts(text, limit);
    return nlohmann::json::parse('[' + text + ']');
  }
  core::AlertCounters alert_counters() const { return sum_of(core_.counters()); }

  static core::AlertCounters sum_of(const core::Counters& counters) {
    core::AlertCounters sum;
    for (const core::AlertCounters& each : counters.alerts) {
      sum.decided += each.decided;
      sum.held_back += each.held_back;
      sum.retold += each.retold;
      sum.attempts_failed += each.attempts_failed;
      sum.delivered += each.delivered;
      sum.refused += each.refused;
      sum.logged += each.logged;
      sum.dropped_full += each.dropped_full;
      sum.dropped_expired += each.dropped_expired;
      sum.lapsed += each.lapsed;
      sum.withdrawn += each.withdrawn;
    }
    return sum;
  }

  // Every alert ever decided is somewhere.
  testing::AssertionResult conserved() const {
    const core::AlertCounters sum = alert_counters();
    const auto& alerts = core_.alerts();
    const std::uint64_t in = sum.decided + sum.retold;
    const std::uint64_t out = sum.delivered + sum.refused + sum.logged + sum.dropped_full +
                              sum.dropped_expired + sum.lapsed + sum.withdrawn;
    const std::uint64_t inside =
        alerts.held() + alerts.outbox().waiting() + alerts.outbox().in_flight();
    if (in == out + inside) return testing::AssertionSuccess();
    return testing::AssertionFailure()
           << "decided + retold = " << in << ", ended = " << out << ", still inside = " << inside;
  }

  static protocol::AgentId agent_id(std::string_view text) {
    auto id = protocol::AgentId::parse(text);
    if (!id) throw std::logic_error("no agent id: " + std::string{text});
    return *id;
  }
  static double seconds_of(Nanos span) { return std::chrono::duration<double>{span}.count(); }

 private:
  struct Answer {
    std::uint64_t sequence;
    Reply reply;
  };

  static constexpr core::MonotonicTime kStart{std::chrono::hours{1000}};
  static constexpr core::WallTime kWallStart{
      std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}.time_since_epoch() +
      std::chrono::hours{14}};
  // Calls at one instant without an end: what a driver would burn its processor with.
  static constexpr int kPatience = 1'000'000;

  void pass(Nanos span) {
    now_.mono += span;
    now_.wall += span;
  }

  // All that is due now: sockets first, then timers, a slice at a time.
  void serve() {
    for (int calls = 0;; ++calls) {
      if (calls > kPatience) throw std::logic_error("the collector is never done");
      if (!answers_.empty() && answers_.begin()->first <= now_.mono) {
        const Answer answer = answers_.extract(answers_.begin()).mapped();
        const std::string reason =
            answer.reply.status ? "HTTP " + std::to_string(*answer.reply.status) : "no answer";
        core_.station_answered(answer.sequence,
                               {answer.reply.status, answer.reply.retry_after, reason}, now_);
      } else if (core_.next_deadline(now_) <= now_.mono) {
        core_.tick(now_);
      } else if (core_.catching_up() && says_caught_up_) {
        core_.caught_up(now_);
      } else if (core_.has_work()) {
        pump();
      } else {
        return;
      }
      pump();
    }
  }

  void take_notices() {
    for (core::Notice& notice : core_.take_notices()) {
      notices_.push_back({now_.mono, std::move(notice)});
    }
  }

  core::Instant now_{kStart, kWallStart};
  core::Collector core_;
  Station station_ = [](const Post&) { return kStored; };
  bool says_caught_up_ = true;

  std::multimap<core::MonotonicTime, Answer> answers_;
  std::vector<Post> posts_;
  std::vector<Noticed> notices_;
};

}  // namespace pap::test
