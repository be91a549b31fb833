// SPDX-License-Identifier: MIT
#include "papsim/oracle/listening_model.hpp"

#include <cstdint>
#include <optional>

#include <gtest/gtest.h>

namespace pap::sim {
namespace {

ListeningModel started() {
  ListeningModel model;
  model.start(10'000);
  return model;
}

// Called each second, as a collector that runs is.
void run(ListeningModel& model, WorldTime from, WorldTime to) {
  for (WorldTime at = from; at <= to; at += 1'000) model.call(at);
}

TEST(ListeningModel, ListensAllTheTimeThatItIsCalled) {
  ListeningModel model = started();
  run(model, 10'000, 90'000);
  EXPECT_EQ(model.listening(), 90'000);
  EXPECT_EQ(model.lost(), 0);
  EXPECT_FALSE(model.catching_up());
}

TEST(ListeningModel, LosesAllButASecondOfAGapOfMoreThanTwo) {
  ListeningModel model = started();
  model.call(12'000);
  EXPECT_EQ(model.lost(), 0);
  model.call(14'001);
  EXPECT_EQ(model.lost(), 1'001);
  EXPECT_EQ(model.listening(), 13'000);
  EXPECT_TRUE(model.catching_up());
  EXPECT_EQ(model.loss_being_caught_up(), 1'001);
}

TEST(ListeningModel, HasCaughtUpAfterFiveSecondsOfListeningAtTheLatest) {
  ListeningModel model = started();
  model.call(40'000);  // 29 s lost
  run(model, 41'000, 44'000);
  EXPECT_TRUE(model.catching_up());
  model.call(45'000);
  EXPECT_FALSE(model.catching_up());
  EXPECT_EQ(model.held_until(), 16'000);
  EXPECT_EQ(model.loss_being_caught_up(), 0);
}

TEST(ListeningModel, AddsUpWhatIsLostBeforeItHasCaughtUp) {
  ListeningModel model = started();
  model.call(13'000);
  model.call(16'000);
  EXPECT_EQ(model.loss_being_caught_up(), 4'000);
  EXPECT_EQ(model.lost(), 4'000);
}

TEST(ListeningModel, ExcusesNobodyForAGapOfLessThanFiveSeconds) {
  ListeningModel model = started();
  model.call(14'999);
  model.caught_up();
  EXPECT_EQ(model.excuse(0), std::nullopt);
  EXPECT_EQ(model.excuses_since(0), 0U);
}

TEST(ListeningModel, ExcusesWhoWasHeardBeforeItHadCaughtUp) {
  ListeningModel model = started();
  model.call(15'000);                         // of 5 s, 4 s were lost
  const std::uint32_t waited = model.ends();  // as a beat that waited is heard
  EXPECT_FALSE(model.caught_up());
  EXPECT_EQ(model.excuse(waited), 11'000);
  EXPECT_EQ(model.excuse(model.ends()), std::nullopt) << "in the same millisecond, and after it";
}

TEST(ListeningModel, ExcusesOnceByTheFirstPauseThatWasMet) {
  ListeningModel model = started();
  model.call(15'000);
  model.caught_up();  // at 11 s of listening time
  const std::uint32_t between = model.ends();
  run(model, 16'000, 30'000);
  model.call(60'000);
  model.caught_up();  // at 27 s
  EXPECT_EQ(model.excuse(0), 11'000);
  EXPECT_EQ(model.excuses_since(0), 2U);
  EXPECT_EQ(model.excuse(between), 27'000);
  EXPECT_EQ(model.excuses_since(between), 1U);
  EXPECT_EQ(model.excuse(model.ends()), std::nullopt);
}

TEST(ListeningModel, SharesOneMarkBetweenLossesWithinFiveSeconds) {
  ListeningModel model = started();
  model.call(15'000);
  EXPECT_FALSE(model.caught_up());  // at 11 s
  const std::uint32_t between = model.ends();
  run(model, 16'000, 18'000);
  model.call(28'000);
  model.call(28'999);
  EXPECT_EQ(model.listening(), 15'999);
  EXPECT_TRUE(model.caught_up());
  EXPECT_EQ(model.excuse(0), 15'999);
  EXPECT_EQ(model.excuse(between), 15'999);
  EXPECT_EQ(model.excuses_since(0), 1U);
}

TEST(ListeningModel, SharesNoMarkAfterFiveSeconds) {
  ListeningModel model = started();
  model.call(15'000);
  EXPECT_FALSE(model.caught_up());
  run(model, 16'000, 18'000);
  model.call(28'000);
  model.call(29'000);
  EXPECT_EQ(model.listening(), 16'000);
  EXPECT_FALSE(model.caught_up());
  EXPECT_EQ(model.excuses_since(0), 2U);
}

TEST(ListeningModel, LosesAllOfATimeInWhichNobodyIsLetInAsOneLoss) {
  ListeningModel model = started();
  for (WorldTime at = 11'000; at <= 130'000; at += 1'000) {
    model.call(at);
    model.hears_nobody(at, 10'000);
    EXPECT_EQ(model.listening(), 11'000);
    EXPECT_TRUE(model.deaf());
    EXPECT_FALSE(model.catching_up());
  }
  const std::uint32_t meanwhile = model.ends();
  model.call(131'000);
  model.hears_all(131'000, 10'000);
  EXPECT_FALSE(model.deaf());
  EXPECT_EQ(model.loss_being_caught_up(), 121'000);
  model.caught_up();
  EXPECT_EQ(model.lost(), 120'000);
  EXPECT_EQ(model.excuse(meanwhile), 11'000);
  EXPECT_EQ(model.excuses_since(0), 1U);
}

TEST(ListeningModel, ExcusesNobodyForAShortTimeInWhichNobodyIsLetIn) {
  ListeningModel model = started();
  model.call(11'000);
  model.hears_nobody(11'000, 10'000);
  model.call(14'999);
  model.hears_all(14'999, 10'000);
  model.caught_up();
  EXPECT_EQ(model.lost(), 3'999);
  EXPECT_EQ(model.excuse(0), std::nullopt);
}

TEST(ListeningModel, BeginsAnewWithItsCollector) {
  ListeningModel model = started();
  model.call(60'000);
  model.caught_up();
  model.start(100'000);
  EXPECT_EQ(model.listening(), 100'000);
  EXPECT_EQ(model.lost(), 0);
  EXPECT_EQ(model.excuse(0), std::nullopt);
  EXPECT_EQ(model.held_until(), 0);
}

}  // namespace
}  // namespace pap::sim
