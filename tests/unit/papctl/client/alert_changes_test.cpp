// SPDX-License-Identifier: MIT
#include "papctl/client/alert_changes.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pap::ctl {
namespace {

using Json = nlohmann::ordered_json;
using testing::ElementsAre;
using testing::IsEmpty;

// The newest first, as it is served: key and state of each.
Json answer(const std::vector<std::pair<std::string, std::string>>& alerts) {
  Json list = Json::array();
  for (const auto& [key, state] : alerts) {
    list.push_back({{"type", "AGENT_DEATH"},
                    {"agent_uuid", key},
                    {"delivery", {{"state", state}, {"idempotency_key", key}}}});
  }
  return {{"alerts", std::move(list)}};
}

Json many(std::size_t count, const std::string& prefix) {
  std::vector<std::pair<std::string, std::string>> alerts;
  for (std::size_t i = 0; i < count; ++i) alerts.emplace_back(prefix + std::to_string(i), "queued");
  return answer(alerts);
}

std::vector<std::string> ids(const AlertChanges::Found& found) {
  std::vector<std::string> out;
  for (const Json& alert : found.alerts) out.push_back(alert["agent_uuid"]);
  return out;
}

TEST(AlertChanges, AreAllAlertsAtFirstAndTheOldestComesFirst) {
  AlertChanges changes;
  EXPECT_THAT(ids(changes.take(answer({{"b", "queued"}, {"a", "delivered"}}), 100)),
              ElementsAre("a", "b"));
}

TEST(AlertChanges, AreWhatIsNewAndWhatWasDeliveredSince) {
  AlertChanges changes;
  changes.take(answer({{"b", "queued"}, {"a", "delivered"}}), 100);
  EXPECT_THAT(ids(changes.take(answer({{"b", "queued"}, {"a", "delivered"}}), 100)), IsEmpty());
  EXPECT_THAT(
      ids(changes.take(answer({{"c", "queued"}, {"b", "delivered"}, {"a", "delivered"}}), 100)),
      ElementsAre("b", "c"));
  EXPECT_THAT(ids(changes.take(answer({{"c", "dropped"}, {"b", "delivered"}}), 100)),
              ElementsAre("c"));
}

TEST(AlertChanges, AskForAllThatStillWaits) {
  AlertChanges changes;
  EXPECT_EQ(changes.rows(), AlertChanges::kFewestRows);
  changes.take(many(70, "a"), 100);
  EXPECT_EQ(changes.rows(), AlertChanges::kFewestRows + 70);
  changes.take(many(950, "a"), 1000);
  EXPECT_EQ(changes.rows(), AlertChanges::kMostRows);
  changes.take(answer({{"a", "delivered"}}), 1000);
  EXPECT_EQ(changes.rows(), AlertChanges::kFewestRows);
}

TEST(AlertChanges, AskForMoreWhereAnAnswerHoldsNothingThatIsKnown) {
  AlertChanges changes;
  changes.take(answer({{"old", "delivered"}}), 100);
  const auto first = changes.take(many(100, "new"), 100);
  EXPECT_TRUE(first.gap);
  EXPECT_THAT(first.alerts, IsEmpty());
  EXPECT_EQ(changes.rows(), AlertChanges::kMostRows);
  const auto again = changes.take(many(1000, "new"), 1000);
  EXPECT_TRUE(again.gap) << "and nothing is to be done about it";
  EXPECT_EQ(again.alerts.size(), 1000U);
  EXPECT_FALSE(changes.take(many(1000, "new"), 1000).gap);
}

TEST(AlertChanges, OfACollectorThatStartedAnewAreNoGap) {
  AlertChanges changes;
  changes.take(answer({{"old", "delivered"}}), 100);
  const auto found = changes.take(answer({{"new", "queued"}}), 100);
  EXPECT_FALSE(found.gap);
  EXPECT_THAT(ids(found), ElementsAre("new"));
}

TEST(AlertChanges, WithoutAKeyAreToldApartByTypeAgentAndTime) {
  AlertChanges changes;
  Json alerts{{"alerts",
               {{{"type", "AGENT_DEATH"}, {"agent_uuid", "a"}, {"timestamp", "1"}},
                {{"type", "AGENT_DEATH"}, {"agent_uuid", "a"}, {"timestamp", "2"}}}}};
  EXPECT_EQ(changes.take(alerts, 100).alerts.size(), 2U);
  EXPECT_THAT(changes.take(alerts, 100).alerts, IsEmpty());
}

TEST(AlertChanges, InWhatIsNoListOfAlertsAreNone) {
  AlertChanges changes;
  for (const char* text :
       {"{}", "[]", "1", R"({"alerts":{}})", R"({"alerts":[1,null,[]]})", R"({"alerts":1})"}) {
    EXPECT_THAT(changes.take(Json::parse(text), 100).alerts, IsEmpty()) << text;
  }
  EXPECT_EQ(changes.take(Json::parse(R"({"alerts":[{"delivery":1}]})"), 100).alerts.size(), 1U);
}

}  // namespace
}  // namespace pap::ctl
