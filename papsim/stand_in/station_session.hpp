// SPDX-License-Identifier: MIT
#pragma once

// One connection to the stand-in Station: reads a request, asks what to do, does it.
//
// Ownership: by shared_ptr, kept by its operations and by the Station until ended().
// Threads: the Station's own.

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace pap::sim {

// What goes back for one request.
struct StationReaction {
  bool answers = true;  // false: hang
  std::string bytes;
  bool close = false;
  std::chrono::milliseconds delay{0};
};

using StationRequest = boost::beast::http::request<boost::beast::http::string_body>;

struct StationSessionHooks {
  std::function<StationReaction(const StationRequest&)> react;
  std::function<void()> ended;
};

class StationSession {
 public:
  StationSession() = default;
  virtual ~StationSession() = default;
  StationSession(const StationSession&) = delete;
  StationSession& operator=(const StationSession&) = delete;

  virtual void start() = 0;
  virtual void close() = 0;
  // Now if it waits for a request, else as soon as it would.
  virtual void close_at_rest() = 0;
};

// `tls` null: plain.
std::shared_ptr<StationSession> make_station_session(boost::asio::ip::tcp::socket socket,
                                                     boost::asio::ssl::context* tls,
                                                     StationSessionHooks hooks);

}  // namespace pap::sim
