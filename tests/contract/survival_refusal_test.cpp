// SPDX-License-Identifier: MIT
#include "contract/survival.hpp"

namespace pap::test {
namespace {

using std::chrono::seconds;

TEST(Survival, an_alert_that_the_Station_refuses_holds_up_no_other) {
  Station station;
  Collectord collectord(told_to(station));
  Fleet fleet({"127.0.0.1", collectord.port()});

  // First in the line: an id that is no UUID, and what the Station refuses for its own reasons.
  const auto no_uuid = fleet.join(1, AgentWish{.id = "test-agent-123"});
  const auto unwanted = fleet.join(8, AgentWish{});
  const auto others = fleet.join(100, AgentWish{}, seconds(1));
  for (const Fleet::Agent agent : unwanted) station.refuse(fleet.id(agent));
  ASSERT_TRUE(fleet.wait_for_answers(others, 2, seconds(60)));

  fleet.die(no_uuid);
  fleet.die(unwanted);
  fleet.die(others);
  ASSERT_TRUE(station.wait_for(
      [&](const auto& alerts) { return agents_in(alerts, "AGENT_DEATH") >= others.size(); },
      seconds(60)));
  ASSERT_TRUE(nothing_left_to_tell(collectord));

  const Lives lives = fleet.lives();
  expect_told_in_time(told(station, "AGENT_DEATH"), lives, others);
  std::map<std::string, int> refused;
  for (const ReceivedAlert& alert : station.received()) {
    if (alert.status == 400) ++refused[alert.alert["agent_uuid"]];
  }
  EXPECT_EQ(refused.size(), no_uuid.size() + unwanted.size());
  for (const auto& [id, times] : refused) EXPECT_EQ(times, 1) << id;
  EXPECT_EQ(metric(collectord, "alerts_total", "type=\"AGENT_DEATH\"", "event=\"refused\""),
            static_cast<double>(refused.size()));
  EXPECT_EQ(metric(collectord, "station_away"), 0);
}

}  // namespace
}  // namespace pap::test
