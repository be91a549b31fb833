// SPDX-License-Identifier: MIT
// papctl and servers that are no collectors, or that do not answer in time: never a success.
#include <chrono>
#include <future>
#include <string>

#include "contract/papctl/stand_in.hpp"

namespace pap::test {
namespace {

using testing::HasSubstr;

TEST(PapctlStrangers, NoAnswerOfTheirsIsTakenForACollectors) {
  StandIn empty;
  for (const char* path : {"/agents", "/agents/a", "/health", "/ready", "/", "/metrics"}) {
    empty.on(path, "{}");
  }
  empty.server().Post("/heartbeat/a", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("{}", "application/json");
  });
  empty.server().Delete("/agents/a", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("{}", "application/json");
  });
  empty.go();
  for (const Words& words :
       {Words{"agents", "list"}, Words{"agents", "get", "a"}, Words{"agents", "delete", "a", "-y"},
        Words{"agents", "wait", "a", "--for", "unhealthy"}, Words{"status"}, Words{"metrics"},
        Words{"metrics", "-o", "raw"}, Words{"heartbeat", "send", "a"}}) {
    const Outcome outcome = empty.papctl(words);
    EXPECT_EQ(outcome.status, 1) << words[0] << ' ' << outcome.out;
    EXPECT_THAT(outcome.err, HasSubstr("Is this a collector?")) << words[0];
  }
  EXPECT_THAT(empty.asked(), testing::Not(testing::Contains("DELETE /agents/a")));
}

TEST(PapctlStrangers, AnAgentWithoutAnIdIsNone) {
  StandIn nameless;
  nameless.on("/agents", R"({"agents":[{"agent_name":"a","healthy":true}]})");
  nameless.go();
  const Outcome list = nameless.papctl({"agents", "list"});
  EXPECT_EQ(list.status, 1);
  EXPECT_THAT(list.err, HasSubstr("holds an agent without an agent_uuid"));
}

TEST(PapctlStrangers, ThatKnowNoPathDoNotMeanThatAnAgentIsGone) {
  StandIn proxy;
  proxy.go();
  const Outcome gone = proxy.papctl({"agents", "wait", "a", "--for", "gone"});
  EXPECT_EQ(gone.status, 1);
  EXPECT_THAT(gone.err, HasSubstr("there is no " + proxy.url() + "/agents/a"));
}

TEST(PapctlStrangers, WhatIsNoMetricIsNone) {
  StandIn page;
  page.on("/metrics", "<html><body>It works!</body></html>\nnot a sample\n");
  page.go();
  const Outcome metrics = page.papctl({"metrics"});
  EXPECT_EQ(metrics.status, 1);
  EXPECT_EQ(metrics.out, "");
  EXPECT_THAT(metrics.err, HasSubstr("holds no metrics"));
}

TEST(PapctlStrangers, AWaitEndsInItsTimeThoughTheAnswerTakesLonger) {
  std::promise<void> over;
  auto answer = over.get_future().share();
  StandIn slow;
  slow.server().Get("/agents/a", [answer](const httplib::Request&, httplib::Response& response) {
    answer.wait_for(std::chrono::seconds(8));
    response.set_content(R"({"agent":{"agent_uuid":"a","healthy":true}})", "application/json");
  });
  slow.go();
  const Outcome wait =
      slow.papctl({"agents", "wait", "a", "--for", "healthy", "--timeout", "300ms"});
  over.set_value();
  EXPECT_EQ(wait.status, 124);
  EXPECT_THAT(wait.err, HasSubstr("a could not be asked for, not healthy, after 300ms"));
}

TEST(PapctlStrangers, AFullCollectorStillTellsItsStatus) {
  StandIn full;
  full.on("/health", R"({"status":"healthy","cluster_id":"c","cluster_name":"c","uptime":1,)"
                     R"("agents":{"total":3,"healthy":3,"unhealthy":0},)"
                     R"("alert_queue":{"size":0,"oldest_age_ms":null}})");
  full.on("/ready", R"({"ready":true})");
  full.on("/", R"({"error":"Too many connections"})", 503);
  full.on("/metrics", R"({"error":"Too many connections"})", 503);
  full.on("/observe", R"({"error":"Too many connections"})", 503);
  full.go();
  const Outcome status = full.papctl({"status"});
  EXPECT_EQ(status.status, 0) << status.err;
  EXPECT_THAT(status.out, HasSubstr("3 healthy"));
  for (const Words& words : {Words{"metrics"}, Words{"observe", "agent", "--all"}}) {
    EXPECT_THAT(full.papctl(words).err, HasSubstr("answered 503 Too many connections")) << words[0];
  }
}

}  // namespace
}  // namespace pap::test
