// SPDX-License-Identifier: MIT
#include "contract/survival.hpp"

namespace pap::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// The longest time between two beats of which the collector heard both and none between, as long
// as it can have been: from the one's sending to the other's answer.
milliseconds longest_silence(const AgentLife& life) {
  milliseconds longest{0};
  const Beat* before = nullptr;
  for (const Beat& beat : life.beats) {
    if (beat.end != Beat::End::kAnswered) continue;
    if (before != nullptr) {
      longest = std::max(longest, std::chrono::ceil<milliseconds>(beat.ended - before->sent));
    }
    before = &beat;
  }
  return longest;
}

// Every other beat of the first group is lost, so that each silence lasts two intervals and some
// jitter: half of them would be deaths to a detector that fires at 2 x interval.
TEST(Survival, a_lost_beat_now_and_then_is_no_death) {
  Station station;
  Collectord collectord(told_to(station));
  Fleet fleet({"127.0.0.1", collectord.port()});

  AgentWish wish{.jitter = milliseconds(5)};
  const auto mortal = fleet.join(20, wish, kInterval);
  wish.loss = 0.3;
  auto flaky = fleet.join(sized(100), wish, kInterval);
  wish.loss = 1;
  const auto worst = fleet.join(sized(300), wish, kInterval);
  flaky.insert(flaky.end(), worst.begin(), worst.end());

  ASSERT_TRUE(fleet.wait_for_answers(mortal, 2, seconds(60)));
  fleet.die(mortal);
  // Eight planned beats of which four are lost.
  ASSERT_TRUE(fleet.wait_for_answers(worst, 4, seconds(120)));

  const Lives lives = fleet.lives();
  EXPECT_TRUE(no_beat_failed(fleet.counts()));
  const Told deaths = told(station, "AGENT_DEATH");
  expect_told_in_time(deaths, lives, mortal);

  std::size_t kept_pace = 0;
  for (const Fleet::Agent agent : flaky) {
    const milliseconds silence = longest_silence(lives[agent]);
    if (silence >= kGrace + kSlack) continue;  // so late that it may be called dead
    ++kept_pace;
    EXPECT_FALSE(deaths.contains(lives[agent].id))
        << lives[agent].id << " was never silent for more than " << silence.count() << " ms";
  }
  EXPECT_GE(kept_pace * 100, flaky.size() * 90) << "this machine is too slow to judge by";
  EXPECT_TRUE(told(station, "RESTART_DETECTED").empty());
  EXPECT_TRUE(told(station, "EMERGENCY_MODE").empty());
}

}  // namespace
}  // namespace pap::test
