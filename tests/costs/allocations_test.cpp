// SPDX-License-Identifier: MIT
// A heartbeat of a known agent allocates nothing, over real sockets. The server runs on a thread
// of its own as it does in collectord, and only what that thread allocates is counted.
#include <gtest/gtest.h>

#include <cstdlib>
#include <deque>
#include <future>
#include <string>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "costs/counting_malloc.hpp"
#include "net/driver.hpp"
#include "net/server.hpp"
#include "support/raw_client.hpp"

namespace pap::net {
namespace {

using test::HttpAnswer;
using test::RawClient;

constexpr int kBeats = 100;
constexpr int kConnectionsAtOnce = 8;

std::string beat(std::string_view connection = "keep-alive", std::string_view mode = "IDLE",
                 std::string_view user_agent = "somebody") {
  return test::http_request("POST", "/heartbeat/550e8400-e29b-41d4-a716-446655440000",
                            "connection: " + std::string(connection) +
                                "\r\nContent-Type: application/json\r\naccept: */*\r\n"
                                "accept-language: *\r\nsec-fetch-mode: cors\r\n"
                                "user-agent: " +
                                std::string(user_agent) + "\r\naccept-encoding: gzip, deflate\r\n",
                            R"({"mode":")" + std::string(mode) +
                                R"(","uptime_seconds":3600.123,"agent_name":"my-agent"})");
}

class Allocations : public testing::Test {
 protected:
  Allocations() {
    config_.cluster_id = "costs";
    config_.host = "127.0.0.1";
    config_.port = 0;
    std::string error;
    port_ = server_.listen(error);
    if (port_ == 0) throw std::runtime_error(error);
    server_.start();
    driver_.start();
    thread_ = std::thread([this] { driver_.run(); });
  }
  ~Allocations() override {
    boost::asio::post(io_, [this] {
      driver_.shutdown();
      server_.close_all();
      io_.stop();
    });
    thread_.join();
    io_.restart();
    io_.poll();
    log_.close();
  }

  // The agent becomes known, and every buffer has its size. A busy server may still have a
  // connection whose client saw its end, so there is room for several at once.
  template <class Post>
  void warm_up(const Post& post) {
    {
      std::deque<RawClient> clients;
      for (int i = 0; i < kConnectionsAtOnce; ++i) {
        clients.emplace_back(port_).send(beat());
        EXPECT_EQ(clients.back().receive().status, 200);
      }
    }
    for (int i = 0; i < 3; ++i) post();
  }

  template <class Post>
  void expect_none(const Post& post) {
    warm_up(post);
    const std::uint64_t before = allocations();
    for (int i = 0; i < kBeats; ++i) post();
    EXPECT_EQ(allocations() - before, 0);
  }

  // So far, on the server's thread.
  std::uint64_t allocations() {
    std::promise<std::uint64_t> answer;
    auto future = answer.get_future();
    boost::asio::post(io_, [&] { answer.set_value(test::allocations_of_this_thread()); });
    return future.get();
  }

  std::uint16_t port_ = 0;

 private:
  Config config_;
  boost::asio::io_context io_{1};
  Logger log_{LogLevel::kOff, LogFormat::kText};
  Driver driver_{io_, config_, log_};
  Server server_{io_, config_, log_, driver_};
  std::thread thread_;
};

TEST(CountingMalloc, CountsBothWaysToMemory) {
  const std::uint64_t before = test::allocations_of_this_thread();
  std::free(std::aligned_alloc(64, 64));
  delete new std::string(100, 'x');  // NOLINT: two, and neither may be optimised away
  EXPECT_GE(test::allocations_of_this_thread() - before, 2);
}

TEST_F(Allocations, NoneForAHeartbeatOnAKeptConnection) {
  RawClient client(port_);
  const auto post = [&client] {
    client.send(beat());
    EXPECT_EQ(client.receive().status, 200);
  };
  expect_none(post);
}

TEST_F(Allocations, NoneForPipelinedHeartbeats) {
  RawClient client(port_);
  const auto post = [&client] {
    client.send(beat() + beat() + beat());
    for (int i = 0; i < 3; ++i) EXPECT_EQ(client.receive().status, 200);
  };
  expect_none(post);
}

TEST_F(Allocations, NoneForAFreshConnectionThatTheServerCloses) {
  const auto post = [this] {
    RawClient client(port_);
    client.send(beat("close"));
    EXPECT_EQ(client.receive().status, 200);
    EXPECT_EQ(client.wait_for_end(), RawClient::End::kClosed);
  };
  expect_none(post);
}

TEST_F(Allocations, NoneForAFreshConnectionThatTheClientCloses) {
  const auto post = [this] {
    RawClient client(port_);
    client.send(beat());
    EXPECT_EQ(client.receive().status, 200);
    client.finish_sending();  // and no next one while the server still has this one
    EXPECT_EQ(client.wait_for_end(), RawClient::End::kClosed);
  };
  expect_none(post);
}

TEST_F(Allocations, NoneForAFreshConnectionOfNodesFetchThatIsClosedWithTheAnswer) {
  const auto post = [this] {
    RawClient client(port_);
    client.send(beat("keep-alive", "IDLE", "node"));
    EXPECT_EQ(client.receive().header("connection"), "close");
    EXPECT_EQ(client.wait_for_end(), RawClient::End::kClosed);
  };
  expect_none(post);
}

TEST_F(Allocations, NoneForAHeartbeatOfNodesFetchOnAConnectionThatIsKeptForIt) {
  RawClient client(port_);
  const auto post = [&client] {
    client.send(beat("keep-alive", "EMERGENCY", "node"));
    EXPECT_EQ(client.receive().header("keep-alive"), "timeout=10");
  };
  expect_none(post);
}

}  // namespace
}  // namespace pap::net
