// SPDX-License-Identifier: MIT
#pragma once

// Looks up one host, for everyone who waits for it at the same time.
//
// Thirty-two posts that begin together are one look-up; nothing is kept beyond it, so a name that
// moves is followed. An address that worked comes first next time, so that one that swallows
// packets costs its time-out once.
//
// Ownership: the io_context must outlive it. No handler is called once it is gone.
// Threads: as the io_context. The look-up itself blocks a thread of Asio's, which no one can
// interrupt; who waits must have a deadline of his own.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

namespace pap::net {

class NameLookup {
 public:
  using Endpoint = boost::asio::ip::tcp::endpoint;
  using Endpoints = std::vector<Endpoint>;
  using Handler = std::function<void(const boost::system::error_code&, const Endpoints&)>;

  NameLookup(boost::asio::io_context& io, std::string host, std::uint16_t port);
  ~NameLookup();
  NameLookup(const NameLookup&) = delete;
  NameLookup& operator=(const NameLookup&) = delete;

  // Never calls `handler` from within.
  void resolve(Handler handler);
  void worked(const Endpoint& endpoint);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace pap::net
