// SPDX-License-Identifier: MIT
#include "net/name_lookup.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

namespace pap::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

struct NameLookup::State : std::enable_shared_from_this<State> {
  State(asio::io_context& io_context, std::string host_name, std::uint16_t port_number)
      : io(io_context), host(std::move(host_name)), port(port_number), resolver(io_context) {}

  void start() {
    error_code no_address;
    const auto address = asio::ip::make_address(host, no_address);
    if (!no_address) {
      asio::post(io, [self = shared_from_this(), address] {
        self->finish({}, {Endpoint(address, self->port)});
      });
      return;
    }
    resolver.async_resolve(host, std::to_string(port), tcp::resolver::numeric_service,
                           [self = shared_from_this()](const error_code& ec,
                                                       const tcp::resolver::results_type& found) {
                             Endpoints endpoints;
                             for (const auto& entry : found) endpoints.push_back(entry.endpoint());
                             self->finish(ec, std::move(endpoints));
                           });
  }

  void finish(const error_code& ec, Endpoints endpoints) {
    std::ranges::stable_partition(endpoints, [&](const Endpoint& e) { return e == preferred; });
    for (const Handler& handler : std::exchange(waiting, {})) handler(ec, endpoints);
  }

  asio::io_context& io;
  const std::string host;
  const std::uint16_t port;

  tcp::resolver resolver;
  std::vector<Handler> waiting;
  std::optional<Endpoint> preferred;
};

NameLookup::NameLookup(asio::io_context& io, std::string host, std::uint16_t port)
    : state_(std::make_shared<State>(io, std::move(host), port)) {}

NameLookup::~NameLookup() {
  state_->waiting.clear();
  state_->resolver.cancel();
}

void NameLookup::resolve(Handler handler) {
  state_->waiting.push_back(std::move(handler));
  if (state_->waiting.size() == 1) state_->start();
}

void NameLookup::worked(const Endpoint& endpoint) { state_->preferred = endpoint; }

}  // namespace pap::net
