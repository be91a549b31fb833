// SPDX-License-Identifier: MIT
#include "papsim/live/request_client.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <span>
#include <system_error>
#include <utility>

#include <netdb.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace pap::sim {

namespace {

constexpr std::size_t kEventsAtOnce = 256;

bool is_loopback(const sockaddr_storage& address) {
  if (address.ss_family != AF_INET) return false;
  sockaddr_in in{};
  std::memcpy(&in, &address, sizeof in);
  return ntohl(in.sin_addr.s_addr) >> 24U == 127;
}

}  // namespace

std::optional<Target> resolve(const std::string& url, std::string& error) {
  constexpr std::string_view kScheme = "http://";
  std::string_view rest = url;
  if (!rest.starts_with(kScheme)) {
    error = '"' + url + "\" is no URL that starts with http://";
    return std::nullopt;
  }
  rest.remove_prefix(kScheme.size());
  while (rest.ends_with('/')) rest.remove_suffix(1);
  Target target;
  target.host = rest;
  std::string_view name = rest;
  std::string port = "80";
  const std::size_t colon = rest.rfind(':');
  if (colon != std::string_view::npos && rest.find(']', colon) == std::string_view::npos) {
    port = rest.substr(colon + 1);
    name = rest.substr(0, colon);
  }
  unsigned number = 0;
  const auto [end, bad] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (bad != std::errc() || end != port.data() + port.size() || number == 0 || number > 65535) {
    error = '"' + port + "\" is no port, in " + url;
    return std::nullopt;
  }
  if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
  if (name.empty() || name.find('/') != std::string_view::npos) {
    error = '"' + url + "\" is not http://HOST:PORT";
    return std::nullopt;
  }
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(std::string(name).c_str(), port.c_str(), &hints, &found);
  if (code != 0) {
    error = "cannot resolve \"" + std::string(name) + "\": " + ::gai_strerror(code);
    return std::nullopt;
  }
  // IPv4 where there is both: only there each source has an address of its own.
  const addrinfo* best = found;
  while (best->ai_family != AF_INET && best->ai_next != nullptr) best = best->ai_next;
  if (best->ai_family != AF_INET) best = found;
  std::memcpy(&target.address, best->ai_addr, best->ai_addrlen);
  target.size = best->ai_addrlen;
  ::freeaddrinfo(found);
  target.loopback = is_loopback(target.address);
  return target;
}

// Both kinds of address have it in the same place.
std::uint16_t Target::port() const {
  sockaddr_in in{};
  std::memcpy(&in, &address, sizeof in);
  return ntohs(in.sin_port);
}

RequestClient::RequestClient(const Target& target, Connections connections, Handler handler,
                             Nanos patience, Nanos node_idle)
    : target_(target),
      connections_(connections),
      handler_(std::move(handler)),
      most_patience_(patience),
      node_idle_(node_idle),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

RequestClient::~RequestClient() {
  for (const Slot& slot : slots_) {
    if (slot.state != State::kFree) ::close(slot.descriptor);
  }
  ::close(epoll_);
}

void RequestClient::watch(int descriptor) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kWatched;
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) {
    throw std::system_error(errno, std::generic_category(), "epoll_ctl");
  }
}

RequestClient::End RequestClient::end_of(int error) {
  switch (error) {
    case ECONNREFUSED:
    case EHOSTUNREACH:
    case ENETUNREACH:
      return End::kRefused;
    case EMFILE:
    case ENFILE:
    case EADDRNOTAVAIL:
    case EADDRINUSE:
    case ENOBUFS:
    case ENOMEM:
      return End::kNoSocket;
    default:
      return End::kReset;
  }
}

// --- sending ---

void RequestClient::send(std::uint32_t source, std::uint64_t token, std::string_view request) {
  if (connections_ != Connections::kFresh) {
    if (kept_.size() <= source) kept_.resize(source + 1, kNoSlot);
    const std::uint32_t index = kept_[source];
    if (index != kNoSlot && slots_[index].state == State::kIdle) {
      Slot& slot = slots_[index];
      slot.token = token;
      slot.state = State::kWaiting;
      slot.sent = steady_now();
      ++slot.generation;
      ++waiting_;
      patience_.push_back({slot.sent + most_patience_, index, slot.generation});
      return write(index, request);
    }
  }
  const int descriptor = open_socket(source);
  const int error = errno;
  if (descriptor < 0) {
    const Nanos now = steady_now();
    return handler_({token, end_of(error), {}, now, now});
  }
  const std::uint32_t index = free_slot();
  Slot& slot = slots_[index];
  slot.descriptor = descriptor;
  slot.source = source;
  slot.token = token;
  slot.state = State::kSending;
  slot.sent = steady_now();
  ++slot.generation;
  ++open_;
  ++waiting_;
  patience_.push_back({slot.sent + most_patience_, index, slot.generation});
  if (connections_ != Connections::kFresh && kept_[source] == kNoSlot) kept_[source] = index;
  const auto* address = reinterpret_cast<const sockaddr*>(&target_.address);
  if (::connect(descriptor, address, target_.size) != 0 && errno != EINPROGRESS) {
    return fail(index, end_of(errno));
  }
  listen_to(index, EPOLL_CTL_ADD, false);
  write(index, request);
}

std::uint32_t RequestClient::free_slot() {
  if (free_.empty()) {
    slots_.emplace_back();
    return static_cast<std::uint32_t>(slots_.size() - 1);
  }
  const std::uint32_t index = free_.back();
  free_.pop_back();
  return index;
}

int RequestClient::open_socket(std::uint32_t source) const {
  const int descriptor =
      ::socket(target_.address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (descriptor < 0 || !target_.loopback) return descriptor;
  // The port is chosen when it connects, for the pair of addresses: ports of one address that are
  // in use elsewhere do not matter then.
  constexpr std::uint32_t kFirst = 0x7f000002U;
  constexpr std::uint32_t kAddresses = 0x00fffff0U;
  const int on = 1;
  ::setsockopt(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
  sockaddr_in from{};
  from.sin_family = AF_INET;
  from.sin_addr.s_addr = htonl(kFirst + source % kAddresses);
  if (::bind(descriptor, reinterpret_cast<const sockaddr*>(&from), sizeof from) == 0) {
    return descriptor;
  }
  const int error = errno;
  ::close(descriptor);
  errno = error;
  return -1;
}

void RequestClient::listen_to(std::uint32_t index, int how, bool also_writable) const {
  const Slot& slot = slots_[index];
  epoll_event event{};
  event.events = EPOLLIN | (also_writable ? std::uint32_t{EPOLLOUT} : 0U);
  event.data.u64 = index;
  ::epoll_ctl(epoll_, how, slot.descriptor, &event);
}

void RequestClient::write(std::uint32_t index, std::string_view bytes) {
  Slot& slot = slots_[index];
  const ssize_t written = ::send(slot.descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  if (written == static_cast<ssize_t>(bytes.size())) {
    slot.state = State::kWaiting;
    return;
  }
  if (written < 0 && errno != EAGAIN && errno != ENOTCONN) return fail(index, end_of(errno));
  if (!slot.rest) slot.rest = std::make_unique<Rest>();
  slot.rest->out = bytes.substr(written < 0 ? 0 : static_cast<std::size_t>(written));
  slot.state = State::kSending;
  listen_to(index, EPOLL_CTL_MOD, true);
}

// --- receiving ---

void RequestClient::wait(Nanos at_most) {
  using std::chrono::milliseconds;
  const Nanos now = steady_now();
  while (!patience_.empty() && is_over(patience_.front())) patience_.pop_front();
  if (!patience_.empty()) at_most = std::min(at_most, patience_.front().at - now);
  while (!idle_.empty() && is_over(idle_.top())) idle_.pop();
  if (!idle_.empty()) at_most = std::min(at_most, idle_.top().at - now);
  std::array<epoll_event, kEventsAtOnce> events;
  const auto timeout = std::chrono::ceil<milliseconds>(std::max(at_most, Nanos{0})).count();
  int patience = static_cast<int>(std::min<std::int64_t>(timeout, 1000));
  std::size_t count = kEventsAtOnce;
  // What came in time is read before patience runs out: more than fits into one round, too. The
  // rounds are bounded, since new requests bring new events.
  for (std::size_t left = open_ / kEventsAtOnce + 1; left > 0 && count == kEventsAtOnce; --left) {
    count = static_cast<std::size_t>(std::max(
        ::epoll_wait(epoll_, events.data(), static_cast<int>(kEventsAtOnce), patience), 0));
    patience = 0;
    for (const epoll_event& event : std::span(events).first(count)) {
      if (event.data.u64 != kWatched) {
        on_event(static_cast<std::uint32_t>(event.data.u64), event.events);
      }
    }
  }
  run_out();
}

void RequestClient::on_event(std::uint32_t index, std::uint32_t events) {
  Slot& slot = slots_[index];
  // Of a slot that was closed earlier in this round, and may be in use again, nothing is there.
  if (slot.state == State::kFree) return;
  if (slot.state == State::kSending && (events & EPOLLOUT) != 0) on_writable(index);
  if ((events & (EPOLLIN | EPOLLERR | EPOLLHUP)) != 0 && slots_[index].state != State::kFree) {
    on_readable(index);
  }
}

void RequestClient::on_writable(std::uint32_t index) {
  Slot& slot = slots_[index];
  if (!slot.rest) return;
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(slot.descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0) return fail(index, end_of(error));
  const std::string out = std::exchange(slot.rest->out, {});
  write(index, out);
  if (slots_[index].state == State::kWaiting) listen_to(index, EPOLL_CTL_MOD, false);
}

void RequestClient::on_readable(std::uint32_t index) {
  Slot& slot = slots_[index];
  const ssize_t count = ::recv(slot.descriptor, in_.data(), in_.size(), 0);
  if (count < 0) {
    if (errno == EAGAIN) return;
    if (slot.state == State::kIdle) return close(index);
    return fail(index, end_of(errno));
  }
  if (slot.state == State::kIdle) return close(index);  // its end, or what nobody asked for
  if (count == 0) return fail(index, End::kReset);
  std::string_view bytes(in_.data(), static_cast<std::size_t>(count));
  if (slot.rest && !slot.rest->in.empty()) {
    slot.rest->in += bytes;
    bytes = slot.rest->in;
  }
  Answer answer;
  switch (read_answer(bytes, answer)) {
    case AnswerState::kWhole:
      if (answer.length != bytes.size()) return fail(index, End::kGarbled);
      return on_answer(index, answer);
    case AnswerState::kGarbled:
      return fail(index, End::kGarbled);
    case AnswerState::kIncomplete:
      if (!slot.rest) slot.rest = std::make_unique<Rest>();
      if (slot.rest->in.empty()) slot.rest->in = bytes;
      return;
  }
}

void RequestClient::on_answer(std::uint32_t index, const Answer& answer) {
  const Slot& slot = slots_[index];
  const Result result{slot.token, End::kAnswered, answer, slot.sent, steady_now()};
  --waiting_;
  // The bytes may lie in the slot, which the handler may use again: it is told first.
  // Nor is a connection kept on which a request was answered before all of it was sent.
  const bool keeps = connections_ != Connections::kFresh && !answer.closes &&
                     kept_[slot.source] == index && slot.state == State::kWaiting;
  slots_[index].state = State::kIdle;
  ++slots_[index].generation;
  const std::uint32_t generation = slots_[index].generation;
  const std::unique_ptr<Rest> bytes = std::move(slots_[index].rest);
  const std::chrono::seconds promised = answer.keep_alive;
  if (!keeps) close(index);
  handler_(result);
  if (keeps && slots_[index].generation == generation) rest(index, promised);
}

// Its source may use it again.
void RequestClient::rest(std::uint32_t index, std::chrono::seconds promised) {
  if (connections_ != Connections::kNode) return;
  const Nanos idle = promised > Nanos{0} ? promised - kNodeThreshold : node_idle_;
  idle_.push({steady_now() + idle, index, slots_[index].generation});
}

void RequestClient::fail(std::uint32_t index, End end) {
  const Result result{slots_[index].token, end, {}, slots_[index].sent, steady_now()};
  --waiting_;
  close(index);
  handler_(result);
}

void RequestClient::close(std::uint32_t index) {
  Slot& slot = slots_[index];
  ::close(slot.descriptor);
  slot.descriptor = -1;
  slot.rest.reset();
  slot.state = State::kFree;
  ++slot.generation;
  --open_;
  free_.push_back(index);
  if (connections_ != Connections::kFresh && kept_[slot.source] == index) {
    kept_[slot.source] = kNoSlot;
  }
}

void RequestClient::run_out() {
  const Nanos now = steady_now();
  while (!patience_.empty() && patience_.front().at <= now) {
    const Deadline deadline = patience_.front();
    patience_.pop_front();
    if (!is_over(deadline)) fail(deadline.slot, End::kTimedOut);
  }
  while (!idle_.empty() && idle_.top().at <= now) {
    const Deadline deadline = idle_.top();
    idle_.pop();
    if (!is_over(deadline)) close(deadline.slot);
  }
}

}  // namespace pap::sim
