// SPDX-License-Identifier: MIT
#include "papsim/oracle/stream_model.hpp"

#include <gtest/gtest.h>

namespace pap::sim {
namespace {

using protocol::Mode;

constexpr const char* kInitial = R"({"type": "initial", "agent": {}})";
constexpr const char* kBeat =
    R"({"type": "heartbeat", "agent": {"mode": "IDLE", "uptime_seconds": 60.5}})";
constexpr const char* kRecovered = R"({"type": "recovered", "agent": {}})";
constexpr StreamModel::Beat kIdle{Mode::kIdle, 60.5, false};

std::string what(const StreamModel::Objection& objection) { return objection.value_or(""); }

StreamModel observed() {
  StreamModel model;
  EXPECT_EQ(what(model.sent(0, kInitial)), "");
  return model;
}

TEST(StreamModel, HasNothingToSayOfWhoIsNotObserved) {
  StreamModel model = observed();
  EXPECT_EQ(what(model.beat(1, kIdle)), "");
  EXPECT_EQ(what(model.removed(1)), "");
}

TEST(StreamModel, WantsAMessageAHeartbeat) {
  StreamModel model = observed();
  EXPECT_EQ(what(model.beat(0, kIdle)), "its observers were not sent its heartbeat");
  model.sent(0, kBeat);
  EXPECT_EQ(what(model.beat(0, kIdle)), "");
  model.sent(0, kBeat);
  model.sent(0, kBeat);
  EXPECT_NE(what(model.beat(0, kIdle)).find("were sent more"), std::string::npos);
}

TEST(StreamModel, WantsTheStateThatTheHeartbeatLedTo) {
  for (const StreamModel::Beat other :
       {StreamModel::Beat{Mode::kEmergency, 60.5, false}, {Mode::kIdle, 61, false}}) {
    StreamModel model = observed();
    model.sent(0, kBeat);
    EXPECT_NE(what(model.beat(0, other)).find("another heartbeat"), std::string::npos);
  }
}

TEST(StreamModel, WantsARecoveryBeforeTheHeartbeatOfWhoWasDead) {
  StreamModel model = observed();
  model.sent(0, kRecovered);
  model.sent(0, kBeat);
  EXPECT_EQ(what(model.beat(0, {Mode::kIdle, 60.5, true})), "");
  model.sent(0, kBeat);
  EXPECT_EQ(what(model.beat(0, {Mode::kIdle, 60.5, true})),
            "recovered, and its observers were not told");
  model.sent(0, kRecovered);
  model.sent(0, kBeat);
  EXPECT_EQ(what(model.beat(0, kIdle)), "its observers were told that it recovered");
}

TEST(StreamModel, WantsObserversToBeToldOfAnAlertBeforeTheStation) {
  const auto alert = nlohmann::json{
      {"type", "AGENT_DEATH"}, {"timestamp", "now"}, {"details", {{"mode", "IDLE"}}}};
  StreamModel model = observed();
  EXPECT_EQ(what(model.posted(0, alert)),
            "AGENT_DEATH was posted, and its observers were not told");
  // By another clock; what it says is the same.
  model.sent(0, R"({"type": "alert", "alert": {"type": "AGENT_DEATH", "timestamp": "then",
                    "details": {"mode": "IDLE"}}})");
  EXPECT_EQ(what(model.posted(0, alert)), "");
}

TEST(StreamModel, WantsARemovalToBeSaid) {
  StreamModel model = observed();
  EXPECT_EQ(what(model.removed(0)), "was removed, and its observers were not told so");
  model.sent(0, R"({"type": "removed"})");
  EXPECT_EQ(what(model.removed(0)), "");
}

TEST(StreamModel, WantsTheInitialMessageFirstAndOnce) {
  StreamModel model;
  EXPECT_EQ(what(model.sent(0, kBeat)), "its observers were sent `heartbeat` first");
  EXPECT_EQ(what(model.sent(0, kInitial)), "its observers were sent `initial` in between");
}

TEST(StreamModel, TakesNothingThatIsNoMessage) {
  StreamModel model;
  EXPECT_EQ(what(model.sent(0, "{")), "its observers were sent {");
}

}  // namespace
}  // namespace pap::sim
