// SPDX-License-Identifier: MIT
#include "papsim/live/station_reply.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace pap::sim {
namespace {

using nlohmann::json;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

ReceivedAlert received() {
  ReceivedAlert alert;
  alert.alert = {{"type", "AGENT_DEATH"},
                 {"agent_uuid", "pod-1"},
                 {"agent_name", "pod-1"},
                 {"severity", "critical"},
                 {"timestamp", "2026-11-24T14:30:13.042Z"},
                 {"details", {{"mode", "IDLE"}, {"missed_intervals", 2}}}};
  alert.body = alert.alert.dump();
  return alert;
}

TEST(AlertKey, IsTheHeadersWhereThereIsOne) {
  ReceivedAlert alert = received();
  alert.headers["idempotency-key"] = "a-1";
  EXPECT_EQ(key_of(alert), "a-1");
}

TEST(AlertKey, IsOtherwiseWhatMakesTheAlertThatAlert) {
  const ReceivedAlert alert = received();
  ReceivedAlert retried = received();
  retried.connection = 7;
  EXPECT_EQ(key_of(alert), key_of(retried));
  ReceivedAlert later = received();
  later.alert["timestamp"] = "2026-11-24T14:31:13.042Z";
  EXPECT_NE(key_of(alert), key_of(later));
}

TEST(AlertLine, SaysWhoWhatAndWhy) {
  EXPECT_EQ(line_of(received()),
            "2026-11-24T14:30:13.042Z  AGENT_DEATH  critical  pod-1  missed_intervals=2  "
            "mode=IDLE");
}

TEST(AlertLine, SaysHowItWasAnsweredUnlessWell) {
  ReceivedAlert alert = received();
  alert.answered = true;
  alert.status = 200;
  EXPECT_THAT(line_of(alert), Not(HasSubstr("->")));
  alert.status = 400;
  alert.refused = "no UUID";
  EXPECT_THAT(line_of(alert), EndsWith("  -> 400 no UUID"));
  alert.status = 0;
  alert.refused.clear();
  EXPECT_THAT(line_of(alert), EndsWith("  -> no answer"));
}

TEST(AlertLine, ShowsNoControlCharacterOfAName) {
  ReceivedAlert alert = received();
  alert.alert["agent_name"] = "a\x1b[31mb\nc";
  EXPECT_THAT(line_of(alert), HasSubstr("a?[31mb?c (pod-1)"));
}

TEST(AlertLine, OfWhatIsNoAlertHasQuestionMarks) {
  ReceivedAlert alert;
  alert.alert = json::array({1, 2});
  EXPECT_EQ(line_of(alert), "?  ?  ?  ?");
}

TEST(AlertRecord, HoldsTheAlertAndWhatBecameOfIt) {
  ReceivedAlert alert = received();
  alert.headers["idempotency-key"] = "a-1";
  alert.status = 503;
  const auto record = record_of(alert);
  EXPECT_EQ(record.at("key"), "a-1");
  EXPECT_EQ(record.at("status"), 503);
  EXPECT_EQ(record.at("alert").at("agent_uuid"), "pod-1");
}

TEST(AlertRecord, HasNoStatusWithoutAnAnswerAndTheBodyOfWhatIsNoJson) {
  ReceivedAlert alert;
  alert.alert = nullptr;
  alert.body = "garbage";
  const auto record = record_of(alert);
  EXPECT_TRUE(record.at("status").is_null());
  EXPECT_EQ(record.at("body"), "garbage");
  EXPECT_FALSE(record.contains("alert"));
}

TEST(StationActs, SayRetryAfterInWholeSecondsAndNotLess) {
  StationReply reply;
  reply.at = 1'005;
  reply.answer.status = 429;
  reply.answer.retry_after = std::chrono::milliseconds(1'500);
  const StationAct act = act_of(reply, 1'000);
  EXPECT_EQ(act.kind, StationAct::Kind::kStatus);
  EXPECT_EQ(act.status, 429);
  EXPECT_EQ(act.headers, (StationAct::Headers{{"Retry-After", "2"}}));
  EXPECT_EQ(act.delay, std::chrono::milliseconds(5));
  EXPECT_EQ(retry_after_of(reply), 2'000);
}

TEST(StationActs, AreWhatGoesOverTheWire) {
  using How = StationReply::How;
  const auto kind_of = [](How how) {
    StationReply reply;
    reply.how = how;
    return act_of(reply, 0).kind;
  };
  EXPECT_EQ(kind_of(How::kHang), StationAct::Kind::kHang);
  EXPECT_EQ(kind_of(How::kReset), StationAct::Kind::kCut);
  EXPECT_EQ(kind_of(How::kRefusal), StationAct::Kind::kCut);
  EXPECT_EQ(kind_of(How::kGarbage), StationAct::Kind::kRaw);
}

}  // namespace
}  // namespace pap::sim
