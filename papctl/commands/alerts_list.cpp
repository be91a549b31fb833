// SPDX-License-Identifier: MIT
// papctl alerts list
#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "papctl/client/client.hpp"
#include "papctl/commands/arguments.hpp"
#include "papctl/commands/collectors.hpp"
#include "papctl/commands/command.hpp"
#include "papctl/print/records.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  if (found == object.end()) return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

Paint paint_of_delivery(const std::string& state) {
  if (state == "delivered") return Paint::kGood;
  return state == "queued" ? Paint::kWarn : Paint::kBad;
}

Record record_of(Json alert, TimePoint now, const Terminal& terminal) {
  const bool utf8 = terminal.utf8();
  const Json delivery = alert.value("delivery", Json::object());
  const std::string type = text_of(alert, "type");
  const std::string id = text_of(alert, "agent_uuid");
  const std::string name = text_of(alert, "agent_name");
  const std::string time = text_of(alert, "timestamp");
  const std::string state = text_of(delivery, "state");
  const std::string attempts = text_of(delivery, "attempts");
  std::string age = "?";
  if (const auto at = parse_timestamp(time)) {
    const auto ago = std::chrono::duration_cast<std::chrono::milliseconds>(now - *at);
    age = short_duration(std::max(ago, std::chrono::milliseconds{0})) + " ago";
  }
  const bool critical = text_of(alert, "severity") == "critical";
  Record record;
  record.cells = {{age, Paint::kPlain},
                  {visible(type, utf8), critical ? Paint::kBad : Paint::kWarn},
                  {visible(id, utf8), Paint::kBold},
                  {name == id || name.empty() ? "-" : visible(name, utf8), Paint::kPlain},
                  {visible(state, utf8), paint_of_delivery(state)},
                  {visible(attempts, utf8), Paint::kPlain}};
  record.full = {time, type, text_of(alert, "severity"), id, name, state, attempts};
  record.name = id;
  record.json = std::move(alert);
  return record;
}

int run(Context& context, std::size_t limit) {
  Collectors collectors(context.settings);
  Records records(
      context.format(), context.settings.printing.headers, collectors.several(), context.terminal,
      context.out,
      {{"WHEN", 0, 60, true},
       {"ALERT", 0, 100, false},
       {"AGENT", 8, 90, false},
       {"NAME", 6, 30, false},
       {"DELIVERY", 0, 80, false},
       {"ATTEMPTS", 0, 20, true}},
      {"timestamp", "type", "severity", "agent_uuid", "agent_name", "delivery", "attempts"});
  struct Row {
    std::string time;
    Record record;
    std::string label;
  };
  std::vector<Row> rows;
  collectors.each([&](Client& client, const std::string& label) {
    Answer answer;
    if (!client.find_json("/alerts", &answer)) {
      throw Failure(kError, client.endpoint().url() + " has no /alerts",
                    "It is an older collector, which does not tell what it told the Station.");
    }
    Json alerts = Json::parse(answer.body).value("alerts", Json::array());
    for (Json& alert : alerts) {
      if (!alert.is_object()) continue;
      std::string time = text_of(alert, "timestamp");
      rows.push_back(
          {std::move(time), record_of(std::move(alert), answer.now, context.terminal), label});
    }
  });
  // Each collector's are in order already; among several the newest come first.
  if (collectors.several()) {
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& a, const Row& b) { return a.time > b.time; });
  }
  for (Row& row : rows) {
    if (limit != 0 && records.count() == limit) break;
    records.add(std::move(row.record), row.label);
  }
  records.end("no alerts at " + collectors.names());
  return collectors.status();
}

}  // namespace

Run prepare_alerts_list(CLI::App& app) {
  auto limit = std::make_shared<std::size_t>(0);
  app.add_option("--limit", *limit, "at most so many; 0 for all that it remembers")
      ->check(some_count())
      ->type_name("N");
  return [limit](Context& context) { return run(context, *limit); };
}

}  // namespace pap::ctl
