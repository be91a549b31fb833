// SPDX-License-Identifier: MIT
#include "papsim/live/station_desk.hpp"

#include <future>
#include <stdexcept>
#include <string>
#include <vector>

#include <poll.h>

#include <gtest/gtest.h>

namespace pap::sim {
namespace {

using namespace std::chrono_literals;

// Somebody waits there, before the patience of a test is over.
bool is_readable(const StationDesk& desk, std::chrono::milliseconds patience = 10s) {
  pollfd waiting{desk.descriptor(), POLLIN, 0};
  return ::poll(&waiting, 1, static_cast<int>(patience.count())) == 1;
}

std::future<StationAct> ask(StationDesk& desk, const std::string& body) {
  return std::async(std::launch::async, [&desk, body] {
    ReceivedAlert alert;
    alert.body = body;
    return desk.ask(alert);
  });
}

TEST(StationDesk, WakesTheLoopAndGivesWhoAsksItsAnswer) {
  StationDesk desk;
  auto asked = ask(desk, "first");
  ASSERT_TRUE(is_readable(desk));
  EXPECT_EQ(asked.wait_for(0s), std::future_status::timeout);
  std::vector<std::string> seen;
  desk.serve([&](const ReceivedAlert& alert) {
    seen.push_back(alert.body);
    return StationAct::answer(503);
  });
  EXPECT_EQ(asked.get().status, 503);
  EXPECT_EQ(seen, std::vector<std::string>{"first"});
}

TEST(StationDesk, IsQuietAgainWhenAllAreServed) {
  StationDesk desk;
  auto asked = ask(desk, "first");
  ASSERT_TRUE(is_readable(desk));
  desk.serve([](const ReceivedAlert&) { return StationAct::cut(); });
  asked.get();
  EXPECT_FALSE(is_readable(desk, 0ms));
}

TEST(StationDesk, AsksNothingOfTheLoopWhereNobodyWaits) {
  StationDesk desk;
  desk.serve([](const ReceivedAlert&) -> StationAct { throw std::logic_error("nobody is here"); });
}

TEST(StationDesk, GivesEachOfSeveralItsOwnAnswer) {
  StationDesk desk;
  std::vector<std::future<StationAct>> asked;
  for (int status = 500; status < 504; ++status) asked.push_back(ask(desk, std::to_string(status)));
  int served = 0;
  while (served < 4) {
    ASSERT_TRUE(is_readable(desk));
    desk.serve([&](const ReceivedAlert& alert) {
      ++served;
      return StationAct::answer(std::stoi(alert.body));
    });
  }
  for (int i = 0; i < 4; ++i) EXPECT_EQ(asked[static_cast<std::size_t>(i)].get().status, 500 + i);
}

TEST(StationDesk, LetsEverybodyGoWhenItCloses) {
  StationDesk desk;
  auto asked = ask(desk, "first");
  ASSERT_TRUE(is_readable(desk));
  desk.close();
  EXPECT_EQ(asked.get().kind, StationAct::Kind::kJudge);
}

TEST(StationDesk, KeepsNobodyWaitingOnceItIsClosed) {
  StationDesk desk;
  desk.close();
  EXPECT_EQ(desk.ask({}).kind, StationAct::Kind::kJudge);
  EXPECT_FALSE(is_readable(desk, 0ms));
}

// The run is over then; but a Station that waits for ever would keep it from ending.
TEST(StationDesk, LetsThoseGoWhomALoopThatThrewHasNotServed) {
  StationDesk desk;
  auto asked = ask(desk, "first");
  ASSERT_TRUE(is_readable(desk));
  EXPECT_THROW(
      desk.serve([](const ReceivedAlert&) -> StationAct { throw std::runtime_error("no"); }),
      std::runtime_error);
  desk.close();
  ASSERT_EQ(asked.wait_for(10s), std::future_status::ready);
  EXPECT_EQ(asked.get().kind, StationAct::Kind::kJudge);
}

}  // namespace
}  // namespace pap::sim
