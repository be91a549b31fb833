// SPDX-License-Identifier: MIT
#pragma once

// The collector's mind: who is alive, who is not, and what the Station is to be told. A state
// machine without a socket, a thread, a lock, a timer or a clock.
//
// A driver feeds it and does what it asks for:
//   - each heartbeat, query and Station's answer as it comes, with the Instant of that call;
//   - tick() at next_deadline(), which is never more than kCallEvery away,
//     and again as long as it returns true; other work may be served in between;
//   - after a stall, sockets before timers, and caught_up() when nothing waits in them any more;
//   - while it cannot let everybody in, hears_nobody() or hears_some() once a second, and
//     hears_all() when it can again;
//   - next_delivery() until it gives none, after every call that may have brought one (has_work());
//   - take_notices() for the log, and the event bus for observers.
//
// Units and times: see instant.hpp. Instants must not go back in monotonic time.
// Errors: none but std::bad_alloc; what can be refused is refused in the result.
// Ownership: views handed out refer to the collector and are valid until the next call.
// Threads: one.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pap/core/agent_table.hpp"
#include "pap/core/alert_history.hpp"
#include "pap/core/alerts.hpp"
#include "pap/core/counters.hpp"
#include "pap/core/delivery.hpp"
#include "pap/core/effects.hpp"
#include "pap/core/event_bus.hpp"
#include "pap/core/failure_detector.hpp"
#include "pap/core/instant.hpp"
#include "pap/core/limits.hpp"
#include "pap/core/listening_time.hpp"
#include "pap/core/random.hpp"
#include "pap/export.hpp"
#include "pap/protocol/agent_id.hpp"
#include "pap/protocol/answers.hpp"
#include "pap/protocol/heartbeat.hpp"

namespace pap::core {

struct CollectorSettings {
  protocol::Cluster cluster;
  // ZOMBIE_CHECK_INTERVAL_MS: less of it tells a death sooner after 2 x interval, more of it
  // forgives later heartbeats; it enters the slack, min(interval / 10, 3/4 of this).
  Nanos check_interval = std::chrono::seconds{10};
  // ALERT_QUEUE_MAX_SIZE, ALERT_QUEUE_TTL_MS: how much and how long is remembered word for word
  // while the Station is away. States that still hold are told in any case.
  std::size_t alert_queue_max_size = 100;
  Nanos alert_queue_ttl = std::chrono::minutes{5};
  // AGENT_RETENTION_MS: a dead agent is forgotten this long after its death was told; 0 = never.
  Nanos agent_retention = std::chrono::hours{24 * 7};
  // MAX_AGENTS: when full, the agent told dead longest ago makes room.
  std::size_t max_agents = 1'000'000;
  // Without a Station alerts count as told when they are decided, and the log has them.
  bool has_station = true;
  // Distinguishes this start from every other; a part of Idempotency-Keys and list cursors.
  std::string start_id = "0";
  // For jitter and the keyed hash.
  std::uint64_t seed = 1;
};

struct HeartbeatOutcome {
  bool accepted = false;  // false: the table is full of agents that are alive or not told dead
  bool is_new = false;
  bool restart_detected = false;
  protocol::Mode mode = protocol::Mode::kIdle;  // whose interval the agent is to keep
};

struct ListFilter {
  std::optional<protocol::Mode> mode;
  std::optional<bool> healthy;
  std::string name_part;  // empty matches all
};

// A list of agents on its way out, in pieces. Made by Collector::begin_list().
struct AgentList {
  ListFilter filter;
  Slot next = 0;
  Slot end = 0;                      // slots used when the list began
  std::size_t remaining = SIZE_MAX;  // of `limit`
  bool first = true;                 // no comma before the next one
  bool done = false;
  std::string next_cursor;  // set when done, if the limit cut the list
};

class PAP_API Collector {
 public:
  Collector(CollectorSettings settings, Instant start);
  Collector(const Collector&) = delete;
  Collector& operator=(const Collector&) = delete;

  // --- what comes in ---

  HeartbeatOutcome heartbeat(const protocol::AgentId& id, const protocol::Heartbeat& heartbeat,
                             Instant now);
  // A hint: heartbeats of these agents come next (AgentTable::prefetch). For who hands over many.
  void prefetch(std::span<const protocol::AgentId> ids) const { table_.prefetch(ids); }
  // Works off what is due, at most `budget` agents' and alerts' worth. True when more is left. What
  // observers are sent in it counts as well.
  bool tick(Instant now, std::size_t budget = kSliceUnits);
  // Nothing waits in the sockets any more. May be called at any time; see catching_up().
  void caught_up(Instant now);
  // Agents wait in vain, though we run: nobody, or not everybody, has been let in since the call
  // before. `since` is when it was last known that nobody waited. However long nobody is let in, it
  // is one loss, as a stall of that length is: no time passes, no death is decided, and whoever is
  // heard all the same (on a connection that was open) was heard before its end. With some let in
  // time goes on, and from kAgentTimeout on everybody heard so far is excused.
  void hears_nobody(MonotonicTime since, Instant now);
  void hears_some(MonotonicTime since, Instant now);
  // … and nobody has to wait any more but for what there is to catch up.
  void hears_all(MonotonicTime since, Instant now);
  bool remove(const protocol::AgentId& id, Instant now);
  void station_answered(std::uint64_t sequence, const StationAnswer& answer, Instant now);
  // From now on no death is decided. The rest goes on.
  void drain(Instant now);

  // --- what is to be done ---

  // When tick() is due. In the past or `now`: at once.
  MonotonicTime next_deadline(Instant now) const;
  // The next alert to be posted, in flight from now on; none when nothing may leave.
  std::optional<Delivery> next_delivery(Instant now);
  std::vector<Notice> take_notices();
  // There may be a delivery, or there is a notice.
  bool has_work() const { return may_deliver_ || !notices_.empty(); }
  bool has_delivery() const { return may_deliver_; }
  std::size_t notices() const { return notices_.size(); }  // that wait to be taken
  // False while nobody is let in: there is nothing to catch up before that ends.
  bool catching_up() const { return detector_.catching_up(); }

  // --- observers ---

  // Queues the `initial` message (one agent), and from then on whatever concerns the watch.
  ObserverId observe(Watch watch, std::size_t max_queued_bytes, Instant now);
  void stop_observing(ObserverId observer);
  EventBus& events() { return events_; }

  // --- queries ---

  // Brings the counts of healthy agents up to `now`, a slice at a time; true when they are.
  bool settle_health(Instant now, std::size_t budget = kSliceUnits);
  protocol::FleetStats stats() const;  // as of the last settle_health() or tick()
  bool append_agent(std::string& out, const protocol::AgentId& id, Instant now);  // the answer
  // None when the cursor is not one of this start.
  std::optional<AgentList> begin_list(ListFilter filter, std::optional<std::size_t> limit,
                                      std::string_view cursor) const;
  // Appends agents as JSON, with commas between; looks at no more than `budget` of them, and stops
  // once it has appended kListSliceBytes.
  void continue_list(AgentList& list, std::string& out, Instant now,
                     std::size_t budget = kListSlice);
  protocol::AlertQueueView alert_queue(Instant now) const;
  // Rows of GET /alerts, newest first, at most `limit`.
  void append_alerts(std::string& out, std::size_t limit) const;

  const CollectorSettings& settings() const { return settings_; }
  const Counters& counters() const { return counters_; }
  const Alerts& alerts() const { return alerts_; }
  const FailureDetector& detector() const { return detector_; }
  const AgentTable& table() const { return table_; }
  std::size_t agents() const { return table_.size(); }
  std::size_t told_dead() const { return told_dead_; }
  std::size_t dead() const { return dead_; }
  std::size_t notices_lost() const { return notices_lost_; }
  // Since the last heartbeat from anyone; none when there was none yet.
  std::optional<Nanos> since_last_heartbeat(Instant now) const;
  Nanos uptime(Instant now) const { return now.mono - started_.mono; }
  std::size_t bytes() const { return table_.bytes() + alerts_.bytes(); }

 private:
  ListeningTime advance(Instant now);
  void take_loss(ListeningTimeline::Step step);
  void end_deafness();
  Slot admit(const protocol::AgentId& id, const protocol::Heartbeat& heartbeat, Instant now);
  void take_whole(Slot slot, const protocol::Heartbeat& heartbeat, Instant now);
  void revive(Slot slot, Instant now);
  void heard(Slot slot, protocol::Mode mode, Instant now, ListeningTime listening);
  Nanos lost_since_heard(const AgentRecord& record) const;
  void decide_emergency(Slot slot, std::optional<protocol::Mode> previous, Instant now);

  bool decide_deaths(Instant now, std::size_t& budget);
  void decide_death(DueAgent due, Instant now);
  bool forget_the_retained(Instant now, std::size_t& budget);
  bool evict_one();
  void forget(Slot slot);

  void join_told_dead(Slot slot, MonotonicTime now);
  void leave_told_dead(Slot slot);

  void on_alert(AlertEvent event, const Alert& alert, Slot agent);
  std::string render(const Alert& alert, Slot agent, Instant now) const;
  std::string key_of(const Alert& alert) const;
  protocol::AgentView view_of(Slot slot, Instant now, std::string& id_buffer) const;
  void publish(Slot slot, std::string message);
  void publish_heartbeat(Slot slot, bool recovered, Instant now);
  bool watched(const AgentRecord& record) const;
  Notice& note(Notice::Kind kind, Slot agent);

  const CollectorSettings settings_;
  const Instant started_;

  Random random_;
  ListeningTimeline timeline_;
  AgentTable table_;
  FailureDetector detector_;
  EventBus events_;
  Alerts alerts_;
  AlertHistory history_;
  Counters counters_;

  PerMode<std::size_t> by_mode_{};
  std::size_t dead_ = 0;
  std::size_t told_dead_ = 0;
  Slot told_dead_head_ = kNone;  // told longest ago
  Slot told_dead_tail_ = kNone;
  std::size_t observed_ = 0;  // known agents that somebody observes
  std::optional<MonotonicTime> last_heartbeat_;
  bool draining_ = false;

  bool may_deliver_ = false;
  std::vector<Notice> notices_;  // at most kMaxNotices
  std::size_t notices_lost_ = 0;
  Instant now_;             // of the call being served, for on_alert()
  std::size_t budget_ = 0;  // what is left of its slice
};

}  // namespace pap::core
