// SPDX-License-Identifier: MIT
#include "net/name_lookup.hpp"

#include <atomic>
#include <future>
#include <optional>

#include <gmock/gmock.h>
#include <boost/asio/ip/address.hpp>

namespace pap::net {
namespace {

using testing::ElementsAre;

NameLookup::Endpoint at(const char* address, std::uint16_t port = 80) {
  return {boost::asio::ip::make_address(address), port};
}

TEST(NameLookupTest, IsOneLookUpForAllWhoWaitTogether) {
  boost::asio::io_context io;
  std::atomic<int> looked_up = 0;
  NameLookup lookup(io, "station.example", 80, [&](const std::string& host, std::uint16_t port) {
    EXPECT_EQ(host, "station.example");
    ++looked_up;
    return NameLookup::Result{{}, {at("127.0.0.1", port), at("::1", port)}};
  });
  int answers = 0;
  const auto count = [&](const NameLookup::Result& result) {
    EXPECT_THAT(result.endpoints, ElementsAre(at("127.0.0.1"), at("::1")));
    ++answers;
  };
  for (int i = 0; i < 32; ++i) lookup.resolve(count);
  EXPECT_EQ(answers, 0) << "never from within";
  io.run();
  EXPECT_EQ(answers, 32);
  EXPECT_EQ(looked_up, 1);

  lookup.resolve(count);
  io.restart();
  io.run();
  EXPECT_EQ(looked_up, 2) << "nothing is kept: a name may move";
}

TEST(NameLookupTest, PutsFirstWhatWorked) {
  boost::asio::io_context io;
  NameLookup lookup(io, "station.example", 80, [](const std::string&, std::uint16_t) {
    return NameLookup::Result{{}, {at("127.0.0.1"), at("127.0.0.2"), at("127.0.0.3")}};
  });
  lookup.worked(at("127.0.0.3"));
  lookup.resolve([](const NameLookup::Result& result) {
    EXPECT_THAT(result.endpoints, ElementsAre(at("127.0.0.3"), at("127.0.0.1"), at("127.0.0.2")));
  });
  EXPECT_GT(io.run(), 0U);
}

TEST(NameLookupTest, NeedsNoLookUpForAnAddress) {
  boost::asio::io_context io;
  NameLookup lookup(io, "::1", 80, [](const std::string&, std::uint16_t) {
    ADD_FAILURE();
    return NameLookup::Result{};
  });
  std::optional<NameLookup::Result> answer;
  lookup.resolve([&](const NameLookup::Result& result) { answer = result; });
  EXPECT_FALSE(answer);
  io.run();
  EXPECT_THAT(answer.value().endpoints, ElementsAre(at("::1")));
}

TEST(NameLookupTest, AsksTheSystem) {
  const auto known = NameLookup::resolve_with_system("localhost", 81);
  EXPECT_EQ(known.failure, "");
  EXPECT_THAT(known.endpoints, testing::AnyOf(testing::Contains(at("127.0.0.1", 81)),
                                              testing::Contains(at("::1", 81))));
  // RFC 6761 §6.4: names under .invalid never exist.
  const auto unknown = NameLookup::resolve_with_system("station.invalid", 81);
  EXPECT_NE(unknown.failure, "");
  EXPECT_TRUE(unknown.endpoints.empty());
}

TEST(NameLookupTest, LeavesALookUpBehindThatHangs) {
  std::promise<void> name_server_is_back;
  std::promise<void> thread_is_done;
  {
    boost::asio::io_context io;
    NameLookup lookup(io, "station.example", 80, [&](const std::string&, std::uint16_t) {
      name_server_is_back.get_future().wait();
      thread_is_done.set_value_at_thread_exit();
      return NameLookup::Result{{}, {at("127.0.0.1")}};
    });
    lookup.resolve([](const NameLookup::Result&) { FAIL() << "nobody is there any more"; });
    io.poll();
  }
  name_server_is_back.set_value();
  thread_is_done.get_future().wait();
}

}  // namespace
}  // namespace pap::net
