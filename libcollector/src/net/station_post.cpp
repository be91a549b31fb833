// SPDX-License-Identifier: MIT
#include "net/station_post.hpp"

#include <utility>

#include "net/limits.hpp"
#include "net/station_client.hpp"
#include "net/station_request.hpp"
#include "net/station_url.hpp"

namespace pap::net {

using boost::system::error_code;

StationPost::StationPost(boost::asio::io_context& io, StationRoute& route, core::Delivery delivery,
                         Handler handler)
    : route_(route),
      delivery_(std::move(delivery)),
      handler_(std::move(handler)),
      url_(route.options().url),
      timer_(io) {}

void StationPost::start() {
  deadline_ = StationConnection::Clock::now() + route_.options().deadline;
  timer_.expires_at(deadline_);
  timer_.async_wait([self = shared_from_this()](const error_code& ec) {
    if (!ec && !self->done_) self->on_deadline();
  });
  send(false);
}

void StationPost::send(bool fresh) {
  connection_ = fresh ? nullptr : route_.take_idle();
  used_ = connection_ != nullptr;
  if (connection_) {
    exchange();
    return;
  }
  route_.lookup().resolve([self = shared_from_this()](const NameLookup::Result& result) {
    if (!self->done_) self->connect(result);
  });
}

void StationPost::connect(const NameLookup::Result& result) {
  if (!result.failure.empty()) {
    finish_without_status("name look-up of " + url_.host + " failed: " + result.failure);
    return;
  }
  connection_ = route_.make_connection();
  connection_->open(result.endpoints, deadline_,
                    [self = shared_from_this()](const std::string& failure) {
                      if (self->done_) return;
                      if (!failure.empty()) {
                        self->finish_without_status(failure);
                        return;
                      }
                      self->route_.lookup().worked(self->connection_->peer());
                      self->exchange();
                    });
}

void StationPost::exchange() {
  connection_->exchange(station_request(url_, route_.options().key, delivery_),
                        [self = shared_from_this()](const StationReply& reply) {
                          if (!self->done_) self->on_reply(reply);
                        });
}

void StationPost::on_reply(const StationReply& reply) {
  // The Station closed a connection that rested just as the request went out: either without a
  // word, or with a 408 for the request that it had waited for in vain (RFC 9110 §15.5.9).
  const bool closed_at_rest = !reply.status && !reply.any_byte;
  const bool timed_out_at_rest = reply.status == 408 && !reply.keep_alive;
  if (used_ && !retried_ && (closed_at_rest || timed_out_at_rest)) {
    retried_ = true;
    send(true);
    return;
  }
  if (!reply.keep_alive) connection_ = nullptr;
  if (follow(reply)) return;
  if (connection_) route_.give_back(std::exchange(connection_, nullptr));
  finish(station_answer(reply, route_.options().key));
}

bool StationPost::follow(const StationReply& reply) {
  const int status = reply.status.value_or(0);
  if (status != 307 && status != 308) return false;
  if (redirects_ == kMaxStationRedirects) return false;
  auto next = follow_redirect(url_, reply.location);
  if (reply.location.empty() || !next) return false;
  ++redirects_;
  url_ = std::move(*next);
  if (connection_) {
    used_ = true;
    exchange();
  } else {
    send(false);
  }
  return true;
}

void StationPost::on_deadline() {
  const std::string doing = connection_ ? connection_->doing() : "looking up the name " + url_.host;
  finish_without_status("no answer within " + duration_text(route_.options().deadline) + " (" +
                        doing + ')');
}

void StationPost::finish_without_status(std::string reason) {
  StationReply reply;
  reply.failure = std::move(reason);
  finish(station_answer(reply, {}));
}

void StationPost::finish(core::StationAnswer answer) {
  const auto self = shared_from_this();
  const Handler handler = std::exchange(handler_, nullptr);
  StationRoute& route = route_;
  abandon();
  route.finished(self);
  handler(std::move(answer));
}

void StationPost::abandon() {
  done_ = true;
  handler_ = nullptr;
  timer_.cancel();
  if (connection_) std::exchange(connection_, nullptr)->close();
}

}  // namespace pap::net
