// SPDX-License-Identifier: MIT
#include "pap/protocol/alert.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "pap/protocol/agent_id.hpp"
#include "pap/protocol/heartbeat.hpp"
#include "unit/protocol/recordings.hpp"
#include "unit/protocol/wall_time_of.hpp"

namespace pap::protocol {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::year_month_day kDay = std::chrono::year{2026} / 11 / 24;

AlertMessage alert_of(AlertType type) {
  AlertMessage alert{};
  alert.type = type;
  alert.agent_uuid = "550e8400-e29b-41d4-a716-446655440000";
  alert.agent_name = "my-agent";
  alert.cluster_id = "is.plugged.in";
  return alert;
}

AlertMessage recorded_death() {
  AlertMessage alert = alert_of(AlertType::kAgentDeath);
  alert.timestamp = wall_time_of(kDay, 22h + 51min + 46s + 323ms);
  alert.missed_intervals = 3;
  alert.last_seen = wall_time_of(kDay, 22h + 51min + 27s + 549ms);
  alert.mode = Mode::kEmergency;
  alert.uptime_seconds = 2.5;
  return alert;
}

std::string written(const AlertMessage& alert) {
  std::string out;
  append_alert(out, alert);
  return out;
}

TEST(Alert, OfADeathIsWrittenAsRecorded) {
  EXPECT_EQ(written(recorded_death()), recorded::kPushAgentDeath);
}

TEST(Alert, OfADeathThatIsOverEndsItsDetailsWithTheRecovery) {
  AlertMessage alert = recorded_death();
  alert.recovered_at = wall_time_of(kDay, 22h + 52min);
  std::string expected(recorded::kPushAgentDeath);
  expected.insert(expected.find("},\"timestamp\""),
                  R"(,"recovered_at":"2026-11-24T22:52:00.000Z")");
  EXPECT_EQ(written(alert), expected);
}

TEST(Alert, OfAnEmergencyIsWrittenAsRecorded) {
  AlertMessage alert = alert_of(AlertType::kEmergencyMode);
  alert.timestamp = wall_time_of(kDay, 22h + 51min + 27s + 493ms);
  alert.previous_mode = Mode::kIdle;
  alert.uptime_seconds = 3635;
  EXPECT_EQ(written(alert), recorded::kPushEmergencyMode);
}

TEST(Alert, OfAnAgentFirstSeenInEmergencyHasNullForItsPreviousMode) {
  const std::string text = written(alert_of(AlertType::kEmergencyMode));
  EXPECT_NE(text.find(R"("details":{"previous_mode":null,"uptime_seconds":0})"), text.npos) << text;
}

TEST(Alert, OfARestartIsWrittenAsRecorded) {
  AlertMessage alert = alert_of(AlertType::kRestartDetected);
  alert.timestamp = wall_time_of(kDay, 22h + 51min + 27s + 549ms);
  alert.previous_uptime = 3635;
  alert.uptime_seconds = 2.5;
  alert.mode = Mode::kEmergency;
  EXPECT_EQ(written(alert), recorded::kPushRestartDetected);
}

TEST(Alert, EscapesWhatAgentsAndOperatorsChose) {
  AlertMessage alert = recorded_death();
  alert.agent_uuid = "a\"b";
  alert.agent_name = "c\\d";
  alert.cluster_id = "e\nf";
  const auto json = nlohmann::json::parse(written(alert));
  EXPECT_EQ(json["agent_uuid"], "a\"b");
  EXPECT_EQ(json["agent_name"], "c\\d");
  EXPECT_EQ(json["cluster_id"], "e\nf");
}

TEST(Alert, StaysFarUnderTheStationsLimitAtItsLongest) {
  AlertMessage alert = recorded_death();
  const std::string id(kMaxAgentIdBytes, '"');
  const std::string name(kMaxAgentNameBytes, '\0');  // six bytes each when written
  alert.agent_uuid = id;
  alert.agent_name = name;
  alert.uptime_seconds = 1.7976931348623157e308;
  alert.recovered_at = WallTime::max();
  EXPECT_LT(written(alert).size(), kMaxAlertBytes / 4);
}

TEST(AlertType, HasItsNameAndItsSeverity) {
  EXPECT_EQ(to_string(AlertType::kAgentDeath), "AGENT_DEATH");
  EXPECT_EQ(to_string(AlertType::kEmergencyMode), "EMERGENCY_MODE");
  EXPECT_EQ(to_string(AlertType::kRestartDetected), "RESTART_DETECTED");
  EXPECT_EQ(severity_of(AlertType::kAgentDeath), "critical");
  EXPECT_EQ(severity_of(AlertType::kEmergencyMode), "warning");
  EXPECT_EQ(severity_of(AlertType::kRestartDetected), "info");
}

}  // namespace
}  // namespace pap::protocol
