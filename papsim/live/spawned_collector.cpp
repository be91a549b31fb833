// SPDX-License-Identifier: MIT
#include "papsim/live/spawned_collector.hpp"

#include <csignal>
#include <cstring>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <utility>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <httplib.h>

namespace pap::sim {

namespace {

constexpr std::size_t kLastWords = 2'000;

// Bound and never listening, with SO_REUSEADDR: the collector, which sets it too, may bind as well.
std::pair<int, std::uint16_t> hold_port() {
  const int holder = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(holder, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (holder < 0 || ::bind(holder, generic, size) != 0 ||
      ::getsockname(holder, generic, &size) != 0) {
    const std::string reason = std::strerror(errno);
    if (holder >= 0) ::close(holder);
    throw std::runtime_error("no port for the collector: " + reason);
  }
  return {holder, ntohs(address.sin_port)};
}

std::string text(Millis time) { return std::to_string(time.count()); }

}  // namespace

SpawnedCollector::SpawnedCollector(Wish wish) : wish_(std::move(wish)) {
  std::tie(holder_, port_) = hold_port();
}

SpawnedCollector::~SpawnedCollector() {
  process_.reset();
  ::close(holder_);
}

void SpawnedCollector::start() {
  ChildWish child;
  std::istringstream words(wish_.command);
  words >> child.program;
  for (std::string word; words >> word;) child.arguments.push_back(word);
  const CollectorConfig& config = wish_.config;
  child.environment = {
      {"CLUSTER_ID", "papsim"},
      {"CLUSTER_NAME", "papsim"},
      {"COLLECTOR_HOST", "127.0.0.1"},
      {"COLLECTOR_PORT", std::to_string(port_)},
      {"ZOMBIE_CHECK_INTERVAL_MS", text(config.zombie_check_interval)},
      {"ALERT_QUEUE_MAX_SIZE", std::to_string(config.alert_queue_max_size)},
      {"ALERT_QUEUE_TTL_MS", text(config.alert_queue_ttl)},
      {"AGENT_RETENTION_MS", text(config.agent_retention)},
      {"MAX_AGENTS", std::to_string(config.max_agents)},
      {"DRAIN_MS", text(config.drain)},
      {"SHUTDOWN_GRACE_MS", text(config.shutdown_grace)},
      {"LOG_LEVEL", wish_.log_level},
  };
  if (!wish_.station_url.empty()) {
    child.environment["STATION_ALERT_URL"] = wish_.station_url;
    child.environment["STATION_ALERT_KEY"] = wish_.station_key;
  }
  process_ = std::make_unique<ChildProcess>(child);
  wish_.started(process_->pid());
}

bool SpawnedCollector::wait_until_ready(std::chrono::milliseconds patience) const {
  const auto until = std::chrono::steady_clock::now() + patience;
  while (std::chrono::steady_clock::now() < until && process_->running()) {
    const auto answer = fetch(url(), "/health", {}, std::chrono::seconds(1));
    if (answer && answer->status == 200) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

void SpawnedCollector::signal(int number) {
  if (process_) process_->signal(number);
}

bool SpawnedCollector::running() { return process_ && process_->running(); }

std::optional<int> SpawnedCollector::wait(std::chrono::milliseconds patience) {
  return process_ ? process_->wait(patience) : std::optional<int>(0);
}

std::chrono::milliseconds SpawnedCollector::cpu_time() const { return process_->cpu_time(); }

std::size_t SpawnedCollector::resident_bytes() const { return process_->resident_bytes(); }

std::string SpawnedCollector::last_words() const {
  if (!process_) return {};
  std::string words = process_->out() + process_->err();
  words.erase(words.find_last_not_of('\n') + 1);
  if (words.size() > kLastWords) words.erase(0, words.size() - kLastWords);
  return words;
}

std::optional<Fetched> fetch(const std::string& url, const std::string& path,
                             const std::string& key, std::chrono::milliseconds patience) {
  httplib::Client client(url);
  client.set_connection_timeout(patience);
  client.set_read_timeout(patience);
  client.set_tcp_nodelay(true);
  httplib::Headers headers;
  if (!key.empty()) headers.emplace("X-Collector-Key", key);
  const auto answer = client.Get(path, headers);
  if (!answer) return std::nullopt;
  return Fetched{answer->status, answer->body};
}

}  // namespace pap::sim
