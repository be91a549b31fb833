// SPDX-License-Identifier: MIT
// What probes and people ask first: /health, /ready and /.
#include <regex>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using Service = ContractTest;

std::string without_uptime(std::string_view text) {
  static const std::regex form(R"("uptime":\d+(\.\d+)?,)");
  return std::regex_replace(std::string(text), form, R"("uptime":1.5,)");
}

TEST_F(Service, TellsItsHealthAsRecorded) {
  start();
  beat(agent_id(1));
  beat(agent_id(2));
  const HttpAnswer answer = get("/health");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("content-type"), "application/json; charset=utf-8");
  EXPECT_EQ(without_uptime(answer.body), without_uptime(recorded::kHealth));
  const double uptime = answer.json()["uptime"];
  EXPECT_GT(uptime, 0);
  EXPECT_LT(uptime, 30);
  EXPECT_GT(get("/health").json()["uptime"], uptime);
}

TEST_F(Service, TellsThatItIsReadyAsRecorded) {
  start();
  const HttpAnswer answer = get("/ready");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, recorded::kReady);
}

TEST_F(Service, TellsWhatItIsAsRecordedAndWhereItsNewPathsAre) {
  start();
  const HttpAnswer answer = get("/");
  EXPECT_EQ(answer.status, 200);
  const std::string_view recorded = recorded::kRoot;
  // The recorded text without its two closing braces, then what is new.
  EXPECT_TRUE(answer.body.starts_with(recorded.substr(0, recorded.size() - 2))) << answer.body;
  const auto endpoints = answer.json()["endpoints"];
  for (const auto* name : {"ready", "agent", "alerts", "observe"}) {
    EXPECT_TRUE(endpoints.contains(name)) << name;
  }
}

TEST_F(Service, IsNamedByItsClusterIdWithoutAName) {
  start({{"CLUSTER_NAME", std::nullopt}});
  EXPECT_EQ(get("/").json()["cluster_name"], "is.plugged.in");
  EXPECT_EQ(get("/agents").json()["cluster_name"], "is.plugged.in");
  EXPECT_EQ(get("/health").json()["cluster_name"], "is.plugged.in");
}

TEST_F(Service, ShowsTheQueueOfAlertsThatCount) {
  start_with_station();
  station().always(StationAct::answer(500));
  beat(agent_id(1));
  beat(agent_id(1), heartbeat("EMERGENCY", 3601));
  ASSERT_TRUE(eventually([&] { return get("/health").json()["alert_queue"]["size"] == 1; }));
  const auto queue = get("/health").json()["alert_queue"];
  EXPECT_TRUE(queue["oldest_age_ms"].is_number_unsigned()) << queue;
  EXPECT_LT(queue["oldest_age_ms"], 30'000);
  EXPECT_EQ(metric("alert_queue_size"), 1);
}

}  // namespace
}  // namespace pap::test
