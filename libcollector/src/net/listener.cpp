// SPDX-License-Identifier: MIT
#include "net/listener.hpp"

#include <cerrno>
#include <limits>
#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/ip/v6_only.hpp>

#include <netinet/tcp.h>
#include <sys/socket.h>

#include "net/limits.hpp"

namespace pap::net {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

using DeferAccept = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_DEFER_ACCEPT>;

// As many as the kernel lets us keep: net.core.somaxconn caps it.
constexpr int kBacklog = std::numeric_limits<int>::max() / 2;

error_code open_at(tcp::acceptor& acceptor, const tcp::endpoint& endpoint, bool both) {
  error_code error;
  if (acceptor.is_open()) acceptor.close(error);
  acceptor.open(endpoint.protocol(), error);
  if (!error && both) acceptor.set_option(asio::ip::v6_only(false), error);
  // Only past TIME_WAIT; a port on which somebody listens stays refused.
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  // Connections inherit it, so that none has to be asked for it.
  if (!error) acceptor.set_option(tcp::no_delay(true), error);
  // A connection is handed over with its request, which is then read at once. One that stays silent
  // is handed over a second later. Without it all is the same, but for its cost.
  if (error_code ignored; !error) acceptor.set_option(DeferAccept(kDeferAcceptSeconds), ignored);
  if (!error) acceptor.listen(kBacklog, error);
  if (!error) acceptor.non_blocking(true, error);
  return error;
}

bool no_ipv6(const error_code& error) {
  return error == asio::error::address_family_not_supported ||
         error == boost::system::errc::address_not_available;
}

}  // namespace

Listener::Listener(asio::io_context& io, Adopt adopt, HasRoom has_room, PerWake per_wake)
    : adopt_(std::move(adopt)),
      has_room_(std::move(has_room)),
      per_wake_(std::move(per_wake)),
      acceptor_(io),
      retry_(io) {}

std::uint16_t Listener::open(const std::optional<std::string>& host, std::uint16_t port,
                             std::string& error) {
  error_code failure;
  std::string where;
  if (!host) {
    where = "port " + std::to_string(port);
    failure = open_at(acceptor_, {tcp::v6(), port}, true);
    if (no_ipv6(failure)) failure = open_at(acceptor_, {tcp::v4(), port}, false);
  } else {
    where = *host + " port " + std::to_string(port);
    const auto address =
        asio::ip::make_address(*host == "localhost" ? "127.0.0.1" : *host, failure);
    if (!failure) failure = open_at(acceptor_, {address, port}, address.is_v6());
  }
  if (failure) {
    error = "cannot listen on " + where + ": " + failure.message();
    error_code ignored;
    acceptor_.close(ignored);  // or close() would go on accepting from what does not listen
    return 0;
  }
  const tcp::endpoint endpoint = acceptor_.local_endpoint();
  protocol_ = endpoint.protocol();
  return endpoint.port();
}

void Listener::await() {
  if (waiting_ || !acceptor_.is_open() || !has_room_()) return;
  waiting_ = true;
  acceptor_.async_wait(tcp::acceptor::wait_read, [this](const error_code& error) {
    waiting_ = false;
    if (error) return;  // closed
    accept_some(per_wake_());
  });
}

void Listener::accept_some(int most) {
  for (; most > 0 && has_room_(); --most) {
    // Not by way of Asio, which would register each connection before anybody has looked at it.
    const int descriptor =
        ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
      is_exhausted_ = false;
      adopt_(protocol_, descriptor);
      continue;
    }
    if (errno == EAGAIN) {
      is_exhausted_ = false;
      break;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      return pause_for_descriptors();
    }
    // That one went away before we took it.
  }
  await();
}

void Listener::pause_for_descriptors() {
  ++exhausted_;
  is_exhausted_ = true;
  retry_.expires_after(kAcceptRetry);
  retry_.async_wait([this](const error_code& error) {
    if (!error) accept_some(per_wake_());
  });
}

void Listener::resume() {
  if (!waiting_) await();
}

void Listener::stop_deferring() {
  error_code ignored;
  if (acceptor_.is_open()) acceptor_.set_option(DeferAccept(0), ignored);
}

void Listener::close() {
  if (!acceptor_.is_open()) return;
  error_code ignored;
  accept_some(kAcceptsAtClose);
  acceptor_.close(ignored);
  retry_.cancel();
}

}  // namespace pap::net
