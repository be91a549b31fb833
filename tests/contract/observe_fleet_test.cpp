// SPDX-License-Identifier: MIT
// WebSocket observation of all agents that match, of readers that fall behind, and of the end.
#include "contract/contract_test.hpp"
#include "support/build_kind.hpp"
#include "support/observer.hpp"

namespace pap::test {
namespace {

using testing::HasSubstr;

class ObserveFleet : public ContractTest {
 protected:
  Observer observe(const std::string& query) {
    Observer observer(collectord().port(), "/observe" + query);
    if (!observer.refused()) {
      // There is no `initial`; a pong tells that the watch has begun.
      observer.send(R"({"type":"ping"})");
      observer.receive("pong");
    }
    return observer;
  }
  static std::string next_agent(Observer& observer) {
    return observer.receive("heartbeat")["agent"]["agent_uuid"];
  }
  void fill(std::size_t beats) {
    RawClient client = connect();
    constexpr std::size_t kBatch = 500;
    for (std::size_t sent = 0; sent < beats; sent += kBatch) {
      std::string requests;
      for (std::size_t i = 0; i < kBatch; ++i) {
        requests += http_request("POST", "/heartbeat/" + agent_id(i), {}, recorded::kHeartbeat);
      }
      client.send(requests);
      for (std::size_t i = 0; i < kBatch; ++i) ASSERT_EQ(client.receive().status, 200);
    }
  }
};

TEST_F(ObserveFleet, StreamsAllWhoseModeMatches) {
  start();
  Observer observer = observe("?mode=SLEEP");
  beat("a", heartbeat("IDLE", 1));
  beat("b", heartbeat("SLEEP", 1));
  beat("a", heartbeat("SLEEP", 2));
  EXPECT_EQ(next_agent(observer), "b");
  EXPECT_EQ(next_agent(observer), "a") << "it is in SLEEP now";
}

TEST_F(ObserveFleet, StreamsAllWhoseNameMatches) {
  start();
  Observer observer = observe("?name=web");
  beat("a", heartbeat("IDLE", 1, "db-1"));
  beat("b", heartbeat("IDLE", 1, "my-web-1"));
  beat("web-by-id", heartbeat("IDLE", 1));
  EXPECT_EQ(next_agent(observer), "b");
  EXPECT_EQ(next_agent(observer), "web-by-id") << "named by its id";
}

TEST_F(ObserveFleet, StreamsWhatMatchesBoth) {
  start();
  Observer observer = observe("?mode=IDLE&name=web");
  beat("a", heartbeat("IDLE", 1, "db"));
  beat("b", heartbeat("SLEEP", 1, "web"));
  beat("c", heartbeat("IDLE", 1, "web"));
  EXPECT_EQ(next_agent(observer), "c");
}

TEST_F(ObserveFleet, StreamsEverythingWhenTheFiltersAreEmpty) {
  start();
  Observer observer = observe("?name=");
  beat("a", heartbeat("IDLE", 1));
  beat("a", heartbeat("EMERGENCY", 2));
  EXPECT_EQ(observer.receive()["type"], "heartbeat");
  EXPECT_EQ(observer.receive("alert")["alert"]["agent_uuid"], "a");
  ask("DELETE", "/agents/a");
  EXPECT_EQ(observer.receive("removed")["agent_uuid"], "a");
  EXPECT_EQ(get("/agents").json()["stats"]["observed"], 0) << "no agent is singled out";
}

TEST_F(ObserveFleet, RefusesAModeThatIsNone) {
  start();
  Observer observer = observe("?mode=idle");
  ASSERT_TRUE(observer.refused());
  EXPECT_EQ(observer.refused()->status, 400);
  EXPECT_THAT(observer.refused()->body, HasSubstr("mode"));
}

TEST_F(ObserveFleet, TellsASlowReaderWhatItMissedAndKeepsMemoryBounded) {
  start({{"OBSERVER_QUEUE_BYTES", "65536"}});
  fill(1'000);
  Observer slow(collectord().port(), "/observe?name=", {{}, 4096});
  ASSERT_TRUE(eventually([&] { return metric("observations_active") == 1; }));
  const double before = metric("resident_memory_bytes").value();
  const std::size_t beats = 40'000;  // some 12 MB of messages
  fill(beats);
  EXPECT_GT(metric("observer_messages_missed_total"), 10'000);
  // ASan keeps what was freed for a while.
  if (!kSanitized) {
    EXPECT_LT(metric("resident_memory_bytes"), before + 8e6);
  }

  std::size_t seen = 0;
  std::size_t dropped = 0;
  while (seen + dropped < beats) {
    const auto message = slow.receive();
    if (message["type"] == "heartbeat") ++seen;
    if (message["type"] == "dropped") dropped += message["count"].get<std::size_t>();
  }
  EXPECT_EQ(seen + dropped, beats) << "each is either seen or counted";
  EXPECT_EQ(metric("observer_messages_missed_total"), dropped);
  beat("a");
  EXPECT_EQ(next_agent(slow), "a") << "and it goes on";
}

TEST_F(ObserveFleet, ASlowReaderHoldsUpNoOther) {
  start({{"OBSERVER_QUEUE_BYTES", "4096"}});
  Observer slow(collectord().port(), "/observe?name=", {{}, 4096});
  ASSERT_TRUE(eventually([&] { return metric("observations_active") == 1; }));
  fill(20'000);
  Observer quick = observe("?name=");
  beat("a");
  EXPECT_EQ(next_agent(quick), "a");
}

TEST_F(ObserveFleet, BeyondMaxObserversIsAnswered503) {
  start({{"MAX_OBSERVERS", "2"}});
  Observer one = observe("?name=");
  {
    Observer two = observe("?name=");
    Observer three = observe("?name=");
    ASSERT_TRUE(three.refused());
    EXPECT_EQ(three.refused()->status, 503);
    EXPECT_THAT(three.refused()->body, HasSubstr("MAX_OBSERVERS"));
    beat("a");
    EXPECT_EQ(next_agent(two), "a");
  }
  ASSERT_TRUE(eventually([&] { return metric("observations_active") == 1; }));
  EXPECT_FALSE(observe("?name=").refused()) << "there is room again";
}

TEST_F(ObserveFleet, ManyAtOnceDoNotPassMaxObservers) {
  start({{"MAX_OBSERVERS", "5"}});
  const std::string upgrade =
      http_request("GET", "/observe?name=",
                   "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
  std::vector<RawClient> clients;
  for (int i = 0; i < 40; ++i) clients.push_back(connect());
  collectord().freeze();
  for (RawClient& client : clients) client.send(upgrade);  // they all wait in its sockets
  collectord().thaw();
  std::size_t accepted = 0;
  for (RawClient& client : clients) accepted += client.receive(true).status == 101 ? 1U : 0U;
  EXPECT_EQ(accepted, 5U);
}

TEST_F(ObserveFleet, NoneAtAllWhenThereMayBeNone) {
  start({{"MAX_OBSERVERS", "0"}});
  EXPECT_TRUE(observe("?name=").refused());
}

TEST_F(ObserveFleet, EndsWith1001WhenTheCollectorStops) {
  start({{"DRAIN_MS", "0"}});
  Observer fleet = observe("?name=");
  Observer one(collectord().port(), "/observe/a");
  one.receive("initial");
  collectord().stop();
  EXPECT_EQ(fleet.wait_for_close(), 1001);
  EXPECT_EQ(one.wait_for_close(), 1001);
  EXPECT_EQ(collectord().wait(), 0);
}

TEST_F(ObserveFleet, AnObserverThatDoesNotReadDoesNotHoldUpTheEnd) {
  start({{"DRAIN_MS", "0"}});
  Observer slow(collectord().port(), "/observe?name=", {{}, 4096});
  ASSERT_TRUE(eventually([&] { return metric("observations_active") == 1; }));
  fill(20'000);
  collectord().stop();
  EXPECT_EQ(collectord().wait(std::chrono::seconds(15)), 0);
}

TEST_F(ObserveFleet, AMessageThatIsTooLongEndsTheConnection) {
  start();
  Observer observer = observe("?name=");
  observer.send(std::string(4'097, ' '));
  EXPECT_EQ(observer.wait_for_close(), 1009);
}

}  // namespace
}  // namespace pap::test
