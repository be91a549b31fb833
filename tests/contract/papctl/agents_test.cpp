// SPDX-License-Identifier: MIT
// papctl agents: what it prints, and how it ends.
#include <algorithm>
#include <set>
#include <string>

#include "contract/papctl/papctl_test.hpp"
#include "support/build_kind.hpp"

namespace pap::test {
namespace {

using PapctlAgents = PapctlTest;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

TEST_F(PapctlAgents, AreListedInTsvThroughAPipe) {
  start();
  beat(kAgent, heartbeat("IDLE", 3600.5, "my\tagent"));
  const Outcome list = papctl({"agents", "list"});
  EXPECT_EQ(list.status, 0);
  EXPECT_EQ(list.err, "");
  EXPECT_EQ(without_times(list.out),
            "agent_uuid\tagent_name\tmode\thealthy\tlast_seen\tuptime_seconds\tbeats\t"
            "observation_mode\n"
            "550e8400-e29b-41d4-a716-446655440000\tmy\\tagent\tIDLE\ttrue\t"
            "2026-11-24T22:51:27.549Z\t3600.5\t1\tfalse\n");
}

TEST_F(PapctlAgents, AreListedInEveryFormat) {
  start();
  beat("a", heartbeat("IDLE", 1, "web-1"));
  beat("b", heartbeat("SLEEP", 2));
  EXPECT_EQ(papctl({"agents", "list", "-o", "name"}).out, "a\nb\n");
  const auto json = nlohmann::json::parse(papctl({"agents", "list", "-o", "json"}).out);
  EXPECT_EQ(json, get("/agents").json()["agents"]);
  const Words jsonl = lines_of(papctl({"agents", "list", "-o", "jsonl"}).out);
  ASSERT_EQ(jsonl.size(), 2U);
  EXPECT_EQ(nlohmann::json::parse(jsonl[1]), json[1]);
  EXPECT_THAT(papctl({"agents", "list", "-o", "yaml"}).out,
              HasSubstr("- agent_uuid: \"a\"\n  agent_name: \"web-1\"\n  mode: \"IDLE\"\n"));
  const Outcome table = papctl({"agents", "list", "-o", "table"}, {{"LANG", "C"}});
  EXPECT_EQ(without_ages(table.out),
            "AGENT  NAME   MODE   HEALTH     LAST SEEN  UPTIME  BEATS\n"
            "a      web-1  IDLE   + healthy     0s ago      1s      1\n"
            "b      -      SLEEP  + healthy     0s ago      2s      1\n");
  EXPECT_THAT(papctl({"agents", "list", "-o", "wide", "--no-headers"}).out, HasSubstr("Z  no\n"));
}

TEST_F(PapctlAgents, AreChosenByModeHealthAndName) {
  start();
  beat("a", heartbeat("IDLE", 1, "web-1"));
  beat("b", heartbeat("SLEEP", 2, "web-22"));
  beat("c", heartbeat("SLEEP", 2, "db-[1]"));
  const auto ids = [&](Words more) {
    Words words{"agents", "list", "-o", "name"};
    words.insert(words.end(), more.begin(), more.end());
    return lines_of(papctl(words).out);
  };
  EXPECT_THAT(ids({"--mode", "sleep"}), ElementsAre("b", "c"));
  EXPECT_THAT(ids({"--name", "web-*"}), ElementsAre("a", "b"));
  EXPECT_THAT(ids({"--name", "*-?"}), ElementsAre("a"));
  EXPECT_THAT(ids({"--name", "web-[[:digit:]]"}), ElementsAre("a"));
  EXPECT_THAT(ids({"--name", "*-[][]1*"}), ElementsAre("c"));
  EXPECT_THAT(ids({"--name", "db-\\[1]"}), ElementsAre("c"));
  EXPECT_THAT(ids({"--name", "web"}), IsEmpty());
  EXPECT_THAT(ids({"--healthy"}), ElementsAre("a", "b", "c"));
  EXPECT_THAT(ids({"--unhealthy"}), IsEmpty());
  EXPECT_THAT(ids({"--limit", "2"}), ElementsAre("a", "b"));
}

TEST_F(PapctlAgents, AreSorted) {
  start();
  beat("a", heartbeat("SLEEP", 5, "y"));
  beat("b", heartbeat("IDLE", 7, "z"));
  beat("c", heartbeat("IDLE", 6, "x"));
  beat("c", heartbeat("IDLE", 6.5));
  const auto ids = [&](const std::string& key) {
    return lines_of(papctl({"agents", "list", "-o", "name", "--sort-by", key}).out);
  };
  EXPECT_THAT(ids("id"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(ids("name"), ElementsAre("c", "a", "b"));
  EXPECT_THAT(ids("mode"), ElementsAre("b", "c", "a"));
  EXPECT_THAT(ids("uptime"), ElementsAre("b", "c", "a"));
  EXPECT_THAT(ids("beats"), ElementsAre("c", "a", "b"));
  EXPECT_THAT(ids("last-seen").front(), "a");
  EXPECT_THAT(
      lines_of(papctl({"agents", "list", "-o", "name", "--sort-by", "uptime", "--limit", "1"}).out),
      ElementsAre("b"));
}

TEST_F(PapctlAgents, OfAnEmptyFleetAreNotedOnStderr) {
  start();
  const Outcome table = papctl({"agents", "list", "-o", "table"});
  EXPECT_EQ(table.status, 0);
  EXPECT_EQ(table.out, "");
  EXPECT_THAT(table.err, HasSubstr("no agents that match at http://127.0.0.1:"));
  EXPECT_EQ(papctl({"agents", "list", "-o", "json"}).out, "[]\n");
  EXPECT_EQ(papctl({"agents", "list", "-o", "json"}).err, "");
}

TEST_F(PapctlAgents, OneIsShownByItsIdOrTheBeginningOfIt) {
  start();
  beat(kAgent, heartbeat("IDLE", 1, "my-agent"));
  beat("test", heartbeat("IDLE", 1));
  beat("test-agent", heartbeat("IDLE", 1));
  const Outcome whole = papctl({"agents", "get", std::string(kAgent), "-o", "json"});
  EXPECT_EQ(whole.status, 0);
  EXPECT_EQ(nlohmann::json::parse(whole.out),
            get("/agents/" + std::string(kAgent)).json()["agent"]);
  EXPECT_EQ(papctl({"agents", "get", "550e", "-o", "json"}).out, whole.out);
  EXPECT_EQ(papctl({"agents", "get", "test", "-o", "name"}).out, "test\n")
      << "a whole id is no beginning";
  EXPECT_EQ(papctl({"agents", "get", "test-agent", "550e", "-o", "name"}).out,
            "test-agent\n" + std::string(kAgent) + '\n');
}

TEST_F(PapctlAgents, OneThatNeedsEncodingIsShown) {
  start();
  beat("a%2Fb%20c%3F%C3%A4", heartbeat("IDLE", 1));
  EXPECT_EQ(papctl({"agents", "get", "a/b c?ä", "-o", "name"}).out, "a/b c?ä\n");
  EXPECT_EQ(papctl({"agents", "get", "a/", "-o", "name"}).out, "a/b c?ä\n");
}

TEST_F(PapctlAgents, AnAmbiguousBeginningNamesTheCandidates) {
  start();
  for (int i = 0; i < 12; ++i) beat("test-" + std::to_string(i), heartbeat("IDLE", 1));
  const Outcome get = papctl({"agents", "get", "test"});
  EXPECT_EQ(get.status, 3);
  EXPECT_EQ(get.out, "");
  EXPECT_THAT(get.err, HasSubstr("\"test\" begins more than one agent's id:\n  test-"));
  EXPECT_THAT(get.err, HasSubstr("and 2 more\n"));
}

TEST_F(PapctlAgents, OneThatIsNotThereIsStatus3) {
  start();
  beat("a", heartbeat("IDLE", 1));
  const Outcome get = papctl({"agents", "get", "none-such"});
  EXPECT_EQ(get.status, 3);
  EXPECT_EQ(get.out, "");
  EXPECT_THAT(get.err, HasSubstr("no agent \"none-such\" at " + collectord().url()));
  const Outcome both = papctl({"agents", "get", "a", "none-such", "-o", "name"});
  EXPECT_EQ(both.status, 3) << "the others are shown";
  EXPECT_EQ(both.out, "a\n");
  EXPECT_EQ(papctl({"agents", "delete", "none-such", "--yes"}).status, 3);
}

TEST_F(PapctlAgents, AreNotDeletedWhereNobodyCanBeAsked) {
  start();
  beat("a", heartbeat("IDLE", 1));
  const Outcome asked = papctl({"agents", "delete", "a"});
  EXPECT_EQ(asked.status, 2);
  EXPECT_THAT(asked.err, HasSubstr("--yes"));
  EXPECT_EQ(get("/agents/a").status, 200);
}

TEST_F(PapctlAgents, AreDeletedWithYes) {
  start();
  beat("a-long-id", heartbeat("IDLE", 1));
  beat("b", heartbeat("IDLE", 1));
  const Outcome deleted = papctl({"agents", "delete", "a-", "b", "--yes"});
  EXPECT_EQ(deleted.status, 0);
  EXPECT_EQ(deleted.out, "a-long-id\nb\n");
  EXPECT_EQ(deleted.err, "");
  EXPECT_EQ(get("/agents").json()["stats"]["total"], 0);
}

TEST_F(PapctlAgents, AnEmptyIdIsNobodysEvenWhereThereIsOneAgent) {
  start();
  beat("a", heartbeat("IDLE", 1));
  for (const Words& words :
       {Words{"agents", "delete", "", "--yes"}, Words{"agents", "get", ""},
        Words{"agents", "wait", "", "--for", "unhealthy"}, Words{"observe", "agent", ""}}) {
    EXPECT_EQ(papctl(words).status, 2);
  }
  EXPECT_EQ(get("/agents/a").status, 200);
}

TEST_F(PapctlAgents, AreWaitedForInAMode) {
  start();
  beat("a", heartbeat("IDLE", 1));
  const Outcome there = papctl({"agents", "wait", "a", "--for", "mode=idle"});
  EXPECT_EQ(there.status, 0);
  EXPECT_EQ(there.out + there.err, "");
  ChildProcess waiting(wish({"agents", "wait", "a", "--for", "mode=SLEEP"}));
  beat("a", heartbeat("SLEEP", 2));
  EXPECT_EQ(waiting.wait(), 0);
}

TEST_F(PapctlAgents, AreWaitedForBeforeTheyAreThereAndUntilTheyAreGone) {
  start();
  ChildProcess coming(wish({"agents", "wait", "a", "--for", "healthy"}));
  ASSERT_TRUE(eventually([&] { return *metric("answers_total{class=\"4xx\"}") >= 1; }));
  EXPECT_TRUE(coming.running());
  beat("a", heartbeat("IDLE", 1));
  EXPECT_EQ(coming.wait(), 0);
  ChildProcess going(wish({"agents", "wait", "a", "--for", "gone"}));
  ask("DELETE", "/agents/a");
  EXPECT_EQ(going.wait(), 0);
}

TEST_F(PapctlAgents, ThatKeepOnesWaitingEndWithATimeOut) {
  start();
  const Outcome unseen = papctl({"agents", "wait", "a", "--for", "healthy", "--timeout", "100ms"});
  EXPECT_EQ(unseen.status, 124);
  EXPECT_THAT(unseen.err, HasSubstr("a is not there, not healthy, after 100ms"));
  beat("a", heartbeat("IDLE", 1));
  const Outcome living = papctl({"agents", "wait", "a", "--for", "gone", "--timeout", "100ms"});
  EXPECT_EQ(living.status, 124);
  EXPECT_THAT(living.err, HasSubstr("a is healthy, in mode IDLE, not gone"));
}

TEST_F(PapctlAgents, ThatFellSilentAreUnhealthyFirstAndStatus10) {
  start();
  beat("z", heartbeat("EMERGENCY", 1));
  beat("a", heartbeat("IDLE", 1));
  const Outcome well = papctl({"status", "--exit-code"});
  EXPECT_EQ(well.status, 0) << well.out;
  EXPECT_EQ(papctl({"agents", "wait", "z", "--for", "unhealthy"}).status, 0);
  EXPECT_EQ(papctl({"agents", "list", "-o", "name"}).out, "z\na\n");
  EXPECT_EQ(papctl({"agents", "list", "-o", "name", "--unhealthy"}).out, "z\n");
  EXPECT_EQ(papctl({"agents", "list", "-o", "name", "--healthy"}).out, "a\n");
  EXPECT_THAT(papctl({"agents", "list", "-o", "table", "--color", "always"}).out,
              HasSubstr("\x1b[1;31m"));
  const Outcome ill = papctl({"status", "--exit-code"}, {{"LANG", "C.UTF-8"}});
  EXPECT_EQ(ill.status, 10);
  EXPECT_THAT(ill.out, HasSubstr("AGENTS    2  ✔ 1 healthy  ✘ 1 unhealthy\n"));
  EXPECT_EQ(papctl({"status"}).status, 0) << "10 is for those who ask for it";
  ASSERT_TRUE(eventually([&] { return !get("/alerts").json()["alerts"].empty(); }));
  const Outcome alerts = papctl({"alerts", "list"});
  EXPECT_EQ(alerts.status, 0);
  EXPECT_THAT(alerts.out, HasSubstr("\tAGENT_DEATH\tcritical\tz\tz\t"));
}

TEST_F(PapctlAgents, AreAllListedOnceThoughTheyFillManyPages) {
  start();
  constexpr std::size_t kAgents = kSanitized ? 20'000 : 100'000;
  constexpr std::size_t kAtATime = 500;
  RawClient client = connect();
  std::set<std::string> ids;
  for (std::size_t first = 0; first < kAgents; first += kAtATime) {
    std::string requests;
    for (std::size_t i = first; i < first + kAtATime; ++i) {
      requests += http_request("POST", "/heartbeat/" + agent_id(i),
                               "Content-Type: application/json\r\n", heartbeat("IDLE", 1));
      ids.insert(agent_id(i));
    }
    client.send(requests);
    for (std::size_t i = 0; i < kAtATime; ++i) ASSERT_EQ(client.receive().status, 200);
  }
  const Outcome list = papctl({"agents", "list", "-o", "name"});
  EXPECT_EQ(list.status, 0) << list.err;
  const Words listed = lines_of(list.out);
  EXPECT_EQ(listed.size(), kAgents);
  EXPECT_TRUE(std::set(listed.begin(), listed.end()) == ids);
  EXPECT_EQ(shell("$PAPCTL agents list | head -1").out.substr(0, 10), "agent_uuid");
}

}  // namespace
}  // namespace pap::test
