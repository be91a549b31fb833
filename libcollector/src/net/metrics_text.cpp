// SPDX-License-Identifier: MIT
#include "net/metrics_text.hpp"

#include <chrono>

#include <prometheus/text_serializer.h>

#include "net/limits.hpp"
#include "net/metric_families.hpp"
#include "net/process_memory.hpp"
#include "net/server.hpp"
#include "pap/version.hpp"

namespace pap::net {
namespace {

template <class T>
double number(T value) {
  return static_cast<double>(value);
}

double seconds(core::Nanos amount) { return std::chrono::duration<double>(amount).count(); }

// The Node collector's, by which dashboards and alerts know it.
void inherited(MetricFamilies& out, core::Collector& core) {
  const protocol::FleetStats stats = core.stats();
  out.gauge("agents_total", "Total number of tracked agents", number(stats.total));
  out.gauge("agents_healthy", "Number of healthy agents", number(stats.healthy));
  out.gauge("agents_unhealthy", "Number of unhealthy agents", number(stats.unhealthy));
  out.gauge("agents_by_mode", "Agents by heartbeat mode");
  for (const auto mode : protocol::kModes) {
    out.add(number(stats.by_mode[index_of(mode)]), {{"mode", to_string(mode)}});
  }
  out.gauge("observations_active", "Number of active observation streams",
            number(core.events().size()));
  out.gauge("alert_queue_size", "Number of alerts in retry queue",
            number(core.alerts().outbox().counting()));
  out.gauge("alerted_agents", "Number of agents with active alerts", number(core.dead()));
}

void heartbeats(MetricFamilies& out, const core::Counters& counters, const NetCounters& net) {
  out.counter("heartbeats_total", "Heartbeats accepted, by the mode they came with");
  for (const auto mode : protocol::kModes) {
    out.add(number(counters.heartbeats[index_of(mode)]), {{"mode", to_string(mode)}});
  }
  out.counter("heartbeats_refused_total", "Heartbeats answered with an error, by reason");
  for (std::size_t i = 0; i < kBeatRefusals; ++i) {
    out.add(number(net.beats_refused[i]), {{"reason", to_string(static_cast<BeatRefusal>(i))}});
  }
  out.counter("heartbeats_overtaken_total",
              "Heartbeats that arrived after a later one of the same agent",
              number(counters.overtaken));
}

void agents(MetricFamilies& out, core::Collector& core) {
  const core::Counters& counters = core.counters();
  out.gauge("agents_dead", "Agents whose death was decided and that were not heard since",
            number(core.dead()));
  out.gauge("agents_told_dead", "Of those, the ones whose death was told",
            number(core.told_dead()));
  out.counter("agents_new_total", "Agents heard for the first time", number(counters.agents_new));
  out.counter("agents_restarted_total", "Restarts seen, told or not", number(counters.restarts));
  out.counter("agents_recovered_total", "Agents heard again after their death was decided",
              number(counters.recoveries));
  out.counter("agents_gone_total", "Agents no longer kept, by why");
  out.add(number(counters.removed), {{"reason", "removed"}});
  out.add(number(counters.forgotten), {{"reason", "retention"}});
  out.add(number(counters.evicted), {{"reason", "evicted"}});
}

void alerts(MetricFamilies& out, core::Collector& core, const NetCounters& net) {
  using Field = std::uint64_t core::AlertCounters::*;
  static constexpr std::pair<std::string_view, Field> kOutcomes[]{
      {"decided", &core::AlertCounters::decided},
      {"held_back", &core::AlertCounters::held_back},
      {"retold", &core::AlertCounters::retold},
      {"delivered", &core::AlertCounters::delivered},
      {"refused", &core::AlertCounters::refused},
      {"logged", &core::AlertCounters::logged},
      {"dropped_full", &core::AlertCounters::dropped_full},
      {"dropped_expired", &core::AlertCounters::dropped_expired},
      {"lapsed", &core::AlertCounters::lapsed},
      {"withdrawn", &core::AlertCounters::withdrawn},
      {"attempt_failed", &core::AlertCounters::attempts_failed},
  };
  out.counter("alerts_total", "What became of alerts, by type and event");
  for (const auto type : protocol::kAlertTypes) {
    for (const auto& [name, field] : kOutcomes) {
      out.add(number(core.counters().alerts[index_of(type)].*field),
              {{"type", to_string(type)}, {"event", name}});
    }
  }
  const core::Outbox& outbox = core.alerts().outbox();
  out.gauge("alerts_waiting", "Alerts that wait to be posted", number(outbox.waiting()));
  out.gauge("alerts_in_flight", "Alerts posted and not yet answered", number(outbox.in_flight()));
  out.gauge("alerts_held", "Alerts held back because the same was just told",
            number(core.alerts().held()));
  out.gauge("station_set", "0 while alerts are only logged, since no Station is set",
            core.settings().has_station ? 1 : 0);
  out.gauge("station_away", "1 while the Station counts as away", outbox.pause().away() ? 1 : 0);
  out.histogram("delivery_seconds", "From an alert's post to the Station's answer or to giving up");
  out.add(net.delivery_latency);
}

void detector(MetricFamilies& out, core::Collector& core, const NetCounters& net,
              core::Instant now) {
  const core::Counters& counters = core.counters();
  out.histogram("detection_lag_seconds",
                "From when an agent stopped being healthy to the decision that it is dead");
  out.add(counters.detection_lag);
  out.counter("listening_time_lost_seconds_total", "Time in which the collector could not hear",
              seconds(counters.time_lost));
  out.counter("losses_total", "Gaps that were no listening time", number(counters.losses));
  out.counter("catch_ups_total", "Of those, long enough for agents to give the collector up",
              number(counters.catch_ups));
  out.counter("ticks_total", "Wake-ups of the failure detector", number(net.ticks));
  out.counter("ticks_late_total", "Of those, a quarter of a second or more late",
              number(net.ticks_late));
  const auto silence = core.since_last_heartbeat(now);
  out.gauge("last_heartbeat_age_seconds",
            "Since the last heartbeat from anyone, or since the start",
            seconds(silence.value_or(core.uptime(now))));
}

void connections(MetricFamilies& out, Server& server) {
  const NetCounters& net = server.counters();
  out.gauge("connections", "Open connections, observers among them", number(server.connections()));
  out.gauge("connections_kept",
            "Of those, promised to stay open until their agent's next heartbeat",
            number(server.kept()));
  out.gauge("connections_limit", "Connections served at a time", number(server.max_connections()));
  out.counter("connections_accepted_total", "Connections accepted",
              number(net.connections_accepted));
  out.counter("connection_troubles_total", "Connections and requests ended early, by why");
  for (std::size_t i = 0; i < kTroubles; ++i) {
    const auto trouble = static_cast<Trouble>(i);
    const std::uint64_t count =
        trouble == Trouble::kNoDescriptors ? server.descriptors_exhausted() : net.troubles[i];
    out.add(number(count), {{"reason", to_string(trouble)}});
  }
  out.counter("answers_total", "HTTP answers, by class of status");
  static constexpr std::string_view kClasses[]{"", "1xx", "2xx", "3xx", "4xx", "5xx"};
  for (std::size_t i = 2; i < net.answers.size(); ++i) {
    out.add(number(net.answers[i]), {{"class", kClasses[i]}});
  }
  core::EventBus& events = server.driver().core().events();
  out.counter("observers_accepted_total", "Observers accepted", number(net.observers_accepted));
  out.counter("observers_lost_total", "Observers that broke off or answered no ping",
              number(net.observers_lost));
  out.counter("observer_messages_total", "Messages queued for observers",
              number(events.published()));
  out.counter("observer_messages_missed_total", "Messages that observers were too slow for",
              number(events.missed()));
}

// That nothing holds up heartbeats, by the work done and not by a clock.
void slices(MetricFamilies& out, const core::Collector& core, const NetCounters& net) {
  struct Kind {
    std::string_view name;
    const core::SliceMeter& meter;
    std::size_t limit;
  };
  const core::Counters& counters = core.counters();
  const Kind kinds[]{
      {"work", counters.work_slices, core::kSliceUnits},
      {"list", counters.list_slices, core::kListSlice},
      {"growth", core.table().growth(), core::kGrowthUnits},
      {"posts", net.posts, kPostsSlice},
      {"log_lines", net.log_lines, kLogLinesSlice},
      {"observers", net.observers, kObserversSlice},
      {"overdue", net.overdue, kOverdueSlice},
  };
  const auto each = [&](auto value) {
    for (const Kind& kind : kinds) out.add(number(value(kind)), {{"kind", kind.name}});
  };
  out.counter("slices_total", "Slices of work, each done without serving anybody else, by kind");
  each([](const Kind& kind) { return kind.meter.count(); });
  out.gauge("slice_largest", "Work of the largest of them, in units of its kind");
  each([](const Kind& kind) { return kind.meter.largest(); });
  out.gauge("slice_limit", "What no slice exceeds: so much takes under a millisecond");
  each([](const Kind& kind) { return kind.limit; });
}

void process(MetricFamilies& out, Server& server, core::Instant now) {
  core::Collector& core = server.driver().core();
  out.gauge("table_bytes", "Memory of the agent table and the alerts", number(core.bytes()));
  out.gauge("resident_memory_bytes", "Memory of the whole process",
            number(resident_memory_bytes()));
  out.gauge("uptime_seconds", "Since the collector started", seconds(core.uptime(now)));
  out.counter("log_lines_dropped_total", "Log lines lost because the output was blocked",
              number(server.log().dropped()));
  out.counter("log_events_dropped_total", "Events that were too many for the log at once",
              number(core.notices_lost()));
  out.gauge("build_info", "Version and build; always 1");
  out.add(1, {{"version", version()}, {"build", build_info()}});
}

}  // namespace

std::string metrics_text(Server& server, core::Instant now) {
  core::Collector& core = server.driver().core();
  const NetCounters& net = server.counters();
  MetricFamilies families(core.settings().cluster.id);
  inherited(families, core);
  heartbeats(families, core.counters(), net);
  agents(families, core);
  alerts(families, core, net);
  detector(families, core, net, now);
  connections(families, server);
  slices(families, core, net);
  process(families, server, now);
  return prometheus::TextSerializer{}.Serialize(families.take());
}

}  // namespace pap::net
