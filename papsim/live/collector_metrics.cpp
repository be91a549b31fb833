// SPDX-License-Identifier: MIT
#include "papsim/live/collector_metrics.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace pap::sim {

namespace {

constexpr std::string_view kPrefix = "pap_collector_";

struct Served {
  Metric metric;
  std::string_view name;
  std::string_view label;  // must stand among its labels, unless empty
  double unit = 1;
};
constexpr std::array kServed{
    Served{Metric::kOutboxDecided, "alerts_total", R"(event="decided")"},
    Served{Metric::kOutboxHeldBack, "alerts_total", R"(event="held_back")"},
    Served{Metric::kOutboxRetold, "alerts_total", R"(event="retold")"},
    Served{Metric::kOutboxDelivered, "alerts_total", R"(event="delivered")"},
    Served{Metric::kOutboxRefused, "alerts_total", R"(event="refused")"},
    Served{Metric::kOutboxLogged, "alerts_total", R"(event="logged")"},
    Served{Metric::kOutboxDropped, "alerts_total", R"(event="dropped_)"},
    Served{Metric::kOutboxDroppedFull, "alerts_total", R"(event="dropped_full")"},
    Served{Metric::kOutboxDroppedExpired, "alerts_total", R"(event="dropped_expired")"},
    Served{Metric::kOutboxLapsed, "alerts_total", R"(event="lapsed")"},
    Served{Metric::kOutboxWithdrawn, "alerts_total", R"(event="withdrawn")"},
    Served{Metric::kOutboxAttemptsFailed, "alerts_total", R"(event="attempt_failed")"},
    Served{Metric::kOutboxWaiting, "alerts_waiting", ""},
    Served{Metric::kOutboxInFlight, "alerts_in_flight", ""},
    Served{Metric::kOutboxHeld, "alerts_held", ""},
    Served{Metric::kOutboxSize, "alert_queue_size", ""},
    Served{Metric::kAgentsTotal, "agents_total", ""},
    Served{Metric::kAgentsHealthy, "agents_healthy", ""},
    Served{Metric::kAgentsUnhealthy, "agents_unhealthy", ""},
    Served{Metric::kAgentsDead, "agents_dead", ""},
    Served{Metric::kAgentsToldDead, "agents_told_dead", ""},
    Served{Metric::kAgentsEmergency, "agents_by_mode", R"(mode="EMERGENCY")"},
    Served{Metric::kAgentsIdle, "agents_by_mode", R"(mode="IDLE")"},
    Served{Metric::kAgentsSleep, "agents_by_mode", R"(mode="SLEEP")"},
    Served{Metric::kAgentsNew, "agents_new_total", ""},
    Served{Metric::kAgentsRestarted, "agents_restarted_total", ""},
    Served{Metric::kAgentsRecovered, "agents_recovered_total", ""},
    Served{Metric::kAgentsRemoved, "agents_gone_total", R"(reason="removed")"},
    Served{Metric::kAgentsForgotten, "agents_gone_total", R"(reason="retention")"},
    Served{Metric::kAgentsEvicted, "agents_gone_total", R"(reason="evicted")"},
    Served{Metric::kHeartbeatsOvertaken, "heartbeats_overtaken_total", ""},
    Served{Metric::kCollectorLosses, "losses_total", ""},
    Served{Metric::kCollectorCatchUps, "catch_ups_total", ""},
    Served{Metric::kCollectorLostMs, "listening_time_lost_seconds_total", "", 1000},
};

struct Sample {
  std::string_view name;
  std::string_view labels;
  double value = 0;
};

bool read_sample(std::string_view line, Sample& sample) {
  if (!line.starts_with(kPrefix)) return false;
  line.remove_prefix(kPrefix.size());
  const std::size_t end = line.find_first_of("{ ");
  if (end == std::string_view::npos) return false;
  sample.name = line.substr(0, end);
  sample.labels = {};
  if (line[end] == '{') {
    const std::size_t close = line.rfind('}');
    if (close == std::string_view::npos) return false;
    sample.labels = line.substr(end + 1, close - end - 1);
    line.remove_prefix(close + 1);
  } else {
    line.remove_prefix(end);
  }
  while (line.starts_with(' ')) line.remove_prefix(1);
  const auto [rest, error] = std::from_chars(line.data(), line.data() + line.size(), sample.value);
  return error == std::errc() && std::isfinite(sample.value);
}

}  // namespace

bool is_served(Metric metric) {
  return std::any_of(kServed.begin(), kServed.end(),
                     [metric](const Served& each) { return each.metric == metric; });
}

void read_metrics(std::string_view text, Figures& figures, std::vector<bool>& seen) {
  seen.assign(kMetrics.size(), false);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    Sample sample;
    if (read_sample(text.substr(0, end), sample)) {
      for (const Served& each : kServed) {
        if (each.name != sample.name) continue;
        if (sample.labels.find(each.label) == std::string_view::npos) continue;
        const auto index = static_cast<std::size_t>(each.metric);
        if (!seen[index]) figures[index] = 0;
        seen[index] = true;
        figures[index] += std::llround(sample.value * each.unit);
      }
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace pap::sim
