// SPDX-License-Identifier: MIT
#pragma once

// Carries alerts to the Station: HTTP/1.1 over kept-alive connections, on the caller's reactor.
//
// Each post has one deadline, from name look-up to the last byte of the answer, and as many
// connections are open as posts are under way. A connection is used for kStationConnectionMaxAge
// at the most, so that a name that moved is followed; an idle one that the Station closes is
// dropped at once. A post that fails on a used connection before any byte of an answer is tried
// once more, at once, on a fresh one. 307 and 308 to the same scheme, host and port are followed.
//
// It decides nothing about the answer (core::judge does), and bounds nothing: the core has 32
// posts in flight at the most.
//
// Ownership: owns its connections; the io_context must outlive it.
// Errors: the constructor throws std::runtime_error, with a text for people, when the trust store
// or `ca_file` cannot be used. After that every failure is an answer without a status.
// Threads: all calls and all handlers on the thread that runs the io_context. A name
// look-up has a thread of its own (name_lookup.hpp), which nothing here waits for at the end.

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include <boost/asio/io_context.hpp>

#include "net/limits.hpp"
#include "pap/core/delivery.hpp"
#include "pap/net/config.hpp"

namespace pap::net {

struct StationOptions {
  StationUrl url;
  std::string key;
  std::string ca_file;  // PEM; "" for the system's trust store
  std::chrono::milliseconds deadline = kStationDeadline;
  std::chrono::milliseconds connection_max_age = kStationConnectionMaxAge;
  std::chrono::milliseconds connection_max_idle = kStationConnectionMaxIdle;
  std::size_t max_answer_bytes = kMaxStationAnswerBytes;
};

class StationClient {
 public:
  using Handler = std::function<void(core::StationAnswer)>;

  StationClient(boost::asio::io_context& io, StationOptions options);
  ~StationClient();  // as shutdown()
  StationClient(const StationClient&) = delete;
  StationClient& operator=(const StationClient&) = delete;

  // `handler` is called once, never from within post(), unless shutdown() comes first.
  void post(core::Delivery delivery, Handler handler);
  // Gives up every post and closes every connection. No handler is called any more.
  void shutdown();

  std::size_t posts_under_way() const;
  std::size_t connections() const;  // open or opening, idle ones too

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

// Why STATION_CA_FILE cannot be used; "" when it can.
std::string why_unusable_ca_file(const std::string& path);

}  // namespace pap::net
