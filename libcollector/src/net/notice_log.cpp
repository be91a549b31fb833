// SPDX-License-Identifier: MIT
#include "net/notice_log.hpp"

#include <chrono>
#include <string>

namespace pap::net {
namespace {

using core::Notice;
using Kind = core::Notice::Kind;

double in_seconds(core::Nanos amount) { return std::chrono::duration<double>(amount).count(); }

std::string_view type_of(const Notice& notice) {
  return notice.alert ? protocol::to_string(*notice.alert) : std::string_view{};
}

void log_agent(Logger& log, LogLevel level, const Notice& notice) {
  const std::string& name = notice.agent_name.empty() ? notice.agent_id : notice.agent_name;
  if (notice.amount > core::Nanos{0}) {
    log.log(level, to_string(notice.kind),
            {{"agent_uuid", notice.agent_id},
             {"agent_name", name},
             {"silent_seconds", in_seconds(notice.amount)}});
  } else {
    log.log(level, to_string(notice.kind), {{"agent_uuid", notice.agent_id}, {"agent_name", name}});
  }
}

// Of one alert. Failures repeat for as long as the Station is away: one line a minute.
void log_alert(Logger& log, const Notice& notice) {
  const auto fields = [&](auto write) {
    write({LogField{"type", type_of(notice)}, LogField{"agent_uuid", notice.agent_id},
           LogField{"attempts", notice.count}, LogField{"reason", notice.text}});
  };
  const std::string_view event = to_string(notice.kind);
  fields([&](Logger::Fields list) {
    switch (notice.kind) {
      case Kind::kAlertRefused:
        return log.limited(LogLevel::kError, event, event, list);
      case Kind::kAlertFailed:
        return log.limited(LogLevel::kWarn, event, event, list);
      case Kind::kAlertDropped:
        return log.limited(LogLevel::kWarn, event, event, list);
      case Kind::kAlertMisdirected:
        return log.limited(LogLevel::kError, event, "station_address_or_key_wrong", list);
      default:
        return log.info(event, list);
    }
  });
}

}  // namespace

void log_notice(Logger& log, const Notice& notice) {
  const std::string_view event = to_string(notice.kind);
  switch (notice.kind) {
    case Kind::kAgentDead:
    case Kind::kAgentEmergency:
      return log_agent(log, LogLevel::kWarn, notice);
    case Kind::kAgentRecovered:
    case Kind::kAgentRestarted:
    case Kind::kAgentRemoved:
    case Kind::kAgentForgotten:
    case Kind::kAgentEvicted:
      return log_agent(log, LogLevel::kInfo, notice);
    case Kind::kTableFull:
      return log.limited(LogLevel::kError, event, event, {{"agent_uuid", notice.agent_id}});
    case Kind::kAlertLogged:
      return log.warn("alert", {{"alert", notice.text}});
    case Kind::kAlertDelivered:
    case Kind::kAlertRefused:
    case Kind::kAlertFailed:
    case Kind::kAlertMisdirected:
    case Kind::kAlertDropped:
    case Kind::kAlertRetold:
      return log_alert(log, notice);
    case Kind::kStationAway:
      return log.error(event, {{"reason", notice.text}});
    case Kind::kStationBack:
      return log.info(event);
    case Kind::kStationAsksToWait:
      return log.limited(LogLevel::kWarn, event, event, {{"seconds", in_seconds(notice.amount)}});
    case Kind::kTimeLost:
      return log.warn(event, {{"seconds", in_seconds(notice.amount)}});
    case Kind::kCaughtUp:
      return log.info(event);
  }
}

}  // namespace pap::net
