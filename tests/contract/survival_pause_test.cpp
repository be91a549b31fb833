// SPDX-License-Identifier: MIT
#include "contract/survival.hpp"

namespace pap::test {
namespace {

using std::chrono::seconds;

constexpr seconds kPause{30};
// Nobody heard before a pause was over is called dead before that moment and this much time
// (design: The failure detector).
constexpr std::chrono::milliseconds kExtended = seconds(60) + kInterval + kSlack;

bool all_timed_out(const Lives& lives, const Fleet::Agents& agents) {
  return std::ranges::all_of(agents, [&](Fleet::Agent agent) {
    return lives[agent].beats.back().end == Beat::End::kTimedOut;
  });
}

Fleet::Agents part_of(const Fleet::Agents& agents, std::size_t from, std::size_t count) {
  const auto begin = agents.begin() + static_cast<std::ptrdiff_t>(from);
  return {begin, begin + static_cast<std::ptrdiff_t>(count)};
}

// Agents give a beat up after 5 s and stay away for more than 60 s, so all of them are silent for
// far more than 2 x interval because of us.
TEST(Survival, a_pause_of_the_collector_kills_nobody_and_hides_no_death) {
  Station station;
  Collectord collectord(told_to(station));
  Fleet fleet({"127.0.0.1", collectord.port()});

  const AgentWish wish{.manner = Manner::kReal};
  const auto agents = fleet.join(sized(500), wish, kInterval);
  const auto dies_before = part_of(agents, 0, 10);
  const auto dies_meanwhile = part_of(agents, 10, 20);
  const auto dying = part_of(agents, 0, 30);
  const auto living = part_of(agents, 30, agents.size() - 30);
  ASSERT_TRUE(fleet.wait_for_answers(agents, 2, seconds(60)));
  ASSERT_TRUE(no_beat_failed(fleet.counts()));

  fleet.die(dies_before);
  const auto stopped = std::chrono::steady_clock::now();
  collectord.freeze();
  ASSERT_TRUE(fleet.wait_for(
      [&](const Lives& lives) {
        return all_timed_out(lives, dies_meanwhile) && all_timed_out(lives, living);
      },
      seconds(60)));
  fleet.die(dies_meanwhile);
  fleet.live_until(stopped + kPause);
  const auto continued = std::chrono::steady_clock::now();
  collectord.thaw();

  // Each comes back with its first beat more than 60 s after the one that it gave up.
  ASSERT_TRUE(fleet.wait_for_answers(living, 1, seconds(120)));
  EXPECT_TRUE(told(station, "AGENT_DEATH").empty());
  ASSERT_TRUE(station.wait_for(
      [&](const auto& alerts) { return agents_in(alerts, "AGENT_DEATH") >= dying.size(); },
      seconds(120)));
  ASSERT_TRUE(nothing_left_to_tell(collectord));

  const Lives lives = fleet.lives();
  const Told deaths = told(station, "AGENT_DEATH");
  EXPECT_EQ(ids_of(deaths), ids_of(lives, dying));
  for (const auto& [id, alerts] : deaths) {
    EXPECT_EQ(alerts.size(), 1U) << id;
    EXPECT_GE(alerts.front().at, continued + kExtended) << id;
    EXPECT_LE(alerts.front().at, continued + kExtended + kMeasuringError) << id;
  }
  EXPECT_TRUE(told(station, "RESTART_DETECTED").empty());
  EXPECT_TRUE(told(station, "EMERGENCY_MODE").empty());
  for (const AgentLife& life : lives) {
    for (const Beat& beat : life.beats) EXPECT_FALSE(beat.restart_detected) << life.id;
  }
  EXPECT_EQ(metric(collectord, "catch_ups_total"), 1);
}

}  // namespace
}  // namespace pap::test
