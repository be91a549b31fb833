// SPDX-License-Identifier: MIT
// How a run over sockets begins, or does not. Whole runs are stories: scenarios/live.
#include "papsim/live/live_run.hpp"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/live/loopback_listener.hpp"
#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

using testing::HasSubstr;

Scenario short_story() {
  return read(Parts{.run = "{for: 1s}", .expect = "{alerts: {\"*\": any}, outbox: {dropped: 0}}"});
}

SeedResult run(const LiveOptions& options) {
  return run_live(short_story(), 1, options, [] { return false; });
}

TEST(LiveRun, IsVoidAndSaysWhyWhereNobodyIsThere) {
  LoopbackListener server;
  LiveOptions options;
  options.against = server.url();
  server.close();
  const SeedResult result = run(options);
  EXPECT_EQ(result.verdict, Verdict::kVoid);
  ASSERT_EQ(result.checks.size(), 1U);
  EXPECT_THAT(result.checks[0].value, HasSubstr("does not answer GET /health"));
}

TEST(LiveRun, IsVoidWhereItsCollectorDoesNotStart) {
  LiveOptions options;
  options.spawn = "sh -c echo_that_is_not_there";
  const SeedResult result = run(options);
  EXPECT_EQ(result.verdict, Verdict::kVoid);
  ASSERT_EQ(result.checks.size(), 1U);
  EXPECT_THAT(result.checks[0].value, HasSubstr("does not answer GET /health"));
  EXPECT_THAT(result.checks[0].value, HasSubstr("echo_that_is_not_there"));
}

// A collector that runs already, and posts to the Station before it has answered.
TEST(LiveRun, EndsThoughSomebodyWaitsAtItsStationWhenItCannotBegin) {
  LiveOptions options;
  options.station_port = LoopbackListener().port();  // free again
  const LoopbackListener server;
  options.against = server.url();
  const std::string station = "http://127.0.0.1:" + std::to_string(options.station_port);
  auto answered = std::async(std::launch::async, [&] {
    LoopbackPeer peer = server.accept();
    peer.request();
    const bool posted = fetch(station, "/alerts", {}, std::chrono::seconds(2)).has_value();
    peer.send("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
    return posted;
  });
  EXPECT_EQ(run(options).verdict, Verdict::kVoid);
  EXPECT_TRUE(answered.get());
}

}  // namespace
}  // namespace pap::sim
