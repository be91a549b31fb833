// SPDX-License-Identifier: MIT
#pragma once

// The closed lists of names that a scenario may use: figures, statistics, excuses, marks, rules and
// canaries. One table each, in the order of its enum, with what the name means; reading, the JSON
// Schema and the README's tables all come from here.
//
// Threads: constants.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pap::sim {

// --- figures, for thresholds ---

enum class Metric : std::uint8_t {
  kOutboxDecided,
  kOutboxHeldBack,
  kOutboxRetold,
  kOutboxDelivered,
  kOutboxRefused,
  kOutboxLogged,
  kOutboxDropped,
  kOutboxDroppedFull,
  kOutboxDroppedExpired,
  kOutboxLapsed,
  kOutboxWithdrawn,
  kOutboxAttemptsFailed,
  kOutboxLeft,
  kOutboxWaiting,
  kOutboxInFlight,
  kOutboxHeld,
  kOutboxSize,
  kAgentsTotal,
  kAgentsHealthy,
  kAgentsUnhealthy,
  kAgentsDead,
  kAgentsToldDead,
  kAgentsEmergency,
  kAgentsIdle,
  kAgentsSleep,
  kAgentsNew,
  kAgentsRestarted,
  kAgentsRecovered,
  kAgentsRemoved,
  kAgentsForgotten,
  kAgentsEvicted,
  kHeartbeatsSent,
  kHeartbeatsAccepted,
  kHeartbeatsRefused,
  kHeartbeatsOvertaken,
  kHeartbeatsFailed,
  kHeartbeatsToStation,
  kStationPosts,
  kStationStored,
  kStationStoredTwice,
  kCollectorLosses,
  kCollectorCatchUps,
  kCollectorLostMs,
  kDetectionLagMs,
  kLiveAnswerMs,
  kLiveSendLagMs,
  kLiveErrors,
};

enum class MetricKind : std::uint8_t {
  kCounter,       // its growth over the run, or over `during`
  kGauge,         // at the end of the run, or of `during`; or its min or max in it
  kDistribution,  // its percentiles, min and max
};

enum class Statistic : std::uint8_t { kValue, kMin, kMax, kP50, kP90, kP99, kP999 };

struct MetricName {
  Metric metric;
  std::string_view section;
  std::string_view name;
  MetricKind kind;
  std::string_view about;
};

inline constexpr std::array kMetrics{
    MetricName{Metric::kOutboxDecided, "outbox", "decided", MetricKind::kCounter,
               "alerts that the collector decided on, retold ones apart"},
    MetricName{Metric::kOutboxHeldBack, "outbox", "held_back", MetricKind::kCounter,
               "decided, and held back for the dedup window"},
    MetricName{Metric::kOutboxRetold, "outbox", "retold", MetricKind::kCounter,
               "told afresh after they were dropped, since they still held"},
    MetricName{Metric::kOutboxDelivered, "outbox", "delivered", MetricKind::kCounter,
               "answered 2xx by the Station"},
    MetricName{Metric::kOutboxRefused, "outbox", "refused", MetricKind::kCounter,
               "answered 400, 413 or 422"},
    MetricName{Metric::kOutboxLogged, "outbox", "logged", MetricKind::kCounter,
               "told by the log, without a Station"},
    MetricName{Metric::kOutboxDropped, "outbox", "dropped", MetricKind::kCounter,
               "dropped_full and dropped_expired together"},
    MetricName{Metric::kOutboxDroppedFull, "outbox", "dropped_full", MetricKind::kCounter,
               "dropped because the queue was full"},
    MetricName{Metric::kOutboxDroppedExpired, "outbox", "dropped_expired", MetricKind::kCounter,
               "dropped because their time ran out"},
    MetricName{Metric::kOutboxLapsed, "outbox", "lapsed", MetricKind::kCounter,
               "held back, and no longer true when the window ended"},
    MetricName{Metric::kOutboxWithdrawn, "outbox", "withdrawn", MetricKind::kCounter,
               "taken back by DELETE"},
    MetricName{Metric::kOutboxAttemptsFailed, "outbox", "attempts_failed", MetricKind::kCounter,
               "posts that got no final answer"},
    MetricName{Metric::kOutboxLeft, "outbox", "left", MetricKind::kCounter,
               "not told when the collector stopped, in order or killed"},
    MetricName{Metric::kOutboxWaiting, "outbox", "waiting", MetricKind::kGauge,
               "alerts that wait for their turn or for a retry"},
    MetricName{Metric::kOutboxInFlight, "outbox", "in_flight", MetricKind::kGauge,
               "alerts posted and not answered yet"},
    MetricName{Metric::kOutboxHeld, "outbox", "held", MetricKind::kGauge,
               "alerts held back at the moment"},
    MetricName{Metric::kOutboxSize, "outbox", "size", MetricKind::kGauge,
               "alerts that count against alert_queue_max_size"},
    MetricName{Metric::kAgentsTotal, "agents", "total", MetricKind::kGauge,
               "agents that the collector knows"},
    MetricName{Metric::kAgentsHealthy, "agents", "healthy", MetricKind::kGauge,
               "of those, heard within 2 x interval"},
    MetricName{Metric::kAgentsUnhealthy, "agents", "unhealthy", MetricKind::kGauge,
               "of those, the others"},
    MetricName{Metric::kAgentsDead, "agents", "dead", MetricKind::kGauge,
               "decided dead and not heard since"},
    MetricName{Metric::kAgentsToldDead, "agents", "told_dead", MetricKind::kGauge,
               "of those, told"},
    MetricName{Metric::kAgentsEmergency, "agents", "emergency", MetricKind::kGauge,
               "known in mode EMERGENCY"},
    MetricName{Metric::kAgentsIdle, "agents", "idle", MetricKind::kGauge, "known in mode IDLE"},
    MetricName{Metric::kAgentsSleep, "agents", "sleep", MetricKind::kGauge, "known in mode SLEEP"},
    MetricName{Metric::kAgentsNew, "agents", "new", MetricKind::kCounter, "first beats"},
    MetricName{Metric::kAgentsRestarted, "agents", "restarted", MetricKind::kCounter,
               "restarts seen, told or not"},
    MetricName{Metric::kAgentsRecovered, "agents", "recovered", MetricKind::kCounter,
               "heard again after their death was decided"},
    MetricName{Metric::kAgentsRemoved, "agents", "removed", MetricKind::kCounter, "by DELETE"},
    MetricName{Metric::kAgentsForgotten, "agents", "forgotten", MetricKind::kCounter,
               "dead for longer than agent_retention_ms"},
    MetricName{Metric::kAgentsEvicted, "agents", "evicted", MetricKind::kCounter,
               "dead, and gone to make room under max_agents"},
    MetricName{Metric::kHeartbeatsSent, "heartbeats", "sent", MetricKind::kCounter,
               "sent to the collector, whatever became of them"},
    MetricName{Metric::kHeartbeatsAccepted, "heartbeats", "accepted", MetricKind::kCounter,
               "counted by the collector"},
    MetricName{Metric::kHeartbeatsRefused, "heartbeats", "refused", MetricKind::kCounter,
               "answered 4xx or 5xx by the collector"},
    MetricName{Metric::kHeartbeatsOvertaken, "heartbeats", "overtaken", MetricKind::kCounter,
               "accepted after a later one of the same agent"},
    MetricName{Metric::kHeartbeatsFailed, "heartbeats", "failed", MetricKind::kCounter,
               "given up by the agent: no connection, or no answer within 5 s"},
    MetricName{Metric::kHeartbeatsToStation, "heartbeats", "to_station", MetricKind::kCounter,
               "sent straight to the Station by agents that are away"},
    MetricName{Metric::kStationPosts, "station", "posts", MetricKind::kCounter,
               "posts that reached the Station"},
    MetricName{Metric::kStationStored, "station", "stored", MetricKind::kCounter,
               "alerts that it stored, each time counted"},
    MetricName{Metric::kStationStoredTwice, "station", "stored_twice", MetricKind::kCounter,
               "of those, with a key that it had stored before"},
    MetricName{Metric::kCollectorLosses, "collector", "losses", MetricKind::kCounter,
               "gaps of over 2 s that were no listening time"},
    MetricName{Metric::kCollectorCatchUps, "collector", "catch_ups", MetricKind::kCounter,
               "of those, 5 s and more, after which agents are excused"},
    MetricName{Metric::kCollectorLostMs, "collector", "lost_ms", MetricKind::kCounter,
               "time that was no listening time"},
    MetricName{Metric::kDetectionLagMs, "deaths", "lag_ms", MetricKind::kDistribution,
               "from when `healthy` became false to the decision"},
    MetricName{Metric::kLiveAnswerMs, "live", "answer_ms", MetricKind::kDistribution,
               "from the planned moment of a beat to the whole answer"},
    MetricName{Metric::kLiveSendLagMs, "live", "send_lag_ms", MetricKind::kDistribution,
               "from the planned moment of a beat to its sending: our own lag"},
    MetricName{Metric::kLiveErrors, "live", "errors", MetricKind::kCounter,
               "beats that got no whole, correct answer"},
};

struct StatisticName {
  Statistic statistic;
  std::string_view name;
  std::string_view about;
};
inline constexpr std::array kStatistics{
    StatisticName{Statistic::kValue, "value", "the figure itself; the same as giving no statistic"},
    StatisticName{Statistic::kMin, "min", "the least it ever was"},
    StatisticName{Statistic::kMax, "max", "the most it ever was"},
    StatisticName{Statistic::kP50, "p50", "half of the samples are no greater"},
    StatisticName{Statistic::kP90, "p90", "nine in ten are no greater"},
    StatisticName{Statistic::kP99, "p99", "ninety-nine in a hundred are no greater"},
    StatisticName{Statistic::kP999, "p999", "999 in a thousand are no greater"},
};

// --- excuses, for `allow` ---

enum class Excuse : std::uint8_t {
  kTtlExpired,
  kQueueFull,
  kStateLost,
  kAgentAway,
  kPausedTwice,
  kStoredTwice,
  kFutureStart,
  kTableFull,
};

struct ExcuseName {
  Excuse excuse;
  std::string_view name;
  std::string_view about;  // what the oracle must prove before it grants it
};
inline constexpr std::array kExcuses{
    ExcuseName{Excuse::kTtlExpired, "ttl_expired",
               "an alert was never told: its time ran out while the Station was away, and what it "
               "said was over before the Station was back"},
    ExcuseName{Excuse::kQueueFull, "queue_full",
               "an alert was never told: it was dropped from a full queue, and what it said was "
               "over before the Station was back"},
    ExcuseName{Excuse::kStateLost, "state_lost",
               "an alert was never told: the collector that decided it, or that would have, ended "
               "first"},
    ExcuseName{Excuse::kAgentAway, "agent_away",
               "a living agent was told dead: its beat had failed, so it kept away from the "
               "collector for longer than 2 x interval + slack"},
    ExcuseName{Excuse::kPausedTwice, "paused_twice",
               "a living agent was told dead: it met two pauses of 5 s or more running"},
    ExcuseName{Excuse::kStoredTwice, "stored_twice",
               "the Station stored an alert twice: the answer to an earlier post had been lost"},
    ExcuseName{Excuse::kFutureStart, "future_start",
               "a living agent was told dead: its clock put its start into the future, and its "
               "beats were refused"},
    ExcuseName{Excuse::kTableFull, "table_full",
               "a living agent is not known at the end: it was refused, since the table was full "
               "and held nobody who was told dead"},
};

// --- marks, for `reach` ---

enum class Mark : std::uint8_t {
  kDeathDecided,
  kDeathCancelledInSlack,
  kLossExcused,
  kExtendedDeadline,
  kMarksShared,
  kOvertaken,
  kRestartByGap,
  kEmergencyTakenAsTold,
  kHeldBack,
  kReleased,
  kLapsed,
  kDroppedFull,
  kDroppedExpired,
  kRetold,
  kWithdrawn,
  kRefused,
  kProbed,
  kHeldByRetryAfter,
  kRecoveredAt,
  kForgotten,
  kEvicted,
  kTableFull,
  kDrained,
  kLeftAtShutdown,
};

struct MarkName {
  Mark mark;
  std::string_view name;
  std::string_view about;
};
inline constexpr std::array kMarks{
    MarkName{Mark::kDeathDecided, "death_decided", "a death was decided"},
    MarkName{Mark::kDeathCancelledInSlack, "death_cancelled_in_slack",
             "a beat came after 2 x interval and before the slack was over"},
    MarkName{Mark::kLossExcused, "loss_excused", "a gap of 5 s or more ended, and excused agents"},
    MarkName{Mark::kExtendedDeadline, "extended_deadline",
             "an agent that never came back after a loss was found dead"},
    MarkName{Mark::kMarksShared, "marks_shared", "two losses within 5 s shared one mark"},
    MarkName{Mark::kOvertaken, "overtaken", "a beat arrived after a later one"},
    MarkName{Mark::kRestartByGap, "restart_by_gap",
             "a restart was seen by its start alone, its uptime had not decreased"},
    MarkName{Mark::kEmergencyTakenAsTold, "emergency_taken_as_told",
             "an older agent in EMERGENCY, first seen soon after the collector's start"},
    MarkName{Mark::kHeldBack, "held_back", "the dedup window held an alert back"},
    MarkName{Mark::kReleased, "released", "a held alert was told when its window ended"},
    MarkName{Mark::kLapsed, "lapsed", "a held alert was no longer true when its window ended"},
    MarkName{Mark::kDroppedFull, "dropped_full", "the queue was full"},
    MarkName{Mark::kDroppedExpired, "dropped_expired", "an alert's time ran out"},
    MarkName{Mark::kRetold, "retold", "a dropped alert that still held was told afresh"},
    MarkName{Mark::kWithdrawn, "withdrawn", "DELETE took a waiting alert back"},
    MarkName{Mark::kRefused, "refused", "the Station refused an alert for good"},
    MarkName{Mark::kProbed, "probed", "five failures in a row, and a probe"},
    MarkName{Mark::kHeldByRetryAfter, "held_by_retry_after", "a Retry-After held all alerts"},
    MarkName{Mark::kRecoveredAt, "recovered_at", "a death was over when it was posted"},
    MarkName{Mark::kForgotten, "forgotten", "a dead agent was forgotten after its retention"},
    MarkName{Mark::kEvicted, "evicted", "a dead agent made room for a new one"},
    MarkName{Mark::kTableFull, "table_full", "a new agent was refused, the table being full"},
    MarkName{Mark::kDrained, "drained", "the collector drained before it stopped"},
    MarkName{Mark::kLeftAtShutdown, "left_at_shutdown", "alerts were left when it stopped"},
};

// --- what may fail ---

enum class Rule : std::uint8_t {
  kS1,
  kS2,
  kS3,
  kS4,
  kS5,
  kS6,
  kS7,
  kS8,
  kS9,
  kS10,
  kS11,
  kS12,
  kS13,
  kL1,
  kL2,
  kL3,
  kL4,
  kL5,
  kL6,
  kL7,
  kAlerts,
  kDetection,
  kThresholds,
  kReach,
};

struct RuleName {
  Rule rule;
  std::string_view name;
  std::string_view about;
};
inline constexpr std::array kRules{
    RuleName{Rule::kS1, "S1", "no death is decided before 2 x interval of silence"},
    RuleName{Rule::kS2, "S2", "at most one death a silence"},
    RuleName{Rule::kS3, "S3", "no alert about an agent that was never accepted"},
    RuleName{Rule::kS4, "S4", "EMERGENCY_MODE and RESTART_DETECTED exactly when the contract says"},
    RuleName{Rule::kS5, "S5", "a refused beat changes nothing, an accepted one counts"},
    RuleName{Rule::kS6, "S6", "alerts are conserved, and the metrics say the same"},
    RuleName{Rule::kS7, "S7", "the queue's bounds, and what goes first"},
    RuleName{Rule::kS8, "S8", "what was answered 2xx is never posted again; retries keep the key"},
    RuleName{Rule::kS9, "S9", "dedup hides only what is no longer true"},
    RuleName{Rule::kS10, "S10", "the wall clock decides nothing"},
    RuleName{Rule::kS11, "S11", "agents do not change each other's fate"},
    RuleName{Rule::kS12, "S12", "the table keeps its cap and evicts nobody in silence"},
    RuleName{Rule::kS13, "S13", "lists, metrics, streams and alerts agree at rest"},
    RuleName{Rule::kL1, "L1", "silence is decided within its deadline"},
    RuleName{Rule::kL2, "L2", "what is due is delivered once the Station takes it"},
    RuleName{Rule::kL3, "L3", "one pause kills nobody, and many hide no death"},
    RuleName{Rule::kL4, "L4", "after a restart every living agent is known again"},
    RuleName{Rule::kL5, "L5", "a revived agent is healthy with its first beat"},
    RuleName{Rule::kL6, "L6", "Retry-After is kept, and not by much more"},
    RuleName{Rule::kL7, "L7", "shutdown ends in time and accounts for what it leaves"},
    RuleName{Rule::kAlerts, "alerts", "expect.alerts"},
    RuleName{Rule::kDetection, "detection", "expect.detection"},
    RuleName{Rule::kThresholds, "thresholds", "a figure of expect beyond its bound"},
    RuleName{Rule::kReach, "reach", "expect.reach: a mark that was never hit"},
};

// --- canaries ---

// A lie of the harness between collector and oracle, so that a rule has something to catch.
enum class Sabotage : std::uint8_t {
  kSwallowBeat,
  kRepeatDeath,
  kRenameAlert,
  kSwallowEmergency,
  kCountRefusedBeat,
  kHideDelivery,
  kOverstayTtl,
  kRepostDelivered,
  kHideHeld,
  kWallMovesMonotonic,
  kDeafByName,
  kForgetLiving,
  kHideAgent,
  kHideFromObservers,
  kStopTicks,
  kStopDeliveries,
  kTimersFirst,
  kDeafAfterRestart,
  kStaleHealth,
  kIgnoreRetryAfter,
  kStretchRetryAfter,
  kLinger,
};

struct SabotageName {
  Sabotage sabotage;
  std::string_view name;
  std::string_view about;
};
inline constexpr std::array kSabotages{
    SabotageName{Sabotage::kSwallowBeat, "swallow_beat",
                 "a beat is answered 200 and never reaches the collector (S1)"},
    SabotageName{Sabotage::kRepeatDeath, "repeat_death",
                 "a death is told a second time, under another key (S2)"},
    SabotageName{Sabotage::kRenameAlert, "rename_alert",
                 "an alert names an agent that nobody ever heard (S3)"},
    SabotageName{Sabotage::kSwallowEmergency, "swallow_emergency",
                 "an EMERGENCY_MODE never leaves the collector (S4)"},
    SabotageName{Sabotage::kCountRefusedBeat, "count_refused_beat",
                 "a refused beat is handed to the collector all the same (S5)"},
    SabotageName{Sabotage::kHideDelivery, "hide_delivery",
                 "the collector hears of no answer to a post, ever (S6)"},
    SabotageName{Sabotage::kOverstayTtl, "overstay_ttl",
                 "an alert is posted after its time ran out (S7)"},
    SabotageName{Sabotage::kRepostDelivered, "repost_delivered",
                 "an alert answered 2xx is posted again (S8)"},
    SabotageName{Sabotage::kHideHeld, "hide_held",
                 "what was held back is lost when its window ends (S9)"},
    SabotageName{Sabotage::kWallMovesMonotonic, "wall_moves_monotonic",
                 "a step of the wall clock moves monotonic time, too (S10)"},
    SabotageName{Sabotage::kDeafByName, "deaf_by_name",
                 "by its id it is settled which beats of an agent get lost (S11)"},
    SabotageName{Sabotage::kForgetLiving, "forget_living",
                 "a living agent is forgotten, without a word (S12)"},
    SabotageName{Sabotage::kHideAgent, "hide_agent", "an agent is missing from the list (S13)"},
    SabotageName{Sabotage::kHideFromObservers, "hide_from_observers",
                 "who observes an agent is not sent one of its heartbeats (S13)"},
    SabotageName{Sabotage::kStopTicks, "stop_ticks", "the detector is not woken for a while (L1)"},
    SabotageName{Sabotage::kStopDeliveries, "stop_deliveries",
                 "deliveries are not fetched any more (L2)"},
    SabotageName{Sabotage::kTimersFirst, "timers_first",
                 "after a stall timers go before sockets (L3)"},
    SabotageName{Sabotage::kDeafAfterRestart, "deaf_after_restart",
                 "after a restart an agent is answered and, for minutes, not heard (L4)"},
    SabotageName{Sabotage::kStaleHealth, "stale_health",
                 "an agent that was dead is shown as unhealthy after its first beat (L5)"},
    SabotageName{Sabotage::kIgnoreRetryAfter, "ignore_retry_after",
                 "the collector is not told of Retry-After (L6)"},
    SabotageName{Sabotage::kStretchRetryAfter, "stretch_retry_after",
                 "the collector hears of a Retry-After of five minutes (L6)"},
    SabotageName{Sabotage::kLinger, "linger",
                 "the collector is still there long after its shutdown's time (L7)"},
};

// The enum's own order, so that a table is indexed by its enum.
template <class Table, class Member>
constexpr bool in_order(const Table& table, Member member) {
  for (std::size_t i = 0; i < table.size(); ++i) {
    if (static_cast<std::size_t>(table[i].*member) != i) return false;
  }
  return true;
}
static_assert(in_order(kMetrics, &MetricName::metric));
static_assert(in_order(kStatistics, &StatisticName::statistic));
static_assert(in_order(kExcuses, &ExcuseName::excuse));
static_assert(in_order(kMarks, &MarkName::mark));
static_assert(in_order(kRules, &RuleName::rule));
static_assert(in_order(kSabotages, &SabotageName::sabotage));

constexpr const MetricName& about(Metric m) { return kMetrics[static_cast<std::size_t>(m)]; }
constexpr std::string_view to_string(Statistic s) {
  return kStatistics[static_cast<std::size_t>(s)].name;
}
constexpr std::string_view to_string(Excuse e) {
  return kExcuses[static_cast<std::size_t>(e)].name;
}
constexpr std::string_view to_string(Mark m) { return kMarks[static_cast<std::size_t>(m)].name; }
constexpr std::string_view to_string(Rule r) { return kRules[static_cast<std::size_t>(r)].name; }
constexpr std::string_view to_string(Sabotage s) {
  return kSabotages[static_cast<std::size_t>(s)].name;
}

}  // namespace pap::sim
