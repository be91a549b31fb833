// SPDX-License-Identifier: MIT
// GET /metrics: the seven that dashboards know already, and the form that Prometheus wants.
#include <set>
#include <sstream>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using testing::HasSubstr;

using Metrics = ContractTest;

std::set<std::string> families_in(const std::string& text) {
  std::set<std::string> names;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) names.insert(line.substr(7, line.rfind(' ') - 7));
  }
  return names;
}

TEST_F(Metrics, TheInheritedOnesAreAsRecorded) {
  start();
  beat(agent_id(1), heartbeat("EMERGENCY", 1));
  beat(agent_id(2), heartbeat("SLEEP", 1));
  const HttpAnswer answer = get("/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.header("content-type").starts_with("text/plain;"));
  for (const auto* line :
       {R"(# HELP pap_collector_agents_total Total number of tracked agents
# TYPE pap_collector_agents_total gauge
pap_collector_agents_total{cluster="is.plugged.in"} 2
)",
        R"(# HELP pap_collector_agents_healthy Number of healthy agents
# TYPE pap_collector_agents_healthy gauge
pap_collector_agents_healthy{cluster="is.plugged.in"} 2
)",
        R"(# HELP pap_collector_agents_unhealthy Number of unhealthy agents
# TYPE pap_collector_agents_unhealthy gauge
pap_collector_agents_unhealthy{cluster="is.plugged.in"} 0
)",
        R"(# HELP pap_collector_agents_by_mode Agents by heartbeat mode
# TYPE pap_collector_agents_by_mode gauge
pap_collector_agents_by_mode{cluster="is.plugged.in",mode="EMERGENCY"} 1
pap_collector_agents_by_mode{cluster="is.plugged.in",mode="IDLE"} 0
pap_collector_agents_by_mode{cluster="is.plugged.in",mode="SLEEP"} 1
)",
        R"(# HELP pap_collector_observations_active Number of active observation streams
# TYPE pap_collector_observations_active gauge
pap_collector_observations_active{cluster="is.plugged.in"} 0
)",
        R"(# HELP pap_collector_alert_queue_size Number of alerts in retry queue
# TYPE pap_collector_alert_queue_size gauge
pap_collector_alert_queue_size{cluster="is.plugged.in"} 0
)",
        R"(# HELP pap_collector_alerted_agents Number of agents with active alerts
# TYPE pap_collector_alerted_agents gauge
pap_collector_alerted_agents{cluster="is.plugged.in"} 0
)"}) {
    EXPECT_THAT(answer.body, HasSubstr(line));
  }
}

TEST_F(Metrics, TheInheritedOnesMove) {
  start_with_station({{"ZOMBIE_CHECK_INTERVAL_MS", "100"}});
  station().always(StationAct::hang());
  EXPECT_EQ(metric("agents_total"), 0);
  EXPECT_EQ(metric("alerted_agents"), 0);
  beat(agent_id(1), heartbeat("EMERGENCY", 3600));
  EXPECT_EQ(metric("agents_total"), 1);
  EXPECT_EQ(metric("agents_healthy"), 1);
  EXPECT_EQ(metric("alerted_agents"), 0) << "it lives";
  EXPECT_EQ(metric(R"(agents_by_mode{mode="EMERGENCY"})"), 1);
  RawClient observer = connect();
  observer.send(
      "GET /observe/x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
  ASSERT_EQ(observer.receive(true).status, 101);
  EXPECT_EQ(metric("observations_active"), 1);
  ASSERT_TRUE(eventually([&] { return metric("agents_unhealthy") == 1; }));
  EXPECT_EQ(metric("agents_healthy"), 0);
  EXPECT_TRUE(eventually([&] { return metric("alerted_agents") == 1; }));
  beat(agent_id(1), heartbeat("EMERGENCY", 3700));
  EXPECT_EQ(metric("alerted_agents"), 0) << "it is back";
}

TEST_F(Metrics, PleasePromtoolButForTheInheritedName) {
  start();
  beat();
  ChildWish promtool{"promtool", {"check", "metrics"}, {}, {}, get("/metrics").body};
  const Outcome outcome = run(promtool);
  // Each version words it in its own way; it must be the only line.
  EXPECT_THAT(outcome.out + outcome.err,
              testing::MatchesRegex(
                  "pap_collector_agents_total [a-z -]+ should not have \"_total\" suffix\n"));
}

TEST_F(Metrics, TakeAClusterNameThatNeedsEscaping) {
  start({{"CLUSTER_ID", "a\"b\\c"}});
  EXPECT_THAT(get("/metrics").body, HasSubstr(R"(agents_total{cluster="a\"b\\c"} 0)"));
  EXPECT_EQ(run({"promtool", {"check", "metrics"}, {}, {}, get("/metrics").body}).err.find("error"),
            std::string::npos);
}

TEST_F(Metrics, EachFamilyIsSeenToMove) {
  // A new one belongs here, and into metrics_moved_test.cpp.
  start();
  std::set<std::string> expected;
  for (const auto* name : {"agents_total",
                           "agents_healthy",
                           "agents_unhealthy",
                           "agents_by_mode",
                           "observations_active",
                           "alert_queue_size",
                           "alerted_agents",
                           "heartbeats_total",
                           "heartbeats_refused_total",
                           "heartbeats_overtaken_total",
                           "agents_dead",
                           "agents_told_dead",
                           "agents_new_total",
                           "agents_restarted_total",
                           "agents_recovered_total",
                           "agents_gone_total",
                           "alerts_total",
                           "alerts_waiting",
                           "alerts_in_flight",
                           "alerts_held",
                           "station_set",
                           "station_away",
                           "delivery_seconds",
                           "detection_lag_seconds",
                           "listening_time_lost_seconds_total",
                           "losses_total",
                           "catch_ups_total",
                           "ticks_total",
                           "ticks_late_total",
                           "last_heartbeat_age_seconds",
                           "connections",
                           "connections_kept",  // seen to move in kept_connections_test.cpp
                           "connections_limit",
                           "connections_accepted_total",
                           "connection_troubles_total",
                           "answers_total",
                           "observers_accepted_total",
                           "observers_lost_total",
                           "observer_messages_total",
                           "observer_messages_missed_total",
                           "slices_total",
                           "slice_largest",
                           "slice_limit",
                           "table_bytes",
                           "resident_memory_bytes",
                           "uptime_seconds",
                           "log_lines_dropped_total",
                           "log_events_dropped_total",
                           "build_info"}) {
    expected.insert(std::string("pap_collector_") + name);
  }
  EXPECT_EQ(families_in(get("/metrics").body), expected);
}

}  // namespace
}  // namespace pap::test
