// SPDX-License-Identifier: MIT
#pragma once

// Faults planted where people err, to see that the laboratory finds them: each at one place in the
// core, and none in what ships, where planted() is constant and false and compiles to nothing.
// papsim-mutants is built from the same sources with PAP_MUTANTS, and plants one at a time.
//
// Threads: plant() before any collector is made.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pap::core {

enum class Mutant : std::uint8_t {
  kSlackForgotten,
  kOneIntervalTooFew,
  kModeChangeIgnored,
  kDecidesTwice,
  kNamesNobody,
  kDecreaseIsRestart,
  kRestartFromLastHeard,
  kFirstEmergencyForgotten,
  kEmergencyAtStartTold,
  kRecoveryUnsaid,
  kDedupByAgent,
  kOvertakenSetsMode,
  kRefusedButCounted,
  kLapsedUncounted,
  kWithdrawnStillFlies,
  kDropsTheYoungest,
  kUrgencyInverted,
  kNeverExpires,
  kTwoInFlight,
  kBoundOffByOne,
  kKeyRenewed,
  kRefusedIsRetried,
  kHeldForEver,
  kWallClock,
  kSlackGrowsWithFleet,
  kForgetsAtOnce,
  kCapOffByOne,
  kEvictsTheLatest,
  kEventBeforeChange,
  kModeCountNotMoved,
  kHealthMarkStuck,
  kSliceDropsRest,
  kExcusedForEver,
  kGroupNeverEnds,
  kSleepersForgotten,
  kBackoffWithoutEnd,
  kProbeLost,
  kBackoffMissing,
  kStallCounts,
  kExcuseForgotten,
  kDeafToNewcomers,
  kHealthyWithTheSecondBeat,
  kRetryAfterForOne,
  kRetryAfterTwice,
  kDecidesWhileDraining,
  kProbesSideBySide,
  kRestsAfterPause,
  kLostWithTheDead,
  kWaitingUnexcused,
  kDeafnessInPieces,
  kDeathWaitsItsTurn,
  kOvertakesItsOwn,
};

struct MutantInfo {
  Mutant mutant;
  std::string_view name;
  std::string_view rule;  // the one that must catch it, whatever else does
  std::string_view about;
};

inline constexpr std::array kMutants{
    MutantInfo{Mutant::kSlackForgotten, "slack_forgotten", "S1",
               "death is decided at 2 x interval to the dot"},
    MutantInfo{Mutant::kOneIntervalTooFew, "one_interval_too_few", "S1",
               "death is decided after one interval"},
    MutantInfo{Mutant::kModeChangeIgnored, "mode_change_ignored", "S5",
               "an agent that goes to SLEEP keeps its old mode"},
    MutantInfo{Mutant::kDecidesTwice, "decides_twice", "S2", "each death is decided twice"},
    MutantInfo{Mutant::kNamesNobody, "names_nobody", "S3", "alerts lack the id's first letter"},
    MutantInfo{Mutant::kDecreaseIsRestart, "decrease_is_restart", "S4",
               "a lower uptime is a restart, margin or none"},
    MutantInfo{Mutant::kRestartFromLastHeard, "restart_from_last_heard", "S4",
               "a lower uptime is held against the last beat instead of the last start"},
    MutantInfo{Mutant::kFirstEmergencyForgotten, "first_emergency_forgotten", "S4",
               "an agent first seen in EMERGENCY is not told"},
    MutantInfo{Mutant::kEmergencyAtStartTold, "emergency_at_start_told", "S4",
               "old emergencies are told again after each start of the collector"},
    MutantInfo{Mutant::kRecoveryUnsaid, "recovery_unsaid", "S4",
               "a death that is over when it is posted does not say so"},
    MutantInfo{Mutant::kDedupByAgent, "dedup_by_agent", "S4",
               "one dedup window for all types of an agent's alerts"},
    MutantInfo{Mutant::kOvertakenSetsMode, "overtaken_sets_mode", "S5",
               "an overtaken beat sets mode and uptime"},
    MutantInfo{Mutant::kRefusedButCounted, "refused_but_counted", "S12",
               "with a full table a newcomer is taken in all the same"},
    MutantInfo{Mutant::kLapsedUncounted, "lapsed_uncounted", "S6",
               "held alerts that lapse are not counted"},
    MutantInfo{Mutant::kWithdrawnStillFlies, "withdrawn_still_flies", "S6",
               "an alert in flight does not know that its agent was removed"},
    MutantInfo{Mutant::kDropsTheYoungest, "drops_the_youngest", "S7",
               "from a full queue the most urgent, youngest goes"},
    MutantInfo{Mutant::kUrgencyInverted, "urgency_inverted", "S7",
               "the least urgent alert leaves first"},
    MutantInfo{Mutant::kNeverExpires, "never_expires", "S7", "nobody looks at the TTL"},
    MutantInfo{Mutant::kTwoInFlight, "two_in_flight", "S7",
               "an agent's next alert does not wait for the one in flight"},
    MutantInfo{Mutant::kBoundOffByOne, "bound_off_by_one", "S7", "one too many may count"},
    MutantInfo{Mutant::kKeyRenewed, "key_renewed", "S8", "each attempt has a key of its own"},
    MutantInfo{Mutant::kRefusedIsRetried, "refused_is_retried", "S8",
               "a 400 is taken for a trouble of the Station"},
    MutantInfo{Mutant::kHeldForEver, "held_for_ever", "S9",
               "a held alert is not released when its window ends"},
    MutantInfo{Mutant::kWallClock, "wall_clock", "S10", "silence is measured by the wall clock"},
    MutantInfo{Mutant::kSlackGrowsWithFleet, "slack_grows_with_fleet", "S11",
               "the more agents, the later a death"},
    MutantInfo{Mutant::kForgetsAtOnce, "forgets_at_once", "S12",
               "the dead are forgotten when they were told"},
    MutantInfo{Mutant::kCapOffByOne, "cap_off_by_one", "S12", "one agent more than MAX_AGENTS"},
    MutantInfo{Mutant::kEvictsTheLatest, "evicts_the_latest", "S12",
               "who was told dead last makes room"},
    MutantInfo{Mutant::kEventBeforeChange, "event_before_change", "S13",
               "observers are sent the state before the beat"},
    MutantInfo{Mutant::kModeCountNotMoved, "mode_count_not_moved", "S13",
               "a change of mode does not move the counts"},
    MutantInfo{Mutant::kHealthMarkStuck, "health_mark_stuck", "S13",
               "the mark of the first healthy agent stays when that one beats"},
    MutantInfo{Mutant::kSliceDropsRest, "slice_drops_rest", "L1",
               "a tick that has used up its slice says that it is done"},
    MutantInfo{Mutant::kExcusedForEver, "excused_for_ever", "L1",
               "who went silent in a pause is never found"},
    MutantInfo{Mutant::kGroupNeverEnds, "group_never_ends", "L1",
               "stalls, however far apart, go on excusing whom the first one excused"},
    MutantInfo{Mutant::kSleepersForgotten, "sleepers_forgotten", "L1",
               "the list of those in SLEEP is never looked at"},
    MutantInfo{Mutant::kBackoffWithoutEnd, "backoff_without_end", "L2",
               "the backoff doubles beyond its bound"},
    MutantInfo{Mutant::kProbeLost, "probe_lost", "L2", "after a failed probe there is no other"},
    MutantInfo{Mutant::kBackoffMissing, "backoff_missing", "thresholds",
               "a failed alert is posted again at once"},
    MutantInfo{Mutant::kStallCounts, "stall_counts", "L3",
               "time in which the collector could not hear counts as silence"},
    MutantInfo{Mutant::kExcuseForgotten, "excuse_forgotten", "L3",
               "nobody is excused after a pause"},
    MutantInfo{Mutant::kDeafToNewcomers, "deaf_to_newcomers", "L4",
               "nobody is admitted in the first minutes"},
    MutantInfo{Mutant::kHealthyWithTheSecondBeat, "healthy_with_the_second_beat", "L5",
               "a revived agent is shown as healthy one beat late"},
    MutantInfo{Mutant::kRetryAfterForOne, "retry_after_for_one", "L6",
               "only the alert that was asked to wait waits"},
    MutantInfo{Mutant::kRetryAfterTwice, "retry_after_twice", "L6",
               "a Retry-After is kept twice over"},
    MutantInfo{Mutant::kDecidesWhileDraining, "decides_while_draining", "L7",
               "deaths are decided while routes move away"},
    MutantInfo{Mutant::kProbesSideBySide, "probes_side_by_side", "S7",
               "a probe does not wait for the one that is on its way"},
    MutantInfo{Mutant::kRestsAfterPause, "rests_after_a_pause", "L2",
               "the end of a pause does not end the waits of what failed in it"},
    MutantInfo{Mutant::kLostWithTheDead, "lost_with_the_dead", "L2",
               "an emergency that is dropped while its agent is dead is never told"},
    MutantInfo{Mutant::kWaitingUnexcused, "waiting_unexcused", "L3",
               "a pause's end is when it is found, before what waited is heard"},
    MutantInfo{Mutant::kDeafnessInPieces, "deafness_in_pieces", "L3",
               "each second without room for a connection is a loss of its own"},
    MutantInfo{Mutant::kDeathWaitsItsTurn, "death_waits_its_turn", "L2",
               "a death waits until an alert of its agent's that failed is told"},
    MutantInfo{Mutant::kOvertakesItsOwn, "overtakes_its_own", "S7",
               "while an agent's alert rests, its next one leaves"},
};

// A row each, in the order of the enum: what has none would never be planted.
constexpr bool mutants_in_order() {
  for (std::size_t i = 0; i < kMutants.size(); ++i) {
    if (static_cast<std::size_t>(kMutants[i].mutant) != i) return false;
  }
  return kMutants.back().mutant == Mutant::kOvertakesItsOwn;
}
static_assert(mutants_in_order());

#ifdef PAP_MUTANTS
void plant(const MutantInfo* mutant);  // null: none
bool planted(Mutant mutant);
#else
constexpr bool planted(Mutant) { return false; }
#endif

}  // namespace pap::core
