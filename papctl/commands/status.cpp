// SPDX-License-Identifier: MIT
// papctl status
#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "papctl/client/client.hpp"
#include "papctl/client/json_text.hpp"
#include "papctl/client/metrics.hpp"
#include "papctl/commands/collectors.hpp"
#include "papctl/commands/command.hpp"
#include "papctl/print/records.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

using Json = nlohmann::ordered_json;

// What one collector says of itself. An older one leaves some of it out.
struct Status {
  std::string cluster_id;
  std::string cluster_name;
  std::optional<std::string> version;
  std::optional<bool> ready;
  std::string health;
  double uptime_seconds = 0;
  std::uint64_t total = 0;
  std::uint64_t healthy = 0;
  std::uint64_t unhealthy = 0;
  std::uint64_t queue = 0;
  std::optional<double> oldest_age_ms;
  Metrics metrics;

  // Older collectors do not say.
  bool station_set() const { return metrics.value("station_set").value_or(1) > 0; }
  bool station_away() const { return metrics.value("station_away").value_or(0) > 0; }
  bool all_well() const {
    return health == "healthy" && ready.value_or(true) && unhealthy == 0 && !station_away();
  }
};

std::string text_of(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

std::uint64_t count_of(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

Status ask(Client& client) {
  Status status;
  const nlohmann::json health = client.get_json("/health");
  status.cluster_id = text_of(health, "cluster_id");
  status.cluster_name = text_of(health, "cluster_name");
  status.health = text_of(health, "status");
  if (status.health.empty()) {
    throw no_collectors_answer(client.endpoint().url("/health"), "says no status");
  }
  if (const auto uptime = health.find("uptime"); uptime != health.end() && uptime->is_number()) {
    status.uptime_seconds = uptime->get<double>();
  }
  const nlohmann::json agents = health.value("agents", nlohmann::json::object());
  status.total = count_of(agents, "total");
  status.healthy = count_of(agents, "healthy");
  status.unhealthy = count_of(agents, "unhealthy");
  const nlohmann::json queue = health.value("alert_queue", nlohmann::json::object());
  status.queue = count_of(queue, "size");
  if (const auto age = queue.find("oldest_age_ms"); age != queue.end() && age->is_number()) {
    status.oldest_age_ms = age->get<double>();
  }
  // A collector that has no connection left answers this with 503, and /health all the same.
  if (const Answer root = client.get("/"); root.status == 200) {
    const auto said = read_json<nlohmann::json>(root.body);
    if (said.is_object()) status.version = text_of(said, "version");
  }
  // 503 says no, and an older collector has none.
  const Answer ready = client.get("/ready");
  if (ready.status == 200 || ready.status == 503) status.ready = ready.status == 200;
  const Answer metrics = client.get("/metrics");
  if (metrics.status == 200) status.metrics = Metrics::parse(metrics.body);
  return status;
}

std::chrono::milliseconds seconds(double value) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(std::clamp(value, 0.0, 4e9) * 1000));
}

// A count is 3, not 3.0.
Json number(std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return {};
  const bool whole = *value == std::floor(*value) && std::abs(*value) < 1e15;
  return whole ? Json(static_cast<std::int64_t>(*value)) : Json(*value);
}

Json as_json(const Status& status, const std::string& url) {
  Json out{
      {"collector", url},
      {"cluster_id", status.cluster_id},
      {"cluster_name", status.cluster_name},
      {"version", status.version ? Json(*status.version) : Json()},
      {"status", status.health},
      {"ready", status.ready ? Json(*status.ready) : Json()},
      {"uptime_seconds", status.uptime_seconds},
      {"agents",
       {{"total", status.total}, {"healthy", status.healthy}, {"unhealthy", status.unhealthy}}},
      {"alert_queue", {{"size", status.queue}, {"oldest_age_ms", number(status.oldest_age_ms)}}}};
  const auto add = [&](const char* key, std::string_view metric) {
    out[key] = number(status.metrics.value(metric));
  };
  add("last_heartbeat_age_seconds", "last_heartbeat_age_seconds");
  add("station_set", "station_set");
  add("station_away", "station_away");
  add("alerts_waiting", "alerts_waiting");
  add("alerts_in_flight", "alerts_in_flight");
  out["all_well"] = status.all_well();
  return out;
}

std::string whole(std::optional<double> value) {
  if (!value || !std::isfinite(*value)) return "?";
  return std::to_string(static_cast<std::int64_t>(std::clamp(*value, -1e15, 1e15)));
}

bool heard_anybody(const Metrics& metrics) {
  return std::any_of(metrics.samples.begin(), metrics.samples.end(), [](const Sample& sample) {
    return sample.name == "heartbeats_total" && sample.value != "0";
  });
}

// A heading in front of a line.
std::string line(const Terminal& terminal, const char* heading, const std::string& text) {
  return terminal.painted(padded(heading, 10), Paint::kFaint) + text + '\n';
}

std::string as_text(const Status& status, const std::string& url, const Terminal& terminal) {
  const bool utf8 = terminal.utf8();
  const auto good = [&](bool well, const std::string& text) {
    const std::string symbol(well ? terminal.symbol("✔", "+") : terminal.symbol("✘", "!"));
    return terminal.painted(symbol + ' ' + text, well ? Paint::kGood : Paint::kBad);
  };
  std::string cluster = visible(status.cluster_id, utf8);
  if (status.cluster_name != status.cluster_id) {
    cluster += " (" + visible(status.cluster_name, utf8) + ')';
  }
  std::string out = line(terminal, "CLUSTER", terminal.painted(cluster, Paint::kBold));
  out += line(terminal, "COLLECTOR", url);
  if (status.version) out += line(terminal, "VERSION", visible(*status.version, utf8));
  std::string health = good(status.health == "healthy", visible(status.health, utf8));
  if (status.ready) health += "  " + good(*status.ready, *status.ready ? "ready" : "not ready");
  out +=
      line(terminal, "HEALTH", health + "  up " + short_duration(seconds(status.uptime_seconds)));

  std::string agents =
      std::to_string(status.total) + "  " + good(true, std::to_string(status.healthy) + " healthy");
  if (status.unhealthy > 0) {
    agents += "  " + good(false, std::to_string(status.unhealthy) + " unhealthy");
  }
  out += line(terminal, "AGENTS", agents);
  std::string modes;
  for (const char* mode : {"EMERGENCY", "IDLE", "SLEEP"}) {
    const auto count = status.metrics.value("agents_by_mode", "mode=\"" + std::string(mode) + '"');
    if (!count) continue;
    if (!modes.empty()) modes += "  ";
    const bool alarming = *count > 0 && std::string_view(mode) == "EMERGENCY";
    modes += terminal.painted(std::string(mode) + ' ' + whole(count),
                              alarming ? Paint::kWarn : Paint::kPlain);
  }
  if (!modes.empty()) out += line(terminal, "MODES", modes);
  if (const auto age = status.metrics.value("last_heartbeat_age_seconds")) {
    // Until somebody is heard it counts from the collector's start.
    out += line(terminal, "HEARD",
                heard_anybody(status.metrics) && std::isfinite(*age) && *age >= 0
                    ? "somebody, " + short_duration(seconds(*age), true) + " ago"
                    : "nobody yet");
  }
  std::string queue = std::to_string(status.queue);
  if (status.oldest_age_ms) {
    queue += ", the oldest for " + short_duration(seconds(*status.oldest_age_ms / 1000));
  }
  if (const auto waiting = status.metrics.value("alerts_waiting")) {
    queue += "  waiting " + whole(waiting) + ", in flight " +
             whole(status.metrics.value("alerts_in_flight"));
  }
  out += line(terminal, "QUEUE", queue);
  if (!status.station_set()) {
    out += line(terminal, "STATION", good(false, "none is set: alerts are only logged"));
  } else if (status.metrics.value("station_away")) {
    out += line(terminal, "STATION",
                status.station_away() ? good(false, "away: alerts wait")
                                      : good(true, "not known to be away"));
  }
  return out;
}

int run_status(Context& context, bool exit_code) {
  Collectors collectors(context.settings);
  const Format format = context.settings.printing.format.value_or(Format::kTable);
  bool all_well = true;
  bool first = true;
  Json list = Json::array();
  collectors.each([&](Client& client, const std::string& label) {
    const std::string url = client.endpoint().url();
    const Status status = ask(client);
    all_well = all_well && status.all_well();
    if (is_for_people(format)) {
      if (!std::exchange(first, false)) context.out.write("\n");
      context.out.write(as_text(status, url, context.terminal));
    } else if (format == Format::kName) {
      context.out.write(name_line(url, context.terminal));
    } else if (format == Format::kTsv) {
      context.out.write(key_lines(as_json(status, url), label));
    } else if (format == Format::kJsonl || !collectors.several()) {
      context.out.write(in_format(as_json(status, url), format));
    } else {
      list.push_back(as_json(status, url));
    }
  });
  if (!list.empty()) context.out.write(in_format(list, format));
  if (collectors.status() != kFine) return collectors.status();
  return exit_code && !all_well ? kUnhealthy : kFine;
}

}  // namespace

Run prepare_status(CLI::App& app) {
  auto exit_code = std::make_shared<bool>(false);
  app.add_flag("--exit-code", *exit_code,
               "exit status 10 when an agent is unhealthy, the Station away, or the collector not "
               "ready");
  return [exit_code](Context& context) { return run_status(context, *exit_code); };
}

}  // namespace pap::ctl
