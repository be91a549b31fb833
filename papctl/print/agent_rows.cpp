// SPDX-License-Identifier: MIT
#include "papctl/print/agent_rows.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

using std::chrono::milliseconds;

constexpr double kLongestUptime = 4e9;  // a century, in seconds: beyond it nobody counts

std::string uptime_of(const Agent& agent) {
  const double seconds = std::clamp(agent.uptime_seconds, 0.0, kLongestUptime);
  return short_duration(milliseconds(static_cast<std::int64_t>(seconds * 1000)));
}

std::string age_of(const Agent& agent, TimePoint now) {
  if (!agent.last_seen) return "?";
  // The Date is cut to the second: what seems to lie ahead is now.
  const auto age = std::chrono::duration_cast<milliseconds>(now - *agent.last_seen);
  return short_duration(std::max(age, milliseconds{0})) + " ago";
}

}  // namespace

Paint paint_of_mode(const std::string& mode) {
  if (mode == "EMERGENCY") return Paint::kWarn;
  return mode == "SLEEP" ? Paint::kFaint : Paint::kPlain;
}

Cell health_cell(bool healthy, const Terminal& terminal) {
  if (healthy) {
    return {std::string(terminal.symbol("✔", "+")) + " healthy", Paint::kGood};
  }
  return {std::string(terminal.symbol("✘", "!")) + " unhealthy", Paint::kBad};
}

std::vector<Column> agent_columns(bool wide) {
  constexpr std::size_t kShortId = 8;
  constexpr std::size_t kShortName = 6;
  std::vector<Column> columns{
      {"AGENT", kShortId, 100, false, 0, true},
      {"NAME", kShortName, 45, false},
      {"MODE", 0, 80, false},
      {"HEALTH", 0, 90, false},
      {"LAST SEEN", 0, 85, true},
      {"UPTIME", 0, 25, true},
      {"BEATS", 0, 20, true},
  };
  if (wide) {
    columns.push_back({"SEEN AT", 0, 15, false});
    columns.push_back({"OBSERVED", 0, 10, false});
  }
  return columns;
}

std::vector<std::string> agent_tsv_headers() {
  return {"agent_uuid", "agent_name",     "mode",  "healthy",
          "last_seen",  "uptime_seconds", "beats", "observation_mode"};
}

Record agent_record(Agent agent, TimePoint now, bool wide, const Terminal& terminal) {
  const bool utf8 = terminal.utf8();
  Record record;
  const bool named = agent.name != agent.id && !agent.name.empty();
  record.cells = {
      {visible(agent.id, utf8), Paint::kBold},
      {named ? visible(agent.name, utf8) : "-", named ? Paint::kPlain : Paint::kFaint},
      {visible(agent.mode, utf8), paint_of_mode(agent.mode)},
      health_cell(agent.healthy, terminal),
      {age_of(agent, now), agent.healthy ? Paint::kPlain : Paint::kBad},
      {uptime_of(agent), Paint::kPlain},
      {std::to_string(agent.beats), Paint::kPlain},
  };
  if (wide) {
    record.cells.push_back({visible(agent.last_seen_text, utf8), Paint::kPlain});
    record.cells.push_back({agent.observed ? "yes" : "no", Paint::kPlain});
  }
  record.full = {agent.id,
                 agent.name,
                 agent.mode,
                 agent.healthy ? "true" : "false",
                 agent.last_seen_text,
                 plain_number(agent.uptime_seconds),
                 std::to_string(agent.beats),
                 agent.observed ? "true" : "false"};
  record.name = std::move(agent.id);
  record.json = std::move(agent.json);
  return record;
}

}  // namespace pap::ctl
