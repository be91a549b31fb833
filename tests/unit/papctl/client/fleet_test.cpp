// SPDX-License-Identifier: MIT
#include "papctl/client/fleet.hpp"

#include <string>

#include <gtest/gtest.h>

namespace pap::ctl {
namespace {

Agent named(const std::string& name, const std::string& mode = "IDLE", bool healthy = true) {
  Agent agent;
  agent.id = "id";
  agent.name = name;
  agent.mode = mode;
  agent.healthy = healthy;
  return agent;
}

bool glob_takes(const std::string& glob, const std::string& name) {
  return Choice{{}, {}, glob}.takes(named(name));
}

TEST(Choice, OfNothingTakesEverybody) {
  EXPECT_TRUE(Choice{}.takes(named("a")));
  EXPECT_TRUE(Choice{}.takes(named("", "", false)));
}

TEST(Choice, TakesByModeAndHealth) {
  EXPECT_TRUE((Choice{"IDLE", {}, {}}.takes(named("a"))));
  EXPECT_FALSE((Choice{"SLEEP", {}, {}}.takes(named("a"))));
  EXPECT_TRUE((Choice{{}, false, {}}.takes(named("a", "IDLE", false))));
  EXPECT_FALSE((Choice{{}, true, {}}.takes(named("a", "IDLE", false))));
  EXPECT_FALSE((Choice{"IDLE", true, "b*"}.takes(named("a"))));
}

TEST(Choice, TakesNamesByAGlobOfTheWholeName) {
  EXPECT_TRUE(glob_takes("web-*", "web-1"));
  EXPECT_FALSE(glob_takes("web-*", "my-web-1"));
  EXPECT_FALSE(glob_takes("web", "web-1"));
  EXPECT_TRUE(glob_takes("*-?", "web-1"));
  EXPECT_TRUE(glob_takes("*", "a/b")) << "a slash is nothing special in a name";
  EXPECT_TRUE(glob_takes("web-[[:digit:]]", "web-1"));
  EXPECT_FALSE(glob_takes("web-[!1]", "web-1"));
  EXPECT_TRUE(glob_takes("a\\*", "a*"));
  EXPECT_FALSE(glob_takes("a\\*", "ab"));
}

TEST(Agent, KeepsDefaultsForWhatIsMissingOrOfAnotherType) {
  for (const char* text : {"{}", "[]", "1",
                           R"({"agent_uuid":1,"agent_name":null,"mode":[],"uptime_seconds":"5",)"
                           R"("last_seen":7,"healthy":"yes","consecutive_heartbeats":-3})",
                           R"({"consecutive_heartbeats":1e300})"}) {
    const Agent agent = Agent::from(nlohmann::ordered_json::parse(text));
    EXPECT_EQ(agent.id, "") << text;
    EXPECT_EQ(agent.uptime_seconds, 0) << text;
    EXPECT_FALSE(agent.last_seen) << text;
    EXPECT_FALSE(agent.healthy) << text;
    EXPECT_EQ(agent.beats, 0U) << text;
  }
}

}  // namespace
}  // namespace pap::ctl
