// SPDX-License-Identifier: MIT
#include "net/station_client.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <unordered_set>
#include <utility>
#include <vector>

#include "net/station_connection.hpp"
#include "net/station_post.hpp"
#include "net/station_trust.hpp"

namespace pap::net {

namespace asio = boost::asio;

class StationClient::Impl final : public StationRoute, public std::enable_shared_from_this<Impl> {
 public:
  using Clock = StationConnection::Clock;

  Impl(asio::io_context& io, StationOptions options)
      : io_(io),
        options_(std::move(options)),
        lookup_(io, options_.url.host, options_.url.port),
        connections_(std::make_shared<std::size_t>(0)) {
    if (!options_.url.tls) return;
    tls_.emplace(asio::ssl::context::tls_client);
    if (const std::string why = load_trust(*tls_, options_.ca_file); !why.empty()) {
      throw std::runtime_error("Station's certificate authorities: " + why);
    }
  }

  void post(core::Delivery delivery, Handler handler) {
    const auto post =
        std::make_shared<StationPost>(io_, *this, std::move(delivery), std::move(handler));
    posts_.insert(post);
    post->start();
  }

  void shutdown() {
    for (const auto& post : std::exchange(posts_, {})) post->abandon();
    for (const auto& connection : std::exchange(idle_, {})) connection->close();
  }

  std::size_t posts_under_way() const { return posts_.size(); }
  std::size_t connections() const { return *connections_; }

  // ---- StationRoute ----

  const StationOptions& options() const override { return options_; }
  NameLookup& lookup() override { return lookup_; }

  // The one that rested last: it is the least likely to have been closed.
  ConnectionPtr take_idle() override {
    if (idle_.empty()) return nullptr;
    ConnectionPtr connection = std::move(idle_.back());
    idle_.pop_back();
    return connection;
  }

  ConnectionPtr make_connection() override {
    return std::make_shared<StationConnection>(io_, tls_ ? &*tls_ : nullptr, options_.url,
                                               options_.max_answer_bytes, connections_);
  }

  void give_back(ConnectionPtr connection) override {
    const auto now = Clock::now();
    Clock::duration rest = options_.connection_max_idle;
    // A request that meets the Station's close costs a second try, so leave well before.
    if (const auto hint = connection->keep_alive_hint()) {
      rest = std::min(rest, Clock::duration(*hint) / 2);
    }
    const auto until = std::min(now + rest, connection->opened_at() + options_.connection_max_age);
    if (until <= now || idle_.size() >= kMaxIdleStationConnections) {
      connection->close();
      return;
    }
    idle_.push_back(connection);
    connection->rest(until, [weak = weak_from_this(), gone = connection.get()] {
      if (const auto self = weak.lock()) {
        std::erase_if(self->idle_, [&](const ConnectionPtr& c) { return c.get() == gone; });
      }
    });
  }

  void finished(const std::shared_ptr<StationPost>& post) override { posts_.erase(post); }

 private:
  asio::io_context& io_;
  const StationOptions options_;
  std::optional<asio::ssl::context> tls_;

  NameLookup lookup_;
  std::unordered_set<std::shared_ptr<StationPost>> posts_;
  std::vector<ConnectionPtr> idle_;
  std::shared_ptr<std::size_t> connections_;
};

StationClient::StationClient(asio::io_context& io, StationOptions options)
    : impl_(std::make_shared<Impl>(io, std::move(options))) {}

StationClient::~StationClient() { shutdown(); }

void StationClient::post(core::Delivery delivery, Handler handler) {
  impl_->post(std::move(delivery), std::move(handler));
}

void StationClient::shutdown() { impl_->shutdown(); }
std::size_t StationClient::posts_under_way() const { return impl_->posts_under_way(); }
std::size_t StationClient::connections() const { return impl_->connections(); }

}  // namespace pap::net
