// SPDX-License-Identifier: MIT
#include "papsim/capacity/trial.hpp"

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <utility>
#include <vector>

#include "papsim/live/live_run.hpp"
#include "papsim/live/local_process.hpp"
#include "papsim/scenario/scenario_file.hpp"

namespace pap::sim {

namespace {

constexpr WorldTime kSecond = 1'000;
constexpr WorldTime kMinute = 60'000;
constexpr WorldTime kStationAway = 10 * kMinute;

std::string ms(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f ms", value);
  return text;
}

std::string percent(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f %%", value);
  return text;
}

// What happens, when the measuring begins and when the run ends.
struct Course {
  std::string timeline;
  std::string expect;
  WorldTime from = 0;
  WorldTime to = 0;
  WorldTime settle = 10 * kSecond;
  std::string canaries_in = {};  // instead of the fleet's modes
};

std::string at(WorldTime time) { return std::to_string(time) + "ms"; }

std::string cut(WorldTime time) {
  return "  - {id: cut, at: " + at(time) + ", who: canaries, do: die}\n";
}

constexpr const char* kEachOnce = "AGENT_DEATH: {exactly: cut, times: 1}, \"*\": any";

Course course_of(const TrialWish& wish, WorldTime interval) {
  Course course;
  course.expect = kEachOnce;
  const WorldTime slack = interval / 10 + 10 * kSecond;
  const WorldTime death = 2 * interval + slack;
  const WorldTime warm = 3 * interval;
  switch (wish.incident) {
    case Incident::kNone:
      if (wish.proof) {
        course.from = interval + kSecond;
        course.to = course.from + interval;
        course.settle = 0;
        course.expect = "AGENT_DEATH: none, \"*\": any";
        break;
      }
      if (wish.quick) {
        course.from = interval + kSecond;
        course.to = course.from + std::min<WorldTime>(interval, 10 * kSecond);
        course.canaries_in = "EMERGENCY: 100%";
        course.timeline = cut(interval / 3);
        course.settle = 5 * kSecond;
        break;
      }
      course.from = warm;
      course.to = warm + std::max(2 * interval, kMinute) * (wish.is_long ? 2 : 1);
      course.timeline = cut(std::max<WorldTime>(course.to - death, interval));
      break;
    case Incident::kEmergency:
      course.from = interval + 10 * kSecond;
      course.to = course.from + interval + kMinute;
      // Over one of its intervals: the load is six times that of IDLE from then on. All in one
      // instant would be a test of how fast one process can make connections: ours.
      course.timeline = "  - {id: storm, at: " + at(course.from) +
                        ", pace: {over: 5s, by: spread}, who: [fleet, canaries], "
                        "do: {mode: EMERGENCY}}\n" +
                        cut(course.from + interval + 10 * kSecond);
      break;
    case Incident::kTenthDies:
      course.from = interval + 10 * kSecond;
      course.to = course.from + death + interval;
      course.settle = kMinute;
      course.timeline = "  - {id: tenth, at: " + at(course.from) +
                        ", who: {group: fleet, pick: 10%}, do: die}\n" + cut(course.from);
      course.expect = "AGENT_DEATH: {exactly: [tenth, cut], times: 1}, \"*\": any";
      break;
    case Incident::kStationDown:
      course.from = interval + 10 * kSecond;
      course.to = course.from + kStationAway + death;
      course.settle = 2 * kMinute;
      course.timeline = "  - {id: dark, during: [" + at(course.from) + ", " +
                        at(course.from + kStationAway) + "], do: {station: down}}\n" +
                        cut(course.from + kMinute);
      break;
    case Incident::kRestart: {
      // Who met no collector stays away for a minute; then all are known again.
      const WorldTime upgrade = interval + 10 * kSecond;
      course.from = upgrade + kMinute + 2 * interval + 10 * kSecond;
      course.to = course.from + death + interval;
      course.timeline = "  - {id: upgrade, at: " + at(upgrade) +
                        ", do: {collector: {restart: {down: 1s, how: term}}}}\n" + cut(course.from);
      break;
    }
  }
  return course;
}

std::uint32_t canaries_of(const TrialWish& wish) {
  return std::max(wish.agents / kOneCanaryIn, 1U);
}

const Check* worst_of(const SeedResult& run, Verdict verdict) {
  for (const Check& check : run.checks) {
    if (check.verdict == verdict) return &check;
  }
  return nullptr;
}

std::string words_of(const Check& check) {
  std::string words = check.rule + ": " + check.what;
  if (!check.value.empty()) words += ": " + check.value;
  if (!check.bound.empty()) words += ", bound " + check.bound;
  return words;
}

// What was used in the window, as far as it can be seen.
void add_use(TrialResult& result, const Gauge::Window& window, const Limits& limits) {
  const auto beats = static_cast<double>(std::max<std::uint64_t>(window.accepted, 1));
  result.own_cpu_us_per_beat = static_cast<double>(window.own_cpu.count()) / beats;
  if (!window.first || !window.last) return;
  result.resident_bytes = window.last->resident_bytes;
  // A collector that was started anew in between has used other time and memory.
  const auto cpu = window.last->cpu - window.first->cpu;
  if (cpu.count() < 0 || result.wish.incident == Incident::kRestart) return;
  const double cores = limits.cpu_millicores > 0 ? limits.cpu_millicores / 1000.0 : 1;
  result.cpu_percent =
      100.0 * static_cast<double>(cpu.count()) / static_cast<double>(window.span.count()) / cores;
  if (cpu >= kLeastCpuToShare) {
    result.cpu_us_per_beat = 1000.0 * static_cast<double>(cpu.count()) / beats;
  }
  result.grew_bytes = static_cast<std::int64_t>(window.last->resident_bytes) -
                      static_cast<std::int64_t>(window.first->resident_bytes);
}

// Empty when it holds.
std::string what_failed(const TrialResult& result, const SeedResult& run,
                        const Gauge::Window& window, const Limits& limits, bool quota_is_kept) {
  const bool calm = result.wish.incident == Incident::kNone;
  if (!result.wish.proof) {
    if (const Check* broken = worst_of(run, Verdict::kFailed)) return words_of(*broken);
  }
  if (window.failed > 0) {
    return std::to_string(window.failed) + " of " + std::to_string(window.planned) +
           " heartbeats had no good answer";
  }
  const std::uint64_t most = calm ? kMostAnswerP99Us : kMostAnswerP99InIncidentUs;
  if (result.answer_us.p99 >= most) {
    return "answers take " + ms(static_cast<double>(result.answer_us.p99) / 1000) +
           " at p99, bound " + ms(static_cast<double>(most) / 1000);
  }
  if (limits.memory_bytes > 0 && result.resident_bytes.value_or(0) > limits.memory_bytes) {
    return "memory " + std::to_string(*result.resident_bytes) + " bytes, quota " +
           std::to_string(limits.memory_bytes);
  }
  if (calm && result.grew_bytes && *result.grew_bytes > static_cast<std::int64_t>(kMostGrowth)) {
    return "memory grew by " + std::to_string(*result.grew_bytes) + " bytes, bound " +
           std::to_string(kMostGrowth);
  }
  if (!result.cpu_percent) return {};
  if (calm && *result.cpu_percent > kMostCpuPercent) {
    return "CPU " + percent(*result.cpu_percent) + " of the quota, bound " +
           percent(kMostCpuPercent);
  }
  // The margin is for incidents; beyond the quota a control group would have held it back.
  if (!calm && limits.cpu_millicores > 0 && !quota_is_kept && *result.cpu_percent > 100) {
    return "CPU " + percent(*result.cpu_percent) + " of the quota, bound 100 %";
  }
  return {};
}

}  // namespace

std::string_view to_string(Incident incident) {
  switch (incident) {
    case Incident::kNone:
      return "calm";
    case Incident::kEmergency:
      return "everyone into EMERGENCY";
    case Incident::kTenthDies:
      return "10 % die at once";
    case Incident::kStationDown:
      return "Station down 10 min";
    case Incident::kRestart:
      return "collector restarted";
  }
  return "";
}

TrialStory story_of(const TrialWish& wish) {
  const Course course = course_of(wish, wish.mix.longest_interval);
  const std::uint32_t canaries = canaries_of(wish);
  const std::uint32_t others = std::max(wish.agents, canaries + 1) - canaries;
  const auto group = [](const char* name, std::uint32_t count, const std::string& mix) {
    return std::string{"  "} + name + ": {count: " + std::to_string(count) + ", mode: {" + mix +
           "}, jitter: 10%, uptime: 1h}\n";
  };
  TrialStory story;
  story.measured_from = course.from;
  story.lasts = course.to + course.settle;
  story.text =
      "papsim: 1\nname: capacity\nabout: A fleet of one size, and canaries that die.\nrun: {for: " +
      at(course.to) + ", settle: " + at(course.settle) + "}\nfleet:\n" +
      group("fleet", others, wish.mix.as_yaml) +
      group("canaries", canaries,
            course.canaries_in.empty() ? wish.mix.as_yaml : course.canaries_in) +
      (course.timeline.empty() ? "" : "timeline:\n" + course.timeline) + "expect: {alerts: {" +
      course.expect + "}}\n";
  return story;
}

TrialResult judge(const TrialWish& wish, const SeedResult& run, const Gauge::Window& window,
                  const Limits& limits, bool quota_is_kept) {
  TrialResult result;
  result.wish = wish;
  result.canaries = canaries_of(wish);
  if (const Check* hindrance = worst_of(run, Verdict::kVoid)) {
    result.why = words_of(*hindrance);
    return result;
  }
  if (window.span.count() <= 0 || window.accepted == 0) {
    result.why = "nothing was measured";
    return result;
  }
  result.rate =
      1000.0 * static_cast<double>(window.planned) / static_cast<double>(window.span.count());
  result.answer_us = percentiles_of(window.answer);
  result.lag_us = percentiles_of(window.lag);
  add_use(result, window, limits);
  const std::uint64_t most_lag =
      wish.incident == Incident::kNone ? kMostOwnLagP99Us : kMostOwnLagP99InIncidentUs;
  if (result.lag_us.p99 > most_lag) {
    result.why = "we are late ourselves: " + ms(static_cast<double>(result.lag_us.p99) / 1000) +
                 " at p99, bound " + ms(static_cast<double>(most_lag) / 1000);
    return result;
  }
  if (!wish.proof) {
    if (const Check* untested = worst_of(run, Verdict::kUntested)) {
      result.why = words_of(*untested);
      return result;
    }
  }
  result.why = what_failed(result, run, window, limits, quota_is_kept);
  result.outcome = result.why.empty() ? TrialOutcome::kHeld : TrialOutcome::kFailed;
  return result;
}

TrialResult run_trial(const TrialWish& wish, LiveOptions live, const Limits& limits,
                      bool quota_is_kept, const std::function<bool()>& stop) {
  constexpr std::uint64_t kSeed = 1;
  TrialResult result;
  result.wish = wish;
  const TrialStory story = story_of(wish);
  const auto file = ScenarioFile::from_text("capacity", story.text);
  std::vector<Problem> problems = file.problems();
  const auto scenario = file.good() ? file.scenario(kSeed, problems) : std::nullopt;
  if (!scenario) {
    result.why = problems.front().message;
    return result;
  }
  Gauge gauge(story.measured_from);
  const auto each_second = std::move(live.each_second);
  live.each_second = [&](const LiveWorld& world) {
    // What comes after is for the last alerts to arrive.
    if (world.now() <= scenario->run_for.count()) gauge.look(world);
    each_second(world);
  };
  const SeedResult run = run_live(*scenario, kSeed, live, stop);
  return judge(wish, run, gauge.window(), limits, quota_is_kept);
}

}  // namespace pap::sim
