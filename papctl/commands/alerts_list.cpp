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
#include "papctl/print/alert_rows.hpp"
#include "papctl/print/records.hpp"

namespace pap::ctl {
namespace {

using Json = nlohmann::ordered_json;

// As many as a collector remembers, and takes for a limit.
constexpr std::size_t kMostAlerts = 1000;

int run_alerts_list(Context& context, std::size_t limit) {
  Collectors collectors(context.settings);
  Records records(context.format(), context.settings.printing.headers, collectors.several(),
                  context.terminal, context.out, alert_columns(), alert_tsv_headers());
  struct Row {
    std::string time;
    Record record;
    std::string label;
  };
  std::vector<Row> rows;
  collectors.each([&](Client& client, const std::string& label) {
    Answer answer;
    // Not said, the collector takes its own measure, which is less than all.
    const std::size_t most = limit == 0 ? kMostAlerts : std::min(limit, kMostAlerts);
    if (!client.find_json("/alerts?limit=" + std::to_string(most), &answer)) {
      throw no_alerts_at(client.endpoint().url());
    }
    Json alerts = Json::parse(answer.body).value("alerts", Json::array());
    for (Json& alert : alerts) {
      if (!alert.is_object()) continue;
      std::string time = field_of(alert, "timestamp");
      rows.push_back(
          {std::move(time), alert_record(std::move(alert), answer.now, context.terminal), label});
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
  return [limit](Context& context) { return run_alerts_list(context, *limit); };
}

}  // namespace pap::ctl
