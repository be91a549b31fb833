// SPDX-License-Identifier: MIT
// Each metric beyond the inherited seven is seen to move. The families that observers and
// connection limits move are read where those are tested, too; here one test each.
#include <csignal>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

class MetricsMoved : public ContractTest {
 protected:
  bool becomes(const std::string& sample, double value) {
    return eventually([&] { return metric(sample) == value; });
  }
  static std::string alerts(const std::string& event, const std::string& type = "EMERGENCY_MODE") {
    return R"(alerts_total{type=")" + type + R"(",event=")" + event + R"("})";
  }
  static std::string refused(const std::string& reason) {
    return R"(heartbeats_refused_total{reason=")" + reason + R"("})";
  }
  void emergency(std::size_t number, double uptime = 100) {
    beat(agent_id(number), heartbeat("IDLE", uptime));
    beat(agent_id(number), heartbeat("EMERGENCY", uptime + 1));
  }
};

TEST_F(MetricsMoved, HeartbeatsByMode) {
  start();
  for (int i = 0; i < 3; ++i) {
    beat(kAgent, heartbeat("EMERGENCY", i));
    if (i < 2) beat(kAgent, heartbeat("IDLE", i));
    if (i < 1) beat(kAgent, heartbeat("SLEEP", i));
  }
  EXPECT_EQ(metric(R"(heartbeats_total{mode="EMERGENCY"})"), 3);
  EXPECT_EQ(metric(R"(heartbeats_total{mode="IDLE"})"), 2);
  EXPECT_EQ(metric(R"(heartbeats_total{mode="SLEEP"})"), 1);
}

TEST_F(MetricsMoved, HeartbeatsRefusedByReason) {
  start({{"MAX_AGENTS", "1"}, {"HEARTBEAT_API_KEY", "key"}});
  const std::string key = "X-Collector-Key: key\r\n";
  beat("a", recorded::kHeartbeat, key);
  beat("a", "{}", key);
  beat("a", R"({"mode":"IDLE","uptime_seconds":1,"cpu_percent":1})", key);
  beat("a", R"({"mode":"x","uptime_seconds":1})", key);
  beat("%01", recorded::kHeartbeat, key);
  beat("%zz", recorded::kHeartbeat, key);
  beat("a", recorded::kHeartbeat);
  beat("a", recorded::kHeartbeat, key + "Content-Encoding: gzip\r\n");
  beat("b", recorded::kHeartbeat, key);
  for (const auto& [reason, count] : {std::pair{"invalid_payload", 1},
                                      {"forbidden_field", 1},
                                      {"invalid_mode", 1},
                                      {"invalid_id", 2},
                                      {"unauthorized", 1},
                                      {"unsupported_encoding", 1},
                                      {"table_full", 1}}) {
    EXPECT_EQ(metric(refused(reason)), count) << reason;
  }
  EXPECT_EQ(metric(R"(heartbeats_total{mode="IDLE"})"), 1);
}

TEST_F(MetricsMoved, HeartbeatsOvertaken) {
  start();
  beat(kAgent, heartbeat("IDLE", 10));
  beat(kAgent, heartbeat("IDLE", 9.5));
  EXPECT_EQ(metric("heartbeats_overtaken_total"), 1);
}

TEST_F(MetricsMoved, AgentsNewRestartedAndRemoved) {
  start();
  beat("a", heartbeat("IDLE", 100));
  beat("b", heartbeat("IDLE", 100));
  beat("b", heartbeat("IDLE", 1));
  ask("DELETE", "/agents/a");
  EXPECT_EQ(metric("agents_new_total"), 2);
  EXPECT_EQ(metric("agents_restarted_total"), 1);
  EXPECT_EQ(metric(R"(agents_gone_total{reason="removed"})"), 1);
}

TEST_F(MetricsMoved, TheDeadTheRecoveredTheForgottenAndTheEvicted) {
  start({{"ZOMBIE_CHECK_INTERVAL_MS", "100"}, {"AGENT_RETENTION_MS", "2000"}, {"MAX_AGENTS", "3"}});
  for (const auto* id : {"a", "b", "c"}) beat(id, heartbeat("EMERGENCY", 100));
  EXPECT_EQ(metric("agents_dead"), 0);
  ASSERT_TRUE(becomes("agents_dead", 3));
  EXPECT_EQ(metric("agents_told_dead"), 3) << "told to the log, without a Station";
  EXPECT_EQ(metric("detection_lag_seconds_count"), 3);
  EXPECT_GT(metric("detection_lag_seconds_sum"), 0.2) << "75 ms of slack each";
  EXPECT_LT(metric("detection_lag_seconds_sum"), 30);
  beat("a", heartbeat("EMERGENCY", 112));
  beat("d", heartbeat("IDLE", 112));
  EXPECT_EQ(metric("agents_recovered_total"), 1);
  EXPECT_EQ(metric(R"(agents_gone_total{reason="evicted"})"), 1);
  EXPECT_EQ(metric("agents_dead"), 1);
  EXPECT_TRUE(becomes(R"(agents_gone_total{reason="retention"})", 1));
  EXPECT_EQ(metric("agents_told_dead"), 0);
  EXPECT_EQ(metric("agents_total"), 2);
}

TEST_F(MetricsMoved, AlertsDeliveredRefusedHeldAndLapsed) {
  start_with_station();
  station().refuse(agent_id(2));
  emergency(1);
  emergency(2);
  EXPECT_TRUE(becomes(alerts("delivered"), 1));
  EXPECT_TRUE(becomes(alerts("refused"), 1));
  EXPECT_EQ(metric("delivery_seconds_count"), 2);
  EXPECT_EQ(metric("alerts_held"), 0);
  emergency(1, 102);
  EXPECT_EQ(metric(alerts("held_back")), 1);
  EXPECT_EQ(metric("alerts_held"), 1);
  emergency(1, 104);
  EXPECT_EQ(metric(alerts("held_back")), 2);
  EXPECT_EQ(metric(alerts("lapsed")), 1) << "the later one took its place";
  EXPECT_EQ(metric("alerts_held"), 1);
  EXPECT_EQ(metric(alerts("decided")), 4);
  beat(agent_id(1), heartbeat("EMERGENCY", 1));
  EXPECT_TRUE(becomes(alerts("delivered", "RESTART_DETECTED"), 1));
}

TEST_F(MetricsMoved, AlertsLogged) {
  start();
  emergency(1);
  EXPECT_EQ(metric(alerts("logged")), 1);
}

TEST_F(MetricsMoved, AlertsInFlightWaitingAndWithdrawn) {
  start_with_station();
  station().always(StationAct::hang());
  emergency(1);
  EXPECT_TRUE(becomes("alerts_in_flight", 1));
  EXPECT_EQ(metric("alerts_waiting"), 0);
  beat(agent_id(1), heartbeat("EMERGENCY", 1));  // a restart, behind the one in flight
  EXPECT_EQ(metric("alerts_waiting"), 1);
  EXPECT_EQ(metric("alerts_in_flight"), 1);
  ask("DELETE", "/agents/" + agent_id(1));
  EXPECT_EQ(metric(alerts("withdrawn", "RESTART_DETECTED")), 1);
  EXPECT_EQ(metric("alerts_waiting"), 0);
}

TEST_F(MetricsMoved, AnAbsentStationAndWhatIsDroppedAndToldAfresh) {
  start_with_station({{"ALERT_QUEUE_MAX_SIZE", "2"}});
  station().always(StationAct::answer(500));
  for (std::size_t i = 1; i <= 8; ++i) emergency(i);
  EXPECT_EQ(metric("station_set"), 1);
  ASSERT_TRUE(becomes("station_away", 1));
  EXPECT_GE(metric(alerts("attempt_failed")), 5);
  EXPECT_TRUE(becomes(alerts("dropped_full"), 6));
  EXPECT_EQ(metric("alert_queue_size"), 2);
  station().always(StationAct::judge());
  EXPECT_TRUE(becomes("station_away", 0));
  EXPECT_TRUE(becomes(alerts("retold"), 6));
  EXPECT_TRUE(becomes(alerts("delivered"), 8));
}

TEST_F(MetricsMoved, AlertsDroppedBecauseTheyWaitedTooLong) {
  start_with_station({{"ALERT_QUEUE_TTL_MS", "1000"}});
  station().always(StationAct::answer(500));
  emergency(1);
  EXPECT_TRUE(becomes(alerts("dropped_expired"), 1));
}

TEST_F(MetricsMoved, TimeLostAndTicks) {
  start();
  beat();
  EXPECT_EQ(metric("catch_ups_total"), 0);
  const auto ticks = metric("ticks_total");
  ASSERT_TRUE(eventually([&] { return metric("ticks_total") > ticks; }));
  collectord().freeze();
  // A pause of the collector can only be made by letting time pass.
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(6'200);
  ASSERT_TRUE(eventually([&] { return std::chrono::steady_clock::now() >= until; }));
  collectord().thaw();
  // A busy machine may add a loss of its own.
  EXPECT_TRUE(eventually([&] { return metric("catch_ups_total") >= 1; }));
  EXPECT_GE(metric("losses_total"), 1);
  // Sockets go before timers after a stall, so this very question may have overtaken the tick.
  EXPECT_TRUE(eventually([&] { return metric("ticks_late_total") >= 1; }));
  EXPECT_GT(metric("listening_time_lost_seconds_total"), 4);
  EXPECT_GT(metric("last_heartbeat_age_seconds"), 6);
  EXPECT_GT(metric("uptime_seconds"), 6);
  beat();
  EXPECT_LT(metric("last_heartbeat_age_seconds"), 2);
}

TEST_F(MetricsMoved, ConnectionsAndAnswers) {
  start({{"MAX_CONNECTIONS", "50"}});
  EXPECT_EQ(metric("connections_limit"), 50);
  const double accepted = metric("connections_accepted_total").value();
  RawClient one = connect();
  RawClient two = connect();
  one.send(http_request("GET", "/nowhere"));
  two.send(http_request("GET", "/ready"));
  EXPECT_EQ(one.receive().status, 404);
  EXPECT_EQ(two.receive().status, 200);
  EXPECT_EQ(metric(R"(answers_total{class="4xx"})"), 1);
  EXPECT_EQ(metric(R"(answers_total{class="5xx"})"), 0);
  const double answered = metric(R"(answers_total{class="2xx"})").value();
  EXPECT_EQ(metric(R"(answers_total{class="2xx"})"), answered + 1);
  EXPECT_TRUE(becomes("connections", 3)) << "and the one that asks";
  EXPECT_GE(metric("connections_accepted_total"), accepted + 8);
}

TEST_F(MetricsMoved, MemoryAndBuild) {
  start();
  const double table = metric("table_bytes").value();
  RawClient client = connect();
  std::string requests;
  for (std::size_t i = 0; i < 5'000; ++i) {
    requests += http_request("POST", "/heartbeat/" + agent_id(i), {}, recorded::kHeartbeat);
  }
  client.send(requests);
  for (std::size_t i = 0; i < 5'000; ++i) ASSERT_EQ(client.receive().status, 200);
  EXPECT_GT(metric("table_bytes"), table + 5'000 * 40);
  const auto resident = static_cast<double>(collectord().process().resident_bytes());
  EXPECT_NEAR(metric("resident_memory_bytes").value(), resident, resident / 10);
  EXPECT_THAT(
      get("/metrics").body,
      testing::ContainsRegex(
          "build_info\\{cluster=\"is.plugged.in\",version=\"[0-9.]+\",build=\".+\"\\} 1\n"));
}

TEST_F(MetricsMoved, LogLinesDroppedBecauseTheOutputIsBlocked) {
  start();
  collectord().process().stop_reading();
  RawClient client = connect();
  std::string requests;
  for (std::size_t i = 0; i < 6'000; ++i) {
    for (const auto* mode : {"IDLE", "EMERGENCY"}) {
      requests += http_request("POST", "/heartbeat/" + agent_id(i), {}, heartbeat(mode, 1));
    }
    if (i % 500 != 499) continue;
    client.send(requests);
    requests.clear();
    for (std::size_t answer = 0; answer < 1'000; ++answer) ASSERT_EQ(client.receive().status, 200);
  }
  EXPECT_GT(metric("log_lines_dropped_total"), 1'000);
  EXPECT_EQ(metric("log_events_dropped_total"), 0)
      << "a slice of work brings far fewer than fit; the core's tests fill it";
}

}  // namespace
}  // namespace pap::test
