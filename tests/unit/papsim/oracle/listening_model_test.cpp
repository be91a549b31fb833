// SPDX-License-Identifier: MIT
#include "papsim/oracle/listening_model.hpp"

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
  model.call(15'000);  // of 5 s, 4 s were lost
  EXPECT_FALSE(model.caught_up());
  EXPECT_EQ(model.excuse(9'000), 11'000);
  EXPECT_EQ(model.excuse(11'000), 11'000);
  EXPECT_EQ(model.excuse(11'001), std::nullopt);
  EXPECT_TRUE(model.on_the_edge(11'000));
  EXPECT_FALSE(model.on_the_edge(10'999));
}

TEST(ListeningModel, ExcusesOnceByTheFirstPauseThatWasMet) {
  ListeningModel model = started();
  model.call(15'000);
  model.caught_up();  // at 11 s of listening time
  run(model, 16'000, 30'000);
  model.call(60'000);
  model.caught_up();  // at 27 s
  EXPECT_EQ(model.excuse(10'000), 11'000);
  EXPECT_EQ(model.excuses_since(10'000), 2U);
  EXPECT_EQ(model.excuse(20'000), 27'000);
  EXPECT_EQ(model.excuses_since(20'000), 1U);
  EXPECT_EQ(model.excuse(28'000), std::nullopt);
}

TEST(ListeningModel, SharesOneMarkBetweenLossesWithinFiveSeconds) {
  ListeningModel model = started();
  model.call(15'000);
  EXPECT_FALSE(model.caught_up());  // at 11 s
  run(model, 16'000, 18'000);
  model.call(28'000);
  model.call(28'999);
  EXPECT_EQ(model.listening(), 15'999);
  EXPECT_TRUE(model.caught_up());
  EXPECT_EQ(model.excuse(0), 15'999);
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
