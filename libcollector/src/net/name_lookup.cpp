// SPDX-License-Identifier: MIT
#include "net/name_lookup.hpp"

#include <netdb.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

namespace pap::net {

namespace asio = boost::asio;
using boost::system::error_code;

struct NameLookup::State : std::enable_shared_from_this<State> {
  State(asio::io_context& io_context, std::string host_name, std::uint16_t port_number,
        Resolve resolver)
      : host(std::move(host_name)),
        port(port_number),
        resolve(std::move(resolver)),
        io(&io_context) {}

  void start() {
    error_code no_address;
    const auto address = asio::ip::make_address(host, no_address);
    if (!no_address) {
      hand_over({{}, {Endpoint(address, port)}});
      return;
    }
    work.emplace(io->get_executor());
    try {
      std::thread([self = shared_from_this()] {
        self->hand_over(self->resolve(self->host, self->port));
      }).detach();
    } catch (const std::system_error& e) {
      hand_over({e.what(), {}});
    }
  }

  // From any thread.
  void hand_over(Result result) {
    const std::lock_guard lock(mutex);
    if (io == nullptr) return;
    asio::post(*io, [self = shared_from_this(), found = std::move(result)]() mutable {
      self->finish(std::move(found));
    });
  }

  void finish(Result result) {
    work.reset();
    std::stable_partition(result.endpoints.begin(), result.endpoints.end(),
                          [&](const Endpoint& e) { return e == preferred; });
    for (const Handler& handler : std::exchange(waiting, {})) handler(result);
  }

  void end() {
    waiting.clear();
    work.reset();
    const std::lock_guard lock(mutex);
    io = nullptr;
  }

  const std::string host;
  const std::uint16_t port;
  const Resolve resolve;

  // Of the io_context's thread.
  std::vector<Handler> waiting;
  std::optional<Endpoint> preferred;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work;

  // Shared with the thread that looks up.
  std::mutex mutex;
  asio::io_context* io;  // null when nobody waits any more
};

NameLookup::NameLookup(asio::io_context& io, std::string host, std::uint16_t port, Resolve resolve)
    : state_(std::make_shared<State>(io, std::move(host), port, std::move(resolve))) {}

NameLookup::~NameLookup() { state_->end(); }

void NameLookup::resolve(Handler handler) {
  state_->waiting.push_back(std::move(handler));
  if (state_->waiting.size() == 1) state_->start();
}

void NameLookup::worked(const Endpoint& endpoint) { state_->preferred = endpoint; }

NameLookup::Result NameLookup::resolve_with_system(const std::string& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error = ::getaddrinfo(host.c_str(), nullptr, &wanted, &list);
  if (error != 0) {
    return {error == EAI_SYSTEM ? std::generic_category().message(errno) : ::gai_strerror(error),
            {}};
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, ::freeaddrinfo);
  Result result;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    Endpoint endpoint;
    if (entry->ai_addrlen > endpoint.capacity()) continue;
    std::memcpy(endpoint.data(), entry->ai_addr, entry->ai_addrlen);
    endpoint.resize(entry->ai_addrlen);
    endpoint.port(port);
    result.endpoints.push_back(endpoint);
  }
  if (result.endpoints.empty()) result.failure = "it has no address";
  return result;
}

}  // namespace pap::net
