// SPDX-License-Identifier: MIT
#include <random>
#include <thread>

#include <httplib.h>

#include "contract/survival.hpp"

namespace pap::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

bool ready(const Collectord& collectord) {
  httplib::Client client("127.0.0.1", collectord.port());
  const auto answer = client.Get("/ready");
  return answer && answer->status == 200;
}

// One Service before two pods: while both are ready a beat goes to either; one that is no longer
// ready is forgotten slowly, an agent at a time.
class Routes {
 public:
  Routes(Fleet& fleet, std::size_t agents, const Collectord& before, const Collectord& after)
      : fleet_(fleet),
        agents_(agents),
        before_{"127.0.0.1", before.port()},
        after_{"127.0.0.1", after.port()} {}

  void both_for(Clock::duration time) {
    const auto end = Clock::now() + time;
    while (Clock::now() < end) {
      for (Fleet::Agent agent = 0; agent < agents_; ++agent) {
        if (random_() % 4 == 0) aim(agent, random_() % 2 == 0 ? before_ : after_);
      }
      std::this_thread::sleep_for(milliseconds(100));  // poll
    }
  }

  // The last agents follow only after all of `time`.
  void move_over(Clock::duration time) {
    const auto begin = Clock::now();
    std::size_t moved = 0;
    while (moved < agents_) {
      const auto passed = Clock::now() - begin;
      const auto due = std::min<std::size_t>(
          agents_, static_cast<std::size_t>(passed * static_cast<std::int64_t>(agents_) / time));
      for (; moved < due; ++moved) aim(moved, after_);
      std::this_thread::sleep_for(milliseconds(20));  // poll
    }
  }

 private:
  void aim(Fleet::Agent agent, const Target& target) { fleet_.aim(std::span(&agent, 1), target); }

  Fleet& fleet_;
  const std::size_t agents_;
  const Target before_;
  const Target after_;
  std::mt19937 random_{1};
};

TEST(Survival, a_rolling_upgrade_under_a_live_fleet_fails_no_beat_and_kills_nobody) {
  Station station;
  Collectord before(told_to(station));
  Fleet fleet({"127.0.0.1", before.port()});
  auto agents = fleet.join(sized(300), AgentWish{.manner = Manner::kReal}, kInterval);
  const auto steady = fleet.join(sized(300), AgentWish{.manner = Manner::kSteady}, kInterval);
  agents.insert(agents.end(), steady.begin(), steady.end());
  ASSERT_TRUE(fleet.wait_for_answers(agents, 2, seconds(60)));

  Collectord after(told_to(station));
  Routes routes(fleet, agents.size(), before, after);
  routes.both_for(seconds(1));
  before.stop();
  while (ready(before)) std::this_thread::sleep_for(milliseconds(20));  // poll
  routes.move_over(seconds(4));
  EXPECT_EQ(before.wait(), 0);

  // Whoever was to be called dead for the move would have been by then.
  ASSERT_TRUE(fleet.wait_for_answers(agents, 3, seconds(60)));
  EXPECT_TRUE(no_beat_failed(fleet.counts()));
  EXPECT_TRUE(nothing_left_to_tell(after));
  EXPECT_TRUE(station.received().empty());
  EXPECT_EQ(metric(after, "agents_healthy"), static_cast<double>(agents.size()));
}

}  // namespace
}  // namespace pap::test
