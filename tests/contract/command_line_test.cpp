// SPDX-License-Identifier: MIT
// collectord as a command: its tasks, how it refuses to start, and its exit status.
#include <sstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "contract/contract_test.hpp"
#include "support/collectord_process.hpp"
#include "support/temp_file.hpp"
#include "support/test_certificates.hpp"

namespace pap::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr int kUsage = 64;

// What a collectord with these arguments and this environment alone says, and how it ends.
Outcome collectord(std::vector<std::string> arguments, const Environment& environment = {}) {
  CollectordWish wish;
  wish.arguments = std::move(arguments);
  ChildWish child = Collectord::child_wish(wish);
  child.environment = environment;
  return run(child);
}

TEST(CommandLine, help_names_every_task_and_setting_and_the_exit_status) {
  const Outcome help = collectord({"--help"});
  EXPECT_EQ(help.status, 0);
  EXPECT_EQ(help.err, "");
  for (const char* text :
       {"Usage: collectord", "--check", "--print-config", "--healthcheck", "--version",
        "--config FILE", "--cluster-id TEXT  (CLUSTER_ID, required)",
        "--port N  (COLLECTOR_PORT, default 8080, 0 to 65535)", "--station-alert-key KEY",
        "--observer-queue-bytes N", "Exit status:"}) {
    EXPECT_THAT(help.out, HasSubstr(text));
  }
}

TEST(CommandLine, version_tells_release_and_build) {
  const Outcome version = collectord({"--version"});
  EXPECT_EQ(version.status, 0);
  EXPECT_THAT(version.out, testing::MatchesRegex("collectord [0-9]+\\.[0-9]+\\.[0-9]+ \\(.*\\)\n"));
}

TEST(CommandLine, what_is_not_known_is_refused) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"--prot", "1"},
                                             {"serve"},
                                             {"--port"},
                                             {"--port", "1", "--port", "2"},
                                             {"--check", "--print-config"}}) {
    const Outcome outcome = collectord(arguments, {{"CLUSTER_ID", "c"}});
    EXPECT_EQ(outcome.status, kUsage) << arguments[0];
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr(arguments[0]));
    EXPECT_THAT(outcome.err, HasSubstr("Try `collectord --help`."));
  }
}

TEST(CommandLine, start_fails_with_one_clear_line_without_a_cluster_id) {
  const Outcome outcome = collectord({});
  EXPECT_EQ(outcome.status, kUsage);
  EXPECT_EQ(outcome.err,
            "collectord: CLUSTER_ID is not set: give the environment variable, --cluster-id, or "
            "\"cluster_id\" in the config file\n");
}

TEST(CommandLine, start_fails_with_all_that_is_wrong_at_once) {
  const TempFile file("max_agents: many\nprot: 1\n");
  for (const char* task : {"", "--check"}) {
    std::vector<std::string> arguments{"--config", file.path(), "--log-level", "loud"};
    if (*task != '\0') arguments.emplace_back(task);
    const Outcome outcome = collectord(arguments, {{"COLLECTOR_PORT", "65536"},
                                                   {"STATION_ALERT_URL", "station"},
                                                   {"HEARTBEAT_API_KEY", "s3\ncret"},
                                                   {"CLUSTER_ID", ""}});
    EXPECT_EQ(outcome.status, kUsage);
    EXPECT_EQ(outcome.out, "");
    for (const char* text : {"CLUSTER_ID is not set", "COLLECTOR_PORT (environment)",
                             "STATION_ALERT_URL (environment)", "HEARTBEAT_API_KEY (environment)",
                             "LOG_LEVEL (flag --log-level)", ":2:1: unknown key \"prot\""}) {
      EXPECT_THAT(outcome.err, HasSubstr(text));
    }
    EXPECT_THAT(outcome.err, HasSubstr("MAX_AGENTS (file " + file.path() + ":1)"));
    EXPECT_THAT(outcome.err, Not(HasSubstr("cret"))) << "no secret";
  }
}

TEST(CommandLine, check_says_that_a_configuration_is_good_and_what_is_odd_about_it) {
  const Outcome outcome = collectord({"--check"}, {{"CLUSTER_ID", "c"}});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_EQ(outcome.out, "configuration ok\n");
  EXPECT_THAT(outcome.err, HasSubstr("warning: COLLECTOR_API_KEY is not set"));
}

TEST(CommandLine, check_looks_into_the_file_of_authorities) {
  const TempFile good(TestAuthority().certificate_pem());
  const TempFile bad("no certificate\n");
  const Environment environment{{"CLUSTER_ID", "c"}};
  EXPECT_EQ(collectord({"--check", "--station-ca-file", good.path()}, environment).status, 0);
  const Outcome outcome = collectord({"--check", "--station-ca-file", bad.path()}, environment);
  EXPECT_EQ(outcome.status, kUsage);
  EXPECT_THAT(outcome.err, HasSubstr("STATION_CA_FILE (flag --station-ca-file) " + bad.path()));
}

TEST(CommandLine, print_config_shows_values_and_origins_and_masks_secrets) {
  const TempFile file("cluster_id: from-file\nport: 1\n");
  const Outcome outcome = collectord({"--print-config", "--config", file.path(), "--drain-ms", "7"},
                                     {{"COLLECTOR_PORT", "2"}, {"STATION_ALERT_KEY", "s3cret\n"}});
  EXPECT_EQ(outcome.status, 0);
  EXPECT_THAT(outcome.out,
              testing::ContainsRegex("CLUSTER_ID +from-file +file " + file.path() + ":1\n"));
  EXPECT_THAT(outcome.out, testing::ContainsRegex("COLLECTOR_PORT +2 +environment\n"));
  EXPECT_THAT(outcome.out, testing::ContainsRegex("DRAIN_MS +7 +flag --drain-ms\n"));
  EXPECT_THAT(outcome.out, testing::ContainsRegex("STATION_ALERT_KEY +.set, not shown. +env"));
  EXPECT_THAT(outcome.out + outcome.err, Not(HasSubstr("s3cret")));
}

TEST(CommandLine, print_config_tells_what_is_wrong_too) {
  const Outcome outcome = collectord({"--print-config", "--port", "x"}, {{"CLUSTER_ID", "c"}});
  EXPECT_EQ(outcome.status, kUsage);
  EXPECT_THAT(outcome.out, HasSubstr("COLLECTOR_PORT"));
  EXPECT_THAT(outcome.err, HasSubstr("\"x\" is not a whole number"));
}

TEST(CommandLine, what_cannot_be_written_is_no_success) {
  for (const std::string task : {"--print-config", "--check", "--help", "--version"}) {
    CollectordWish wish;
    ChildWish child = Collectord::child_wish(wish);
    child.environment = {{"CLUSTER_ID", "c"}};
    child.arguments = {"-c", "exec \"$0\" " + task + " > /dev/full", child.program};
    child.program = "sh";
    const Outcome outcome = run(child);
    EXPECT_EQ(outcome.status, 1) << task;
    EXPECT_THAT(outcome.err, HasSubstr("cannot write to stdout: No space left on device")) << task;
  }
}

TEST(CommandLine, healthcheck_tells_whether_the_collector_is_well) {
  Collectord running(Environment{{"DRAIN_MS", "0"}});
  const std::string port = std::to_string(running.port());
  EXPECT_EQ(collectord({"--healthcheck"}, {{"COLLECTOR_PORT", port}}).status, 0);
  EXPECT_EQ(collectord({"--healthcheck", "--port", port, "--host", "127.0.0.1"}).status, 0);
  running.stop();
  EXPECT_EQ(running.wait(), 0);
  const Outcome gone = collectord({"--healthcheck", "--port", port});
  EXPECT_EQ(gone.status, 1);
  EXPECT_THAT(gone.err, StartsWith("collectord: not healthy: connection refused"));
}

TEST(CommandLine, a_second_start_on_a_port_in_use_fails_with_a_clear_error) {
  Collectord running;
  const std::string port = std::to_string(running.port());
  for (const char* host : {"127.0.0.1", ""}) {
    const Outcome second =
        collectord({"--port", port}, {{"CLUSTER_ID", "c"}, {"COLLECTOR_HOST", host}});
    EXPECT_EQ(second.status, 1) << host;
    EXPECT_THAT(second.err, HasSubstr("port " + port + ": Address already in use")) << host;
  }
}

TEST(CommandLine, port_0_prints_the_port_whatever_the_log_level) {
  ChildProcess quiet(Collectord::child_wish({{{"LOG_LEVEL", "off"}}, {}, {}}));
  EXPECT_TRUE(quiet.wait_for_output([](const std::string& out, const std::string&) {
    return out.starts_with("listening on port ") && out.ends_with("\n");
  }));
}

class BlockedOutput : public ContractTest {};

TEST_F(BlockedOutput, does_not_hang_the_end) {
  start({{"DRAIN_MS", "0"}, {"SHUTDOWN_GRACE_MS", "0"}});
  collectord().process().stop_reading();
  RawClient client = connect();
  constexpr std::size_t kAgents = 2'000;  // a line each, together more than a pipe holds
  for (const auto* mode : {"IDLE", "EMERGENCY"}) {
    for (std::size_t i = 0; i < kAgents; ++i) {
      client.send(http_request("POST", "/heartbeat/" + agent_id(i), {}, heartbeat(mode, 1)));
      ASSERT_EQ(client.receive().status, 200);
    }
  }
  collectord().stop();
  EXPECT_EQ(collectord().wait(std::chrono::seconds(10)), 0);
}

TEST(CommandLine, json_lines_are_json) {
  Collectord running(
      Environment{{"LOG_FORMAT", "json"}, {"DRAIN_MS", "0"}, {"SHUTDOWN_GRACE_MS", "0"}});
  running.stop();
  EXPECT_EQ(running.wait(), 0);
  std::istringstream lines(running.process().out());
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    const auto json = nlohmann::json::parse(line, nullptr, false);
    ASSERT_TRUE(json.is_object()) << line;
    EXPECT_TRUE(json.contains("time") && json.contains("level") && json.contains("event")) << line;
  }
  EXPECT_GE(count, 3U) << "at the least: started, draining, stopped";
}

}  // namespace
}  // namespace pap::test
