// SPDX-License-Identifier: MIT
#include "net/settings_file.hpp"

#include <gmock/gmock.h>

#include "unit/net/settings_fixture.hpp"

namespace pap::net {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

std::vector<std::string> problems_in(const std::string& text) {
  return parse_settings(text, "f.yaml").problems;
}

TEST(SettingsFile, HoldsAFlatMap) {
  const SettingsFile file = parse_settings(
      "# a comment\ncluster_id: is.plugged.in\n\nport: 9000  # another\n"
      "cluster_name: \"Production Cluster\"\n",
      "f.yaml");
  EXPECT_THAT(file.problems, IsEmpty());
  ASSERT_EQ(file.values.size(), 3U);
  EXPECT_EQ(file.values.at(find_setting("CLUSTER_ID")).text, "is.plugged.in");
  EXPECT_EQ(file.values.at(find_setting("CLUSTER_ID")).line, 2U);
  EXPECT_EQ(file.values.at(find_setting("COLLECTOR_PORT")).text, "9000");
  EXPECT_EQ(file.values.at(find_setting("COLLECTOR_PORT")).line, 4U);
  EXPECT_EQ(file.values.at(find_setting("CLUSTER_NAME")).text, "Production Cluster");
}

TEST(SettingsFile, TakesEveryKeyOfTheTable) {
  std::string text;
  for (const Setting& setting : settings()) text += std::string(setting.key) + ": x\n";
  const SettingsFile file = parse_settings(text, "f.yaml");
  EXPECT_THAT(file.problems, IsEmpty());
  EXPECT_EQ(file.values.size(), settings().size());
}

TEST(SettingsFile, MayBeEmpty) {
  EXPECT_THAT(problems_in(""), IsEmpty());
  EXPECT_THAT(problems_in("# nothing yet\n"), IsEmpty());
  EXPECT_THAT(problems_in("---\n"), IsEmpty());
}

TEST(SettingsFile, NamesThePlaceOfAnUnknownKeyAndTheNearestThatIsKnown) {
  EXPECT_THAT(problems_in("cluster_id: a\n\n  \nclustr_nam: b\n"),
              ElementsAre("f.yaml:4:1: unknown key \"clustr_nam\"; the nearest known one is "
                          "\"cluster_name\""));
  const std::map<std::string, std::string> nearest{
      {"CLUSTER_ID", "cluster_id"}, {"COLLECTOR_PORT", "port"}, {"collector_host", "host"},
      {"--log-level", "log_level"}, {"drain-ms", "drain_ms"},   {"portt", "port"},
      {"max_agent", "max_agents"},  {"loglevel", "log_level"}};
  for (const auto& [key, known] : nearest) {
    EXPECT_THAT(problems_in('"' + key + "\": 1"),
                ElementsAre(HasSubstr("the nearest known one is \"" + known + '"')));
  }
}

TEST(SettingsFile, RefusesAKeyThatStandsTwice) {
  const SettingsFile file = parse_settings("port: 1\nlog_level: info\nport: 2\n", "f.yaml");
  EXPECT_THAT(
      file.problems,
      ElementsAre("f.yaml:3:1: \"port\" stands here a second time; the first is in line 1"));
  EXPECT_EQ(file.values.at(find_setting("COLLECTOR_PORT")).text, "1");
}

TEST(SettingsFile, RefusesWhatIsNoScalar) {
  EXPECT_THAT(problems_in("port: [1, 2]\nhost:\n  a: b\n"),
              ElementsAre("f.yaml:1:7: \"port\" takes one value, not a list or a map",
                          "f.yaml:3:3: \"host\" takes one value, not a list or a map"));
  EXPECT_THAT(problems_in("? [a]\n: 1\n"), ElementsAre(HasSubstr("a key that is not a word")));
}

TEST(SettingsFile, RefusesWhatIsNoMap) {
  EXPECT_THAT(problems_in("- port\n"),
              ElementsAre("f.yaml:1:1: not a map of settings (`key: value` lines)"));
  EXPECT_THAT(problems_in("port=8080\n"), ElementsAre(HasSubstr("not a map of settings")));
  EXPECT_THAT(problems_in("port: 1\n---\nport: 2\n"), ElementsAre(HasSubstr("a second document")));
}

TEST(SettingsFile, NamesThePlaceOfASyntaxError) {
  EXPECT_THAT(problems_in("port: 1\nhost: a: b\n"), ElementsAre(StartsWith("f.yaml:2:")));
  EXPECT_THAT(problems_in("port: 1\n\thost: a\n"), ElementsAre(StartsWith("f.yaml:2:")));
  EXPECT_THAT(problems_in("port: *nothing\n"), ElementsAre(StartsWith("f.yaml:1:")));
  EXPECT_THAT(problems_in("port: " + std::string(60'000, '[')),
              ElementsAre(StartsWith("f.yaml:1:")));
}

TEST(SettingsFile, RefusesWhatIsNoText) {
  EXPECT_THAT(problems_in("host: \xff\n"), ElementsAre("f.yaml: is not UTF-8"));
}

TEST(SettingsFile, ReportsAFileThatCannotBeRead) {
  EXPECT_THAT(read_settings_file("/nowhere/collectord.yaml").problems,
              ElementsAre("config file /nowhere/collectord.yaml cannot be read: No such file or "
                          "directory"));
  EXPECT_THAT(read_settings_file("/").problems,
              ElementsAre("config file / cannot be read: Is a directory"));
}

TEST(SettingsFile, ReportsAFileThatIsTooLarge) {
  EXPECT_THAT(Sources().load_with_file(std::string(70'000, '#')).problems,
              ElementsAre("config file FILE is over 65536 bytes long"));
}

TEST(SettingsFile, SaysAllThatIsWrongBesideWhatIsRight) {
  const LoadedConfig loaded =
      Sources().load_with_file("prot: 1\nport: x\nlog_level: debug\nlog_level: info\n");
  EXPECT_THAT(loaded.problems,
              ElementsAre("FILE:1:1: unknown key \"prot\"; the nearest known one is \"port\"",
                          HasSubstr("FILE:4:1: \"log_level\" stands here a second time"),
                          "COLLECTOR_PORT (file FILE:2) \"x\" is not a whole number; 0 to 65535 is "
                          "allowed"));
  EXPECT_EQ(loaded.config.log_level, LogLevel::kDebug);
}

}  // namespace
}  // namespace pap::net
