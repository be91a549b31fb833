// SPDX-License-Identifier: MIT
// Keys: COLLECTOR_API_KEY for operators, HEARTBEAT_API_KEY for agents.
#include <array>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using namespace std::string_view_literals;
using testing::HasSubstr;
using testing::Not;

class Keys : public ContractTest {
 protected:
  static constexpr std::array kLocked{"/agents"sv, "/agents/none-such"sv, "/alerts"sv,
                                      "/observe/x"sv};
  // Anything but 401; what the path answers by itself.
  static bool let_in(const HttpAnswer& answer) { return answer.status != 401; }
};

TEST_F(Keys, AreNotWantedByDefaultAndTheLogSaysSo) {
  start();
  for (const auto path : kLocked) EXPECT_TRUE(let_in(get(path))) << path;
  EXPECT_TRUE(collectord().wait_for_log("COLLECTOR_API_KEY"));
}

TEST_F(Keys, OnceSetAreWantedForAllOperatorsPaths) {
  start({{"COLLECTOR_API_KEY", "open sesame"}});
  for (const auto path : kLocked) {
    const HttpAnswer answer = get(path);
    EXPECT_EQ(answer.status, 401) << path;
    EXPECT_EQ(answer.body, recorded::kAgentsNoKey) << path;
    EXPECT_EQ(answer.header("content-type"), "application/json; charset=utf-8");
  }
  EXPECT_EQ(ask("DELETE", "/agents/x").status, 401);
  EXPECT_EQ(ask("HEAD", "/agents").status, 401);
  EXPECT_THAT(collectord().log(), Not(HasSubstr("COLLECTOR_API_KEY")));
}

TEST_F(Keys, AreTakenFromAnyOfThreePlaces) {
  start({{"COLLECTOR_API_KEY", "open sesame"}});
  for (const auto path : kLocked) {
    EXPECT_TRUE(let_in(get(path, "X-Collector-Key: open sesame\r\n"))) << path;
    EXPECT_TRUE(let_in(get(path, "x-collector-key:open sesame\r\n"))) << path;
    EXPECT_TRUE(let_in(get(path, "Authorization: Bearer open sesame\r\n"))) << path;
    EXPECT_TRUE(let_in(get(path, "authorization: bearer open sesame\r\n"))) << path;
    EXPECT_TRUE(let_in(get(std::string(path) + "?api_key=open%20sesame"))) << path;
    EXPECT_TRUE(let_in(get(std::string(path) + "?mode=IDLE&api_key=open+sesame"))) << path;
  }
}

TEST_F(Keys, ThatAreAlmostRightAreWrong) {
  start({{"COLLECTOR_API_KEY", "open sesame"}});
  for (const auto line :
       {"X-Collector-Key: open sesam\r\n"sv, "X-Collector-Key: open sesame!\r\n"sv,
        "X-Collector-Key: Open Sesame\r\n"sv, "X-Collector-Key:\r\n"sv,
        "Authorization: Basic open sesame\r\n"sv, "Authorization: open sesame\r\n"sv,
        "Authorization: Bearer\r\n"sv, "Authorization: Bearer \r\n"sv,
        "Cookie: api_key=open sesame\r\n"sv}) {
    EXPECT_EQ(get("/agents", line).status, 401) << line;
  }
  EXPECT_EQ(get("/agents?api_key=").status, 401);
  EXPECT_EQ(get("/agents?API_KEY=open+sesame").status, 401);
  EXPECT_EQ(get("/agents?api_key=wrong&api_key=open+sesame").status, 401) << "the first counts";
}

TEST_F(Keys, OfOperatorsAreNotWantedFromAgentsOrProbes) {
  start({{"COLLECTOR_API_KEY", "open sesame"}});
  EXPECT_EQ(beat().status, 200);
  for (const auto* path : {"/health", "/ready", "/metrics", "/"}) {
    EXPECT_EQ(get(path).status, 200) << path;
  }
}

TEST_F(Keys, OfAgentsAreWantedForHeartbeatsAlone) {
  start({{"HEARTBEAT_API_KEY", "beat it"}});
  const HttpAnswer refused = beat();
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.json()["error"], "Unauthorized");
  EXPECT_EQ(beat(kAgent, recorded::kHeartbeat, "X-Collector-Key: wrong\r\n").status, 401);
  EXPECT_EQ(beat(std::string(kAgent) + "?api_key=beat+it").status, 401) << "not in the address";
  EXPECT_EQ(get("/agents").json()["stats"]["total"], 0);
  EXPECT_EQ(beat(kAgent, recorded::kHeartbeat, "Authorization: Bearer beat it\r\n").body,
            recorded::kHeartbeatNew);
  EXPECT_EQ(beat(kAgent, recorded::kHeartbeat, "X-Collector-Key: beat it\r\n").body,
            recorded::kHeartbeatKnown);
}

TEST_F(Keys, OfAgentsAndOperatorsDoNotOpenEachOthersDoors) {
  start({{"HEARTBEAT_API_KEY", "beat it"}, {"COLLECTOR_API_KEY", "open sesame"}});
  EXPECT_EQ(get("/agents", "X-Collector-Key: beat it\r\n").status, 401);
  EXPECT_EQ(beat(kAgent, recorded::kHeartbeat, "X-Collector-Key: open sesame\r\n").status, 401);
}

TEST_F(Keys, LoseTheirTrailingNewline) {
  start({{"HEARTBEAT_API_KEY", "beat it\n"}, {"COLLECTOR_API_KEY", "open sesame\r\n"}});
  EXPECT_TRUE(let_in(get("/agents", "X-Collector-Key: open sesame\r\n")));
  EXPECT_TRUE(let_in(beat(kAgent, recorded::kHeartbeat, "X-Collector-Key: beat it\r\n")));
}

TEST_F(Keys, OfARefusedBodyKeepTheConnectionUsable) {
  start({{"HEARTBEAT_API_KEY", "beat it"}});
  RawClient client = connect();
  client.send(http_request("POST", "/heartbeat/a", {}, recorded::kHeartbeat));
  EXPECT_EQ(client.receive().status, 401);
  client.send(
      http_request("POST", "/heartbeat/a", "X-Collector-Key: beat it\r\n", recorded::kHeartbeat));
  EXPECT_EQ(client.receive().status, 200);
}

}  // namespace
}  // namespace pap::test
