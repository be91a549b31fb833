// SPDX-License-Identifier: MIT
#include "papsim/world/virtual_station.hpp"

#include <algorithm>

#include "pap/protocol/agent_id.hpp"
#include "papsim/world/random_draws.hpp"

namespace pap::sim {

namespace {

constexpr WorldTime kLatency = 5;          // of a Station that is well
constexpr WorldTime kDeadline = 10'000;    // after which the collector gives an answer up
constexpr WorldTime kBeatTimeout = 5'000;  // … and an agent does

core::StationAnswer nothing(const char* reason) { return {std::nullopt, std::nullopt, reason}; }

core::StationAnswer status(std::uint16_t code, std::optional<Millis> retry_after = {}) {
  core::StationAnswer answer{code, std::nullopt, "HTTP " + std::to_string(code)};
  if (retry_after) answer.retry_after = *retry_after;
  return answer;
}

}  // namespace

VirtualStation::VirtualStation(std::uint64_t seed) : stream_(mix(seed ^ 0x73746174U)) {}

void VirtualStation::follow(const Step& step, const StationFault& fault,
                            std::span<const AgentNumber> who) {
  if (step.kind == StepKind::kEnd) return end(step.entry);
  begin(step.entry, fault, {who.begin(), who.end()});
}

void VirtualStation::begin(std::size_t entry, const StationFault& fault,
                           std::vector<AgentNumber> who) {
  std::sort(who.begin(), who.end());
  const auto after = std::find_if(faults_.begin(), faults_.end(),
                                  [entry](const Active& a) { return a.entry > entry; });
  faults_.insert(after, {entry, fault, std::move(who)});
}

void VirtualStation::end(std::size_t entry) {
  std::erase_if(faults_, [entry](const Active& a) { return a.entry == entry; });
}

void VirtualStation::bite(std::size_t entry) {
  if (bites_.size() <= entry) bites_.resize(entry + 1);
  ++bites_[entry].refused;
}

bool VirtualStation::concerns(const Active& active, AgentNumber agent) {
  return active.who.empty() || std::binary_search(active.who.begin(), active.who.end(), agent);
}

const VirtualStation::Active* VirtualStation::met(AgentNumber agent) {
  for (auto active = faults_.rbegin(); active != faults_.rend(); ++active) {
    const StationFault& fault = active->fault;
    if (fault.kind == StationFault::Kind::kIds || !concerns(*active, agent)) continue;
    if (fault.share == kAll || scale(draw_at(stream_, draws_++), kAll) < fault.share) {
      return &*active;
    }
  }
  return nullptr;
}

bool VirtualStation::uuids_only(AgentNumber agent) const {
  for (auto active = faults_.rbegin(); active != faults_.rend(); ++active) {
    if (active->fault.kind == StationFault::Kind::kIds && concerns(*active, agent)) {
      return active->fault.uuid_only;
    }
  }
  return false;
}

StationReply VirtualStation::post(WorldTime now, AgentNumber agent, std::string_view agent_id) {
  using Kind = StationFault::Kind;
  using How = StationReply::How;
  const auto bitten = [this](const Active& active, StationReply reply) {
    bite(active.entry);
    return reply;
  };
  WorldTime latency = kLatency;
  if (const Active* active = met(agent)) {
    const StationFault& fault = active->fault;
    switch (fault.kind) {
      case Kind::kDown:
        return bitten(*active, {now + 1, nothing("connection refused"), false, How::kRefusal});
      case Kind::kHang:
        return bitten(*active,
                      {now + kDeadline, nothing("no answer within 10 s"), false, How::kHang});
      case Kind::kReset:
        return bitten(*active, {now + kLatency, nothing("connection reset"), true, How::kReset});
      case Kind::kGarbage:
        return bitten(*active, {now + kLatency, nothing("not HTTP"), false, How::kGarbage});
      case Kind::kStatus:
        return bitten(*active,
                      {now + kLatency, status(fault.status, fault.retry_after), false, {}});
      case Kind::kLimit:
        if (now / 1000 != second_) {
          second_ = now / 1000;
          taken_in_second_ = 0;
        }
        if (taken_in_second_ >= fault.per_second) {
          return bitten(*active, {now + kLatency, status(429, fault.retry_after), false, {}});
        }
        ++taken_in_second_;
        break;
      case Kind::kSlow:
        latency = fault.delay.count();
        bite(active->entry);
        if (latency >= kDeadline) {
          return {now + kDeadline, nothing("no answer within 10 s"), true, How::kHang};
        }
        break;
      case Kind::kIds:
        break;
    }
  }
  if (uuids_only(agent) && !protocol::is_station_uuid(agent_id)) {
    return {now + latency, status(400), false, {}};
  }
  return {now + latency, status(200), true, {}};
}

VirtualStation::Beat VirtualStation::beat(WorldTime now, AgentNumber agent) {
  const Active* active = met(agent);
  if (active == nullptr) return {now + kLatency, true};
  const Beat beat = beat_under(active->fault, now);
  if (!beat.taken || beat.ended > now + kLatency) {
    bite(active->entry);
  }
  return beat;
}

VirtualStation::Beat VirtualStation::beat_under(const StationFault& fault, WorldTime now) {
  using Kind = StationFault::Kind;
  switch (fault.kind) {
    case Kind::kDown:
      return {now + 1, false};
    case Kind::kHang:
      return {now + kBeatTimeout, false};
    case Kind::kReset:
    case Kind::kGarbage:
      return {now + kLatency, false};
    case Kind::kStatus:
      return {now + kLatency, fault.status / 100 == 2};
    case Kind::kSlow: {
      const WorldTime latency = fault.delay.count();
      if (latency >= kBeatTimeout) return {now + kBeatTimeout, false};
      return {now + latency, true};
    }
    case Kind::kLimit:
    case Kind::kIds:
      break;
  }
  return {now + kLatency, true};
}

}  // namespace pap::sim
