// SPDX-License-Identifier: MIT
#pragma once

// One alert's way to the Station: look-up, connection, request, redirects, and the one second try
// on a fresh connection, all within one deadline.
//
// Ownership: by shared_ptr; StationRoute, which is the client's, must live until finish or
// abandon().
// Errors: always an answer, never an exception. Threads: as the io_context.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "net/station_connection.hpp"
#include "pap/core/delivery.hpp"

namespace pap::net {

class StationPost;

// What a post needs of its client.
class StationRoute {
 public:
  using ConnectionPtr = std::shared_ptr<StationConnection>;

  virtual const struct StationOptions& options() const = 0;
  virtual NameLookup& lookup() = 0;
  virtual ConnectionPtr take_idle() = 0;  // null: none
  virtual ConnectionPtr make_connection() = 0;
  virtual void give_back(ConnectionPtr connection) = 0;
  virtual void finished(const std::shared_ptr<StationPost>& post) = 0;

 protected:
  ~StationRoute() = default;
};

class StationPost : public std::enable_shared_from_this<StationPost> {
 public:
  using Handler = std::function<void(core::StationAnswer)>;

  StationPost(boost::asio::io_context& io, StationRoute& route, core::Delivery delivery,
              Handler handler);

  void start();
  void abandon();  // the handler is not called any more

 private:
  void send(bool fresh);
  void connect(const NameLookup::Result& result);
  void exchange();
  void on_reply(const StationReply& reply);
  bool follow(const StationReply& reply);
  void on_deadline();
  void finish(core::StationAnswer answer);
  void finish_without_status(std::string reason);

  StationRoute& route_;
  const core::Delivery delivery_;
  Handler handler_;

  bool done_ = false;
  StationUrl url_;  // where redirects led
  int redirects_ = 0;
  bool used_ = false;  // the connection carried an exchange before
  bool retried_ = false;
  StationRoute::ConnectionPtr connection_;
  StationConnection::Clock::time_point deadline_;
  boost::asio::steady_timer timer_;
};

}  // namespace pap::net
