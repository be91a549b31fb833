// SPDX-License-Identifier: MIT
#pragma once

// Looks up one host, for everyone who waits for it at the same time.
//
// Thirty-two posts that begin together are one look-up; nothing is kept beyond it, so a name that
// moves is followed. An address that worked comes first next time, so that one that swallows
// packets costs its time-out once.
//
// Ownership: the io_context must outlive it. No handler is called once it is gone.
// Errors: a text for people and no address.
// Threads: as the io_context. The look-up itself blocks a thread of its own, which nobody can
// interrupt: who waits must have a deadline, and the end of this object leaves that thread behind
// (Asio's resolver would wait for it, which keeps a process alive when its name server is gone).

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

namespace pap::net {

class NameLookup {
 public:
  using Endpoint = boost::asio::ip::tcp::endpoint;
  using Endpoints = std::vector<Endpoint>;

  struct Result {
    std::string failure;  // "" when there are endpoints
    Endpoints endpoints;
  };
  using Handler = std::function<void(const Result&)>;
  // Blocks.
  using Resolve = std::function<Result(const std::string& host, std::uint16_t port)>;

  NameLookup(boost::asio::io_context& io, std::string host, std::uint16_t port,
             Resolve resolve = resolve_with_system);
  ~NameLookup();
  NameLookup(const NameLookup&) = delete;
  NameLookup& operator=(const NameLookup&) = delete;

  // Never calls `handler` from within.
  void resolve(Handler handler);
  void worked(const Endpoint& endpoint);

  static Result resolve_with_system(const std::string& host, std::uint16_t port);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace pap::net
