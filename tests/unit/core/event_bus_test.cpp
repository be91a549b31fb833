// SPDX-License-Identifier: MIT
#include "pap/core/event_bus.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace pap::core {
namespace {

using protocol::Mode;

constexpr std::size_t kAmple = 1'000'000;

Message message(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

struct EventBusTest : testing::Test {
  EventBus bus;

  static Watch agent(std::string id) { return {std::move(id), std::nullopt, ""}; }
  static Watch all(std::optional<Mode> mode = std::nullopt, std::string name = "") {
    return {std::nullopt, mode, std::move(name)};
  }
  void publish(std::string_view agent_id, const Message& what, Mode mode = Mode::kIdle,
               std::string_view name = "name") {
    bus.publish({agent_id, name, mode}, what);
  }
  std::vector<std::string> taken(ObserverId observer) {
    std::vector<std::string> texts;
    while (const Message next = bus.next(observer)) texts.push_back(*next);
    return texts;
  }
};

TEST_F(EventBusTest, NobodyWatchesAtFirst) {
  EXPECT_FALSE(bus.anybody());
  EXPECT_FALSE(bus.anybody_for_all());
  EXPECT_FALSE(bus.watches("a"));
  publish("a", message("x"));
  EXPECT_EQ(bus.published(), 0u);
  EXPECT_EQ(bus.next(1), nullptr);
}

TEST_F(EventBusTest, AnObserverOfOneAgentGetsWhatConcernsIt) {
  const ObserverId one = bus.add(agent("a"), kAmple);
  EXPECT_TRUE(bus.watches("a"));
  EXPECT_FALSE(bus.watches("b"));
  EXPECT_FALSE(bus.anybody_for_all());
  EXPECT_EQ(bus.agent_of(one), "a");
  publish("a", message("1"));
  publish("b", message("2"));
  publish("a", message("3"));
  EXPECT_EQ(taken(one), (std::vector<std::string>{"1", "3"}));
  EXPECT_EQ(bus.published(), 2u);
}

TEST_F(EventBusTest, AnObserverOfAllGetsWhatMatches) {
  const ObserverId every = bus.add(all(), kAmple);
  const ObserverId idle = bus.add(all(Mode::kIdle), kAmple);
  const ObserverId rack = bus.add(all(std::nullopt, "rack"), kAmple);
  const ObserverId both = bus.add(all(Mode::kSleep, "rack"), kAmple);
  EXPECT_TRUE(bus.anybody_for_all());
  EXPECT_EQ(bus.agent_of(every), std::nullopt);
  publish("a", message("1"), Mode::kIdle, "my-rack-7");
  publish("b", message("2"), Mode::kSleep, "my-rack-8");
  publish("c", message("3"), Mode::kIdle, "desk");
  EXPECT_EQ(taken(every), (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(taken(idle), (std::vector<std::string>{"1", "3"}));
  EXPECT_EQ(taken(rack), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(taken(both), (std::vector<std::string>{"2"}));
}

TEST_F(EventBusTest, AMessageIsSharedByAllWhomItConcerns) {
  const ObserverId a = bus.add(agent("a"), kAmple);
  const ObserverId b = bus.add(agent("a"), kAmple);
  const ObserverId c = bus.add(all(), kAmple);
  const Message shared = message("once");
  publish("a", shared);
  EXPECT_EQ(shared.use_count(), 4);
  EXPECT_EQ(bus.next(a), shared);
  EXPECT_EQ(bus.next(b), shared);
  EXPECT_EQ(bus.next(c), shared);
  EXPECT_EQ(shared.use_count(), 1);
}

TEST_F(EventBusTest, WhoLeavesGetsNothingMoreAndHoldsNothing) {
  const ObserverId a = bus.add(agent("a"), kAmple);
  const ObserverId b = bus.add(agent("a"), kAmple);
  const ObserverId c = bus.add(all(), kAmple);
  publish("a", message("12345"));
  EXPECT_EQ(bus.queued_bytes(), 15u);
  bus.remove(a);
  EXPECT_EQ(bus.queued_bytes(), 10u);
  EXPECT_TRUE(bus.watches("a"));
  bus.remove(b);
  EXPECT_FALSE(bus.watches("a"));
  bus.remove(c);
  bus.remove(c);
  EXPECT_FALSE(bus.anybody());
  EXPECT_EQ(bus.queued_bytes(), 0u);
  EXPECT_EQ(bus.next(a), nullptr);
}

TEST_F(EventBusTest, SendReachesOneObserverAlone) {
  const ObserverId a = bus.add(agent("a"), kAmple);
  const ObserverId b = bus.add(agent("a"), kAmple);
  bus.send(a, message("to a"));
  bus.send(99, message("to nobody"));
  EXPECT_EQ(taken(a), std::vector<std::string>{"to a"});
  EXPECT_TRUE(taken(b).empty());
}

TEST_F(EventBusTest, AnObserverIsWokenOnceUntilItsQueueWasFoundEmpty) {
  const ObserverId a = bus.add(agent("a"), kAmple);
  EXPECT_FALSE(bus.any_woken());
  publish("a", message("1"));
  publish("a", message("2"));
  EXPECT_TRUE(bus.any_woken());
  EXPECT_EQ(bus.take_woken(), std::vector<ObserverId>{a});
  EXPECT_FALSE(bus.any_woken());
  publish("a", message("3"));
  EXPECT_TRUE(bus.take_woken().empty());
  EXPECT_EQ(taken(a).size(), 3u);
  publish("a", message("4"));
  EXPECT_EQ(bus.take_woken(), std::vector<ObserverId>{a});
}

// --- who falls behind ---

TEST_F(EventBusTest, AQueueIsBoundedInBytes) {
  const ObserverId a = bus.add(agent("a"), 10);
  publish("a", message("12345"));
  publish("a", message("67890"));
  publish("a", message("x"));
  EXPECT_EQ(bus.queued_bytes(), 10u);
  EXPECT_EQ(bus.missed(), 1u);
  EXPECT_EQ(taken(a),
            (std::vector<std::string>{"12345", "67890", R"({"type":"dropped","count":1})"}));
}

TEST_F(EventBusTest, OnceThereIsRoomTheObserverIsFirstToldHowManyItMissed) {
  const ObserverId a = bus.add(agent("a"), 100);
  const std::string fifty(50, 'x');
  for (int i = 0; i < 5; ++i) publish("a", message(fifty));
  EXPECT_EQ(bus.missed(), 3u);
  EXPECT_EQ(*bus.next(a), fifty);
  EXPECT_EQ(*bus.next(a), fifty);
  publish("a", message("next"));
  EXPECT_EQ(taken(a), (std::vector<std::string>{R"({"type":"dropped","count":3})", "next"}));
  publish("a", message("and next"));
  EXPECT_EQ(taken(a), std::vector<std::string>{"and next"});  // told once
}

TEST_F(EventBusTest, TheNoticeItselfDoesNotBreakTheBound) {
  const ObserverId a = bus.add(agent("a"), 100);
  publish("a", message(std::string(60, 'x')));
  publish("a", message(std::string(60, 'y')));
  for (int i = 0; i < 40; ++i) {
    publish("a", message("12345"));
    EXPECT_LE(bus.queued_bytes(), 100u);
  }
  EXPECT_EQ(taken(a).size(), 2u);  // the first, and the notice
}

TEST_F(EventBusTest, OneThatFallsBehindCostsTheOthersNothing) {
  const ObserverId slow = bus.add(agent("a"), 10);
  const ObserverId fast = bus.add(agent("a"), kAmple);
  for (int i = 0; i < 10; ++i) publish("a", message("12345"));
  EXPECT_EQ(taken(fast).size(), 10u);
  EXPECT_EQ(taken(slow).back(), R"({"type":"dropped","count":8})");
}

TEST_F(EventBusTest, WhatIsTooLongByItselfIsReportedAtOnce) {
  const ObserverId a = bus.add(agent("a"), 10);
  publish("a", message(std::string(11, 'x')));
  EXPECT_EQ(bus.take_woken(), std::vector<ObserverId>{a});
  EXPECT_EQ(taken(a), std::vector<std::string>{R"({"type":"dropped","count":1})"});
}

}  // namespace
}  // namespace pap::core
