// SPDX-License-Identifier: MIT
#pragma once

// What an operator can set, and how it is found: flag, then environment, then config file, then
// default. A value that is empty in one place counts as unset there.
//
// settings() is the one table: variable, flag, key, kind, range, and what more and less of each
// cost. The defaults are what a fresh Config holds. Flags, --help, --print-config and the config
// file all follow from it.
//
// Errors: load_config() never stops at the first; it returns every problem, one line each, with
// the setting's name, where the value came from, and the reason. Secrets never appear in them.
// Ownership: values. Threads: load_config() reads files; everything else is pure.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pap/export.hpp"

namespace pap::net {

enum class LogLevel : std::uint8_t { kTrace, kDebug, kInfo, kWarn, kError, kOff };
enum class LogFormat : std::uint8_t { kText, kJson };

PAP_API std::string_view to_string(LogLevel level);
PAP_API std::string_view to_string(LogFormat format);

// Where alerts go. `host` has no brackets; `target` is the path and query, never empty.
struct StationUrl {
  bool tls = false;
  std::string host;
  std::uint16_t port = 0;
  std::string target;

  friend bool operator==(const StationUrl&, const StationUrl&) = default;
};

struct Config {
  using Milliseconds = std::chrono::milliseconds;

  std::string cluster_id;
  std::string cluster_name;

  std::optional<std::string> host;  // an address or "localhost"; unset: every address, v6 and v4
  std::uint16_t port = 8080;        // 0: any free one

  std::optional<StationUrl> station_url;
  std::optional<std::string> station_key;
  std::optional<std::string> station_ca_file;

  std::optional<std::string> collector_api_key;
  std::optional<std::string> heartbeat_api_key;

  Milliseconds zombie_check_interval{10'000};
  std::size_t alert_queue_max_size = 100;
  Milliseconds alert_queue_ttl{300'000};
  Milliseconds agent_retention{604'800'000};  // 0: never forgotten
  std::size_t max_agents = 1'000'000;

  Milliseconds drain{5'000};
  Milliseconds shutdown_grace{8'000};

  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kText;

  std::size_t max_connections = 20'000;
  std::size_t max_header_bytes = 16'384;
  std::size_t max_body_bytes = 16'384;
  Milliseconds header_timeout{10'000};  // for a whole request, from its first byte to its last
  Milliseconds idle_timeout{75'000};
  std::size_t max_requests_per_connection = 0;  // 0: no limit
  std::size_t max_observers = 1'000;
  std::size_t observer_queue_bytes = 262'144;  // of each observer

  // Alerts leave the house only with both.
  bool station_configured() const { return station_url && station_key; }
};

enum class SettingKind : std::uint8_t {
  kText,          // UTF-8, no control characters
  kSecret,        // loses its trailing newline, is never shown
  kNumber,        // whole
  kMilliseconds,  // whole
  kAddress,       // to listen on: IPv4, IPv6, or "localhost"
  kUrl,           // http:// or https://
  kFile,          // a path
  kChoice,        // one of `choices`
};

// One row of the table.
struct Setting {
  std::string_view variable;  // "CLUSTER_ID"
  std::string_view flag;      // "--cluster-id"
  std::string_view key;       // "cluster_id"
  SettingKind kind = SettingKind::kText;
  bool required = false;
  // For numbers, ends included; `zero` is what 0 means where it is allowed below the minimum
  // ("never"), else "".
  std::uint64_t minimum = 0;
  std::uint64_t maximum = 0;
  std::string_view zero;
  std::string_view choices;  // for kChoice: "trace, debug, …"
  std::string_view help;     // one line: what it is, and what more and less of it cost
  // What holds when nothing is set, as it would be written in a file; "" for none.
  std::string default_text;

  bool secret() const { return kind == SettingKind::kSecret; }
};

// In the order in which people read them. Lives as long as the program.
PAP_API std::span<const Setting> settings();
PAP_API const Setting* find_setting(std::string_view variable);

enum class Origin : std::uint8_t { kDefault, kFile, kEnvironment, kFlag };

// What holds for one setting and who said so.
struct SettingValue {
  const Setting* setting = nullptr;
  bool is_set = false;
  std::string text;  // as it was given, or the default; "" when unset, and for secrets
  Origin origin = Origin::kDefault;
  std::size_t line = 0;  // in the config file, from 1
};

// Where load_config() looks.
struct ConfigSources {
  std::map<std::string, std::string> flags;  // by the setting's variable
  std::function<std::optional<std::string>(const std::string& variable)> environment;
  std::optional<std::string> file;  // path of a flat YAML map
};

struct LoadedConfig {
  Config config;                     // to be used only when there are no problems
  std::vector<SettingValue> values;  // one for each of settings(), in its order
  std::vector<std::string> problems;
  std::vector<std::string> warnings;
  std::string file;  // the config file read; "" for none

  bool ok() const { return problems.empty(); }
};

PAP_API LoadedConfig load_config(const ConfigSources& sources);
// getenv() as ConfigSources::environment.
PAP_API std::optional<std::string> process_environment(const std::string& variable);

// For people: "flag --port", "environment", "file /etc/collectord.yaml:3", "default".
PAP_API std::string origin_text(const SettingValue& value, const std::string& file);
// --print-config: a line for each setting, with value and origin. Of secrets it tells only
// whether they are set.
PAP_API std::string print_config(const LoadedConfig& loaded);

}  // namespace pap::net
