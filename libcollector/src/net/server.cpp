// SPDX-License-Identifier: MIT
#include "net/server.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <sys/resource.h>

#include "net/http_session.hpp"
#include "net/limits.hpp"
#include "net/ws_session.hpp"

namespace pap::net {

namespace websocket = boost::beast::websocket;
using tcp = boost::asio::ip::tcp;

namespace {

HttpSession& session_of(SessionLink& link) { return static_cast<HttpSession&>(link); }

// The descriptors that this process may have, after asking for all that it is allowed.
std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace

Server::Server(boost::asio::io_context& io, const Config& config, Logger& log, Driver& driver)
    : io_(io),
      config_(config),
      log_(log),
      driver_(driver),
      max_connections_(config.max_connections),
      listener_(
          io, [this](tcp protocol, int descriptor) { adopt(protocol, descriptor); },
          [this] { return has_room(); },
          [this] {
            const bool slices = lists_ > 0 || driver_.ticking() || driver_.posting();
            return slices ? kAcceptsBetweenSlices : kAcceptsPerWake;
          }),
      sessions_({config.header_timeout, config.idle_timeout, config.header_timeout, kWriteTimeout,
                 kDiscardTime}),
      sweeper_(io) {
  limit_connections();
  driver_.caught_up_if([this] { return can_accept(); });
  driver_.on_woken([this](core::ObserverId id) {
    const auto found = observers_.find(id);
    if (found == observers_.end()) return;
    if (const auto session = found->second.lock()) session->wake();
  });
}

Server::~Server() = default;

void Server::limit_connections() {
  const std::size_t descriptors = raise_descriptor_limit();
  const std::size_t reserved = kReservedDescriptors + kConnectionReserve;
  const std::size_t most = descriptors > 2 * reserved ? descriptors - reserved : descriptors / 2;
  if (max_connections_ <= most) return;
  log_.warn("max_connections_capped", {{"max_connections", max_connections_},
                                       {"capped_to", most},
                                       {"descriptor_limit", descriptors}});
  max_connections_ = most;
}

// --- life ---

std::uint16_t Server::listen(std::string& error) {
  return listener_.open(config_.host, config_.port, error);
}

void Server::start() {
  ready_ = true;
  looked_at_ = system_now().mono;
  listener_.start();
  sweep();
}

void Server::drain() {
  draining_ = true;
  listener_.stop_deferring();
}

void Server::stop_accepting() { listener_.close(); }

std::size_t Server::close_idle() {
  std::vector<std::shared_ptr<HttpSession>> idle;
  for (const Phase phase : {Phase::kFresh, Phase::kIdle}) {
    for (SessionLink* link = sessions_.first(phase); link != nullptr; link = link->next) {
      idle.push_back(session_of(*link).shared_from_this());
    }
  }
  return static_cast<std::size_t>(std::count_if(
      idle.begin(), idle.end(), [](const auto& session) { return !session->close_if_idle(); }));
}

void Server::close_observers() {
  std::vector<std::shared_ptr<WsSession>> sessions;
  for (const auto& [id, weak] : observers_) {
    if (auto session = weak.lock()) sessions.push_back(std::move(session));
  }
  for (const auto& session : sessions) {
    session->close({websocket::close_code::going_away, "the collector is shutting down"});
  }
}

void Server::close_all() {
  sweeper_.cancel();
  listener_.close();
  for (const Phase phase : kAllPhases) {
    while (SessionLink* const link = sessions_.first(phase)) {
      const auto session = session_of(*link).shared_from_this();
      session->close();
    }
  }
  std::vector<std::shared_ptr<WsSession>> sessions;
  for (WsSession* const session : websockets_) sessions.push_back(session->shared_from_this());
  for (const auto& session : sessions) session->cut();
}

std::size_t Server::busy() const {
  return sessions_.size(Phase::kReading) + sessions_.size(Phase::kWriting);
}

// --- connections ---

bool Server::keep_alive_allowed() const {
  return !draining_ && connections() * 100 < max_connections_ * kPressurePercent;
}

bool Server::may_keep() const {
  return kept_ < kMaxKept && config_.idle_timeout >= kKeptFor + kKeptMargin;
}

bool Server::has_room() const { return connections() < max_connections_ + kConnectionReserve; }

bool Server::lists_full() const {
  return lists_ >= kMostLists || sessions_.size(Phase::kWriting) >= kMostUnread;
}

// Nobody is accepted for want of connections or descriptors: then agents give us up as if we had
// stood still, and their silence is no evidence. Nor is that of those who wait, where a connection
// that ends lets one in now and then.
void Server::tell_whom_we_hear() {
  const core::Instant now = system_now();
  if (now.mono - looked_at_ < kSweepEvery) return;  // one sweep, in slices: too short to tell
  const core::MonotonicTime before = std::exchange(looked_at_, now.mono);
  const std::uint64_t accepted = counters().connections_accepted;
  const bool nobody = std::exchange(accepted_by_then_, accepted) == accepted;
  core::Collector& collector = driver_.core();
  if (can_accept()) {
    if (!full_since_) return;
    collector.hears_all(*std::exchange(full_since_, std::nullopt), now);
    return driver_.after_call();
  }
  if (!full_since_) full_since_ = before;
  nobody ? collector.hears_nobody(*full_since_, now) : collector.hears_some(*full_since_, now);
  driver_.after_call();
  if (now.mono - *full_since_ < core::kAgentTimeout) return;
  log_.limited(LogLevel::kWarn, "not_accepting", "not_accepting",
               {{"connections", connections()},
                {"max_connections", max_connections_},
                {"descriptors_exhausted", listener_.is_exhausted()}});
}

void Server::adopt(tcp protocol, int descriptor) {
  NetCounters& counters = driver_.counters();
  ++counters.connections_accepted;
  const bool over = connections() >= max_connections_;
  std::allocate_shared<HttpSession>(AllocatorFrom<HttpSession, BlockPool>{session_blocks_}, *this,
                                    protocol, descriptor, over)
      ->start();
}

void Server::connection_closed() { listener_.resume(); }

void Server::sweep() {
  const auto now = std::chrono::steady_clock::now();
  std::size_t looked_at = 0;
  tell_whom_we_hear();
  for (const Phase phase : kAllPhases) {
    for (; looked_at < kOverdueSlice; ++looked_at) {
      SessionLink* const link = sessions_.overdue(phase, now);
      if (link == nullptr) break;
      const auto session = session_of(*link).shared_from_this();
      session->on_overdue();
    }
  }
  counters().overdue.add(looked_at);
  // The rest after whatever waits in the sockets by now.
  const bool done = looked_at < kOverdueSlice;
  sweeper_.expires_after(done ? kSweepEvery : std::chrono::seconds{0});
  sweeper_.async_wait([this](const boost::system::error_code& error) {
    if (!error) sweep();
  });
}

// --- observers ---

void Server::observe(tcp::socket socket, std::string header, core::Watch watch) {
  std::make_shared<WsSession>(*this, std::move(socket))->start(header, std::move(watch));
}

void Server::refuse_observer(tcp::socket socket, std::string header) {
  std::make_shared<WsSession>(*this, std::move(socket))->start(header, std::nullopt);
}

void Server::join(core::ObserverId id, const std::shared_ptr<WsSession>& session) {
  observers_.emplace(id, session);
}

void Server::leave(core::ObserverId id) { observers_.erase(id); }

void Server::websocket_closed(WsSession& session) {
  websockets_.erase(&session);
  connection_closed();
}

}  // namespace pap::net
