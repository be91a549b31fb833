// SPDX-License-Identifier: MIT
// GET /alerts: the most recent alerts with what became of them.
#include <vector>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using testing::ElementsAre;

class AlertList : public ContractTest {
 protected:
  // An agent that was IDLE and now is in EMERGENCY.
  void emergency(std::size_t number) {
    beat(agent_id(number), heartbeat("IDLE", 100));
    beat(agent_id(number), heartbeat("EMERGENCY", 101));
  }
  nlohmann::json alerts(const std::string& query = {}) {
    return get("/alerts" + query).json()["alerts"];
  }
  std::vector<std::string> states() {
    std::vector<std::string> out;
    for (const auto& row : alerts()) out.push_back(row["delivery"]["state"]);
    return out;
  }
  bool wait_for_states(const std::vector<std::string>& wanted) {
    return eventually([&] { return states() == wanted; });
  }
};

TEST_F(AlertList, IsEmptyAtFirst) {
  start();
  EXPECT_EQ(get("/alerts").body, R"({"cluster_id":"is.plugged.in","alerts":[]})");
}

TEST_F(AlertList, ShowsTheNewestFirstAsTheyWerePushed) {
  start_with_station();
  emergency(1);
  ASSERT_TRUE(wait_for_states({"delivered"}));
  emergency(2);
  ASSERT_TRUE(wait_for_states({"delivered", "delivered"}));
  auto rows = alerts();
  EXPECT_EQ(rows[0]["agent_uuid"], agent_id(2));
  EXPECT_EQ(rows[1]["agent_uuid"], agent_id(1));
  const auto pushed = station().stored();
  ASSERT_EQ(pushed.size(), 2U);
  EXPECT_EQ(rows[0]["delivery"]["idempotency_key"], pushed[1].headers.at("idempotency-key"));
  EXPECT_EQ(rows[0]["delivery"]["attempts"], 1);
  rows[0].erase("delivery");
  EXPECT_EQ(rows[0], pushed[1].alert);
}

TEST_F(AlertList, ShowsWhatIsQueuedRefusedAndDelivered) {
  start_with_station();
  station().refuse(agent_id(2));
  emergency(1);
  ASSERT_TRUE(wait_for_states({"delivered"}));
  emergency(2);
  ASSERT_TRUE(wait_for_states({"refused", "delivered"}));
  station().always(StationAct::hang());
  emergency(3);
  ASSERT_TRUE(wait_for_states({"queued", "refused", "delivered"}));
}

TEST_F(AlertList, CountsAttempts) {
  start_with_station();
  station().once(StationAct::answer(500));
  emergency(1);
  ASSERT_TRUE(wait_for_states({"delivered"}));
  EXPECT_EQ(alerts()[0]["delivery"]["attempts"], 2);
}

TEST_F(AlertList, ShowsWhatWasDropped) {
  start_with_station({{"ALERT_QUEUE_TTL_MS", "1000"}});
  station().always(StationAct::answer(500));
  emergency(1);
  // Back from the emergency, so that nothing is left to be told.
  beat(agent_id(1), heartbeat("IDLE", 102));
  ASSERT_TRUE(wait_for_states({"dropped"}));
}

TEST_F(AlertList, WithoutAStationShowsThemAsDeliveredOnceLogged) {
  start();
  emergency(1);
  EXPECT_THAT(states(), ElementsAre("delivered"));
  EXPECT_EQ(alerts()[0]["delivery"]["attempts"], 0);
  EXPECT_TRUE(collectord().wait_for_log("EMERGENCY_MODE"));
}

TEST_F(AlertList, ShowsAHundredUnlessAskedForMoreOrLess) {
  start();
  for (std::size_t i = 0; i < 150; ++i) emergency(i);
  EXPECT_EQ(alerts().size(), 100U);
  EXPECT_EQ(alerts("?limit=120").size(), 120U);
  EXPECT_EQ(alerts("?limit=1000").size(), 150U);
  EXPECT_EQ(alerts("?limit=1").size(), 1U);
  EXPECT_EQ(alerts("?limit=1")[0]["agent_uuid"], agent_id(149));
  for (const auto* query : {"?limit=0", "?limit=1001", "?limit=x"}) {
    const HttpAnswer answer = get("/alerts" + std::string(query));
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_THAT(answer.json()["message"], testing::HasSubstr("limit")) << query;
  }
}

}  // namespace
}  // namespace pap::test
