// SPDX-License-Identifier: MIT
#include "papctl/print/alert_rows.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "papctl/print/clock_time.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {
using Json = nlohmann::ordered_json;
}

Paint paint_of_delivery(const std::string& state) {
  if (state == "delivered") return Paint::kGood;
  if (state == "logged") return Paint::kPlain;
  return state == "queued" ? Paint::kWarn : Paint::kBad;
}

std::string delivery_of(const Json& alert) {
  const Json delivery = alert.value("delivery", Json::object());
  const std::string state = field_of(delivery, "state");
  return state == "delivered" && field_of(delivery, "attempts") == "0" ? "logged" : state;
}

std::string field_of(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  if (found == object.end()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

std::vector<Column> alert_columns() {
  // The longest type of alert, a UUID, the longest state: rows come later that are not known yet.
  return {{"WHEN", 0, 60, true, 8},          {"ALERT", 0, 100, false, 16},
          {"AGENT", 8, 90, false, 36, true}, {"NAME", 6, 30, false, 12},
          {"DELIVERY", 0, 80, false, 9},     {"ATTEMPTS", 0, 20, true}};
}

std::vector<std::string> alert_tsv_headers() {
  return {"timestamp", "type", "severity", "agent_uuid", "agent_name", "delivery", "attempts"};
}

Record alert_record(Json alert, std::optional<TimePoint> now, const Terminal& terminal) {
  const bool utf8 = terminal.utf8();
  const Json delivery = alert.value("delivery", Json::object());
  const std::string type = field_of(alert, "type");
  const std::string id = field_of(alert, "agent_uuid");
  const std::string name = field_of(alert, "agent_name");
  const std::string time = field_of(alert, "timestamp");
  const std::string state = field_of(delivery, "state");
  const std::string attempts = field_of(delivery, "attempts");
  const std::string delivered = delivery_of(alert);
  std::string when = "?";
  if (const auto at = parse_timestamp(time)) {
    if (now) {
      const auto ago = std::chrono::duration_cast<std::chrono::milliseconds>(*now - *at);
      when = short_duration(std::max(ago, std::chrono::milliseconds{0})) + " ago";
    } else {
      when = clock_second(*at, std::chrono::system_clock::now());
    }
  }
  const bool critical = field_of(alert, "severity") == "critical";
  Record record;
  record.cells = {{when, Paint::kPlain},
                  {visible(type, utf8), critical ? Paint::kBad : Paint::kWarn},
                  {visible(id, utf8), Paint::kBold},
                  {name == id || name.empty() ? "-" : visible(name, utf8), Paint::kPlain},
                  {visible(delivered, utf8), paint_of_delivery(delivered)},
                  {visible(attempts, utf8), Paint::kPlain}};
  record.full = {time, type, field_of(alert, "severity"), id, name, state, attempts};
  record.name = id;
  record.json = std::move(alert);
  return record;
}

Failure no_alerts_at(const std::string& url) {
  return {kError, url + " has no /alerts",
          "It is an older collector, which does not tell what it told the Station."};
}

}  // namespace pap::ctl
