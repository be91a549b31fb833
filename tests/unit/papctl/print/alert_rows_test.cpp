// SPDX-License-Identifier: MIT
#include "papctl/print/alert_rows.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pap::ctl {
namespace {

using Json = nlohmann::ordered_json;
using testing::ElementsAre;

Json alert(const std::string& state, int attempts) {
  return {{"type", "AGENT_DEATH"},
          {"agent_uuid", "a"},
          {"agent_name", "web"},
          {"severity", "critical"},
          {"timestamp", "2026-11-24T14:30:13.042Z"},
          {"delivery", {{"state", state}, {"attempts", attempts}}}};
}

const Terminal kTerminal({true, false, true, 80});

TEST(AlertRows, SayWhatBecameOfThem) {
  EXPECT_EQ(delivery_of(alert("delivered", 1)), "delivered");
  EXPECT_EQ(delivery_of(alert("queued", 0)), "queued");
  EXPECT_EQ(delivery_of(Json::object()), "");
}

TEST(AlertRows, TellPeopleWhatWasOnlyLoggedAndProgramsWhatWasServed) {
  EXPECT_EQ(delivery_of(alert("delivered", 0)), "logged");
  const Record record = alert_record(alert("delivered", 0), std::nullopt, kTerminal);
  EXPECT_EQ(record.cells[4].text, "logged");
  EXPECT_EQ(record.full[5], "delivered");
  EXPECT_EQ(record.json["delivery"]["state"], "delivered");
}

TEST(AlertRows, HaveAnAgeInAListAndATimeOfDayInAStream) {
  const auto now = *parse_timestamp("2026-11-24T14:31:13.042Z");
  EXPECT_EQ(alert_record(alert("queued", 0), now, kTerminal).cells[0].text, "60s ago");
  EXPECT_THAT(alert_record(alert("queued", 0), std::nullopt, kTerminal).cells[0].text,
              testing::ContainsRegex("[0-9][0-9]:[0-9][0-9]:13$"));
}

TEST(AlertRows, TakeNoHarmFromStrangeAlerts) {
  for (const char* text : {"{}", R"({"type":1,"delivery":2,"timestamp":"soon"})"}) {
    EXPECT_EQ(alert_record(Json::parse(text), std::nullopt, kTerminal).cells[0].text, "?");
  }
}

}  // namespace
}  // namespace pap::ctl
