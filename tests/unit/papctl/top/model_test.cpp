// SPDX-License-Identifier: MIT
#include "papctl/top/model.hpp"

#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "top_test.hpp"

namespace pap::ctl::top {
namespace {

using Kind = Key::Kind;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

Model with(std::vector<AgentRow> rows) {
  Model model({"c:1"});
  model.on_agents(0, part(std::move(rows)), at(0));
  return model;
}

Metrics beats(int count) {
  return Metrics::parse("pap_collector_heartbeats_total{mode=\"IDLE\"} " + std::to_string(count) +
                        "\npap_collector_station_away 1\n");
}

TEST(TopModel, HasTheUnhealthyAndLongestSilentFirst) {
  const Model model = with({agent("1", "well"), agent("2", "long", false, 90),
                            agent("3", "short", false, 9), agent("4", "quiet", true, 5)});
  EXPECT_THAT(names(model), ElementsAre("long", "short", "quiet", "well"));
}

TEST(TopModel, IsSortedOtherwiseByAKey) {
  Model model = with({agent("1", "b", true, 1, "SLEEP"), agent("2", "a", true, 1, "IDLE"),
                      agent("3", "c", false, 1, "EMERGENCY")});
  EXPECT_EQ(model.on_key(key('s'), 10), Todo::kAskAgain);
  EXPECT_THAT(names(model), ElementsAre("a", "b", "c"));
  model.on_key(key('s'), 10);
  EXPECT_THAT(names(model), ElementsAre("c", "a", "b"));
  for (const Sort sort : {Sort::kUptime, Sort::kBeats, Sort::kWorst}) {
    model.on_key(key('s'), 10);
    EXPECT_EQ(model.sort(), sort);
  }
}

TEST(TopModel, IsFilteredByAPartOfTheNameOrAGlob) {
  Model model = with({agent("1", "web-1"), agent("2", "my-web"), agent("3", "db")});
  EXPECT_EQ(model.on_key(key('/'), 10), Todo::kNothing);
  EXPECT_TRUE(model.is_editing());
  EXPECT_EQ(model.on_key(key('w'), 10), Todo::kAskAgain);
  EXPECT_THAT(names(model), ElementsAre("web-1", "my-web"));
  type(model, "eb-*");
  EXPECT_THAT(names(model), ElementsAre("web-1"));
  model.on_key(key(Kind::kEnter), 10);
  EXPECT_FALSE(model.is_editing());
  EXPECT_EQ(model.choice().name_glob, "web-*");
  EXPECT_EQ(model.on_key(key(Kind::kEscape), 10), Todo::kAskAgain) << "Esc takes it off";
  EXPECT_EQ(names(model).size(), 3U);
}

TEST(TopModel, TakesBackAFilterThatIsNotFinished) {
  Model model = with({agent("1", "web")});
  type(model, "/we");
  model.on_key(key(Kind::kEnter), 10);
  type(model, "/xyz");
  EXPECT_EQ(model.filter(), "wexyz");
  model.on_key(key(Kind::kEscape), 10);
  EXPECT_EQ(model.filter(), "we");
  EXPECT_FALSE(model.is_editing());
}

TEST(TopModel, TakesBackACharacterAndNotAByte) {
  Model model = with({});
  model.on_key(key('/'), 10);
  model.on_key({Kind::kText, "\u00e9"}, 10);
  model.on_key(key(Kind::kBackspace), 10);
  EXPECT_EQ(model.filter(), "");
  EXPECT_EQ(model.on_key(key(Kind::kBackspace), 10), Todo::kNothing);
  type(model, std::string(1000, 'x'));
  EXPECT_EQ(model.filter().size(), kLongestFilter);
  model.on_key(key(Kind::kClearLine), 10);
  EXPECT_EQ(model.filter(), "");
}

TEST(TopModel, GoesThroughTheModes) {
  Model model = with({agent("1", "a", true, 1, "EMERGENCY"), agent("2", "b", true, 1, "SLEEP")});
  model.on_key(key('m'), 10);
  EXPECT_THAT(model.mode(), Optional(std::string("EMERGENCY")));
  EXPECT_THAT(names(model), ElementsAre("a"));
  model.on_key(key('m'), 10);
  EXPECT_THAT(names(model), IsEmpty());
  model.on_key(key('m'), 10);
  EXPECT_THAT(names(model), ElementsAre("b"));
  model.on_key(key('m'), 10);
  EXPECT_EQ(model.mode(), std::nullopt);
}

TEST(TopModel, KeepsTheChosenAgentWhereverItMoves) {
  Model model = with({agent("1", "a", true, 3), agent("2", "b", true, 2), agent("3", "c")});
  model.on_key(key(Kind::kDown), 10);
  EXPECT_EQ(selected_name(model), "b");
  model.on_agents(0, part({agent("1", "a"), agent("2", "b", false), agent("3", "c")}), at(2));
  EXPECT_EQ(selected_name(model), "b");
  model.on_agents(0, part({agent("1", "a", true, 9), agent("3", "c")}), at(4));
  EXPECT_EQ(selected_name(model), "c") << "who stands in its place now";
  model.on_agents(0, part({}), at(6));
  EXPECT_EQ(selected_name(model), "");
}

TEST(TopModel, StaysAtTheTopWhereItBegan) {
  Model model = with({agent("1", "a", true, 2), agent("2", "b")});
  EXPECT_EQ(selected_name(model), "a");
  model.on_key(key(Kind::kUp), 10);
  model.on_agents(0, part({agent("1", "a", true, 2), agent("2", "b", false)}), at(2));
  EXPECT_EQ(selected_name(model), "b");
}

TEST(TopModel, MovesByLinesAndPagesAndNeverBeyondTheEnds) {
  std::vector<AgentRow> rows;
  for (int i = 0; i < 25; ++i)
    rows.push_back(agent(std::to_string(100 + i), "n" + std::to_string(100 + i)));
  Model model = with(std::move(rows));
  const auto after = [&](Kind kind) {
    model.on_key(key(kind), 10);
    return model.selected(model.listed());
  };
  EXPECT_EQ(after(Kind::kUp), 0U);
  EXPECT_EQ(after(Kind::kPageDown), 10U);
  EXPECT_EQ(after(Kind::kDown), 11U);
  EXPECT_EQ(after(Kind::kPageUp), 1U);
  EXPECT_EQ(after(Kind::kEnd), 24U);
  EXPECT_EQ(after(Kind::kDown), 24U);
  EXPECT_EQ(after(Kind::kHome), 0U);
}

TEST(TopModel, LooksAtOneAgentAndBack) {
  Model model = with({agent("id-1", "a")});
  EXPECT_EQ(model.on_key(key(Kind::kEnter), 10), Todo::kObserve);
  ASSERT_TRUE(model.drill());
  EXPECT_EQ(model.drill()->id, "id-1");
  for (std::size_t i = 0; i < 2 * kMostMessages; ++i) model.on_message(std::to_string(i));
  EXPECT_EQ(model.drill()->messages.size(), kMostMessages);
  EXPECT_EQ(model.on_key(key(Kind::kDown), 10), Todo::kNothing);
  EXPECT_EQ(model.on_key(key(Kind::kEscape), 10), Todo::kLeave);
  EXPECT_FALSE(model.drill());
  model.on_message("late");
  model.on_stream("late");
}

TEST(TopModel, OfNobodyCannotBeLookedInto) {
  Model model = with({});
  EXPECT_EQ(model.on_key(key(Kind::kEnter), 10), Todo::kNothing);
  EXPECT_EQ(model.on_key(key(Kind::kEnd), 10), Todo::kNothing);
}

TEST(TopModel, QuitsAndHelps) {
  Model model = with({});
  model.on_key(key('?'), 10);
  EXPECT_TRUE(model.shows_help());
  EXPECT_EQ(model.on_key(key('s'), 10), Todo::kNothing) << "it only leaves the help";
  EXPECT_FALSE(model.shows_help());
  EXPECT_EQ(model.on_key(key('q'), 10), Todo::kQuit);
  type(model, "/q");
  EXPECT_EQ(model.filter(), "q") << "a letter like any other there";
}

TEST(TopModel, KnowsHowManyHeartbeatsASecond) {
  Model model({"c:1"});
  model.on_metrics(0, beats(100), at(0));
  EXPECT_EQ(model.collectors()[0].rate, std::nullopt);
  model.on_metrics(0, beats(120), at(2));
  EXPECT_THAT(model.collectors()[0].rate, Optional(DoubleNear(10, 0.01)));
  model.on_metrics(0, beats(120), at(4));
  EXPECT_THAT(model.collectors()[0].rate, Optional(DoubleNear(5, 0.01)));
  EXPECT_EQ(model.collectors()[0].station_away, 1);
  model.on_metrics(0, beats(3), at(6));
  EXPECT_EQ(model.collectors()[0].rate, std::nullopt) << "it started anew";
  model.on_metrics(0, Metrics{}, at(8));
  EXPECT_EQ(model.collectors()[0].rate, std::nullopt) << "an older one says nothing of it";
}

TEST(TopModel, SaysSinceWhenACollectorIsLost) {
  Model model = with({agent("1", "a")});
  model.on_lost(0, "cannot connect", at(5));
  model.on_lost(0, "no answer in time", at(9));
  EXPECT_EQ(model.collectors()[0].lost_since, at(5).wall);
  EXPECT_THAT(model.collectors()[0].why_lost, Optional(std::string("no answer in time")));
  EXPECT_EQ(names(model).size(), 1U) << "what was known of it stands";
  model.on_agents(0, part({}), at(11));
  EXPECT_EQ(model.collectors()[0].why_lost, std::nullopt);
}

TEST(TopModel, KeepsFewAlertsAndTakesNoHarmFromStrangeOnes) {
  Model model({"c:1"});
  nlohmann::ordered_json alerts = nlohmann::ordered_json::array();
  for (int i = 0; i < 100; ++i) alerts.push_back({{"type", "AGENT_DEATH"}});
  model.on_alerts(0, nlohmann::ordered_json{{"alerts", alerts}});
  EXPECT_EQ(model.collectors()[0].alerts.size(), kMostAlerts);
  for (const char* text : {"1", "{}", R"({"alerts":1})", R"({"alerts":[1,null]})"}) {
    model.on_alerts(0, nlohmann::ordered_json::parse(text));
    EXPECT_THAT(model.collectors()[0].alerts, IsEmpty()) << text;
  }
  EXPECT_TRUE(model.collectors()[0].has_alerts);
  model.on_alerts(0, std::nullopt);
  EXPECT_FALSE(model.collectors()[0].has_alerts);
}

TEST(TopModel, TakesNoHarmFromStrangeStatistics) {
  Model model({"c:1"});
  for (const char* text : {"1", "{}", R"({"total":"x","by_mode":[]})", "null"}) {
    model.on_agents(0, {Counts::from(nlohmann::ordered_json::parse(text)), {}, false}, at(0));
    EXPECT_EQ(model.collectors()[0].counts.total, 0U);
  }
}

TEST(TopModel, TellsAgentsOfOneIdApartByTheirCollectors) {
  Model model({"c:1", "c:2"});
  model.on_agents(0, part({agent("same", "a", true, 2)}), at(0));
  model.on_agents(1, part({agent("same", "b", true, 1)}), at(0));
  model.on_key(key(Kind::kDown), 10);
  EXPECT_EQ(selected_name(model), "b");
  model.on_key(key(Kind::kEnter), 10);
  EXPECT_EQ(model.drill()->collector, 1U);
}

}  // namespace
}  // namespace pap::ctl::top
