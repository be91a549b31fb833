// SPDX-License-Identifier: MIT
#include "pap/net/health_probe.hpp"

#include <gmock/gmock.h>

#include "support/station.hpp"

namespace pap::net {
namespace {

using test::Station;
using test::StationAct;
using testing::StartsWith;

Config config_for(const Station& station) {
  Config config;
  config.port = station.port();
  return config;
}

TEST(HealthProbe, AsksForTheHealthOfACollectorThatListensOnAnyAddress) {
  Station server;  // on 127.0.0.1
  server.always(StationAct::answer(200));
  Config config = config_for(server);
  for (const char* host : {"", "::", "0.0.0.0", "localhost", "127.0.0.1"}) {
    config.host = *host == '\0' ? std::nullopt : std::optional<std::string>(host);
    EXPECT_EQ(why_unhealthy(config), "") << host;
  }
  EXPECT_EQ(server.received()[0].method, "GET");
  EXPECT_EQ(server.received()[0].target, "/health");
}

TEST(HealthProbe, SaysWhyACollectorIsNotWell) {
  Station server;
  server.once(StationAct::answer(503));
  EXPECT_EQ(why_unhealthy(config_for(server)), "HTTP 503");
  server.once(StationAct::cut());
  EXPECT_EQ(why_unhealthy(config_for(server)), "the connection was closed without an answer");
  server.down();
  EXPECT_THAT(why_unhealthy(config_for(server)), StartsWith("connection refused (127.0.0.1:"));
}

TEST(HealthProbe, DoesNotWaitForEver) {
  Station server;
  server.always(StationAct::hang());
  EXPECT_EQ(why_unhealthy(config_for(server)), "no answer within 3 s");
}

TEST(HealthProbe, CannotGuessAPort) {
  Config config;
  config.port = 0;
  EXPECT_THAT(why_unhealthy(config), StartsWith("COLLECTOR_PORT is 0"));
}

}  // namespace
}  // namespace pap::net
