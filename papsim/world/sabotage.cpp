// SPDX-License-Identifier: MIT
// The canaries: lies of the harness between collector and oracle, one for each rule, which that
// rule must catch. Nothing of this runs without `sabotage:` in the scenario.
#include <utility>

#include <nlohmann/json.hpp>

#include "papsim/world/collector_host.hpp"

namespace pap::sim {

namespace {

// Of the agent whose heartbeats are lied about.
constexpr AgentNumber kVictim = 0;
constexpr std::uint32_t kHonestBeats = 3;
// Of those that get lost by their agent's name: one in so many, never two running.
constexpr std::uint32_t kLostByName = 2;
constexpr WorldTime kDeaf = 240'000;
constexpr WorldTime kSleeps = 60'000;
constexpr std::chrono::minutes kStretched{5};

}  // namespace

bool CollectorHost::lie_about(const SeenBeat& beat, core::HeartbeatOutcome& outcome) {
  outcome = {true, false, false, beat.mode};
  if (lies(Sabotage::kDeafByName)) return loses_by_name(beat);
  if (beat.agent != kVictim) return false;
  if (lies(Sabotage::kDeafAfterRestart) && restarts_ > 0) {
    if (lied_++ == 0) honest_from_ = mono() + kDeaf;
    return mono() < honest_from_;
  }
  if (lies(Sabotage::kForgetLiving) && ++lied_ == kHonestBeats) {
    core_->remove(identities_.of(beat.agent), call());
    return false;
  }
  if (lies(Sabotage::kSwallowBeat) && ++lied_ > kHonestBeats) {
    witness_.accepted(mono(), beat, {false, false, beat.mode});
    return true;
  }
  if (lies(Sabotage::kCountRefusedBeat) && lied_++ == 0) {
    core_->heartbeat(identities_.of(beat.agent), {beat.mode, beat.uptime_seconds, {}}, call());
    witness_.refused(mono(), {beat.agent, beat.mode, -1});
    return true;
  }
  return false;
}

bool CollectorHost::loses_by_name(const SeenBeat& beat) {
  const std::string name = identities_.text_of(beat.agent);
  if ((name.front() & 1) == 0) return false;
  return ++beats_by_name_[beat.agent] % kLostByName == 0;
}

// What is told of an agent a second time was held back before.
bool CollectorHost::loses_held(std::string_view agent, std::string_view type) {
  return !told_before_.insert(std::string{type} + ' ' + std::string{agent}).second;
}

// It goes on listening, so that its time goes on, but nobody looks whose time is over.
bool CollectorHost::sleeps_through() {
  if (!lies(Sabotage::kStopTicks) || core_->agents() == 0) return false;
  if (mono() >= honest_from_) {
    honest_from_ = mono() + kSleeps;
    return false;
  }
  while (!core_->settle_health(call())) {
  }
  wheel_.add(wheel_.now() + 1'000, {0, tick_generation_, EventKind::kTick});
  return true;
}

bool CollectorHost::lie_about(core::Delivery& delivery) {
  auto alert = nlohmann::ordered_json::parse(delivery.body);
  const auto& type = alert.at("type").get_ref<const std::string&>();
  const bool swallowed = (lies(Sabotage::kSwallowEmergency) && type == "EMERGENCY_MODE") ||
                         (lies(Sabotage::kHideHeld) &&
                          loses_held(alert.at("agent_uuid").get_ref<const std::string&>(), type));
  if (swallowed) {
    core_->station_answered(delivery.sequence, {200, std::nullopt, "HTTP 200"}, call());
    return true;
  }
  if (lies(Sabotage::kRepeatDeath) && type == "AGENT_DEATH" && lied_++ == 0) {
    witness_.posted(mono(), delivery.idempotency_key + "-again", delivery.body);
    witness_.answered(mono(), delivery.idempotency_key + "-again", std::nullopt, std::nullopt);
  }
  if (lies(Sabotage::kRenameAlert) && lied_++ == 0) {
    alert["agent_uuid"] = "nobody";
    delivery.body = alert.dump();
  }
  return false;
}

void CollectorHost::lie_afterwards(const Post& post) {
  if (lies(Sabotage::kHideDelivery) && lied_++ == 0) return;
  core::StationAnswer answer = post.answer;
  if (lies(Sabotage::kIgnoreRetryAfter) && answer.retry_after) {
    answer = {503, std::nullopt, "HTTP 503"};
  }
  if (lies(Sabotage::kStretchRetryAfter) && answer.retry_after) answer.retry_after = kStretched;
  core_->station_answered(post.sequence, answer, call());

  const bool delivered = answer.status && *answer.status / 100 == 2;
  if (lies(Sabotage::kRepostDelivered) && delivered && lied_++ == 0) {
    witness_.posted(mono(), post.key, post.body);
  }
  if (!lies(Sabotage::kOverstayTtl)) return;
  if (!delivered && !overstaying_ && post.body.find("RESTART_DETECTED") != std::string::npos) {
    overstaying_ = post;
    overstays_at_ = mono() + scenario_.collector.alert_queue_ttl.count() + 1'000;
  } else if (overstaying_ && mono() >= overstays_at_ && lied_++ == 0) {
    witness_.posted(mono(), overstaying_->key, overstaying_->body);
  }
}

void CollectorHost::before_sockets(WorldTime stopped_at) {
  if (!lies(Sabotage::kTimersFirst)) return;
  // As if every timer that fell due meanwhile went off first, each at its own time.
  for (WorldTime at = stopped_at; at < wheel_.now(); at += 1'000) {
    core::Instant then = now();
    then.mono -= std::chrono::milliseconds{wheel_.now() - at};
    while (core_->tick(then)) {
    }
    for (const core::Notice& notice : core_->take_notices()) {
      if (notice.kind != core::Notice::Kind::kAgentDead) continue;
      witness_.decided_dead(mono(), identities_.find(notice.agent_id));
    }
  }
}

}  // namespace pap::sim
