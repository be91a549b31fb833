// SPDX-License-Identifier: MIT
#include "unit/core/model/rehearsal.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "pap/core/collector.hpp"
#include "pap/core/random.hpp"
#include "unit/core/model/naive_collector.hpp"

namespace pap::test {

using namespace std::chrono_literals;

namespace {

struct Failed {
  std::string what;
};

struct Reply {
  core::StationAnswer answer;
  Nanos after{0};
};

class Rehearsal {
 public:
  explicit Rehearsal(const Story& story)
      : story_(story),
        collector_(story.settings, now_),
        naive_(story.settings, now_),
        processes_(story.agents, now_.mono - 1h) {}

  void play(const Act& act);
  // The Station is there again, nobody beats any more: in the end everybody is dead and told.
  void heal();

 private:
  using Where = NaiveAlert::Where;

  void beat(const Act& act);
  void hears(Act::Kind whom, Nanos so_far);
  void run_for(Nanos span);
  void serve();
  void pump();
  void saw_notices(core::Notice::Kind kind);
  Reply reply_to(const core::Delivery& delivery);
  void pass(Nanos span) {
    now_.mono += span;
    now_.wall += span;
  }

  void compare();
  void compare_alerts();
  void compare_agents();
  void check();
  template <class A, class B>
  void expect_equal(const A& collector, const B& naive, const std::string& what) {
    if (!(collector == naive)) {
      throw Failed{what + ": " + std::to_string(collector) + ", expected " + std::to_string(naive) +
                   at()};
    }
  }
  std::string at() const {
    const std::chrono::duration<double> since = now_.mono.time_since_epoch() - kStart;
    return " (" + std::to_string(since.count()) + " s after the start)";
  }

  static constexpr Nanos kStart = 1000h;

  const Story& story_;
  Instant now_{MonotonicTime{kStart}, core::WallTime{500'000h}};
  core::Collector collector_;
  NaiveCollector naive_;
  std::vector<MonotonicTime> processes_;  // when each agent's process started
  Mood mood_ = Mood::kStores;
  bool catches_up_ = true;
  std::multimap<MonotonicTime, std::pair<std::uint64_t, core::StationAnswer>> answers_;
  std::map<std::uint64_t, std::uint64_t> posted_;  // how often each sequence number was
  std::vector<core::Notice> notices_;
};

// --- the acts ---

void Rehearsal::play(const Act& act) {
  using Kind = Act::Kind;
  switch (act.kind) {
    case Kind::kBeat:
      beat(act);
      break;
    case Kind::kWait:
      run_for(act.span);
      break;
    case Kind::kStall:
      pass(act.span);
      catches_up_ = act.catches_up;
      check();
      return;  // what comes next comes first, as from a socket in which it waited
    case Kind::kHearsNobody:
    case Kind::kHearsSome:
    case Kind::kHearsAll:
      hears(act.kind, act.span);
      break;
    case Kind::kStation:
      mood_ = act.mood;
      break;
    case Kind::kRemove: {
      const std::string id = id_of(act.agent);
      const bool removed = collector_.remove(*protocol::AgentId::parse(id), now_);
      naive_.called(now_.mono);
      expect_equal(removed, naive_.remove(id), "removed");
      pump();
      pass(1ns);  // what is told to both lives of an id at one instant has no order
      break;
    }
    case Kind::kStepWall:
      now_.wall += act.span;
      break;
    case Kind::kDrain:
      collector_.drain(now_);
      naive_.called(now_.mono);
      naive_.drain();
      break;
  }
  check();
  compare_agents();
}

void Rehearsal::beat(const Act& act) {
  const std::string id = id_of(act.agent);
  MonotonicTime& process = processes_[act.agent];
  if (act.new_process) process = now_.mono - *act.new_process;
  const Nanos uptime = std::max(now_.mono - process - act.delay, Nanos{0});
  protocol::Heartbeat heartbeat;
  heartbeat.mode = act.mode;
  heartbeat.uptime_seconds = std::chrono::duration<double>{uptime}.count();
  const std::string name = "name of " + id;
  if (act.renames) heartbeat.agent_name = name;

  const auto outcome = collector_.heartbeat(*protocol::AgentId::parse(id), heartbeat, now_);
  naive_.called(now_.mono);
  const auto expected = naive_.beat(id, heartbeat, now_.mono);
  expect_equal(outcome.accepted, expected.accepted, "accepted");
  expect_equal(outcome.is_new, expected.is_new, "is_new");
  expect_equal(outcome.restart_detected, expected.restart_detected, "restart_detected");
  if (outcome.accepted) {
    expect_equal(index_of(outcome.mode), index_of(expected.mode), "the answer's mode");
  }
  pump();
}

void Rehearsal::hears(Act::Kind whom, Nanos so_far) {
  const MonotonicTime since = now_.mono - so_far;
  naive_.called(now_.mono);
  if (whom == Act::Kind::kHearsNobody) {
    collector_.hears_nobody(since, now_);
    naive_.hears_nobody(so_far);
  } else if (whom == Act::Kind::kHearsSome) {
    collector_.hears_some(since, now_);
    naive_.hears_some(so_far);
  } else {
    collector_.hears_all(since, now_);
    naive_.hears_all(so_far);
  }
  pump();
}

void Rehearsal::heal() {
  mood_ = Mood::kStores;
  catches_up_ = true;
  hears(Act::Kind::kHearsAll, 0s);
  // The longest Retry-After, then a re-telling, then a probe and a rest.
  run_for(5min + 60s + 30s + 60s);
  const auto& agents = naive_.agents();
  const bool anybody_sleeps = std::any_of(agents.begin(), agents.end(), [](const auto& each) {
    return !each.second.dead && each.second.mode == Mode::kSleep;
  });
  if (anybody_sleeps) run_for(32min);
  run_for(5min);
  compare_agents();

  std::size_t left = 0;
  for (const Where where : {Where::kHeld, Where::kWaiting, Where::kInFlight}) {
    left += naive_.alerts().count(where);
  }
  if (left + naive_.alerts().untold_and_true() > 0) throw Failed{"not all was told" + at()};
  for (const auto& [id, agent] : agents) {
    if (agent.dead && !agent.death_told) throw Failed{"the death of " + id + " was never told"};
  }
}

// --- the driver ---

void Rehearsal::run_for(Nanos span) {
  const MonotonicTime end = now_.mono + span;
  for (;;) {
    serve();
    compare();
    if (now_.mono >= end) return;
    MonotonicTime next = end;
    next = std::min(next, collector_.next_deadline(now_));
    if (const auto due = naive_.next_event(now_.mono)) next = std::min(next, *due);
    if (!answers_.empty()) next = std::min(next, answers_.begin()->first);
    pass(next - now_.mono);
  }
}

void Rehearsal::serve() {
  for (int calls = 0;; ++calls) {
    if (calls > 10'000) throw Failed{"the collector is never done" + at()};
    if (!answers_.empty() && answers_.begin()->first <= now_.mono) {
      const auto [sequence, answer] = answers_.extract(answers_.begin()).mapped();
      collector_.station_answered(sequence, answer, now_);
      naive_.called(now_.mono);
      naive_.alerts().answered(sequence, answer, now_.mono);
    } else if (collector_.next_deadline(now_) <= now_.mono) {
      collector_.tick(now_);
      naive_.called(now_.mono);
      saw_notices(core::Notice::Kind::kAgentDead);
      naive_.alerts().work(now_.mono);
      saw_notices(core::Notice::Kind::kAlertRetold);
      naive_.ticked(now_.mono);
    } else if (collector_.catching_up() && catches_up_) {
      collector_.caught_up(now_);
      naive_.called(now_.mono);
      naive_.caught_up();
    } else {
      return;
    }
    pump();
  }
}

void Rehearsal::pump() {
  saw_notices(core::Notice::Kind::kAlertRetold);
  while (collector_.has_work()) {
    const auto delivery = collector_.next_delivery(now_);
    naive_.called(now_.mono);
    naive_.alerts().work(now_.mono);
    saw_notices(core::Notice::Kind::kAlertRetold);
    if (!delivery) break;
    naive_.alerts().saw_post(*delivery, now_);
    Reply reply = reply_to(*delivery);
    answers_.emplace(now_.mono + reply.after,
                     std::pair{delivery->sequence, std::move(reply.answer)});
  }
  notices_.clear();
}

void Rehearsal::saw_notices(core::Notice::Kind kind) {
  for (core::Notice& notice : collector_.take_notices()) notices_.push_back(std::move(notice));
  for (core::Notice& notice : notices_) {
    if (notice.kind != kind) continue;
    if (kind == core::Notice::Kind::kAgentDead) naive_.saw_death(notice.agent_id, now_.mono);
    if (kind == core::Notice::Kind::kAlertRetold) {
      naive_.alerts().saw_retold(notice.agent_id, *notice.alert, now_.mono);
    }
    notice.kind = core::Notice::Kind::kCaughtUp;  // seen
  }
}

// The same for the same post in every rehearsal of a story.
Reply Rehearsal::reply_to(const core::Delivery& delivery) {
  const std::uint64_t attempt = ++posted_[delivery.sequence];
  core::Random random{story_.seed ^ (delivery.sequence << 20U) ^ attempt};
  Mood mood = mood_;
  if (mood == Mood::kMixed) {
    static constexpr std::array<Mood, 8> kMix{Mood::kStores, Mood::kStores, Mood::kRefuses,
                                              Mood::kErrors, Mood::kHangs,  Mood::kNoConnection,
                                              Mood::kLimits, Mood::kBusy};
    mood = kMix[random.next() % kMix.size()];
  }
  const Nanos quick = 1ms + random.up_to(200ms);
  const Nanos asked = random.up_to(90s);
  switch (mood) {
    case Mood::kStoresSlowly:
      return {{201, std::nullopt, ""}, random.up_to(9s)};
    case Mood::kRefuses:
      return {{400, std::nullopt, ""}, quick};
    case Mood::kErrors:
      return {{500, std::nullopt, ""}, quick};
    case Mood::kNoConnection:
      return {{std::nullopt, std::nullopt, ""}, 1us};
    case Mood::kHangs:
      return {{std::nullopt, std::nullopt, ""}, 10s};
    case Mood::kLimits:
      return {{429, std::nullopt, ""}, quick};
    case Mood::kLimitsForAWhile:
      return {{429, asked, ""}, quick};
    case Mood::kBusy:
      return {{503, asked, ""}, quick};
    case Mood::kMisdirected:
      return {{401, std::nullopt, ""}, quick};
    case Mood::kMixed:
    case Mood::kStores:
      break;
  }
  return {{201, std::nullopt, ""}, quick};
}

// --- the comparison ---

void Rehearsal::check() {
  if (!naive_.complaints().empty()) throw Failed{naive_.complaints().front() + at()};
}

void Rehearsal::compare() {
  check();
  naive_.settled(now_.mono);
  check();
  compare_alerts();
  expect_equal(collector_.agents(), naive_.agents().size(), "agents");
  expect_equal(collector_.catching_up(), naive_.catching_up(), "catching up");
  expect_equal(collector_.counters().time_lost.count(), naive_.lost().count(), "time lost");
  expect_equal(collector_.counters().restarts, naive_.restarts(), "restarts");
  expect_equal(collector_.counters().evicted, naive_.evicted(), "evicted");
  while (!collector_.settle_health(now_)) {
  }
  naive_.called(now_.mono);
  const auto stats = collector_.stats();
  std::size_t healthy = 0;
  std::array<std::size_t, protocol::kModeCount> by_mode{};
  for (const auto& [id, agent] : naive_.agents()) {
    if (naive_.healthy(agent)) ++healthy;
    ++by_mode[index_of(agent.mode)];
  }
  expect_equal(stats.healthy, healthy, "healthy");
  expect_equal(stats.total - stats.unhealthy, healthy, "not unhealthy");
  for (const Mode mode : protocol::kModes) {
    expect_equal(stats.by_mode[index_of(mode)], by_mode[index_of(mode)],
                 std::string{protocol::to_string(mode)});
  }
}

void Rehearsal::compare_alerts() {
  const core::Alerts& alerts = collector_.alerts();
  NaiveAlerts& naive = naive_.alerts();
  std::uint64_t in = 0;
  std::uint64_t out = 0;
  for (const AlertType type : protocol::kAlertTypes) {
    const core::AlertCounters& a = collector_.counters().alerts[index_of(type)];
    const core::AlertCounters& b = naive.counters(type);
    const std::string name{protocol::to_string(type)};
    expect_equal(a.decided, b.decided, name + " decided");
    expect_equal(a.held_back, b.held_back, name + " held back");
    expect_equal(a.retold, b.retold, name + " retold");
    expect_equal(a.attempts_failed, b.attempts_failed, name + " attempts failed");
    expect_equal(a.delivered, b.delivered, name + " delivered");
    expect_equal(a.refused, b.refused, name + " refused");
    expect_equal(a.logged, b.logged, name + " logged");
    expect_equal(a.dropped_full, b.dropped_full, name + " dropped (full)");
    expect_equal(a.dropped_expired, b.dropped_expired, name + " dropped (expired)");
    expect_equal(a.lapsed, b.lapsed, name + " lapsed");
    expect_equal(a.withdrawn, b.withdrawn, name + " withdrawn");
    in += a.decided + a.retold;
    out += a.delivered + a.refused + a.logged + a.dropped_full + a.dropped_expired + a.lapsed +
           a.withdrawn;
  }
  expect_equal(alerts.outbox().waiting(), naive.count(Where::kWaiting), "waiting");
  expect_equal(alerts.outbox().in_flight(), naive.count(Where::kInFlight), "in flight");
  expect_equal(alerts.held(), naive.count(Where::kHeld), "held");
  expect_equal(alerts.outbox().counting(), naive.counting(), "counting");
  expect_equal(alerts.outbox().pause().away(), naive.away(), "away");
  expect_equal(in, out + alerts.held() + alerts.outbox().waiting() + alerts.outbox().in_flight(),
               "conservation");
}

void Rehearsal::compare_agents() {
  auto list = collector_.begin_list({}, std::nullopt, "");
  std::string text = "[";
  while (!list->done) collector_.continue_list(*list, text, now_, 2);
  naive_.called(now_.mono);
  const auto rows = nlohmann::json::parse(text + ']');
  expect_equal(rows.size(), naive_.agents().size(), "agents listed");
  for (const auto& row : rows) {
    const std::string id = row.at("agent_uuid");
    const auto found = naive_.agents().find(id);
    if (found == naive_.agents().end()) throw Failed{id + " is listed, and not known" + at()};
    const NaiveAgent& agent = found->second;
    protocol::AgentView view{id,
                             agent.name.empty() ? std::string_view{id} : agent.name,
                             agent.mode,
                             agent.uptime,
                             now_.wall_of(agent.heard),
                             naive_.healthy(agent),
                             false,
                             agent.heartbeats};
    std::string expected;
    protocol::append_agent(expected, view);
    if (row != nlohmann::json::parse(expected)) {
      throw Failed{"listed\n  " + row.dump() + "\ninstead of\n  " + expected + at()};
    }
  }
}

}  // namespace

std::optional<Disagreement> rehearse(const Story& story) {
  Rehearsal rehearsal{story};
  std::size_t act = 0;
  try {
    for (; act < story.acts.size(); ++act) rehearsal.play(story.acts[act]);
    rehearsal.heal();
  } catch (const Failed& failed) {
    return Disagreement{act, failed.what};
  }
  return std::nullopt;
}

Story shortened(const Story& story) {
  Story shortest = story;
  const auto failure = rehearse(shortest);
  if (!failure) return shortest;
  if (failure->act < shortest.acts.size()) shortest.acts.resize(failure->act + 1);
  for (bool shrunk = true; shrunk;) {
    shrunk = false;
    for (std::size_t i = shortest.acts.size(); i-- > 0;) {
      Story without = shortest;
      without.acts.erase(without.acts.begin() + static_cast<std::ptrdiff_t>(i));
      if (!rehearse(without)) continue;
      shortest = std::move(without);
      shrunk = true;
    }
  }
  return shortest;
}

}  // namespace pap::test
