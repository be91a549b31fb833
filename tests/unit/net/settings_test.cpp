// SPDX-License-Identifier: MIT
#include <fstream>
#include <iterator>
#include <set>

#include <gmock/gmock.h>

#include "support/test_certificates.hpp"
#include "unit/net/settings_fixture.hpp"

namespace pap::net {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// What is wrong with one variable set to `text`, without the variable's name and origin.
std::string why_not(const std::string& variable, const std::string& text) {
  Sources sources;
  sources.environment[variable] = text;
  const LoadedConfig loaded = sources.load();
  if (loaded.problems.empty()) return {};
  const std::string prefix = variable + " (environment) ";
  EXPECT_EQ(loaded.problems.size(), 1U);
  EXPECT_TRUE(loaded.problems[0].starts_with(prefix)) << loaded.problems[0];
  return loaded.problems[0].substr(std::min(prefix.size(), loaded.problems[0].size()));
}

// ---- The table ----------------------------------------------------------------------------

TEST(SettingsTable, ListsEveryVariableOfTheContract) {
  for (const char* variable :
       {"CLUSTER_ID", "CLUSTER_NAME", "COLLECTOR_PORT", "STATION_ALERT_URL", "STATION_ALERT_KEY",
        "COLLECTOR_API_KEY", "ZOMBIE_CHECK_INTERVAL_MS", "ALERT_QUEUE_MAX_SIZE",
        "ALERT_QUEUE_TTL_MS", "AGENT_RETENTION_MS", "MAX_AGENTS", "COLLECTOR_HOST",
        "STATION_CA_FILE", "HEARTBEAT_API_KEY", "DRAIN_MS", "SHUTDOWN_GRACE_MS", "LOG_LEVEL",
        "LOG_FORMAT"}) {
    EXPECT_NE(find_setting(variable), nullptr) << variable;
  }
  EXPECT_EQ(find_setting("NO_SUCH"), nullptr);
}

TEST(SettingsTable, HasTheContractsDefaults) {
  const std::map<std::string, std::string> expected{{"COLLECTOR_PORT", "8080"},
                                                    {"ZOMBIE_CHECK_INTERVAL_MS", "10000"},
                                                    {"ALERT_QUEUE_MAX_SIZE", "100"},
                                                    {"ALERT_QUEUE_TTL_MS", "300000"},
                                                    {"AGENT_RETENTION_MS", "604800000"},
                                                    {"MAX_AGENTS", "1000000"},
                                                    {"DRAIN_MS", "5000"},
                                                    {"SHUTDOWN_GRACE_MS", "8000"},
                                                    {"LOG_LEVEL", "info"},
                                                    {"LOG_FORMAT", "text"},
                                                    {"STATION_ALERT_URL", ""},
                                                    {"COLLECTOR_HOST", ""}};
  for (const auto& [variable, text] : expected) {
    EXPECT_EQ(find_setting(variable)->default_text, text) << variable;
  }
}

TEST(SettingsTable, NamesEachSettingOnceInEveryPlace) {
  std::set<std::string_view> variables;
  std::set<std::string_view> flags;
  std::set<std::string_view> keys;
  for (const Setting& setting : settings()) {
    EXPECT_TRUE(variables.insert(setting.variable).second) << setting.variable;
    EXPECT_TRUE(flags.insert(setting.flag).second) << setting.flag;
    EXPECT_TRUE(keys.insert(setting.key).second) << setting.key;
    std::string as_key(setting.flag.substr(2));
    std::ranges::replace(as_key, '-', '_');
    EXPECT_EQ(as_key, setting.key);
    EXPECT_FALSE(setting.help.empty()) << setting.variable;
    EXPECT_TRUE(setting.help.ends_with('.')) << setting.variable;
  }
}

TEST(SettingsTable, IsToldInTheReadme) {
  std::ifstream file(PAP_SOURCE_DIR "/README.md");
  const std::string readme(std::istreambuf_iterator<char>(file), {});
  for (const Setting& setting : settings()) {
    EXPECT_THAT(readme, HasSubstr('`' + std::string(setting.variable) + '`'));
  }
}

TEST(SettingsTable, HasDefaultsThatItWouldTakeItself) {
  Sources sources;
  for (const Setting& setting : settings()) {
    if (!setting.default_text.empty()) {
      sources.environment[std::string(setting.variable)] = setting.default_text;
    }
  }
  EXPECT_THAT(sources.load().problems, IsEmpty());
}

// ---- Where a value comes from -------------------------------------------------------------

TEST(Settings, FollowFlagThenEnvironmentThenFileThenDefault) {
  Sources sources;
  EXPECT_EQ(sources.load().config.port, 8080);
  EXPECT_EQ(sources.load_with_file("port: 1").config.port, 1);
  sources.environment["COLLECTOR_PORT"] = "2";
  EXPECT_EQ(sources.load_with_file("port: 1").config.port, 2);
  sources.flags["COLLECTOR_PORT"] = "3";
  EXPECT_EQ(sources.load_with_file("port: 1").config.port, 3);
}

TEST(Settings, TakeWhatIsEmptyForUnset) {
  Sources sources;
  sources.flags["COLLECTOR_PORT"] = "";
  sources.environment["COLLECTOR_PORT"] = "";
  sources.environment["STATION_ALERT_KEY"] = "";
  sources.environment["STATION_ALERT_URL"] = "";
  sources.environment["CLUSTER_NAME"] = "";
  EXPECT_EQ(sources.load_with_file("port: 7").config.port, 7);
  const LoadedConfig loaded = sources.load_with_file("port:\nlog_level: ~\nlog_format: ''\n");
  EXPECT_THAT(loaded.problems, IsEmpty());
  EXPECT_EQ(loaded.config.port, 8080);
  EXPECT_EQ(loaded.config.station_key, std::nullopt);
  EXPECT_EQ(loaded.config.station_url, std::nullopt);
}

TEST(Settings, DoNotLookAtWhatIsOverridden) {
  Sources sources;
  sources.environment["COLLECTOR_PORT"] = "nonsense";
  sources.flags["COLLECTOR_PORT"] = "3";
  EXPECT_THAT(sources.load().problems, IsEmpty());
}

TEST(Settings, FillEveryMember) {
  const test::TempFile ca(test::TestAuthority().certificate_pem());
  Sources sources;
  sources.environment = {{"CLUSTER_ID", "c"},
                         {"CLUSTER_NAME", "n"},
                         {"COLLECTOR_HOST", "127.0.0.1"},
                         {"COLLECTOR_PORT", "0"},
                         {"STATION_ALERT_URL", "https://s/x"},
                         {"STATION_ALERT_KEY", "k1"},
                         {"STATION_CA_FILE", ca.path()},
                         {"COLLECTOR_API_KEY", "k2"},
                         {"HEARTBEAT_API_KEY", "k3"},
                         {"ZOMBIE_CHECK_INTERVAL_MS", "101"},
                         {"AGENT_RETENTION_MS", "0"},
                         {"MAX_AGENTS", "102"},
                         {"ALERT_QUEUE_MAX_SIZE", "103"},
                         {"ALERT_QUEUE_TTL_MS", "1104"},
                         {"DRAIN_MS", "105"},
                         {"SHUTDOWN_GRACE_MS", "106"},
                         {"LOG_LEVEL", "error"},
                         {"LOG_FORMAT", "json"},
                         {"MAX_CONNECTIONS", "107"},
                         {"MAX_HEADER_BYTES", "1108"},
                         {"MAX_BODY_BYTES", "1109"},
                         {"HEADER_TIMEOUT_MS", "1110"},
                         {"IDLE_TIMEOUT_MS", "5111"},
                         {"MAX_REQUESTS_PER_CONNECTION", "112"},
                         {"MAX_OBSERVERS", "113"},
                         {"OBSERVER_QUEUE_BYTES", "5114"}};
  EXPECT_EQ(sources.environment.size(), settings().size()) << "one for each";
  const LoadedConfig loaded = sources.load();
  EXPECT_THAT(loaded.problems, IsEmpty());
  const Config& config = loaded.config;
  EXPECT_EQ(config.cluster_id, "c");
  EXPECT_EQ(config.cluster_name, "n");
  EXPECT_EQ(config.host, "127.0.0.1");
  EXPECT_EQ(config.port, 0);
  EXPECT_EQ(config.station_url, (StationUrl{true, "s", 443, "/x"}));
  EXPECT_EQ(config.station_key, "k1");
  EXPECT_EQ(config.station_ca_file, ca.path());
  EXPECT_EQ(config.collector_api_key, "k2");
  EXPECT_EQ(config.heartbeat_api_key, "k3");
  EXPECT_EQ(config.zombie_check_interval, 101ms);
  EXPECT_EQ(config.agent_retention, 0ms);
  EXPECT_EQ(config.max_agents, 102U);
  EXPECT_EQ(config.alert_queue_max_size, 103U);
  EXPECT_EQ(config.alert_queue_ttl, 1104ms);
  EXPECT_EQ(config.drain, 105ms);
  EXPECT_EQ(config.shutdown_grace, 106ms);
  EXPECT_EQ(config.log_level, LogLevel::kError);
  EXPECT_EQ(config.log_format, LogFormat::kJson);
  EXPECT_EQ(config.max_connections, 107U);
  EXPECT_EQ(config.max_header_bytes, 1108U);
  EXPECT_EQ(config.max_body_bytes, 1109U);
  EXPECT_EQ(config.header_timeout, 1110ms);
  EXPECT_EQ(config.idle_timeout, 5111ms);
  EXPECT_EQ(config.max_requests_per_connection, 112U);
  EXPECT_EQ(config.max_observers, 113U);
  EXPECT_EQ(config.observer_queue_bytes, 5114U);
  EXPECT_TRUE(config.station_configured());
}

// ---- What is refused ----------------------------------------------------------------------

TEST(Settings, WantAClusterId) {
  Sources sources;
  sources.environment.clear();
  EXPECT_THAT(sources.load().problems,
              ElementsAre("CLUSTER_ID is not set: give the environment variable, --cluster-id, or "
                          "\"cluster_id\" in the config file"));
}

TEST(Settings, NameTheClusterByItsIdWhereItHasNoName) {
  EXPECT_EQ(Sources().load().config.cluster_name, "c1");
}

TEST(Settings, ReportAllProblemsAtOnceInTheOrderOfTheTable) {
  Sources sources;
  sources.environment = {{"COLLECTOR_PORT", "80a"}, {"STATION_ALERT_URL", "ftp://x"}};
  sources.flags = {{"LOG_LEVEL", "loud"}};
  const LoadedConfig loaded = sources.load_with_file("max_agents: 0\n");
  EXPECT_FALSE(loaded.ok());
  EXPECT_THAT(
      loaded.problems,
      ElementsAre(HasSubstr("CLUSTER_ID is not set"),
                  "COLLECTOR_PORT (environment) \"80a\" is not a whole number; 0 to 65535 is "
                  "allowed",
                  "STATION_ALERT_URL (environment) does not begin with http:// or https://",
                  "MAX_AGENTS (file FILE:1) \"0\" is out of range; 1 to 10000000 is allowed",
                  "LOG_LEVEL (flag --log-level) \"loud\" is none of trace, debug, info, warn, "
                  "error, off"));
}

TEST(Settings, RefuseWhatIsNoNumberOrOutOfRange) {
  EXPECT_EQ(why_not("COLLECTOR_PORT", "65535"), "");
  EXPECT_EQ(why_not("COLLECTOR_PORT", " 8080\n"), "") << "blanks around it do no harm";
  for (const char* text : {"65536", "99999999999999999999999999", "-1"}) {
    EXPECT_EQ(why_not("COLLECTOR_PORT", text),
              '"' + std::string(text) + "\" is out of range; 0 to 65535 is allowed");
  }
  for (const char* text : {"eighty", "80 80", "8e3", "0x50", "80.0", "+80", "-", "--5"}) {
    EXPECT_EQ(why_not("COLLECTOR_PORT", text),
              '"' + std::string(text) + "\" is not a whole number; 0 to 65535 is allowed");
  }
  EXPECT_EQ(why_not("IDLE_TIMEOUT_MS", "4999"),
            "\"4999\" is out of range; 5000 to 3600000 ms is allowed");
  EXPECT_EQ(why_not("IDLE_TIMEOUT_MS", "5000"), "");
  EXPECT_EQ(why_not("AGENT_RETENTION_MS", "0"), "");
  EXPECT_EQ(why_not("AGENT_RETENTION_MS", "999"),
            "\"999\" is out of range; 1000 to 315360000000 ms, or 0 for never is allowed");
  EXPECT_EQ(why_not("COLLECTOR_PORT", "8\x1b[31m"),
            "a value that cannot be shown is not a whole number; 0 to 65535 is allowed");
}

TEST(Settings, TakeTheEndsOfEachRangeAndNothingBeyond) {
  for (const Setting& setting : settings()) {
    if (setting.maximum == 0) continue;
    const std::string variable(setting.variable);
    EXPECT_EQ(why_not(variable, std::to_string(setting.minimum)), "") << variable;
    EXPECT_EQ(why_not(variable, std::to_string(setting.maximum)), "") << variable;
    EXPECT_THAT(why_not(variable, std::to_string(setting.maximum + 1)), HasSubstr("out of range"));
    if (setting.minimum > 1) {
      EXPECT_THAT(why_not(variable, std::to_string(setting.minimum - 1)),
                  HasSubstr("out of range"));
    }
  }
}

TEST(Settings, RefuseAClusterIdThatDoesNotFitAnAlert) {
  EXPECT_EQ(why_not("CLUSTER_ID", std::string(256, 'x')), "");
  EXPECT_EQ(why_not("CLUSTER_ID", std::string(257, 'x')), "is 257 bytes long; 256 are allowed");
  EXPECT_EQ(why_not("CLUSTER_ID", "\xff"), "is not UTF-8");
  EXPECT_EQ(why_not("CLUSTER_ID", "a\tb"), "holds a control character");
  EXPECT_EQ(why_not("CLUSTER_NAME", "a\u0085b"), "holds a control character");
  EXPECT_EQ(why_not("CLUSTER_NAME", "Zürich 名前"), "");
}

TEST(Settings, TakeAnAddressToListenOn) {
  for (const char* host : {"::", "0.0.0.0", "127.0.0.1", "fe80::1", "localhost"}) {
    EXPECT_EQ(why_not("COLLECTOR_HOST", host), "") << host;
  }
  for (const char* host : {"example.com", "[::1]", "127.0.0", "1.2.3.4:80", "*"}) {
    EXPECT_EQ(
        why_not("COLLECTOR_HOST", host),
        '"' + std::string(host) + "\" is neither an IPv4 nor an IPv6 address nor \"localhost\"");
  }
}

TEST(Settings, RefuseAFileOfAuthoritiesThatCannotBeUsed) {
  EXPECT_THAT(why_not("STATION_CA_FILE", "/nowhere/ca.pem"), HasSubstr("No such file"));
}

// ---- Secrets ------------------------------------------------------------------------------

TEST(Settings, CutTheNewlineOfASecret) {
  Sources sources;
  for (const char* text : {"key", "key\n", "key\r\n", "key\n\n"}) {
    sources.environment["HEARTBEAT_API_KEY"] = text;
    EXPECT_EQ(sources.load().config.heartbeat_api_key, "key");
  }
  sources.environment.erase("HEARTBEAT_API_KEY");
  EXPECT_EQ(sources.load_with_file("heartbeat_api_key: |\n  key\n").config.heartbeat_api_key,
            "key");
}

TEST(Settings, RefuseASecretThatIsNoneAndNeverRepeatIt) {
  EXPECT_EQ(why_not("COLLECTOR_API_KEY", "s3cret\nX: y"), "holds a control character");
  EXPECT_EQ(why_not("COLLECTOR_API_KEY", "s3cret\r"), "holds a control character");
  EXPECT_EQ(why_not("COLLECTOR_API_KEY", "s3cret\x7f"), "holds a control character");
  EXPECT_EQ(why_not("COLLECTOR_API_KEY", "s3cr\u00e9t"), "holds a character that is not ASCII");
  EXPECT_EQ(why_not("COLLECTOR_API_KEY", " s3cret"), "begins or ends with a blank");
  EXPECT_EQ(why_not("COLLECTOR_API_KEY", "s3cret "), "begins or ends with a blank");
  EXPECT_EQ(why_not("COLLECTOR_API_KEY", std::string(5000, 's')), "is over 4096 bytes long");
}

TEST(Settings, DoNotTakeASecretOfNothingButANewlineForNoSecret) {
  EXPECT_THAT(why_not("HEARTBEAT_API_KEY", "\n"), HasSubstr("nothing but a newline"));
}

// ---- Advice -------------------------------------------------------------------------------

TEST(Settings, AdviseWhereOnlyOneOfTheStationsTwoIsSet) {
  Sources sources;
  sources.environment["COLLECTOR_API_KEY"] = "k";
  EXPECT_THAT(sources.load().warnings, ElementsAre(HasSubstr("STATION_ALERT_URL and STATION_")));
  sources.environment["STATION_ALERT_URL"] = "https://s/";
  EXPECT_THAT(sources.load().warnings, ElementsAre(HasSubstr("STATION_ALERT_KEY is not set")));
  sources.environment["STATION_ALERT_KEY"] = "k";
  EXPECT_THAT(sources.load().warnings, IsEmpty());
  sources.environment["STATION_ALERT_URL"] = "";
  EXPECT_THAT(sources.load().warnings, ElementsAre(HasSubstr("STATION_ALERT_URL is not set")));
}

TEST(Settings, AdviseOnWhatIsProbablyNotMeant) {
  Sources sources;
  sources.environment["COLLECTOR_API_KEY"] = "k";
  sources.environment["STATION_ALERT_URL"] = "http://station/";
  sources.environment["DRAIN_MS"] = "20000";
  sources.environment["SHUTDOWN_GRACE_MS"] = "8001";
  sources.flags["STATION_ALERT_KEY"] = "k";
  EXPECT_THAT(sources.load().warnings,
              ElementsAre(HasSubstr("unencrypted"), HasSubstr("given as a flag"),
                          HasSubstr("terminationGracePeriodSeconds")));
  sources.environment["STATION_ALERT_URL"] = "http://127.0.0.1:1/";
  sources.environment["SHUTDOWN_GRACE_MS"] = "8000";
  EXPECT_THAT(sources.load().warnings, ElementsAre(HasSubstr("given as a flag")));
  sources.environment.erase("COLLECTOR_API_KEY");
  EXPECT_THAT(sources.load().warnings,
              ElementsAre(HasSubstr("COLLECTOR_API_KEY"), HasSubstr("given as a flag")));
}

TEST(Settings, OfAFileThatCannotBeReadAreNotSaidToBeMissing) {
  Sources sources;
  sources.environment.erase("CLUSTER_ID");
  const test::TempFile file("cluster_id: c1\ndrain_ms: [\n");
  sources.file = file.path();
  EXPECT_THAT(sources.load().problems, ElementsAre(HasSubstr(file.path())));
}

TEST(Settings, OfTextMustNotBeBlank) {
  Sources sources;
  sources.environment["CLUSTER_ID"] = "  ";
  EXPECT_THAT(sources.load().problems, ElementsAre(HasSubstr("is blank")));
}

// ---- --print-config -----------------------------------------------------------------------

TEST(PrintConfig, TellsEachValueAndItsOriginAndNoSecret) {
  Sources sources;
  sources.environment["STATION_ALERT_KEY"] = "s3cret";
  sources.flags["COLLECTOR_PORT"] = "9000";
  const test::TempFile file("# ours\n\ndrain_ms: 17\n");
  sources.file = file.path();
  const std::string text = print_config(sources.load());
  const auto line_of = [&](const std::string& variable) {
    const std::size_t begin = text.find(variable + "  ");
    std::string line = text.substr(begin, text.find('\n', begin) - begin);
    // Columns apart, blanks between them do not matter.
    line.erase(
        std::unique(line.begin(), line.end(), [](char a, char b) { return a == ' ' && b == ' '; }),
        line.end());
    return line;
  };
  EXPECT_EQ(line_of("CLUSTER_ID"), "CLUSTER_ID c1 environment");
  EXPECT_EQ(line_of("CLUSTER_NAME"), "CLUSTER_NAME (as CLUSTER_ID) default");
  EXPECT_EQ(line_of("COLLECTOR_PORT"), "COLLECTOR_PORT 9000 flag --port");
  EXPECT_EQ(line_of("DRAIN_MS"), "DRAIN_MS 17 file " + file.path() + ":3");
  EXPECT_EQ(line_of("STATION_ALERT_KEY"), "STATION_ALERT_KEY (set, not shown) environment");
  EXPECT_EQ(line_of("COLLECTOR_API_KEY"), "COLLECTOR_API_KEY (unset) default");
  EXPECT_EQ(line_of("LOG_LEVEL"), "LOG_LEVEL info default");
  EXPECT_EQ(text.find("s3cret"), std::string::npos);
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(text, '\n')), settings().size());
}

TEST(PrintConfig, ShowsNoPasswordInAnAddress) {
  Sources sources;
  sources.environment["STATION_ALERT_URL"] = "https://u:s3cret@x/alerts";
  const std::string text = print_config(sources.load());
  EXPECT_EQ(text.find("s3cret"), std::string::npos);
  EXPECT_THAT(text, HasSubstr("https://(not shown)@x/alerts"));
}

TEST(PrintConfig, ShowsNothingThatMovesTheCursor) {
  Sources sources;
  sources.environment["CLUSTER_NAME"] = "a\x1b[2Jb";
  const std::string text = print_config(sources.load());
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_THAT(text, HasSubstr("(cannot be shown)"));
}

}  // namespace
}  // namespace pap::net
