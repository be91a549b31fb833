// SPDX-License-Identifier: MIT
#include "contract/survival.hpp"

namespace pap::test {
namespace {

using std::chrono::seconds;

constexpr const char* kDeath = "type=\"AGENT_DEATH\"";

double deaths_that(const Collectord& collectord, const std::string& event) {
  return metric(collectord, "alerts_total", kDeath, "event=\"" + event + '"');
}

// ALERT_QUEUE_MAX_SIZE is 100 by default, a third of what dies here.
TEST(Survival, an_outage_of_the_Station_loses_no_death) {
  Station station;
  Collectord collectord(told_to(station));
  Fleet fleet({"127.0.0.1", collectord.port()});

  const auto agents = fleet.join(300, AgentWish{}, kInterval);
  Fleet::Agents stunned;
  Fleet::Agents dying;
  for (const Fleet::Agent agent : agents) (agent % 8 == 0 ? stunned : dying).push_back(agent);
  ASSERT_TRUE(fleet.wait_for_answers(agents, 2, seconds(60)));

  station.down();
  fleet.freeze(stunned, seconds(30));
  fleet.die(dying);
  ASSERT_TRUE(wait_for_metric(collectord, "alerts_total", kDeath, "event=\"decided\"", 300));
  ASSERT_TRUE(wait_for_metric(collectord, "station_away", "", "", 1));
  ASSERT_TRUE(wait_for_metric(collectord, "alert_queue_size", "", "", 100));
  // … and perhaps one is in flight, to probe.
  EXPECT_GE(deaths_that(collectord, "dropped_full"), 199);
  // 38 of them turn out to be alive before anyone could be told.
  ASSERT_TRUE(fleet.wait_for_answers(stunned, 1, seconds(60)));
  EXPECT_TRUE(station.received().empty());

  station.up();
  // At the latest with the first probe, which comes within 30 s.
  ASSERT_TRUE(station.wait_for(
      [&](const auto& alerts) { return agents_in(alerts, "AGENT_DEATH") >= dying.size(); },
      seconds(90)));
  ASSERT_TRUE(nothing_left_to_tell(collectord));

  const Lives lives = fleet.lives();
  const auto over = ids_of(lives, stunned);
  const Told deaths = told(station, "AGENT_DEATH");
  std::size_t told_as_over = 0;
  for (const auto& [id, alerts] : deaths) {
    EXPECT_EQ(alerts.size(), 1U) << id;
    const bool says_over = alerts.front().alert["details"].contains("recovered_at");
    EXPECT_EQ(says_over, over.contains(id)) << id;
    if (says_over) ++told_as_over;
  }
  EXPECT_EQ(deaths.size() - told_as_over, dying.size());
  const double never_told =
      deaths_that(collectord, "dropped_full") - deaths_that(collectord, "retold");
  EXPECT_EQ(static_cast<double>(told_as_over) + never_told, static_cast<double>(stunned.size()));
  EXPECT_EQ(deaths_that(collectord, "delivered"), static_cast<double>(deaths.size()));
  EXPECT_EQ(metric(collectord, "agents_dead"), static_cast<double>(dying.size()));
  EXPECT_TRUE(told(station, "RESTART_DETECTED").empty());
}

}  // namespace
}  // namespace pap::test
