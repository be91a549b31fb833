// SPDX-License-Identifier: MIT
// papctl status, metrics, alerts and heartbeat; keys, and collectors that are not there.
#include <string>

#include "contract/papctl/papctl_test.hpp"

namespace pap::test {
namespace {

using Papctl = PapctlTest;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kKey = "s3cret-key";

TEST_F(Papctl, StatusIsOneScreen) {
  start();
  beat("a", heartbeat("IDLE", 1));
  beat("b", heartbeat("SLEEP", 1));
  const Outcome status = papctl({"status"}, {{"LANG", "C"}});
  EXPECT_EQ(status.status, 0);
  EXPECT_EQ(status.err, "");
  EXPECT_THAT(status.out, StartsWith("CLUSTER   is.plugged.in (Production Cluster)\n"
                                     "COLLECTOR " +
                                     collectord().url() + "\nVERSION   "));
  EXPECT_THAT(status.out, HasSubstr("HEALTH    + healthy  + ready  up "));
  EXPECT_THAT(status.out, HasSubstr("AGENTS    2  + 2 healthy\n"
                                    "MODES     EMERGENCY 0  IDLE 1  SLEEP 1\n"
                                    "HEARD     somebody, "));
  EXPECT_THAT(status.out, HasSubstr("QUEUE     0  waiting 0, in flight 0\n"));
  EXPECT_LE(lines_of(status.out).size(), 24U);
}

TEST_F(Papctl, StatusIsThereForProgramsToo) {
  start();
  beat("a", heartbeat("IDLE", 1));
  const auto json = nlohmann::json::parse(papctl({"status", "-o", "json"}).out);
  EXPECT_EQ(json["collector"], collectord().url());
  EXPECT_EQ(json["agents"]["total"], 1);
  EXPECT_EQ(json["ready"], true);
  EXPECT_EQ(json["all_well"], true);
  EXPECT_THAT(papctl({"status", "-o", "tsv"}).out, HasSubstr("\nagents.total\t1\n"));
  EXPECT_THAT(papctl({"status", "-o", "tsv"}).out, HasSubstr("\nstation_away\t0\n"));
}

TEST_F(Papctl, StatusTellsWhereAlertsGoNowhere) {
  start();
  EXPECT_THAT(papctl({"status"}).out, HasSubstr("none is set: alerts are only logged"));
  start_with_station({});
  EXPECT_THAT(papctl({"status"}).out, HasSubstr("not known to be away"));
}

TEST_F(Papctl, AlertsAreListedAllUnlessFewerAreWanted) {
  start();
  for (std::size_t i = 0; i < 150; ++i) beat(agent_id(i), heartbeat("EMERGENCY", 0));
  ASSERT_TRUE(eventually([&] { return get("/alerts?limit=1000").json()["alerts"].size() == 150; }));
  const auto listed = [&](const std::vector<std::string>& more) {
    std::vector<std::string> words{"alerts", "list", "--no-headers"};
    words.insert(words.end(), more.begin(), more.end());
    return lines_of(papctl(words).out).size();
  };
  EXPECT_EQ(listed({}), 150U);
  EXPECT_EQ(listed({"--limit", "0"}), 150U);
  EXPECT_EQ(listed({"--limit", "120"}), 120U);
  EXPECT_EQ(listed({"--limit", "5000"}), 150U);
}

TEST_F(Papctl, StatusTellsThatNobodyWasHeardYet) {
  start();
  EXPECT_THAT(papctl({"status"}).out, HasSubstr("nobody"));
}

TEST_F(Papctl, MetricsInRawAreWhatIsServed) {
  start();
  beat("a", heartbeat("IDLE", 1));
  // What moves by itself moves between two answers too.
  const auto still = [](const std::string& text) {
    std::string out;
    for (const std::string& line : lines_of(text)) {
      out += line.substr(0, line.starts_with('#') ? line.size() : line.rfind(' ')) + '\n';
    }
    return out;
  };
  const Outcome raw = papctl({"metrics", "-o", "raw"});
  EXPECT_EQ(raw.status, 0);
  EXPECT_EQ(still(raw.out), still(get("/metrics").body));
  EXPECT_THAT(raw.out, HasSubstr("pap_collector_agents_total{cluster=\"is.plugged.in\"} 1\n"));
}

TEST_F(Papctl, MetricsAreGrouped) {
  start();
  beat("a", heartbeat("IDLE", 1));
  const Outcome fleet = papctl({"metrics", "fleet"});
  EXPECT_EQ(fleet.status, 0);
  EXPECT_THAT(fleet.out, StartsWith("group\tmetric\tlabels\tvalue\nfleet\tagents_total\t\t1\n"));
  EXPECT_THAT(fleet.out, Not(HasSubstr("heartbeats_total")));
  EXPECT_THAT(papctl({"metrics", "heartbeats_total"}).out,
              HasSubstr("heartbeats\theartbeats_total\tmode=\"IDLE\"\t1\n"));
  EXPECT_THAT(papctl({"metrics", "xyzzy", "-o", "table"}).err, HasSubstr("no metric matches"));
}

TEST_F(Papctl, HeartbeatsAreSentByHand) {
  start();
  const Outcome first = papctl({"heartbeat", "send", "test agent", "--mode", "sleep", "--uptime",
                                "12.5", "--name", "by hand"});
  EXPECT_EQ(first.status, 0);
  EXPECT_EQ(first.out, "test agent was heard, for the first time; the next one is due in 15m\n");
  const auto agent = get("/agents/test%20agent").json()["agent"];
  EXPECT_EQ(agent["agent_name"], "by hand");
  EXPECT_EQ(agent["mode"], "SLEEP");
  EXPECT_EQ(agent["uptime_seconds"], 12.5);
  const Outcome second = papctl({"heartbeat", "send", "test agent", "-o", "json"});
  EXPECT_EQ(nlohmann::json::parse(second.out)["is_new"], false);
}

TEST_F(Papctl, AHeartbeatThatIsRefusedSaysWhy) {
  start();
  const Outcome refused = papctl({"heartbeat", "send", std::string(200, 'a')});
  EXPECT_EQ(refused.status, 1);
  EXPECT_EQ(refused.out, "");
  EXPECT_THAT(refused.err, HasSubstr("the collector answered 400 "));
}

TEST_F(Papctl, HeartbeatsCarryTheKeyThatTheCollectorWants) {
  start({{"HEARTBEAT_API_KEY", kKey}});
  EXPECT_EQ(papctl({"heartbeat", "send", "a"}).status, 4);
  EXPECT_EQ(papctl({"heartbeat", "send", "a"}, {{"PAPCTL_KEY", kKey}}).status, 0);
}

TEST_F(Papctl, AlertsAreListedNewestFirst) {
  start_with_station();
  EXPECT_EQ(papctl({"alerts", "list", "-o", "json"}).out, "[]\n");
  EXPECT_THAT(papctl({"alerts", "list", "-o", "table"}).err, HasSubstr("no alerts at http://"));
  beat(agent_id(1), heartbeat("IDLE", 100));
  beat(agent_id(1), heartbeat("EMERGENCY", 101, "web"));
  ASSERT_TRUE(station().wait_for([](const auto& alerts) { return alerts.size() >= 1; }));
  beat(agent_id(2), heartbeat("IDLE", 100));
  beat(agent_id(2), heartbeat("EMERGENCY", 101));
  ASSERT_TRUE(station().wait_for([](const auto& alerts) { return alerts.size() >= 2; }));
  const auto told = [&] { return lines_of(papctl({"alerts", "list", "--no-headers"}).out); };
  ASSERT_TRUE(eventually([&] {
    const Words lines = told();
    return lines.size() == 2 && lines[0].ends_with("\tdelivered\t1");
  })) << papctl({"alerts", "list"}).out;
  EXPECT_THAT(told()[0], HasSubstr("\tEMERGENCY_MODE\twarning\t" + agent_id(2)));
  EXPECT_THAT(told()[1], HasSubstr("\tEMERGENCY_MODE\twarning\t" + agent_id(1) + "\tweb\t"));
  EXPECT_EQ(lines_of(papctl({"alerts", "list", "--limit", "1", "-o", "name"}).out),
            Words{agent_id(2)});
}

TEST_F(Papctl, WithoutTheKeyIsNotAuthorisedAnywhere) {
  start({{"COLLECTOR_API_KEY", kKey}});
  for (const Words& words :
       {Words{"agents", "list"}, Words{"agents", "get", "a"}, Words{"agents", "delete", "a", "-y"},
        Words{"agents", "wait", "a", "--for", "gone"}, Words{"alerts", "list"},
        Words{"observe", "agent", "a"}, Words{"observe", "agent", "--all"}}) {
    for (const Environment& environment : {Environment{}, Environment{{"PAPCTL_KEY", "wrong"}}}) {
      const Outcome outcome = papctl(words, environment);
      EXPECT_EQ(outcome.status, 4) << words[0] << ' ' << words[1];
      EXPECT_THAT(outcome.err, HasSubstr("not authorised at " + collectord().url()));
      EXPECT_THAT(outcome.err, HasSubstr("--key-file FILE, or PAPCTL_KEY"));
    }
  }
}

TEST_F(Papctl, TakesTheKeyFromAFileOrTheEnvironmentAndNeverShowsIt) {
  start({{"COLLECTOR_API_KEY", kKey}});
  beat("a", heartbeat("IDLE", 1));
  const TempFile file(std::string(kKey) + '\n');
  const TempFile wrong("wrong");
  EXPECT_EQ(papctl({"agents", "list", "--key-file", file.path()}).status, 0);
  EXPECT_EQ(papctl({"agents", "list"}, {{"PAPCTL_KEY_FILE", file.path()}}).status, 0);
  EXPECT_EQ(papctl({"agents", "list"}, {{"PAPCTL_KEY", kKey}}).status, 0);
  EXPECT_EQ(papctl({"agents", "list"}, {{"PAPCTL_KEY", std::string(kKey) + '\n'}}).status, 0);
  EXPECT_EQ(papctl({"agents", "list", "--key-file", file.path()}, {{"PAPCTL_KEY", "no"}}).status, 0)
      << "a flag is stronger";
  EXPECT_EQ(papctl({"agents", "list", "--key-file", wrong.path()}, {{"PAPCTL_KEY", kKey}}).status,
            4);
  EXPECT_EQ(papctl({"agents", "list", "--key-file", "/none"}).status, 1);
  for (const Words& words :
       {Words{"agents", "list", "--debug"}, Words{"agents", "delete", "b", "-y", "--debug"},
        Words{"heartbeat", "send", "a", "--debug"},
        Words{"observe", "agent", "--all", "--for", "200ms", "--debug"}}) {
    const Outcome debug = papctl(words, {{"PAPCTL_KEY", kKey}});
    EXPECT_THAT(debug.err, HasSubstr("> X-Collector-Key: ********\n"));
    EXPECT_THAT(debug.err + debug.out, Not(HasSubstr(kKey)));
  }
}

TEST_F(Papctl, SaysWhenNobodyIsThere) {
  start();
  collectord().kill();
  collectord().wait();
  for (const Words& words :
       {Words{"agents", "list"}, Words{"agents", "get", "a"}, Words{"agents", "delete", "a", "-y"},
        Words{"alerts", "list"}, Words{"status", "--exit-code"}, Words{"metrics"},
        Words{"heartbeat", "send", "a"}}) {
    const Outcome outcome = papctl(words);
    EXPECT_EQ(outcome.status, 5) << words[0];
    EXPECT_EQ(outcome.out, "");
    EXPECT_THAT(outcome.err, HasSubstr("cannot connect to " + collectord().url()));
    EXPECT_THAT(outcome.err, HasSubstr("--collector or PAPCTL_COLLECTOR"));
  }
  const Outcome nowhere =
      papctl({"agents", "list"}, {{"PAPCTL_COLLECTOR", "http://none.invalid:1"}});
  EXPECT_EQ(nowhere.status, 5);
  EXPECT_THAT(nowhere.err, HasSubstr("cannot look up none.invalid: "));
}

TEST_F(Papctl, WaitsThroughACollectorThatIsAway) {
  start();
  const std::string port = std::to_string(collectord().port());
  collectord().kill();
  collectord().wait();
  ChildProcess waiting(wish({"agents", "wait", "a", "--for", "healthy"}));
  ASSERT_TRUE(waiting.wait_for_output([](const std::string&, const std::string& err) {
    return err.find("trying again") != std::string::npos;
  }));
  start({{"COLLECTOR_PORT", port}});
  beat("a", heartbeat("IDLE", 1));
  EXPECT_EQ(waiting.wait(), 0);
}

TEST_F(Papctl, OnAFullDiskSaysSo) {
  start();
  beat("a", heartbeat("IDLE", 1));
  for (const std::string command :
       {"agents list", "agents get a", "status", "metrics -o raw", "alerts list -o json",
        "heartbeat send a", "observe agent a", "--help", "--version"}) {
    const Outcome outcome = shell("$PAPCTL " + command + " > /dev/full");
    EXPECT_EQ(outcome.status, 1) << command;
    EXPECT_EQ(outcome.err, "papctl: cannot write: No space left on device\n") << command;
  }
}

TEST_F(Papctl, WithoutAnOutputSaysSoAndWritesToNobodyElse) {
  start();
  beat("a", heartbeat("IDLE", 1));
  for (const std::string command : {"agents list", "agents get a", "status", "heartbeat send a"}) {
    const Outcome outcome = shell("$PAPCTL " + command + " >&-");
    EXPECT_EQ(outcome.status, 1) << command;
    EXPECT_EQ(outcome.err, "papctl: cannot write: Bad file descriptor\n") << command;
  }
  EXPECT_EQ(*metric("answers_total{class=\"4xx\"}"), 0) << "what was written was no request";
}

TEST_F(Papctl, AnswersInTheFormatThatIsAskedFor) {
  start();
  EXPECT_EQ(papctl({"heartbeat", "send", "a", "-o", "name"}).out, "a\n");
  EXPECT_THAT(papctl({"heartbeat", "send", "a", "-o", "tsv"}).out, HasSubstr("received\ttrue\n"));
  EXPECT_EQ(papctl({"status", "-o", "name"}).out, collectord().url() + '\n');
  const auto deleted = papctl({"agents", "delete", "a", "--yes", "-o", "json"});
  EXPECT_EQ(nlohmann::json::parse(deleted.out)["removed"], true);
}

TEST_F(Papctl, ANameOfJoinedCharactersCanBeGivenBack) {
  start();
  const std::string id = "\U0001F469\u200d\U0001F4BB";
  beat("%F0%9F%91%A9%E2%80%8D%F0%9F%92%BB", heartbeat("IDLE", 1));
  EXPECT_EQ(papctl({"agents", "list", "-o", "name"}).out, id + '\n');
  EXPECT_EQ(papctl({"agents", "get", id, "-o", "name"}).out, id + '\n');
}

TEST_F(Papctl, ADeadCollectorIsNamedThoughTheLimitIsMetBeforeIt) {
  start();
  beat("a", heartbeat("IDLE", 1));
  const Outcome list = papctl({"-c", collectord().url(), "-c", "http://127.0.0.1:1", "agents",
                               "list", "--limit", "1", "-o", "name"});
  EXPECT_EQ(list.status, 5);
  EXPECT_EQ(list.out, "a\n");
  EXPECT_THAT(list.err, HasSubstr("cannot connect to http://127.0.0.1:1"));
}

TEST_F(Papctl, SeveralCollectorsAreListedAsOneAndADeadOneIsNamed) {
  start();
  Collectord other;
  beat("here", heartbeat("IDLE", 1));
  RawClient(other.port()).send(http_request("POST", "/heartbeat/there", "", heartbeat("IDLE", 1)));
  const auto both = [&] {
    return papctl({"-c", collectord().url(), "-c", other.url(), "agents", "list", "-o", "name"});
  };
  ASSERT_TRUE(eventually([&] { return lines_of(both().out).size() == 2; }));
  EXPECT_EQ(both().out, "here\nthere\n");
  EXPECT_EQ(both().status, 0);
  const Outcome tsv = papctl({"-c", collectord().url(), "-c", other.url(), "agents", "list"});
  EXPECT_THAT(tsv.out, StartsWith("collector\tagent_uuid\t"));
  EXPECT_THAT(tsv.out, HasSubstr("\n127.0.0.1:" + std::to_string(other.port()) + "\tthere\t"));
  other.kill();
  other.wait();
  const Outcome one = both();
  EXPECT_EQ(one.status, 5);
  EXPECT_EQ(one.out, "here\n");
  EXPECT_THAT(one.err, HasSubstr("cannot connect to " + other.url()));
}

}  // namespace
}  // namespace pap::test
