// SPDX-License-Identifier: MIT
// GET /agents, GET and DELETE /agents/:agentId, as operators and the Station know them.
#include <chrono>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using Agents = ContractTest;

constexpr std::string_view kOther = "550e8400-e29b-41d4-a716-446655440001";

TEST_F(Agents, AreListedAsRecorded) {
  start();
  beat();
  beat(kAgent, heartbeat("IDLE", 3635));
  beat(kAgent, heartbeat("EMERGENCY", 3636));
  beat(kAgent, heartbeat("EMERGENCY", 2.5));
  beat(kOther, heartbeat("SLEEP", 12));
  const HttpAnswer answer = get("/agents");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "application/json; charset=utf-8");
  EXPECT_EQ(without_times(answer.body), without_times(std::string(recorded::kAgents)));
}

TEST_F(Agents, AreListedEmptyWhenThereAreNone) {
  start();
  EXPECT_EQ(get("/agents").body,
            R"({"cluster_id":"is.plugged.in","cluster_name":"Production Cluster",)"
            R"("stats":{"total":0,"healthy":0,"unhealthy":0,)"
            R"("by_mode":{"EMERGENCY":0,"IDLE":0,"SLEEP":0},"observed":0},"agents":[]})");
}

TEST_F(Agents, OneIsShownAsRecorded) {
  start();
  beat();
  beat(kAgent, heartbeat("IDLE", 3635));
  beat(kAgent, heartbeat("EMERGENCY", 3636));
  beat(kAgent, heartbeat("EMERGENCY", 2.5));
  const HttpAnswer answer = get("/agents/" + std::string(kAgent));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(without_times(answer.body), recorded::kAgentsOne);
  EXPECT_EQ(get("/agents/" + std::string(kAgent) + "/").body, answer.body) << "a trailing slash";
}

TEST_F(Agents, AnUnknownOneIsAnsweredAsRecorded) {
  start();
  const HttpAnswer answer = get("/agents/none-such");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.body, recorded::kAgentsUnknown);
  const HttpAnswer impossible = get("/agents/a%00b");
  EXPECT_EQ(impossible.status, 404);
  EXPECT_EQ(impossible.json()["agent_uuid"], std::string("a\0b", 3));
}

TEST_F(Agents, AreRemovedAsRecordedAndNewWhenTheyBeatAgain) {
  start();
  beat(kOther);
  const std::string path = "/agents/" + std::string(kOther);
  const HttpAnswer removed = ask("DELETE", path);
  EXPECT_EQ(removed.status, 200);
  EXPECT_EQ(removed.body, recorded::kAgentsDelete);
  EXPECT_EQ(get(path).status, 404);
  EXPECT_EQ(get("/agents").json()["stats"]["total"], 0);
  EXPECT_EQ(beat(kOther).body, recorded::kHeartbeatNew);
}

TEST_F(Agents, WhoseIdIsNotUtf8AreRefusedInJson) {
  start();
  for (const auto* method : {"GET", "DELETE"}) {
    const HttpAnswer answer = ask(method, "/agents/%FF");
    EXPECT_EQ(answer.status, 400) << method;
    EXPECT_EQ(answer.json()["error"], "Invalid agent id") << method;
  }
}

TEST_F(Agents, RemovingAnUnknownOneIsAnswered404WithTheCluster) {
  start();
  const HttpAnswer answer = ask("DELETE", "/agents/none-such");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.body, recorded::kAgentsUnknown);
}

TEST_F(Agents, TellWhenTheyWereSeenInUtcWithMilliseconds) {
  start();
  const auto before = std::chrono::system_clock::now() - std::chrono::seconds(1);
  beat();
  const auto after = std::chrono::system_clock::now() + std::chrono::seconds(1);
  const std::string seen = get("/agents").json()["agents"][0]["last_seen"];
  std::tm broken{};
  int milliseconds = 0;
  ASSERT_EQ(
      std::sscanf(seen.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &broken.tm_year, &broken.tm_mon,
                  &broken.tm_mday, &broken.tm_hour, &broken.tm_min, &broken.tm_sec, &milliseconds),
      7);
  ASSERT_EQ(seen.size(), std::string_view("2026-11-24T14:30:13.042Z").size());
  ASSERT_EQ(seen.back(), 'Z');
  broken.tm_year -= 1900;
  broken.tm_mon -= 1;
  const auto at = std::chrono::system_clock::from_time_t(::timegm(&broken));
  EXPECT_GE(at, before);
  EXPECT_LE(at, after);
}

TEST_F(Agents, ShowNumbersAsJavaScriptWritesThem) {
  start();
  for (const auto& [sent, shown] : {std::pair{"3600.0", "3600"},
                                    {"0.0", "0"},
                                    {"1e3", "1000"},
                                    {"0.1", "0.1"},
                                    {"3600.123", "3600.123"},
                                    {"1e21", "1e+21"},
                                    {"123456789012345680000", "123456789012345680000"},
                                    {"1e-7", "1e-7"},
                                    {"0.000001", "0.000001"}}) {
    ask("DELETE", "/agents/a");
    beat("a", R"({"mode":"IDLE","uptime_seconds":)" + std::string(sent) + "}");
    EXPECT_THAT(get("/agents/a").body,
                testing::HasSubstr(R"("uptime_seconds":)" + std::string(shown) + ","));
  }
}

TEST_F(Agents, ShowANameThatNeedsEscaping) {
  start();
  const std::string name = "q\" b\\ \n \x01 \xC3\xA4 \xF0\x9F\x98\x80 </script>";
  beat("a", heartbeat("IDLE", 1, name));
  EXPECT_EQ(get("/agents/a").json()["agent"]["agent_name"], name);
  EXPECT_EQ(get("/agents").json()["agents"][0]["agent_name"], name);
}

TEST_F(Agents, AreUnhealthyAfterTwoIntervalsAndDeadSoonAfter) {
  start({{"ZOMBIE_CHECK_INTERVAL_MS", "100"}});
  beat(kAgent, heartbeat("EMERGENCY", 1));
  const auto heard = std::chrono::steady_clock::now();
  const auto agent = [&] { return get("/agents/" + std::string(kAgent)).json()["agent"]; };
  EXPECT_TRUE(agent()["healthy"].get<bool>());
  ASSERT_TRUE(eventually([&] { return !agent()["healthy"].get<bool>(); }));
  const auto silence = std::chrono::steady_clock::now() - heard;
  EXPECT_GE(silence, std::chrono::milliseconds(9'900));
  EXPECT_LT(silence, std::chrono::milliseconds(13'000));
  const auto stats = get("/agents").json()["stats"];
  EXPECT_EQ(stats["unhealthy"], 1);
  EXPECT_EQ(stats["healthy"], 0);
  EXPECT_TRUE(collectord().wait_for_log("agent_dead"));
  EXPECT_EQ(beat(kAgent, heartbeat("EMERGENCY", 13)).body, recorded::kHeartbeatEmergency);
  EXPECT_TRUE(agent()["healthy"].get<bool>()) << "it came back";
  EXPECT_EQ(agent()["consecutive_heartbeats"], 1);
}

}  // namespace
}  // namespace pap::test
