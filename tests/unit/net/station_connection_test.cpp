// SPDX-License-Identifier: MIT
#include "net/station_connection.hpp"

#include <gmock/gmock.h>
#include <boost/asio/ip/tcp.hpp>

#include "unit/net/station_fixture.hpp"

namespace pap::net {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using testing::StartsWith;

// Accepts nobody and has no room to queue: connections to it neither succeed nor fail.
class SilentPort {
 public:
  explicit SilentPort(boost::asio::io_context& io) : acceptor_(io) {
    acceptor_.open(tcp::v4());
    acceptor_.bind({boost::asio::ip::make_address("127.0.0.1"), 0});
    acceptor_.listen(0);
    for (int i = 0; i < 4; ++i) {
      fill_.emplace_back(io);
      fill_.back().async_connect(endpoint(), [](const boost::system::error_code&) {});
    }
  }
  tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

 private:
  tcp::acceptor acceptor_;
  std::vector<tcp::socket> fill_;
};

class StationConnectionTest : public StationClientTest {
 protected:
  // "" when a connection came about.
  std::string open(const NameLookup::Endpoints& endpoints, std::chrono::milliseconds within) {
    connection = std::make_shared<StationConnection>(io, nullptr, url, 65'536, count);
    std::optional<std::string> outcome;
    connection->open(endpoints, StationConnection::Clock::now() + within,
                     [&](const std::string& failure) { outcome = failure; });
    EXPECT_TRUE(turn_until([&] { return outcome.has_value(); }));
    return outcome.value_or("none");
  }

  const test::Station station;
  const tcp::endpoint good{boost::asio::ip::make_address("127.0.0.1"), station.port()};
  const tcp::endpoint closed{boost::asio::ip::make_address("127.0.0.1"), 1};
  const StationUrl url = options_for(station.url()).url;
  const std::shared_ptr<std::size_t> count = std::make_shared<std::size_t>(0);
  std::shared_ptr<StationConnection> connection;
};

TEST_F(StationConnectionTest, TriesTheNextAddressWhenOneRefuses) {
  EXPECT_EQ(open({closed, good}, 5s), "");
  EXPECT_EQ(connection->peer(), good);
  EXPECT_EQ(*count, 1U);
  connection->close();
  EXPECT_EQ(*count, 0U);
}

TEST_F(StationConnectionTest, GivesAnAddressThatSwallowsPacketsOnlyItsShareOfTheTime) {
  const SilentPort silent(io);
  EXPECT_EQ(open({silent.endpoint(), good}, 1s), "");
  EXPECT_EQ(connection->peer(), good);
}

TEST_F(StationConnectionTest, TellsWhyOfEachAddressThatFailed) {
  const SilentPort silent(io);
  const std::string why = open({closed, silent.endpoint()}, 500ms);
  EXPECT_THAT(why,
              StartsWith("connection refused (127.0.0.1:1); connection timed out (127.0.0.1:"));
}

}  // namespace
}  // namespace pap::net
