// SPDX-License-Identifier: MIT

// A stranger's program against the installed package: two agents are heard once, time moves on, and
// the one with the shorter interval is found dead.

#include <pap/core/collector.hpp>
#include <pap/version.hpp>

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

int main() {
  using namespace std::chrono_literals;
  using pap::protocol::AgentId;
  using pap::protocol::Mode;

  pap::core::Instant now{pap::core::MonotonicTime{1h}, pap::core::WallTime{1'800'000'000s}};
  pap::core::CollectorSettings settings;
  settings.cluster = {"package.test", "Package test"};
  pap::core::Collector collector(settings, now);

  const std::optional<AgentId> idle = AgentId::parse("6f1c2d9e-8a41-4f5b-9d2e-0c3b7a5e4f10");
  const std::optional<AgentId> asleep = AgentId::parse("0b7e5a34-13c8-4d66-b1f9-9e2a48c7d521");
  if (!idle || !asleep) return 1;
  collector.heartbeat(*idle, {Mode::kIdle, 3600, "idle"}, now);
  collector.heartbeat(*asleep, {Mode::kSleep, 3600, "asleep"}, now);

  // Longer than 2 x 30 s and the slack; in steps, or the time would count as not listened to.
  for (int second = 0; second < 70; ++second) {
    now.mono += 1s;
    now.wall += 1s;
    while (collector.tick(now)) {
    }
  }

  int deaths = 0;
  while (const std::optional<pap::core::Delivery> delivery = collector.next_delivery(now)) {
    std::printf("%s\n", delivery->body.c_str());
    if (delivery->body.find("AGENT_DEATH") != std::string::npos) ++deaths;
  }
  std::printf("%zu agents, %d death (libcollector %s)\n", collector.agents(), deaths,
              pap::version().data());
  return deaths == 1 ? 0 : 1;
}
