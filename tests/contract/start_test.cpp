// SPDX-License-Identifier: MIT
// Starts that work, starts that must not, and what is told without a start.
#include <algorithm>
#include <stdexcept>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Start : public ContractTest {
 protected:
  static Outcome run_to_end(const CollectordWish& wish) {
    return run(Collectord::child_wish(wish));
  }
  static Outcome ask_for(const std::string& flag, Environment environment = {}) {
    return run_to_end({std::move(environment), {flag}, {}});
  }
  static std::size_t lines_of(const std::string& text) {
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
  }
};

TEST_F(Start, OnPortZeroTakesAFreeOneAndTellsIt) {
  start();
  EXPECT_GT(collectord().port(), 0);
  EXPECT_THAT(collectord().log(),
              HasSubstr(" info started version=1.0.0 cluster_id=is.plugged.in port=" +
                        std::to_string(collectord().port())));
}

TEST_F(Start, OnPortZeroTellsItEvenWhenTheLogIsQuiet) {
  start({{"LOG_LEVEL", "off"}});
  EXPECT_EQ(collectord().log(), "listening on port " + std::to_string(collectord().port()) + "\n");
}

TEST_F(Start, WithoutAClusterIdFailsWithOneClearLine) {
  for (const auto& absent : {std::optional<std::string>(), std::optional<std::string>("")}) {
    const Outcome outcome = run_to_end({{{"CLUSTER_ID", absent}}, {}, {}});
    EXPECT_EQ(outcome.status, 64);
    EXPECT_EQ(lines_of(outcome.err), 1U) << outcome.err;
    EXPECT_THAT(outcome.err, HasSubstr("CLUSTER_ID is not set"));
    EXPECT_EQ(outcome.out, "");
  }
}

TEST_F(Start, WithBadValuesNamesThemAllAtOnceWithTheReason) {
  const Outcome outcome = run_to_end({{{"CLUSTER_ID", std::nullopt},
                                       {"COLLECTOR_PORT", "eighty"},
                                       {"ALERT_QUEUE_MAX_SIZE", "-1"},
                                       {"ALERT_QUEUE_TTL_MS", "1e3"},
                                       {"ZOMBIE_CHECK_INTERVAL_MS", "99999999999999999999"},
                                       {"STATION_ALERT_URL", "station.example/alerts"},
                                       {"COLLECTOR_API_KEY", "a\nb"},
                                       {"LOG_LEVEL", "loud"},
                                       {"COLLECTOR_HOST", "no-such-host.example"},
                                       {"STATION_CA_FILE", "/no/such/file.pem"}},
                                      {},
                                      {}});
  EXPECT_EQ(outcome.status, 64);
  EXPECT_EQ(lines_of(outcome.err), 10U) << outcome.err;
  for (const auto* line :
       {"CLUSTER_ID is not set", "COLLECTOR_PORT (environment) \"eighty\" is not a whole number",
        "ALERT_QUEUE_MAX_SIZE (environment) \"-1\" is out of range",
        "ALERT_QUEUE_TTL_MS (environment) \"1e3\" is not a whole number",
        "ZOMBIE_CHECK_INTERVAL_MS (environment) \"99999999999999999999\" is out of range",
        "STATION_ALERT_URL (environment) ",
        "COLLECTOR_API_KEY (environment) holds a control character",
        "LOG_LEVEL (environment) \"loud\" is none of trace, debug, info, warn, error, off",
        "COLLECTOR_HOST (environment) ", "STATION_CA_FILE (environment) "}) {
    EXPECT_THAT(outcome.err, HasSubstr(line));
  }
}

TEST_F(Start, AnEmptyVariableIsUnset) {
  start({{"CLUSTER_NAME", ""},
         {"STATION_ALERT_URL", ""},
         {"STATION_ALERT_KEY", ""},
         {"COLLECTOR_API_KEY", ""},
         {"HEARTBEAT_API_KEY", ""},
         {"ZOMBIE_CHECK_INTERVAL_MS", ""},
         {"ALERT_QUEUE_MAX_SIZE", ""},
         {"ALERT_QUEUE_TTL_MS", ""},
         {"AGENT_RETENTION_MS", ""},
         {"MAX_AGENTS", ""},
         {"STATION_CA_FILE", ""},
         {"DRAIN_MS", ""},
         {"SHUTDOWN_GRACE_MS", ""},
         {"LOG_LEVEL", ""},
         {"LOG_FORMAT", ""}});
  EXPECT_EQ(beat().status, 200);
  EXPECT_EQ(get("/agents").json()["cluster_name"], "is.plugged.in");
}

TEST_F(Start, OnAPortInUseFailsWithAClearErrorAndDoesNotShareIt) {
  start();
  const std::string port = std::to_string(collectord().port());
  const Outcome second = run_to_end({{{"COLLECTOR_PORT", port}}, {}, {}});
  EXPECT_EQ(second.status, 1);
  EXPECT_THAT(second.err, AllOf(HasSubstr("port " + port), HasSubstr("in use")));
  EXPECT_EQ(lines_of(second.err), 1U) << second.err;
  const Outcome everywhere =
      run_to_end({{{"COLLECTOR_PORT", port}, {"COLLECTOR_HOST", std::nullopt}}, {}, {}});
  EXPECT_EQ(everywhere.status, 1) << "all addresses hold this one";
  EXPECT_EQ(beat().status, 200) << "the first one is untroubled";
}

TEST_F(Start, AgainOnThePortOfOneThatWasKilledWorksAtOnce) {
  start();
  RawClient client = connect();
  client.send(http_request("GET", "/ready"));
  client.receive();
  const std::string port = std::to_string(collectord().port());
  collectord().stop();
  ASSERT_TRUE(collectord().wait_for_log("draining"));
  collectord().stop();  // the second signal: it closes the connection, which then lingers
  collectord().wait();
  start({{"COLLECTOR_PORT", port}});
  EXPECT_EQ(beat().status, 200);
}

TEST_F(Start, AnswersOnIpv6AndIpv4) {
  start({{"COLLECTOR_HOST", std::nullopt}});
  for (const auto* address : {"127.0.0.1", "::1"}) {
    RawClient client(collectord().port(), {address, 0});
    client.send(http_request("POST", "/heartbeat/a", {}, recorded::kHeartbeat));
    EXPECT_EQ(client.receive().status, 200) << address;
  }
}

TEST_F(Start, OnOneAddressAnswersOnNoOther) {
  start();
  EXPECT_THROW(RawClient(collectord().port(), {"::1", 0}), std::runtime_error);
  EXPECT_THROW(RawClient(collectord().port(), {"127.0.0.2", 0}), std::runtime_error);
}

TEST_F(Start, CheckTellsWhetherTheConfigurationIsGood) {
  const Outcome good = ask_for("--check", {{"COLLECTOR_PORT", "1"}});
  EXPECT_EQ(good.status, 0) << "it opens no port";
  EXPECT_THAT(good.out, HasSubstr("ok"));
  EXPECT_THAT(good.err, HasSubstr("COLLECTOR_API_KEY")) << "what is worth a warning";
  const Outcome bad = ask_for("--check", {{"LOG_FORMAT", "xml"}, {"MAX_AGENTS", "0"}});
  EXPECT_EQ(bad.status, 64);
  EXPECT_THAT(bad.err, AllOf(HasSubstr("LOG_FORMAT"), HasSubstr("MAX_AGENTS")));
}

TEST_F(Start, PrintConfigShowsValuesAndOriginsAndNoSecrets) {
  const Outcome shown = ask_for("--print-config", {{"STATION_ALERT_KEY", "secret-one"},
                                                   {"COLLECTOR_API_KEY", "secret-two"},
                                                   {"HEARTBEAT_API_KEY", "secret-three"},
                                                   {"DRAIN_MS", "123"}});
  EXPECT_EQ(shown.status, 0);
  EXPECT_THAT(shown.out, testing::ContainsRegex("CLUSTER_ID +is.plugged.in +environment\n"));
  EXPECT_THAT(shown.out, testing::ContainsRegex("DRAIN_MS +123 +environment\n"));
  EXPECT_THAT(shown.out, testing::ContainsRegex("ALERT_QUEUE_MAX_SIZE +100 +default\n"));
  EXPECT_THAT(shown.out, testing::ContainsRegex("STATION_ALERT_KEY +\\(set, not shown\\)"));
  EXPECT_THAT(shown.out + shown.err, Not(HasSubstr("secret-")));
}

TEST_F(Start, HealthCheckTellsWhetherACollectorAnswers) {
  start();
  const std::string port = std::to_string(collectord().port());
  EXPECT_EQ(ask_for("--healthcheck", {{"COLLECTOR_PORT", port}}).status, 0);
  collectord().freeze();
  const Outcome frozen = ask_for("--healthcheck", {{"COLLECTOR_PORT", port}});
  EXPECT_EQ(frozen.status, 1);
  EXPECT_NE(frozen.err, "");
  collectord().kill();
  collectord().wait();
  EXPECT_EQ(ask_for("--healthcheck", {{"COLLECTOR_PORT", port}}).status, 1);
}

TEST_F(Start, AFlagWinsOverTheEnvironment) {
  start_as({{{"CLUSTER_NAME", "from the environment"}}, {"--cluster-name", "from a flag"}, {}});
  EXPECT_EQ(get("/").json()["cluster_name"], "from a flag");
}

TEST_F(Start, HelpNamesEveryVariableOfTheContract) {
  const Outcome help = ask_for("--help");
  EXPECT_EQ(help.status, 0);
  for (const auto* variable :
       {"CLUSTER_ID", "CLUSTER_NAME", "COLLECTOR_PORT", "STATION_ALERT_URL", "STATION_ALERT_KEY",
        "COLLECTOR_API_KEY", "ZOMBIE_CHECK_INTERVAL_MS", "ALERT_QUEUE_MAX_SIZE",
        "ALERT_QUEUE_TTL_MS", "AGENT_RETENTION_MS", "MAX_AGENTS", "COLLECTOR_HOST",
        "STATION_CA_FILE", "HEARTBEAT_API_KEY", "DRAIN_MS", "SHUTDOWN_GRACE_MS", "LOG_LEVEL",
        "LOG_FORMAT"}) {
    EXPECT_THAT(help.out, HasSubstr(variable));
  }
}

TEST_F(Start, WarnsWhenMaxAgentsCannotFitTheMemoryOnlyThen) {
  start({{"MAX_AGENTS", "1000"}});
  EXPECT_EQ(beat().status, 200);
  EXPECT_THAT(collectord().log(), Not(HasSubstr("max_agents_exceeds_memory")));
}

}  // namespace
}  // namespace pap::test
