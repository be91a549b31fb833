// SPDX-License-Identifier: MIT
#include "papsim/world/collector_host.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "papsim/world/instants.hpp"
#include "papsim/world/notices.hpp"
#include "papsim/world/random_draws.hpp"

namespace pap::sim {

namespace {

// After which the collector gives a post up.
constexpr WorldTime kPostDeadline = 10'000;
// Agents that somebody observes, and what may wait for each; it never waits for longer than a call.
constexpr std::size_t kObserved = 32;
constexpr std::size_t kObserverBytes = 64 * 1024;
// Of those to an observer, the one that a canary hides.
constexpr std::uint32_t kHiddenMessage = 5;

WorldTime round_up(core::Nanos time) {
  return static_cast<WorldTime>(std::chrono::ceil<std::chrono::milliseconds>(time).count());
}

}  // namespace

core::CollectorSettings settings_of(const Scenario& scenario) {
  core::CollectorSettings settings;
  settings.cluster = {"papsim", "papsim"};
  const CollectorConfig& config = scenario.collector;
  settings.check_interval = config.zombie_check_interval;
  settings.alert_queue_max_size = config.alert_queue_max_size;
  settings.alert_queue_ttl = config.alert_queue_ttl;
  settings.agent_retention = config.agent_retention;
  settings.max_agents = config.max_agents;
  settings.has_station = config.has_station;
  return settings;
}

CollectorHost::CollectorHost(const Scenario& scenario, std::uint64_t seed,
                             const Identities& identities, Wheel& wheel, Links& links,
                             VirtualStation& station, Witness& witness)
    : scenario_(scenario),
      seed_(seed),
      identities_(identities),
      wheel_(wheel),
      links_(links),
      station_(station),
      witness_(witness) {}

core::Instant CollectorHost::now() const { return instant_of(mono(), wall_.read(wheel_.now())); }

core::Instant CollectorHost::call() {
  ++calls_;
  const WorldTime at = mono();
  witness_.called(at);
  return instant_of(at, wall_.read(wheel_.now()));
}

// --- life ---

void CollectorHost::start() { bring_up(); }

void CollectorHost::bring_up() {
  core::CollectorSettings settings = settings_of(scenario_);
  settings.seed = draw_at(mix(seed_ ^ 0x636f6c6cU), restarts_);
  settings.start_id = "start" + std::to_string(restarts_);
  core_ = std::make_unique<core::Collector>(std::move(settings), now());
  leaving_ = false;
  state_ = stops_ > 0 ? State::kStopped : State::kRunning;
  witness_.started(mono());
  observe_some();
  arm();
}

void CollectorHost::take_down() {
  witness_.stopped(mono(), *core_);
  if (ending_) ending_(*core_);
  state_ = State::kDown;
  ++tick_generation_;
  ++restarts_;
  waiting_answers_.clear();
}

void CollectorHost::drain() {
  witness_.draining(mono());
  core_->drain(call());
  pump();
}

void CollectorHost::stop_listening() {
  leaving_ = true;
  if (state_ == State::kRunning) state_ = State::kLeaving;
}

bool CollectorHost::quiet() const {
  const core::Outbox& outbox = core_->alerts().outbox();
  return state_ == State::kLeaving && outbox.waiting() + outbox.in_flight() == 0;
}

void CollectorHost::stop() {
  ++stops_;
  if (state_ != State::kDown) state_ = State::kStopped;
}

bool CollectorHost::resume() {
  if (stops_ > 0) --stops_;
  if (stops_ > 0 || state_ != State::kStopped) return false;
  state_ = leaving_ ? State::kLeaving : State::kRunning;
  witness_.goes_on(mono());
  return true;
}

void CollectorHost::answers_drained() {
  while (!waiting_answers_.empty()) {
    const std::uint32_t post = waiting_answers_.front();
    waiting_answers_.pop_front();
    hand_over(post);
  }
}

void CollectorHost::hears_nobody(WorldTime since) {
  const core::Instant instant = call();
  core_->hears_nobody(instant_of(since, 0).mono, instant);
  witness_.hears_nobody(mono(), since);
  pump();
  arm();
}

void CollectorHost::hears_all(WorldTime since) {
  const core::Instant instant = call();
  core_->hears_all(instant_of(since, 0).mono, instant);
  witness_.hears_all(mono(), since);
}

void CollectorHost::drained() {
  answers_drained();
  const core::Instant instant = call();
  core_->caught_up(instant);
  witness_.caught_up(mono());
  tick();
}

// --- requests ---

core::HeartbeatOutcome CollectorHost::heartbeat(const SeenBeat& beat) {
  core::HeartbeatOutcome lie;
  if (scenario_.sabotage && lie_about(beat, lie)) return lie;
  const core::Instant instant = call();
  const WorldTime at = mono();
  const core::HeartbeatOutcome outcome =
      core_->heartbeat(identities_.of(beat.agent), {beat.mode, beat.uptime_seconds, {}}, instant);
  if (core_->events().any_woken()) tell_streams();
  // To make room for it, another may have gone.
  if (outcome.is_new && core_->has_work()) tell_notices();
  if (outcome.accepted) {
    witness_.accepted(at, beat, {outcome.is_new, outcome.restart_detected, outcome.mode});
  } else {
    witness_.refused(at, beat);
  }
  if (core_->has_work()) {
    pump();
    arm();
  }
  return outcome;
}

bool CollectorHost::remove(AgentNumber agent) {
  const bool removed = core_->remove(identities_.of(agent), call());
  if (core_->events().any_woken()) tell_streams();
  if (removed) witness_.removed(mono(), agent);
  pump();
  return removed;
}

std::size_t CollectorHost::count_listed() {
  while (!core_->settle_health(call())) {
  }
  std::size_t count = 0;
  std::string piece;
  auto list = core_->begin_list({}, std::nullopt, {});
  while (!list->done) {
    piece.clear();
    core_->continue_list(*list, piece, now());
    for (std::size_t at = 0; (at = piece.find("\"agent_uuid\"", at)) != std::string::npos; ++at) {
      ++count;
    }
  }
  return lies(Sabotage::kHideAgent) && count > 0 ? count - 1 : count;
}

std::optional<bool> CollectorHost::shows_healthy(AgentNumber agent) {
  std::string answer;
  if (!core_->append_agent(answer, identities_.of(agent), now())) return std::nullopt;
  if (lies(Sabotage::kStaleHealth)) return false;
  return nlohmann::json::parse(answer).at("agent").at("healthy").get<bool>();
}

// --- time ---

void CollectorHost::arm(WorldTime soonest) {
  if (state_ == State::kDown) return;
  const core::Instant instant = now();
  const core::MonotonicTime latest = instant.mono + core::kCallEvery;
  const core::MonotonicTime due = std::min(core_->next_deadline(instant), latest);
  const WorldTime wait = world_time_of(due) - mono();
  wheel_.add(wheel_.now() + std::max(wait, soonest), {0, ++tick_generation_, EventKind::kTick});
}

void CollectorHost::on_tick(std::uint32_t generation) {
  if (generation != tick_generation_) return;
  if (state_ != State::kRunning && state_ != State::kLeaving) return;
  if (scenario_.sabotage && sleeps_through()) return;
  tick();
}

void CollectorHost::tick() {
  bool more = true;
  while (more) {
    more = core_->tick(call(), scenario_.collector.slice);
    pump();
  }
  if (ticked_) ticked_();
  arm(1);  // what is due in this very millisecond has been done
}

// --- effects ---

void CollectorHost::tell_notices() {
  if (core_->events().any_woken()) tell_streams();
  tell(witness_, mono(), identities_, core_->take_notices());
}

// Some agents are observed all along, so that what observers see is judged too.
void CollectorHost::observe_some() {
  observed_.clear();
  const std::size_t count = identities_.size();
  const std::size_t some = std::min(count, kObserved);
  std::set<AgentNumber> agents;  // by id, which several may share
  for (std::size_t i = 0; i < some; ++i) {
    agents.insert(
        identities_.find(identities_.text_of(static_cast<AgentNumber>(i * count / some))));
  }
  for (const AgentNumber agent : agents) {
    const core::Watch watch{identities_.text_of(agent), std::nullopt, {}};
    observed_.emplace(core_->observe(watch, kObserverBytes, now()), agent);
  }
  tell_streams();
}

void CollectorHost::tell_streams() {
  for (const core::ObserverId observer : core_->events().take_woken()) {
    const AgentNumber agent = observed_.at(observer);
    while (const core::Message message = core_->events().next(observer)) {
      if (lies(Sabotage::kHideFromObservers) && agent == 0 && lied_++ == kHiddenMessage) continue;
      witness_.streamed(mono(), agent, *message);
    }
  }
}

void CollectorHost::pump() {
  tell_notices();
  while (core_->has_work() && !lies(Sabotage::kStopDeliveries)) {
    auto delivery = core_->next_delivery(call());
    tell_notices();
    if (!delivery) break;
    post(std::move(*delivery));
  }
}

void CollectorHost::post(core::Delivery delivery) {
  ++posts_;
  if (scenario_.sabotage && lie_about(delivery)) return;
  witness_.posted(mono(), delivery.idempotency_key, delivery.body);
  const auto alert = nlohmann::json::parse(delivery.body);
  const auto& agent_id = alert.at("agent_uuid").get_ref<const std::string&>();
  StationReply reply = carry(identities_.find(agent_id), agent_id);
  if (reply.stored) {
    ++stored_;
    if (!stored_keys_.insert(delivery.idempotency_key).second) ++stored_twice_;
  }

  std::uint32_t index = static_cast<std::uint32_t>(posts_in_flight_.size());
  if (free_posts_.empty()) {
    posts_in_flight_.emplace_back();
  } else {
    index = free_posts_.back();
    free_posts_.pop_back();
  }
  posts_in_flight_[index] = {delivery.sequence,
                             restarts_,
                             std::move(delivery.idempotency_key),
                             std::move(reply.answer),
                             {}};
  if (scenario_.sabotage) posts_in_flight_[index].body = std::move(delivery.body);
  wheel_.add(reply.at, {0, index, EventKind::kStationAnswer});
}

// To the Station and back, over the collector's own link.
StationReply CollectorHost::carry(AgentNumber agent, std::string_view agent_id) {
  const WorldTime now = wheel_.now();
  const LinkCondition& link =
      links_.to_station(link_).clean() ? links_.to_collector(link_) : links_.to_station(link_);
  if (link.clean()) return station_.post(now, agent, agent_id);
  const auto chance = [&](PartsPerMillion share) {
    return share != 0 && scale(draw_at(mix(seed_ ^ 0x6c696e6bU), link_draws_++), kAll) < share;
  };
  const WorldTime deadline = now + kPostDeadline;
  const core::StationAnswer nothing{std::nullopt, std::nullopt, "no answer within 10 s"};
  if (link.cut == Cut::kTo || link.cut == Cut::kBoth || chance(link.loss)) {
    links_.bite(link);
    return {deadline, nothing, false};
  }
  StationReply reply = station_.post(now, agent, agent_id);
  if (link.cut == Cut::kFrom || chance(link.loss)) {
    links_.bite(link);
    return {deadline, nothing, reply.stored};
  }
  if (link.delay_to > Millis{0}) {
    links_.bite(link);
    reply.at += link.delay_to.count();
  }
  if (reply.at > deadline) return {deadline, nothing, reply.stored};
  return reply;
}

void CollectorHost::on_station_answer(std::uint32_t index) {
  Post& post = posts_in_flight_[index];
  if (post.life != restarts_ || state_ == State::kDown) {
    free_posts_.push_back(index);
  } else if (state_ == State::kStopped) {
    waiting_answers_.push_back(index);
  } else {
    hand_over(index);
    arm();
  }
}

void CollectorHost::hand_over(std::uint32_t index) {
  const Post post = std::move(posts_in_flight_[index]);
  free_posts_.push_back(index);
  std::optional<WorldTime> retry_after;
  if (post.answer.retry_after) retry_after = round_up(*post.answer.retry_after);
  witness_.answered(mono(), post.key, post.answer.status, retry_after);
  if (scenario_.sabotage) {
    lie_afterwards(post);
  } else {
    core_->station_answered(post.sequence, post.answer, call());
  }
  pump();
}

}  // namespace pap::sim
