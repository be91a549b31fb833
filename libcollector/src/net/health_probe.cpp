// SPDX-License-Identifier: MIT
#include "pap/net/health_probe.hpp"

#include <memory>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>

#include "net/limits.hpp"
#include "net/station_connection.hpp"
#include "net/station_url.hpp"

namespace pap::net {
namespace {

NameLookup::Endpoints endpoints_of(const Config& config) {
  using boost::asio::ip::address;
  using boost::asio::ip::make_address;
  const std::string host = config.host.value_or("::");
  if (host == "::" || host == "localhost") {
    return {{make_address("127.0.0.1"), config.port}, {make_address("::1"), config.port}};
  }
  boost::system::error_code ec;
  const address own = make_address(host, ec);
  if (ec || own.is_unspecified()) return {{make_address("127.0.0.1"), config.port}};
  return {{own, config.port}};
}

}  // namespace

std::string why_unhealthy(const Config& config) {
  if (config.port == 0) return "COLLECTOR_PORT is 0: the port that was chosen is not known here";
  const StationUrl url{false, "localhost", config.port, "/health"};
  boost::asio::io_context io{1};
  const auto connection = std::make_shared<StationConnection>(
      io, nullptr, url, kMaxStationAnswerBytes, std::make_shared<std::size_t>(0));

  std::string why = "no answer within " + std::to_string(kHealthDeadline.count()) + " s";
  const auto on_reply = [&](const StationReply& reply) {
    why = reply.failure;
    if (reply.status && reply.status != 200) why = "HTTP " + std::to_string(*reply.status);
    io.stop();
  };
  const auto on_open = [&](const std::string& failure) {
    if (!failure.empty()) {
      why = failure;
      io.stop();
      return;
    }
    connection->exchange("GET " + url.target + " HTTP/1.1\r\nHost: " + authority(url) +
                             "\r\nConnection: close\r\n\r\n",
                         on_reply);
  };
  connection->open(endpoints_of(config), StationConnection::Clock::now() + kHealthDeadline,
                   on_open);
  io.run_for(kHealthDeadline);
  connection->close();
  return why;
}

}  // namespace pap::net
