// SPDX-License-Identifier: MIT
// How the server shares its turns between new connections and what else there is to do. The test
// turns the reactor, and counts.
#include "net/server.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <stdexcept>
#include <string>

#include <boost/asio/io_context.hpp>

#include "net/driver.hpp"
#include "net/station_url.hpp"
#include "net/system_clock.hpp"
#include "support/raw_client.hpp"
#include "support/station.hpp"

namespace pap::net {
namespace {

class ServerTurns : public testing::Test {
 protected:
  static constexpr std::size_t kClients = 60;
  static constexpr std::size_t kPatience = 10'000;  // turns

  ServerTurns() {
    station_.always(test::StationAct::hang());
    config_.cluster_id = "turns";
    config_.host = "127.0.0.1";
    config_.port = 0;
    std::string why;
    config_.station_url = parse_station_url(station_.url(), why);
    config_.station_key = "key";
    driver_.emplace(io_, config_, log_);
    server_.emplace(io_, config_, log_, *driver_);
    port_ = server_->listen(why);
    if (port_ == 0) throw std::runtime_error(why);
    server_->start();
  }
  ~ServerTurns() override {
    driver_->shutdown();
    server_->close_all();
    io_.restart();
    io_.poll();
    log_.close();
  }

  // An agent that goes into EMERGENCY, of which the Station hears, and does not answer.
  void post_an_alert() {
    const auto id = protocol::AgentId::parse("550e8400-e29b-41d4-a716-446655440000");
    driver_->core().heartbeat(*id, {protocol::Mode::kIdle, 1, {}}, system_now());
    driver_->core().heartbeat(*id, {protocol::Mode::kEmergency, 1, {}}, system_now());
    driver_->after_call();
    for (std::size_t turns = 0; !driver_->posting() && turns < kPatience; ++turns) io_.run_one();
    ASSERT_TRUE(driver_->posting());
  }

  // Turns of the reactor until as many connections as there are clients have been taken in.
  std::size_t turns_for_all_clients() {
    for (std::size_t i = 0; i < kClients; ++i) {
      clients_.emplace_back(port_).send(test::http_request("GET", "/ready"));
    }
    const std::uint64_t all = driver_->counters().connections_accepted + kClients;
    std::size_t turns = 0;
    for (; driver_->counters().connections_accepted < all && turns < kPatience; ++turns) {
      io_.run_one();
    }
    EXPECT_EQ(driver_->counters().connections_accepted, all);
    return turns;
  }

 private:
  test::Station station_;
  Config config_;
  boost::asio::io_context io_{1};
  Logger log_{LogLevel::kOff, LogFormat::kText};

 protected:
  std::optional<Driver> driver_;

 private:
  std::optional<Server> server_;
  std::uint16_t port_ = 0;
  std::deque<test::RawClient> clients_;
};

TEST_F(ServerTurns, TakeInAConnectionEach) { EXPECT_GE(turns_for_all_clients(), kClients); }

// Those of the Station's connections come beside: with one for each, a burst of alerts would keep
// heartbeats waiting.
TEST_F(ServerTurns, TakeInManyWhileAlertsAreOnTheirWay) {
  post_an_alert();
  EXPECT_LE(turns_for_all_clients(), kClients / 4);
}

}  // namespace
}  // namespace pap::net
