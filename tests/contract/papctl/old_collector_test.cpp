// SPDX-License-Identifier: MIT
// papctl and a collector that knows nothing of what is new: it answers as the Node collector does,
// with the whole fleet whatever was asked; and servers that are no collectors at all.
#include <string>
#include <vector>

#include "contract/papctl/stand_in.hpp"

namespace pap::test {
namespace {

using testing::HasSubstr;

constexpr const char* kFleet =
    R"({"cluster_id":"is.plugged.in","cluster_name":"Production Cluster",)"
    R"("stats":{"total":4,"healthy":3,"unhealthy":1,)"
    R"("by_mode":{"EMERGENCY":1,"IDLE":2,"SLEEP":1},"observed":0},"agents":[)"
    R"({"agent_uuid":"a","agent_name":"web-1","mode":"IDLE","uptime_seconds":2.5,)"
    R"("last_seen":"2026-11-24T22:51:27.549Z","healthy":true,"observation_mode":false,)"
    R"("consecutive_heartbeats":4},)"
    R"({"agent_uuid":"b","agent_name":"web-2","mode":"EMERGENCY","uptime_seconds":2.5,)"
    R"("last_seen":"2026-11-24T22:51:07.549Z","healthy":false,"observation_mode":false,)"
    R"("consecutive_heartbeats":4},)"
    R"({"agent_uuid":"c","agent_name":"db","mode":"SLEEP","uptime_seconds":12,)"
    R"("last_seen":"2026-11-24T22:51:27.589Z","healthy":true,"observation_mode":false,)"
    R"("consecutive_heartbeats":1},)"
    R"({"agent_uuid":"d","agent_name":"d","mode":"IDLE","uptime_seconds":12,)"
    R"("last_seen":"2026-11-24T22:51:27.589Z","healthy":true,"observation_mode":false,)"
    R"("consecutive_heartbeats":1}]})";

class OldCollector : public testing::Test {
 protected:
  void SetUp() override {
    it_.on("/agents", kFleet);
    it_.server().Get(
        R"(/agents/(.+))", [](const httplib::Request& request, httplib::Response& response) {
          if (request.matches[1] == "a") {
            const auto fleet = nlohmann::ordered_json::parse(kFleet);
            response.set_content(nlohmann::ordered_json{{"cluster_id", "is.plugged.in"},
                                                        {"cluster_name", "Production Cluster"},
                                                        {"agent", fleet["agents"][0]}}
                                     .dump(),
                                 "application/json; charset=utf-8");
          } else {
            response.status = 404;
            response.set_content(std::string(recorded::kAgentsUnknown), "application/json");
          }
        });
    it_.on(
        "/health",
        R"({"status":"healthy","cluster_id":"is.plugged.in","cluster_name":"Production Cluster",)"
        R"("uptime":1.638,"agents":{"total":4,"healthy":3,"unhealthy":1},)"
        R"("alert_queue":{"size":0,"oldest_age_ms":null}})");
    it_.on("/ready", R"({"ready":true})");
    it_.on("/",
           R"({"service":"PAP Heartbeat Collector","version":"1.0.0","cluster_id":"is.plugged.in",)"
           R"("cluster_name":"Production Cluster","endpoints":{}})");
    it_.on("/metrics", "pap_collector_agents_total{cluster=\"is.plugged.in\"} 4\n\n");
    it_.on("/observe/a", R"({"error":"Bad Request"})", 400);
    it_.on("/observe", R"({"error":"Bad Request"})", 400);
    it_.go();
  }

  Words ids(Words more) {
    Words words{"agents", "list", "-o", "name"};
    words.insert(words.end(), more.begin(), more.end());
    const Outcome outcome = it_.papctl(words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    return lines_of(outcome.out);
  }

  StandIn it_;
};

TEST_F(OldCollector, IsListedWholeTheUnhealthyFirstAndAskedOnce) {
  EXPECT_EQ(ids({}), (Words{"b", "a", "c", "d"}));
  EXPECT_EQ(it_.asked().size(), 1U);
}

TEST_F(OldCollector, IsFilteredHere) {
  EXPECT_EQ(ids({"--unhealthy"}), Words{"b"});
  EXPECT_EQ(ids({"--healthy"}), (Words{"a", "c", "d"}));
  EXPECT_EQ(ids({"--mode", "IDLE"}), (Words{"a", "d"}));
  EXPECT_EQ(ids({"--name", "web-*"}), (Words{"b", "a"}));
  EXPECT_EQ(ids({"--limit", "2"}), (Words{"b", "a"}));
}

TEST_F(OldCollector, FindsAnAgentByTheBeginningOfItsId) {
  EXPECT_EQ(it_.papctl({"agents", "get", "a", "-o", "name"}).out, "a\n");
  EXPECT_EQ(it_.papctl({"agents", "get", "zz"}).status, 3);
}

TEST_F(OldCollector, ReckonsAgesByItsOwnClock) {
  StandIn past;
  past.server().Get("/agents", [](const httplib::Request&, httplib::Response& response) {
    response.set_header("Date", "Tue, 24 Nov 2026 22:51:27 GMT");
    response.set_content(kFleet, "application/json");
  });
  past.go();
  const Outcome list = past.papctl({"agents", "list", "-o", "table", "--no-headers"});
  EXPECT_THAT(list.out, HasSubstr("19s ago")) << "whatever this machine's clock says";
}

TEST_F(OldCollector, IsShownOnAWholeScreenWithWhatItTells) {
  PseudoTerminal terminal(papctl_wish(it_.url(), {"top"}, {{"NO_COLOR", "1"}}), 200);
  ASSERT_TRUE(terminal.wait_for("not told by an older collector"));
  EXPECT_THAT(terminal.shown(), HasSubstr("✔ 3 healthy"));
  EXPECT_THAT(terminal.shown(), HasSubstr("1-4 of 4"));
  terminal.type("\r");
  EXPECT_TRUE(terminal.wait_for("Older collectors cannot be observed")) << terminal.shown();
  terminal.type("q");
  EXPECT_EQ(terminal.wait(), 0);
}

TEST_F(OldCollector, HasNoAlertsAndPapctlSaysSo) {
  for (const char* verb : {"list", "watch"}) {
    const Outcome alerts = it_.papctl({"alerts", verb, "-o", "name"});
    EXPECT_EQ(alerts.status, 1) << verb;
    EXPECT_EQ(alerts.out, "") << verb;
    EXPECT_THAT(alerts.err, HasSubstr(it_.url() + " has no /alerts")) << verb;
    EXPECT_THAT(alerts.err, HasSubstr("older collector")) << verb;
  }
}

TEST_F(OldCollector, CannotBeObservedAndPapctlSaysWhatElseCanBeDone) {
  for (const Words& words : {Words{"observe", "agent", "a"}, Words{"observe", "agent", "--all"}}) {
    const Outcome observed = it_.papctl(words);
    EXPECT_EQ(observed.status, 1);
    EXPECT_THAT(observed.err, HasSubstr("is no stream here: it answered 400"));
    EXPECT_THAT(observed.err, HasSubstr("papctl agents list --watch"));
  }
}

TEST_F(OldCollector, ShowsItsStatusAsFarAsItTells) {
  const Outcome status = it_.papctl({"status", "--exit-code"});
  EXPECT_EQ(status.status, 10);
  EXPECT_THAT(status.out, HasSubstr("VERSION   1.0.0\n"));
  EXPECT_THAT(status.out, HasSubstr("1 unhealthy"));
  EXPECT_THAT(status.out, testing::Not(HasSubstr("STATION")));
  const auto json = nlohmann::json::parse(it_.papctl({"status", "-o", "json"}).out);
  EXPECT_TRUE(json["station_away"].is_null());
  EXPECT_EQ(it_.papctl({"metrics", "-o", "raw"}).out,
            "pap_collector_agents_total{cluster=\"is.plugged.in\"} 4\n\n");
}

TEST(StandInCollector, WhoChangesSidesBetweenTwoPagesIsListedOnce) {
  const auto agent = [](const char* id, bool healthy) {
    return nlohmann::ordered_json{
        {"agent_uuid", id}, {"agent_name", id}, {"mode", "IDLE"}, {"healthy", healthy}};
  };
  StandIn it;
  it.server().Get("/agents", [&](const httplib::Request& request, httplib::Response& response) {
    // First `back` is unhealthy; then it is back, and `fell` has fallen silent.
    const bool first = request.get_param_value("healthy") == "false";
    nlohmann::ordered_json agents = nlohmann::ordered_json::array({agent("back", !first)});
    if (!first) {
      agents.push_back(agent("fell", false));
      agents.push_back(agent("well", true));
      if (request.has_param("healthy")) agents.erase(1);
    }
    response.set_content(nlohmann::ordered_json{{"agents", agents}}.dump(), "application/json");
  });
  it.go();
  EXPECT_EQ(it.papctl({"agents", "list", "-o", "name"}).out, "back\nfell\nwell\n");
}

TEST(StandInCollector, PagesAreFollowedToTheEnd) {
  StandIn it;
  it.server().Get("/agents", [&](const httplib::Request& request, httplib::Response& response) {
    const std::string cursor = request.get_param_value("cursor");
    if (request.get_param_value("healthy") == "false") {
      response.set_content(R"({"agents":[]})", "application/json");
    } else if (cursor.empty()) {
      response.set_content(R"({"agents":[{"agent_uuid":"a","healthy":true}],)"
                           R"("next_cursor":"x&y="})",
                           "application/json");
    } else {
      EXPECT_EQ(cursor, "x&y=");
      response.set_content(R"({"agents":[{"agent_uuid":"b","healthy":true}]})", "application/json");
    }
  });
  it.go();
  EXPECT_EQ(it.papctl({"agents", "list", "-o", "name"}).out, "a\nb\n");
}

TEST(StandInCollector, ThatIsNoneIsToldFromOne) {
  for (const auto& [body, status, why] : std::vector<std::tuple<std::string, int, std::string>>{
           {"<html>hello</html>", 200, "is not JSON"},
           {R"({"agents":[{"agent_uuid":"a)", 200, "is not JSON"},
           {R"({"agents":[1]})", 200, "is not JSON"},
           {"Not here", 404, "there is no http://"},
           {R"({"error":"Draining","message":"\u001b[2J"})", 503, "503 Draining: \\x1b[2J"},
           {"oops", 500, "answered 500"},
           {"", 403, "not authorised"}}) {
    StandIn it;
    it.on("/agents", body, status);
    it.go();
    const Outcome list = it.papctl({"agents", "list"});
    EXPECT_EQ(list.status, status == 403 ? 4 : 1) << body;
    EXPECT_THAT(list.err, HasSubstr(why)) << body;
  }
}

TEST(StandInCollector, WhoseAnswerBreaksOffIsToldOf) {
  StandIn it;
  it.server().Get("/agents", [](const httplib::Request&, httplib::Response& response) {
    response.set_chunked_content_provider(
        "application/json", [sent = false](std::size_t, httplib::DataSink& sink) mutable {
          const std::string text = R"({"agents":[{"agent_uuid":"a","healthy":false},)";
          return !std::exchange(sent, true) && sink.write(text.data(), text.size());
        });
  });
  it.go();
  const Outcome list = it.papctl({"agents", "list", "-o", "name"});
  EXPECT_EQ(list.status, 5);
  EXPECT_EQ(list.out, "a\n") << "what came is shown";
  EXPECT_THAT(list.err, HasSubstr("broke off"));
}

}  // namespace
}  // namespace pap::test
