// SPDX-License-Identifier: MIT
#pragma once

// Streams of a collector's observation messages, over WebSockets that are made again when they are
// lost.
//
// Reconnecting: after 1 s, doubling to 30 s, each with a jitter of a quarter; from the start again
// once a message has come. A connection on which nothing comes for kSilence, not even a ping, is
// lost.
// Errors: what no second try can mend (not authorised, no such stream here) ends the stream with a
// Failure, and so does a first try at which nobody is there; all else is told and tried again.
// Limits: kMostMessageBytes a message.
// Threads: one; everything happens within run().

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "papctl/client/endpoint.hpp"
#include "papctl/exit_status.hpp"
#include "papctl/settings.hpp"

namespace pap::ctl {

inline constexpr std::chrono::seconds kFirstRetry{1};
inline constexpr std::chrono::seconds kLongestRetry{30};
inline constexpr std::chrono::seconds kSilence{75};  // the collector pings every 30 s
inline constexpr std::size_t kMostMessageBytes = 1U << 20U;

class Observer {
 public:
  struct Handlers {
    // One message, as it came. False: that was enough, run() returns.
    std::function<bool(const std::string& collector, const std::string& message)> message;
    // A stream is there, or there again.
    std::function<void(const std::string& collector, bool again)> connected;
    // … was lost, or could not be had; it is tried again after this.
    std::function<void(const std::string& collector, const std::string& why,
                       std::chrono::milliseconds retry)>
        lost;
  };

  struct Stream {
    Target target;
    std::string path;  // begins with /observe, and is encoded
  };

  // TLS is set up as the first target says. Handlers are told the collector as "host:port".
  Observer(const std::vector<Stream>& streams, Handlers handlers);
  // … on somebody's event loop, at once, until it is destroyed. Its loop is told no end: what no
  // second try can mend goes to `failed`, and all else is tried again from the start.
  Observer(boost::asio::io_context& io, const std::vector<Stream>& streams, Handlers handlers,
           std::function<void(const Failure&)> failed);
  ~Observer();

  // Until a message was enough, or the time is up (none: for ever). Throws Failure; also when none
  // of the streams could be had at the first try, or the time was up before.
  void run(std::optional<std::chrono::milliseconds> time);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pap::ctl
