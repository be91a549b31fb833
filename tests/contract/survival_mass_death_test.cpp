// SPDX-License-Identifier: MIT
#include "contract/survival.hpp"

namespace pap::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Survival, a_mass_death_is_told_once_each_through_a_slow_Station) {
  Station station;
  station.delay(milliseconds(100));
  Collectord collectord(told_to(station));
  Fleet fleet({"127.0.0.1", collectord.port()});

  const auto agents = fleet.join(sized(1'500), AgentWish{}, seconds(1));
  ASSERT_TRUE(fleet.wait_for_answers(agents, 2, seconds(60)));
  fleet.die(agents);
  ASSERT_TRUE(station.wait_for(
      [&](const auto& alerts) { return agents_in(alerts, "AGENT_DEATH") >= agents.size(); },
      seconds(120)));
  ASSERT_TRUE(nothing_left_to_tell(collectord));

  const Lives lives = fleet.lives();
  expect_told_in_time(told(station, "AGENT_DEATH"), lives, agents, seconds(30));
  EXPECT_EQ(station.received().size(), agents.size());
  EXPECT_TRUE(no_beat_failed(fleet.counts()));
}

}  // namespace
}  // namespace pap::test
