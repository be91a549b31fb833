// SPDX-License-Identifier: MIT
#include "papsim/capacity/capacity_run.hpp"

#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pap::sim {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::Ge;
using testing::HasSubstr;
using testing::Le;
using testing::SizeIs;

// A collector that holds so many agents, calm and in each incident, and a generator up to a rate.
struct Machine {
  std::uint32_t calm = 50'000;
  std::function<std::uint32_t(Incident)> in = [this](Incident) { return calm; };
  double generator = 1e9;
  int invalid = 0;  // so many trials first
  int fail_confirmations = 0;
  int stop_after = 1'000'000;  // trials
  std::chrono::milliseconds trial_takes = 150s;
  bool quick = false;
  bool may_restart = true;

  int trials = 0;
  std::chrono::milliseconds time{0};
  std::vector<std::uint32_t> confirmed{};

  TrialResult trial(const TrialWish& wish) {
    ++trials;
    time += wish.proof ? std::chrono::milliseconds(11s) : trial_takes;
    TrialResult result;
    result.wish = wish;
    result.rate = wish.agents * wish.mix.beats_a_second;
    if (wish.proof) {
      const bool on_time = result.rate <= generator;
      result.outcome = on_time ? TrialOutcome::kHeld : TrialOutcome::kInvalid;
      result.own_cpu_us_per_beat = 12;
      return result;
    }
    if (invalid > 0) {
      --invalid;
      result.why = "the machine was busy";
      return result;
    }
    const bool calm_one = wish.incident == Incident::kNone;
    result.cpu_percent = 100.0 * wish.agents / calm;
    bool held = wish.agents <= (calm_one ? calm : in(wish.incident));
    if (wish.is_long && fail_confirmations > 0) {
      --fail_confirmations;
      held = false;
    }
    if (wish.is_long) confirmed.push_back(wish.agents);
    result.outcome = held ? TrialOutcome::kHeld : TrialOutcome::kFailed;
    if (!held) result.why = "answers take 30 ms";
    return result;
  }

  CapacityFound run() {
    std::string error;
    CapacityWish wish;
    wish.mix = *read_mode_mix("IDLE:100%", error);
    wish.quick = quick;
    wish.may_restart = may_restart;
    CapacityRun::World world;
    world.trial = [this](const TrialWish& each) { return trial(each); };
    world.generator_trial = world.trial;
    world.stop = [this] { return trials >= stop_after; };
    world.ended = [](const PhasedTrial&) {};
    world.now = [this] { return time; };
    return CapacityRun(wish, world).run();
  }
};

TEST(Capacity, IsBracketedToFivePercentAndConfirmedFiveTimes) {
  Machine machine;
  const CapacityFound found = machine.run();
  EXPECT_THAT(found.held, AllOf(Ge(47'600U), Le(50'000U)));
  ASSERT_TRUE(found.failed);
  EXPECT_LE(*found.failed, found.held * 1.05);
  EXPECT_THAT(machine.confirmed, SizeIs(5));
  EXPECT_EQ(found.agents, found.held);
  EXPECT_EQ(found.limited_by, "answers take 30 ms");
  EXPECT_DOUBLE_EQ(found.beats_a_second, found.agents / 30.0);
  EXPECT_TRUE(found.whole);
}

TEST(Capacity, IsTheLeastOfCalmAndIncidents) {
  Machine machine;
  machine.in = [](Incident incident) {
    return incident == Incident::kEmergency ? 9'000U : 60'000U;
  };
  const CapacityFound found = machine.run();
  EXPECT_THAT(found.agents, AllOf(Ge(8'100U), Le(9'000U)));
  EXPECT_THAT(found.limited_by, HasSubstr("everyone into EMERGENCY"));
  ASSERT_THAT(found.incidents, SizeIs(4));
  // The others are tried with what is left, and need not go down.
  EXPECT_EQ(found.incidents[1].agents, found.agents);
  EXPECT_EQ(found.incidents[3].agents, found.agents);
}

TEST(Capacity, StepsBackWhereAConfirmationFails) {
  Machine machine;
  machine.fail_confirmations = 1;
  const CapacityFound found = machine.run();
  EXPECT_THAT(machine.confirmed, SizeIs(6));
  EXPECT_LT(found.held, machine.confirmed.front());
  EXPECT_EQ(found.failed, machine.confirmed.front());
}

TEST(Capacity, IsNoneWhereNothingCanBeConfirmed) {
  Machine machine;
  machine.fail_confirmations = 1'000;
  const CapacityFound found = machine.run();
  EXPECT_EQ(found.agents, 0U);
  EXPECT_THAT(machine.confirmed, SizeIs(kMostStepsBack + 1));
  EXPECT_THAT(found.incidents, SizeIs(0));
}

TEST(Capacity, TriesAgainWhatWasInvalidAFewTimes) {
  Machine patient;
  patient.invalid = kInvalidAgain;
  EXPECT_THAT(patient.run().held, Ge(47'600U));
  Machine hopeless;
  hopeless.invalid = 1'000'000;
  const CapacityFound found = hopeless.run();
  EXPECT_EQ(found.agents, 0U);
  EXPECT_EQ(found.limited_by, "the machine was busy");
}

TEST(Capacity, IsNoMoreThanHalfOfWhatTheGeneratorWasProvedFor) {
  Machine machine;
  machine.generator = 2'600;  // held at 2 000 a second, not at 4 000 and 3 000; at 2 500
  const CapacityFound found = machine.run();
  EXPECT_DOUBLE_EQ(found.generator.ceiling_per_second, 2'500);
  EXPECT_EQ(found.held, 37'500U);
  EXPECT_EQ(found.failed, std::nullopt);
  // In EMERGENCY each beats six times as often.
  EXPECT_EQ(found.incidents[0].agents, 6'250U);
  EXPECT_TRUE(found.incidents[0].by_generator);
  EXPECT_EQ(found.agents, 6'250U);
  EXPECT_THAT(found.limited_by, HasSubstr("generator can be no more"));
}

TEST(Capacity, OfAMachineThatIsNeverOnTimeIsNone) {
  Machine machine;
  machine.generator = 0.01;
  const CapacityFound found = machine.run();
  EXPECT_EQ(found.agents, 0U);
  EXPECT_THAT(found.limited_by, HasSubstr("never on time"));
}

TEST(Capacity, ThatIsRoughEndsInTimeAndSaysWhatItLeftOut) {
  Machine machine;
  machine.quick = true;
  machine.trial_takes = 45s;
  const CapacityFound found = machine.run();
  EXPECT_LE(machine.time, 5min + 2 * machine.trial_takes);
  EXPECT_GT(found.agents, 0U);
  EXPECT_THAT(found.incidents, SizeIs(0));
  EXPECT_THAT(found.not_tested, ElementsAre(HasSubstr("--quick")));
}

TEST(Capacity, LeavesOutTheRestartOfACollectorThatIsNotOurs) {
  Machine machine;
  machine.may_restart = false;
  const CapacityFound found = machine.run();
  EXPECT_THAT(found.incidents.back().not_tested, HasSubstr("--spawn"));
  EXPECT_EQ(found.agents, found.held);
}

TEST(Capacity, ThatWasStoppedSaysSo) {
  Machine machine;
  machine.stop_after = 12;
  EXPECT_FALSE(machine.run().whole);
  EXPECT_EQ(machine.trials, 12);
}

TEST(Capacity, ThatWasStoppedBeforeItWasConfirmedIsWhatWasFoundAndSaysHowOftenItHeld) {
  Machine machine;
  const CapacityFound whole = machine.run();
  Machine stopped;
  const auto first = std::find_if(whole.trials.begin(), whole.trials.end(), [](const auto& each) {
    return each.phase == Phase::kConfirmation;
  });
  stopped.stop_after = static_cast<int>(first - whole.trials.begin()) + 2;
  const CapacityFound found = stopped.run();
  EXPECT_EQ(found.agents, whole.held);
  EXPECT_FALSE(found.whole);
  EXPECT_THAT(found.not_tested, testing::Contains(HasSubstr("after 2 of 5 confirmations")));
}

}  // namespace
}  // namespace pap::sim
