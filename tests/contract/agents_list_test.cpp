// SPDX-License-Identifier: MIT
// GET /agents in parts: filters, pages, and a fleet too large for one piece.
#include <algorithm>
#include <set>
#include <vector>

#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class AgentsList : public ContractTest {
 protected:
  void SetUp() override { start(); }

  std::vector<std::string> ids(const std::string& query) {
    return ids_of(get("/agents" + query).json());
  }
  static std::vector<std::string> ids_of(const nlohmann::json& answer) {
    std::vector<std::string> out;
    for (const auto& agent : answer["agents"]) out.push_back(agent["agent_uuid"]);
    return out;
  }

  // As many new agents as fit into few writes; pipelined on one connection.
  static void join(RawClient& client, std::size_t first, std::size_t count) {
    std::string requests;
    for (std::size_t i = first; i < first + count; ++i) {
      requests += http_request("POST", "/heartbeat/" + agent_id(i), {},
                               heartbeat("IDLE", static_cast<double>(i), "agent-name"));
    }
    client.send(requests);
    for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(client.receive().status, 200);
  }
};

TEST_F(AgentsList, IsFilteredByModeNameAndHealth) {
  beat("a", heartbeat("IDLE", 1, "web-1"));
  beat("b", heartbeat("SLEEP", 1, "web-2"));
  beat("c", heartbeat("EMERGENCY", 1, "db 1&2"));
  EXPECT_THAT(ids("?mode=IDLE"), ElementsAre("a"));
  EXPECT_THAT(ids("?mode=SLEEP"), ElementsAre("b"));
  EXPECT_THAT(ids("?name=web"), UnorderedElementsAre("a", "b"));
  EXPECT_THAT(ids("?name=b-"), UnorderedElementsAre("a", "b")) << "anywhere in the name";
  EXPECT_THAT(ids("?name=db+1%262"), ElementsAre("c"));
  EXPECT_THAT(ids("?name=web&mode=SLEEP"), ElementsAre("b"));
  EXPECT_THAT(ids("?healthy=true"), UnorderedElementsAre("a", "b", "c"));
  EXPECT_THAT(ids("?healthy=false"), IsEmpty());
  EXPECT_THAT(ids("?mode=&name=&healthy=&limit=&cursor="), UnorderedElementsAre("a", "b", "c"))
      << "an empty value is none";
  EXPECT_EQ(get("/agents?mode=IDLE").json()["stats"]["total"], 3) << "stats are of the fleet";
}

TEST_F(AgentsList, NamesTheParameterThatIsWrong) {
  for (const auto& [query, name] : {std::pair{"?limit=0", "limit"},
                                    {"?limit=-1", "limit"},
                                    {"?limit=ten", "limit"},
                                    {"?limit=1.5", "limit"},
                                    {"?limit=99999999999999999999", "limit"},
                                    {"?limit=5%20", "limit"},
                                    {"?mode=idle", "mode"},
                                    {"?healthy=yes", "healthy"},
                                    {"?healthy=1", "healthy"},
                                    {"?cursor=nonsense", "cursor"},
                                    {"?limit=1&cursor=0123456789abcdef-1", "cursor"}}) {
    const HttpAnswer answer = get("/agents" + std::string(query));
    EXPECT_EQ(answer.status, 400) << query;
    EXPECT_TRUE(answer.json()["error"].is_string()) << query;
    EXPECT_THAT(answer.json().dump(), HasSubstr(name)) << query;
  }
}

TEST_F(AgentsList, WithALimitCarriesACursorUntilTheEnd) {
  for (const auto* id : {"a", "b", "c", "d", "e"}) beat(id);
  std::vector<std::string> seen;
  std::string query = "?limit=2";
  std::vector<std::size_t> sizes;
  for (;;) {
    const auto page = get("/agents" + query).json();
    sizes.push_back(page["agents"].size());
    for (const auto& id : ids_of(page)) seen.push_back(id);
    if (!page.contains("next_cursor")) break;
    query = "?limit=2&cursor=" + page["next_cursor"].get<std::string>();
  }
  EXPECT_THAT(sizes, ElementsAre(2, 2, 1));
  EXPECT_THAT(seen, UnorderedElementsAre("a", "b", "c", "d", "e"));
}

TEST_F(AgentsList, WithALimitThatFitsExactlyHasNoCursor) {
  for (const auto* id : {"a", "b"}) beat(id);
  EXPECT_FALSE(get("/agents?limit=2").json().contains("next_cursor"));
  EXPECT_FALSE(get("/agents?limit=3").json().contains("next_cursor"));
  EXPECT_FALSE(get("/agents").json().contains("next_cursor"));
  EXPECT_TRUE(get("/agents?limit=1").json().contains("next_cursor"));
}

TEST_F(AgentsList, PagesShowOnceWhoIsThereThroughout) {
  for (const auto* id : {"a", "b", "c", "d", "e", "f"}) beat(id);
  auto page = get("/agents?limit=2").json();
  std::vector<std::string> seen = ids_of(page);
  // Between pages some come and some go.
  std::set<std::string> stayed{"a", "b", "c", "d", "e", "f"};
  std::size_t newcomer = 0;
  while (page.contains("next_cursor")) {
    ask("DELETE", "/agents/" + seen.back());
    stayed.erase(seen.back());
    beat("new-" + std::to_string(newcomer++));
    page = get("/agents?limit=2&cursor=" + page["next_cursor"].get<std::string>()).json();
    for (const auto& id : ids_of(page)) seen.push_back(id);
    ASSERT_LT(newcomer, 20U) << "the pages come to an end";
  }
  for (const auto& id : stayed) EXPECT_EQ(std::ranges::count(seen, id), 1) << id;
}

TEST_F(AgentsList, OfALargeFleetIsChunkedAndHeartbeatsAreServedMeanwhile) {
  constexpr std::size_t kFleet = 30'000;
  constexpr std::size_t kBatch = 250;
  RawClient joiner = connect();
  for (std::size_t i = 0; i < kFleet; i += kBatch) join(joiner, i, kBatch);

  // A reader that takes nothing at first, so that the list cannot be written in one go.
  RawClient reader(collectord().port(), {"127.0.0.1", 4096});
  reader.send(http_request("GET", "/agents"));
  const std::string status_line = reader.receive_bytes(15);
  EXPECT_EQ(status_line, "HTTP/1.1 200 OK");
  EXPECT_EQ(beat(agent_id(7)).status, 200) << "while the list is on its way";
  EXPECT_EQ(beat(agent_id(kFleet)).body, recorded::kHeartbeatNew) << "a newcomer, too";
  ask("DELETE", "/agents/" + agent_id(kFleet - 1));

  RawClient again(collectord().port());
  again.send(http_request("GET", "/agents"));
  const HttpAnswer answer = again.receive();
  EXPECT_EQ(answer.header("transfer-encoding"), "chunked");
  EXPECT_EQ(answer.header("content-length"), "") << "the Station refuses one over 5 MiB";
  EXPECT_GT(answer.body.size(), 5U << 20U);
  const auto json = answer.json();
  EXPECT_EQ(json["stats"]["total"], kFleet);
  const auto all = ids_of(json);
  const std::set<std::string> different(all.begin(), all.end());
  EXPECT_EQ(all.size(), kFleet);
  EXPECT_EQ(different.size(), kFleet) << "each exactly once";
  EXPECT_TRUE(different.contains(agent_id(kFleet)));
  EXPECT_FALSE(different.contains(agent_id(kFleet - 1)));
  again.send(http_request("GET", "/ready"));
  EXPECT_EQ(again.receive().status, 200) << "the connection is good for more";

  // The slow one gets a list that is whole, too.
  std::string rest;
  while (!rest.ends_with("\r\n0\r\n\r\n")) {
    const std::string more = reader.receive_bytes(1);
    ASSERT_FALSE(more.empty());
    rest += more + reader.receive_bytes(reader.unread().size());
  }
  EXPECT_THAT(rest, HasSubstr(agent_id(kFleet - 2)));
}

TEST_F(AgentsList, OfALargeFleetHasAHeadToo) {
  RawClient client = connect();
  for (std::size_t i = 0; i < 3'000; i += 250) join(client, i, 250);
  client.send(http_request("HEAD", "/agents") + http_request("GET", "/ready"));
  EXPECT_EQ(client.receive(true).header("transfer-encoding"), "chunked");
  EXPECT_EQ(client.receive().body, R"({"ready":true})");
}

TEST_F(AgentsList, WhoGoesAwayInTheMiddleHarmsNobody) {
  RawClient client = connect();
  for (std::size_t i = 0; i < 10'000; i += 250) join(client, i, 250);
  for (int i = 0; i < 3; ++i) {
    RawClient reader(collectord().port(), {"127.0.0.1", 4096});
    reader.send(http_request("GET", "/agents"));
    EXPECT_EQ(reader.receive_bytes(15), "HTTP/1.1 200 OK");
    reader.reset();
  }
  EXPECT_TRUE(eventually([&] { return metric("connections") == 2; }));
  EXPECT_EQ(get("/agents").json()["agents"].size(), 10'000U);
}

TEST_F(AgentsList, OfALargeFleetEndsWithTheConnectionForHttp10) {
  RawClient client = connect();
  for (std::size_t i = 0; i < 3'000; i += 250) join(client, i, 250);
  client.send("GET /agents HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  const HttpAnswer answer = client.receive();
  EXPECT_EQ(answer.header("transfer-encoding"), "") << "HTTP/1.0 knows no chunks";
  EXPECT_EQ(answer.header("connection"), "close");
  EXPECT_EQ(answer.json()["agents"].size(), 3'000U);
}

TEST_F(AgentsList, ALimitHoldsInALargeFleet) {
  RawClient client = connect();
  for (std::size_t i = 0; i < 5'000; i += 250) join(client, i, 250);
  std::set<std::string> seen;
  std::string cursor;
  std::size_t pages = 0;
  do {
    const auto page = get("/agents?limit=1700&cursor=" + cursor).json();
    ++pages;
    for (const auto& id : ids_of(page)) EXPECT_TRUE(seen.insert(id).second) << id;
    cursor = page.value("next_cursor", "");
  } while (!cursor.empty());
  EXPECT_EQ(pages, 3U);
  EXPECT_EQ(seen.size(), 5'000U);
  EXPECT_EQ(get("/agents?name=no-such-name").json()["agents"].size(), 0U)
      << "looked at in slices, and none matches";
}

}  // namespace
}  // namespace pap::test
