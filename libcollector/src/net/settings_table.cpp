// SPDX-License-Identifier: MIT
#include "net/settings_table.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "net/station_url.hpp"

namespace pap::net {
namespace {

constexpr std::uint64_t kSecond = 1'000;
constexpr std::uint64_t kMinute = 60 * kSecond;
constexpr std::uint64_t kDay = 24 * 60 * kMinute;
constexpr std::uint64_t kMiB = 1024 * 1024;

constexpr auto kText = SettingKind::kText;
constexpr auto kSecret = SettingKind::kSecret;
constexpr auto kNumber = SettingKind::kNumber;
constexpr auto kMilliseconds = SettingKind::kMilliseconds;

struct Range {
  std::uint64_t minimum = 0;
  std::uint64_t maximum = 0;
  std::string_view zero;  // what 0 means, where it lies outside
};

struct Names {
  std::string_view variable;
  std::string_view flag;
  std::string_view key;
};

class Builder {
 public:
  explicit Builder(SettingsTable& table) : table_(table) {}

  void add(Names names, SettingKind kind, ConfigMember member, std::string_view help) {
    Setting setting;
    setting.variable = names.variable;
    setting.flag = names.flag;
    setting.key = names.key;
    setting.kind = kind;
    setting.help = help;
    setting.default_text = text_of(defaults_, member);
    table_.settings.push_back(std::move(setting));
    table_.members.push_back(member);
  }

  void add(Names names, SettingKind kind, ConfigMember member, Range range, std::string_view help) {
    add(names, kind, member, help);
    Setting& setting = table_.settings.back();
    setting.minimum = range.minimum;
    setting.maximum = range.maximum;
    setting.zero = range.zero;
  }

  void require() { table_.settings.back().required = true; }
  void choices(std::string_view names) { table_.settings.back().choices = names; }

 private:
  SettingsTable& table_;
  const Config defaults_;
};

void add_identity(Builder& b) {
  b.add({"CLUSTER_ID", "--cluster-id", "cluster_id"}, kText, &Config::cluster_id,
        "Name of this cluster in every answer and alert; the Station tells clusters apart by it.");
  b.require();
  b.add({"CLUSTER_NAME", "--cluster-name", "cluster_name"}, kText, &Config::cluster_name,
        "Name of the cluster for people; CLUSTER_ID when unset.");
}

void add_listening(Builder& b) {
  b.add({"COLLECTOR_HOST", "--host", "host"}, SettingKind::kAddress, &Config::host,
        "Address to listen on. Unset: all of IPv6 and IPv4; a narrower one keeps others out.");
  b.add({"COLLECTOR_PORT", "--port", "port"}, kNumber, &Config::port, {0, 65'535, {}},
        "Port to listen on; 0 takes a free one and prints it.");
}

void add_station(Builder& b) {
  b.add({"STATION_ALERT_URL", "--station-alert-url", "station_alert_url"}, SettingKind::kUrl,
        &Config::station_url,
        "Where alerts are posted, http:// or https://. Without it, or without the key, alerts are "
        "logged only.");
  b.add({"STATION_ALERT_KEY", "--station-alert-key", "station_alert_key"}, kSecret,
        &Config::station_key, "Key that the Station wants, sent as Authorization: Bearer.");
  b.add({"STATION_CA_FILE", "--station-ca-file", "station_ca_file"}, SettingKind::kFile,
        &Config::station_ca_file,
        "PEM file of the certificate authorities that may vouch for the Station, in place of the "
        "system's.");
}

void add_access(Builder& b) {
  b.add({"COLLECTOR_API_KEY", "--collector-api-key", "collector_api_key"}, kSecret,
        &Config::collector_api_key,
        "Key for /agents, /alerts and /observe. Unset: open to whoever reaches the port.");
  b.add({"HEARTBEAT_API_KEY", "--heartbeat-api-key", "heartbeat_api_key"}, kSecret,
        &Config::heartbeat_api_key,
        "Key that every heartbeat must carry. Unset: any agent that reaches the port is believed.");
}

void add_detection(Builder& b) {
  b.add({"ZOMBIE_CHECK_INTERVAL_MS", "--zombie-check-interval-ms", "zombie_check_interval_ms"},
        kMilliseconds, &Config::zombie_check_interval, {100, 10 * kMinute, {}},
        "A death is told at most this late. Less tells sooner, but leaves a late heartbeat less "
        "time to cancel it: the slack is min(10 % of the interval, 3/4 of this).");
  b.add({"AGENT_RETENTION_MS", "--agent-retention-ms", "agent_retention_ms"}, kMilliseconds,
        &Config::agent_retention, {kSecond, 3'650 * kDay, "never"},
        "A dead agent is forgotten this long after its death was told; 0 = never. More keeps the "
        "dead in lists and in memory, less lets a comeback look like a new agent.");
  b.add({"MAX_AGENTS", "--max-agents", "max_agents"}, kNumber, &Config::max_agents,
        {1, 10'000'000, {}},
        "Agents kept, about 100 bytes each. Beyond it the longest dead makes room, else the "
        "newcomer gets 503.");
}

void add_alerts(Builder& b) {
  b.add({"ALERT_QUEUE_MAX_SIZE", "--alert-queue-max-size", "alert_queue_max_size"}, kNumber,
        &Config::alert_queue_max_size, {1, 1'000'000, {}},
        "Alerts kept for a Station that is away, about 600 bytes each. Beyond it the least urgent "
        "go, and only states that still hold are told when it is back.");
  b.add({"ALERT_QUEUE_TTL_MS", "--alert-queue-ttl-ms", "alert_queue_ttl_ms"}, kMilliseconds,
        &Config::alert_queue_ttl, {kSecond, 7 * kDay, {}},
        "How long such an alert is kept. More tells old news after an outage, less loses what was "
        "over by then.");
}

void add_stopping(Builder& b) {
  b.add({"DRAIN_MS", "--drain-ms", "drain_ms"}, kMilliseconds, &Config::drain, {0, 5 * kMinute, {}},
        "After SIGTERM heartbeats are still answered for this long, until routes have followed. "
        "Less loses beats in an upgrade, more delays it.");
  b.add({"SHUTDOWN_GRACE_MS", "--shutdown-grace-ms", "shutdown_grace_ms"}, kMilliseconds,
        &Config::shutdown_grace, {0, 5 * kMinute, {}},
        "After that, how long waiting alerts are offered to the Station. Less loses alerts when "
        "it is slow; keep both together under the pod's terminationGracePeriodSeconds.");
}

void add_logging(Builder& b) {
  b.add({"LOG_LEVEL", "--log-level", "log_level"}, SettingKind::kChoice, &Config::log_level,
        "Least urgent line that is written. debug tells of every alert's way, trace of every "
        "connection.");
  b.choices("trace, debug, info, warn, error, off");
  b.add({"LOG_FORMAT", "--log-format", "log_format"}, SettingKind::kChoice, &Config::log_format,
        "text for people, json (one object a line) for machines.");
  b.choices("text, json");
}

void add_limits(Builder& b) {
  b.add({"MAX_CONNECTIONS", "--max-connections", "max_connections"}, kNumber,
        &Config::max_connections, {1, 1'000'000, {}},
        "Open connections; beyond it only heartbeats, /health and /ready are answered, all else "
        "with 503. "
        "More costs memory, and needs as many descriptors; fewer turns agents away.");
  b.add({"MAX_HEADER_BYTES", "--max-header-bytes", "max_header_bytes"}, kNumber,
        &Config::max_header_bytes, {1'024, kMiB, {}},
        "Request line and headers of a request; larger ones get 431. More is memory that any "
        "client can claim.");
  b.add({"MAX_BODY_BYTES", "--max-body-bytes", "max_body_bytes"}, kNumber, &Config::max_body_bytes,
        {512, kMiB, {}},
        "Body of a request; larger ones get 413. A heartbeat has about 100 bytes; more is memory "
        "that any client can claim.");
  b.add({"HEADER_TIMEOUT_MS", "--header-timeout-ms", "header_timeout_ms"}, kMilliseconds,
        &Config::header_timeout, {kSecond, 5 * kMinute, {}},
        "Time for a whole request to arrive, else 408. Less cuts off slow clients, more lets them "
        "hold a connection.");
  b.add({"IDLE_TIMEOUT_MS", "--idle-timeout-ms", "idle_timeout_ms"}, kMilliseconds,
        &Config::idle_timeout, {5 * kSecond, 60 * kMinute, {}},
        "An idle connection is closed after this. More holds sockets for nothing, less makes "
        "clients connect anew; agents close theirs after about 4 s.");
  b.add({"MAX_REQUESTS_PER_CONNECTION", "--max-requests-per-connection",
         "max_requests_per_connection"},
        kNumber, &Config::max_requests_per_connection, {1, 1'000'000'000, "no limit"},
        "Requests on one connection before it is closed, to spread clients over new routes; 0 = "
        "no limit. Few cost a handshake more often.");
  b.add({"MAX_OBSERVERS", "--max-observers", "max_observers"}, kNumber, &Config::max_observers,
        {0, 100'000, {}},
        "WebSocket observers at a time; beyond it 503. Each costs up to OBSERVER_QUEUE_BYTES and "
        "a frame for every heartbeat that it watches.");
  b.add({"OBSERVER_QUEUE_BYTES", "--observer-queue-bytes", "observer_queue_bytes"}, kNumber,
        &Config::observer_queue_bytes, {4'096, 16 * kMiB, {}},
        "Bytes that wait for one slow observer before it misses events and is told how many. More "
        "rides out longer stalls and costs that memory for each.");
}

SettingsTable make_table() {
  SettingsTable table;
  Builder builder(table);
  add_identity(builder);
  add_listening(builder);
  add_station(builder);
  add_access(builder);
  add_detection(builder);
  add_alerts(builder);
  add_stopping(builder);
  add_logging(builder);
  add_limits(builder);
  return table;
}

struct TextOf {
  std::string operator()(const std::string& text) const { return text; }
  std::string operator()(const std::optional<std::string>& text) const {
    return text.value_or(std::string());
  }
  std::string operator()(const std::optional<StationUrl>& url) const {
    return url ? to_string(*url) : std::string();
  }
  std::string operator()(std::uint16_t number) const { return std::to_string(number); }
  std::string operator()(std::size_t number) const { return std::to_string(number); }
  std::string operator()(Config::Milliseconds time) const { return std::to_string(time.count()); }
  std::string operator()(LogLevel level) const { return std::string(to_string(level)); }
  std::string operator()(LogFormat format) const { return std::string(to_string(format)); }
};

}  // namespace

const SettingsTable& settings_table() {
  static const SettingsTable table = make_table();
  return table;
}

std::string text_of(const Config& config, const ConfigMember& member) {
  return std::visit([&](auto pointer) { return TextOf{}(config.*pointer); }, member);
}

std::span<const Setting> settings() { return settings_table().settings; }

const Setting* find_setting(std::string_view variable) {
  const auto all = settings();
  const auto it = std::ranges::find(all, variable, &Setting::variable);
  return it == all.end() ? nullptr : &*it;
}

}  // namespace pap::net
