// SPDX-License-Identifier: MIT
// The timeline, written out.

#include "papsim/scenario/actions.hpp"
#include "papsim/scenario/expand_parts.hpp"
#include "papsim/scenario/quantities.hpp"
#include "papsim/scenario/resolver.hpp"

namespace pap::sim {
namespace {

std::string one(std::string_view key, std::string_view value) {
  FlowMap out;
  out.add(key, value);
  return out.text();
}

std::string clock_text(bool step, bool drift, std::int64_t step_ms, std::int64_t drift_ppm) {
  if (step) return one("step", to_word(Millis{step_ms}));
  if (drift) return one("drift", share_word(drift_ppm));
  return one("freeze", "true");
}

std::string net_text(const NetFault& net) {
  FlowMap out;
  out.add("link", word_of("net", "link", net.link));
  out.add("loss", share_word(net.loss));
  out.add("delay", range_word(net.delay_from, net.delay_to));
  out.add("duplicate", share_word(net.duplicate));
  out.add("reorder", share_word(net.reorder));
  out.add("cut", word_of("net", "cut", net.cut));
  return out.text();
}

std::string station_text(const StationFault& fault) {
  using Kind = StationFault::Kind;
  FlowMap out;
  switch (fault.kind) {
    case Kind::kDown:
      out.add("down", "true");
      break;
    case Kind::kStatus:
      out.add("status", std::to_string(fault.status));
      break;
    case Kind::kSlow:
      out.add("slow", to_word(fault.delay));
      break;
    case Kind::kReset:
      out.add("reset", "true");
      break;
    case Kind::kHang:
      out.add("hang", "true");
      break;
    case Kind::kGarbage:
      out.add("garbage", "true");
      break;
    case Kind::kLimit:
      out.add("limit", std::to_string(fault.per_second));
      break;
    case Kind::kIds:
      out.add("ids", fault.uuid_only ? "uuid" : "any");
      break;
  }
  if (fault.retry_after) out.add("retry_after", to_word(*fault.retry_after));
  if (fault.kind != Kind::kLimit && fault.kind != Kind::kIds) {
    out.add("share", share_word(fault.share));
  }
  return out.text();
}

std::string collector_text(const CollectorFault& fault, std::optional<Millis> lasts) {
  using Kind = CollectorFault::Kind;
  const std::string how_long = lasts ? to_word(*lasts) : "true";
  const bool step = fault.kind == Kind::kWallStep || fault.kind == Kind::kMonotonicStep;
  const bool drift = fault.kind == Kind::kWallDrift || fault.kind == Kind::kMonotonicDrift;
  const std::string clock = clock_text(step, drift, fault.step_ms, fault.drift_ppm);
  switch (fault.kind) {
    case Kind::kPause:
      return one("pause", how_long);
    case Kind::kSuspend:
      return one("suspend", how_long);
    case Kind::kDeaf:
      return one("deaf", how_long);
    case Kind::kRestart: {
      FlowMap restart;
      restart.add("down", to_word(fault.down));
      restart.add("how", fault.kill ? "kill" : "term");
      return one("restart", restart.text());
    }
    case Kind::kStarve:
      return one("starve", share_word(fault.starve));
    case Kind::kWallStep:
    case Kind::kWallDrift:
    case Kind::kWallFreeze:
      return one("clock", one("wall", clock));
    case Kind::kMonotonicStep:
    case Kind::kMonotonicDrift:
      break;
  }
  return one("clock", one("monotonic", clock));
}

// How long a pause lasts stands in its verb where it happens at a moment.
std::optional<Millis> lasts_in_verb(const Entry& entry) {
  const auto* at = std::get_if<At>(&entry.when);
  return at != nullptr ? at->lasts : std::nullopt;
}

std::string action_text(const Entry& entry) {
  std::string verb(verb_of(entry.action));
  return std::visit(
      Overloaded{
          [&](const Freeze& freeze) { return one(verb, to_word(freeze.lasts)); },
          [&](const RestartAgent& restart) {
            FlowMap out;
            out.add("down", to_word(restart.down));
            out.add("identity", restart.new_identity ? "new" : "same");
            return one(verb, out.text());
          },
          [&](const SetMode& mode) { return one(verb, to_string(mode.mode)); },
          [&](const Swizzle& swizzle) { return one(verb, one("over", to_word(swizzle.over))); },
          [&](const AgentClock& clock) {
            return one(verb, clock_text(clock.kind == AgentClock::Kind::kStep,
                                        clock.kind == AgentClock::Kind::kDrift, clock.step_ms,
                                        clock.drift_ppm));
          },
          [&](const NetFault& net) { return one(verb, net_text(net)); },
          [&](const StationFault& fault) { return one(verb, station_text(fault)); },
          [&](const CollectorFault& fault) {
            return one(verb, collector_text(fault, lasts_in_verb(entry)));
          },
          [&](const auto&) { return verb; }},
      entry.action);
}

void add_when(FlowMap& out, const Entry& entry) {
  std::visit(Overloaded{[&](const At& at) {
                          out.add("at", to_word(at.time));
                          if (at.pace.over == Millis{0}) return;
                          FlowMap pace;
                          add_pace(pace, at.pace);
                          out.add("pace", pace.text());
                        },
                        [&](const Every& every) {
                          FlowMap map;
                          map.add("each", to_word(every.each));
                          map.add("from", to_word(every.from));
                          map.add("to", to_word(every.to));
                          if (every.lasts) map.add("lasts", to_word(*every.lasts));
                          out.add("every", map.text());
                        },
                        [&](const During& during) {
                          FlowList list;
                          list.add(to_word(during.from));
                          list.add(to_word(during.to));
                          out.add("during", list.text());
                        }},
             entry.when);
}

void add_who(FlowMap& out, const Scenario& scenario, const Entry& entry) {
  if (entry.who.sets.empty()) {
    if (std::holds_alternative<NetFault>(entry.action)) out.add("who", kCollectorItself);
    return;
  }
  if (!entry.who.pick) {
    out.add("who", set_text(scenario, entry.who.sets));
    return;
  }
  const Pick& pick = *entry.who.pick;
  FlowMap who;
  who.add("group", scenario.fleet[entry.who.sets.front().index].name);
  who.add("pick", pick.count ? std::to_string(*pick.count) : share_word(*pick.share));
  who.add("order", word_of("who", "order", pick.order));
  out.add("who", who.text());
}

}  // namespace

void append_timeline(std::string& out, const Scenario& scenario) {
  out += scenario.timeline.empty() ? "timeline: []\n" : "timeline:\n";
  for (const Entry& entry : scenario.timeline) {
    FlowMap map;
    map.add("id", entry.id);
    add_when(map, entry);
    add_who(map, scenario, entry);
    map.add("do", action_text(entry));
    out += "  - " + map.text() + '\n';
  }
}

}  // namespace pap::sim
