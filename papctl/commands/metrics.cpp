// SPDX-License-Identifier: MIT
// papctl metrics [TEXT]
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "papctl/client/client.hpp"
#include "papctl/client/metrics.hpp"
#include "papctl/commands/command.hpp"
#include "papctl/print/records.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

using Json = nlohmann::ordered_json;

// By how their names begin; the first that fits.
constexpr std::array<std::pair<std::string_view, std::string_view>, 17> kGroups{{
    {"agents_", "fleet"},
    {"heartbeats_", "heartbeats"},
    {"last_heartbeat", "heartbeats"},
    {"alert", "alerts"},
    {"station_", "alerts"},
    {"delivery_", "alerts"},
    {"detection_", "detection"},
    {"listening_", "detection"},
    {"losses_", "detection"},
    {"catch_ups_", "detection"},
    {"ticks_", "detection"},
    {"observ", "observation"},
    {"connection", "server"},
    {"answers_", "server"},
    {"table_", "process"},
    {"resident_", "process"},
    {"uptime_", "process"},
}};

std::string_view group_of(const std::string& name) {
  for (const auto& [prefix, group] : kGroups) {
    if (name.starts_with(prefix)) return group;
  }
  return "process";
}

void show(Context& context, const Metrics& metrics, const std::string& wanted) {
  const bool utf8 = context.terminal.utf8();
  Records records(context.format(), context.settings.printing.headers, false, context.terminal,
                  context.out,
                  {{"GROUP", 0, 10, false},
                   {"METRIC", 12, 90, false, 0, true},
                   {"LABELS", 8, 80, false},
                   {"VALUE", 0, 100, true}},
                  {"group", "metric", "labels", "value"});
  // Group by group, each as served.
  std::vector<std::string_view> order;
  for (const auto& [prefix, group] : kGroups) {
    if (order.empty() || order.back() != group) order.push_back(group);
  }
  for (const std::string_view group : order) {
    for (const Sample& sample : metrics.samples) {
      if (group_of(sample.name) != group) continue;
      if (sample.name.find(wanted) == std::string::npos && wanted != group) continue;
      Record record;
      record.cells = {{std::string(group), Paint::kFaint},
                      {visible(sample.name, utf8), Paint::kBold},
                      {visible(sample.labels, utf8), Paint::kPlain},
                      {visible(sample.value, utf8), Paint::kPlain}};
      record.full = {std::string(group), sample.name, sample.labels, sample.value};
      record.name = sample.name;
      record.json = {{"group", group},
                     {"metric", sample.name},
                     {"labels", sample.labels},
                     {"value", sample.value}};
      records.add(std::move(record));
    }
  }
  records.end("no metric matches");
}

int run_metrics(Context& context, const std::string& wanted) {
  Client client(context.settings.only_target());
  const Answer answer = client.get("/metrics");
  if (answer.status != 200) {
    throw refusal_of(client.endpoint().url("/metrics"), answer);
  }
  const Metrics metrics = Metrics::parse(answer.body);
  if (metrics.samples.empty()) {
    throw no_collectors_answer(client.endpoint().url("/metrics"), "holds no metrics");
  }
  if (context.format() == Format::kRaw) {
    context.out.write(answer.body);
  } else {
    show(context, metrics, wanted);
  }
  return kFine;
}

}  // namespace

Run prepare_metrics(CLI::App& app) {
  auto wanted = std::make_shared<std::string>();
  app.add_option("TEXT", *wanted,
                 "only those whose name holds TEXT, or of the group TEXT: fleet, heartbeats, "
                 "alerts, detection, observation, server, process");
  return [wanted](Context& context) { return run_metrics(context, *wanted); };
}

}  // namespace pap::ctl
