// SPDX-License-Identifier: MIT
#include "net/settings_advice.hpp"

#include <chrono>

#include "net/station_url.hpp"

namespace pap::net {
namespace {

// Kubernetes kills a pod this long after SIGTERM unless told otherwise; a little is left for the
// rest of the exit.
constexpr std::chrono::milliseconds kPodGrace{30'000};
constexpr std::chrono::milliseconds kExitReserve{2'000};

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

void on_station(const Config& config, std::vector<std::string>& out) {
  if (config.station_url && !config.station_key) {
    out.push_back("STATION_ALERT_KEY is not set: alerts are logged only, not sent to the Station");
  } else if (!config.station_url && config.station_key) {
    out.push_back("STATION_ALERT_URL is not set: alerts are logged only, not sent to the Station");
  } else if (!config.station_url) {
    out.push_back("STATION_ALERT_URL and STATION_ALERT_KEY are not set: alerts are logged only");
  }
  if (config.station_ca_file && !(config.station_url && config.station_url->tls)) {
    out.push_back("STATION_CA_FILE has no effect without an https:// STATION_ALERT_URL");
  }
  if (config.station_configured() && !config.station_url->tls &&
      !is_loopback(config.station_url->host)) {
    out.push_back("STATION_ALERT_URL is http://: alerts and STATION_ALERT_KEY travel unencrypted");
  }
}

void on_access(const Config& config, std::vector<std::string>& out) {
  if (!config.collector_api_key) {
    out.push_back(
        "COLLECTOR_API_KEY is not set: /agents, /alerts and /observe are open to whoever reaches "
        "the port");
  }
}

void on_secrets(const LoadedConfig& loaded, std::vector<std::string>& out) {
  for (const SettingValue& value : loaded.values) {
    if (value.setting->secret() && value.origin == Origin::kFlag) {
      out.push_back(std::string(value.setting->variable) +
                    " is given as a flag: whoever may list processes can read it; the environment "
                    "or a file keeps it");
    }
  }
}

void on_stopping(const Config& config, std::vector<std::string>& out) {
  if (config.drain + config.shutdown_grace > kPodGrace - kExitReserve) {
    out.push_back(
        "DRAIN_MS and SHUTDOWN_GRACE_MS together leave no room in the 30 s that Kubernetes grants "
        "a pod: raise its terminationGracePeriodSeconds");
  }
}

}  // namespace

std::vector<std::string> advice_on(const LoadedConfig& loaded) {
  std::vector<std::string> out;
  on_station(loaded.config, out);
  on_access(loaded.config, out);
  on_secrets(loaded, out);
  on_stopping(loaded.config, out);
  return out;
}

}  // namespace pap::net
