// SPDX-License-Identifier: MIT
// The plan carried out over sockets, step by step, and what the Station does with a post.
#include <csignal>

#include <nlohmann/json.hpp>

#include "papsim/live/live_world.hpp"
#include "papsim/live/station_reply.hpp"
#include "papsim/run/step_words.hpp"
#include "papsim/stand_in/alert_rules.hpp"
#include "papsim/world/collector_host.hpp"

namespace pap::sim {

namespace {

constexpr WorldTime kLookAgainAfter = 10;

}  // namespace

void LiveWorld::carry_out(const Step& step) {
  const bool ends = step.kind == StepKind::kEnd || step.kind == StepKind::kThaw;
  if (ends) {
    book_.end(step.entry, read_figures());
  } else {
    book_.begin(step.entry, read_figures());
  }
  const Entry& entry = scenario_.timeline[step.entry];
  const auto who = plan_.who_of(step);
  options_.tell(who.empty()
                    ? (std::holds_alternative<StationFault>(entry.action) ? "Station" : "collector")
                    : "fleet",
                words_of(step));
  if (const auto* fault = std::get_if<StationFault>(&entry.action)) {
    return station_.follow(step, *fault, who);
  }
  if (const auto* fault = std::get_if<CollectorFault>(&entry.action)) {
    return collector_fault(step, *fault);
  }
  for (const AgentNumber number : who) {
    const AgentNumber id = plan_.agents[number].same_id_as;
    const bool begins = step.kind == StepKind::kStart || step.kind == StepKind::kThaw;
    if (begins && !truth_of(id).beating) lived_since_[id] = wheel_.now();
    fleet_.act(step, entry, number);
  }
}

// "cut: 5 agents: their processes end", or with its name of one.
std::string LiveWorld::words_of(const Step& step) const {
  const Entry& entry = scenario_.timeline[step.entry];
  const auto who = plan_.who_of(step);
  std::string words = entry.id + ": ";
  if (who.size() == 1) words += identities_.text_of(plan_.agents[who[0]].same_id_as) + ": ";
  if (who.size() > 1) words += std::to_string(who.size()) + " agents: ";
  return words + step_words(step, entry, who.size() <= 1);
}

void LiveWorld::collector_fault(const Step& step, const CollectorFault& fault) {
  using Kind = CollectorFault::Kind;
  const bool begins = step.kind != StepKind::kEnd;
  if (collector_bites_.size() <= step.entry) collector_bites_.resize(step.entry + 1);
  if (begins) ++collector_bites_[step.entry];
  switch (fault.kind) {
    case Kind::kPause:
      return begins ? stop_collector() : let_collector_go_on();
    case Kind::kStarve:
      starve_ = begins ? fault.starve : 0;
      if (begins) later(wheel_.now(), kStarve);
      return;
    case Kind::kRestart:
      if (!begins) return;
      while (stopped_ > 0) let_collector_go_on();
      down_for_ = fault.down.count();
      if (!fault.kill) oracle_.told_to_end(real_now());
      collector_->signal(fault.kill ? SIGKILL : SIGTERM);
      return later(wheel_.now() + kLookAgainAfter, kLookForEnd);
    default:
      return;  // refused before the run (live_refusals)
  }
}

void LiveWorld::on_collector(std::uint32_t what) {
  const WorldTime now = wheel_.now();
  switch (what) {
    case kLookForEnd:
      if (collector_->running()) return later(now + kLookAgainAfter, kLookForEnd);
      wait(Nanos{0});  // what it said last is of the life that is over
      oracle_.ended(real_now());
      return later(now + down_for_, kComeUp);
    case kComeUp:
      collector_->start();
      ++restarts_;
      return;
    case kStarve:
      if (starve_ == 0) return;
      stop_collector();
      later(now + kStarvePeriod * starve_ / kAll, kGoOn);
      return later(now + kStarvePeriod, kStarve);
    case kGoOn:
      return let_collector_go_on();
    case kScrape: {
      later(now + kScrapeEvery, kScrape);
      options_.each_second(*this);
      const std::uint32_t index = new_request(What::kScrape);
      return client_->send(static_cast<std::uint32_t>(fleet_.size()), index,
                           writer_->get("/metrics", {}));
    }
    case kRead:
      for (const auto& observer : observers_) observer->read();
      return later(now + SlowObserver::kReadEvery, kRead);
    default:
      return;
  }
}

void LiveWorld::stop_collector() {
  if (stopped_++ > 0) return;
  collector_->signal(SIGSTOP);
  oracle_.stopped(real_now());
}

void LiveWorld::let_collector_go_on() {
  if (stopped_ == 0 || --stopped_ > 0) return;
  collector_->signal(SIGCONT);
  oracle_.went_on(real_now());
}

void LiveWorld::heal() {
  healed_ = true;
  station_.heal();
  starve_ = 0;
  while (stopped_ > 0) let_collector_go_on();
  fleet_.heal();
}

std::uint64_t LiveWorld::bites(std::uint32_t entry) const {
  const std::uint64_t collector = entry < collector_bites_.size() ? collector_bites_[entry] : 0;
  return collector + links_.bites(entry) + station_.bites(entry).refused;
}

StationAct LiveWorld::on_post(const ReceivedAlert& received) {
  const WorldTime now = std::max(real_now(), wheel_.now());
  const AlertRules rules{kStationKey, false};
  if (const auto refusal = check_alert(rules, header_of(received, "authorization"),
                                       header_of(received, "content-type"), received.body)) {
    oracle_.malformed(now, refusal->error + ": " + received.body);
    return StationAct::judge();
  }
  ++posts_;
  options_.tell("Station", line_of(received));
  const std::string key = key_of(received);
  const std::string id = received.alert.value("agent_uuid", "");
  const StationReply reply = station_.post(now, identities_.find(id), id);
  oracle_.posted(now, key, received.alert);
  oracle_.answered(reply.at, key, reply.answer.status, retry_after_of(reply));
  if (reply.stored) {
    ++stores_;
    if (!stored_.insert(key).second) ++stored_twice_;
  }
  return act_of(reply, now);
}

}  // namespace pap::sim
