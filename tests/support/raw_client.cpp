// SPDX-License-Identifier: MIT
#include "support/raw_client.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "support/lower_case.hpp"

namespace pap::test {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

}  // namespace

nlohmann::json HttpAnswer::json() const { return nlohmann::json::parse(body); }

RawClient::RawClient(std::uint16_t port, const Wish& wish) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (::getaddrinfo(wish.address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    throw std::runtime_error("no such address: " + wish.address);
  }
  socket_ = ::socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (wish.receive_buffer > 0) {
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &wish.receive_buffer, sizeof(int));
  }
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  const int failed = ::connect(socket_, found->ai_addr, found->ai_addrlen);
  const int error = errno;
  ::freeaddrinfo(found);
  if (failed != 0) {
    ::close(socket_);
    throw std::runtime_error(std::string("cannot connect: ") + std::strerror(error));
  }
}

RawClient::~RawClient() {
  if (socket_ >= 0) ::close(socket_);
}

RawClient::RawClient(RawClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), in_(std::move(other.in_)), end_(other.end_) {}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void RawClient::finish_sending() { ::shutdown(socket_, SHUT_WR); }

void RawClient::reset() {
  const linger at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(std::exchange(socket_, -1));
}

// --- reading ---

void RawClient::fail(const std::string& what) const {
  throw std::runtime_error(what + "; unread: " + in_.substr(0, 2000));
}

bool RawClient::fill(std::chrono::milliseconds patience) {
  if (end_ != End::kOpen) return false;
  pollfd ready{socket_, POLLIN, 0};
  const int count = ::poll(&ready, 1, static_cast<int>(patience.count()));
  if (count == 0) fail("nothing came in time");
  std::array<char, 65'536> bytes{};
  const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
  if (got < 0 && errno == EINTR) return true;
  if (got > 0) {
    in_.append(bytes.data(), static_cast<std::size_t>(got));
    return true;
  }
  end_ = got == 0 ? End::kClosed : End::kReset;
  return false;
}

std::string RawClient::take(std::size_t count) {
  while (in_.size() < count) {
    if (!fill(kPatience)) fail("the connection ended too soon");
  }
  std::string taken = in_.substr(0, count);
  in_.erase(0, count);
  return taken;
}

std::string RawClient::take_line() {
  std::size_t end = 0;
  while ((end = in_.find(kLineEnd)) == std::string::npos) {
    if (!fill(kPatience)) fail("the connection ended within a line");
  }
  return take(end + kLineEnd.size());
}

HttpAnswer RawClient::receive(bool to_head) {
  HttpAnswer answer;
  answer.head = take_line();
  if (answer.head.size() < 14 || !answer.head.starts_with("HTTP/1.1 ")) {
    fail("no status line: " + answer.head);
  }
  answer.status = std::stoi(answer.head.substr(9, 3));
  for (std::string line = take_line();; line = take_line()) {
    answer.head += line;
    if (line == kLineEnd) break;
    const std::size_t colon = line.find(": ");
    if (colon == std::string::npos) fail("no header: " + line);
    const std::string value = line.substr(colon + 2, line.size() - colon - 4);
    std::string& known = answer.headers[lower(line.substr(0, colon))];
    known += known.empty() ? value : ", " + value;
  }
  if (!to_head && answer.status >= 200 && answer.status != 204 && answer.status != 304) {
    read_body(answer);
  }
  return answer;
}

void RawClient::read_body(HttpAnswer& answer) {
  const bool chunked = answer.header("transfer-encoding") == "chunked";
  const bool has_length = answer.headers.contains("content-length");
  if (chunked && has_length) fail("both chunked and with a Content-Length");
  if (chunked) {
    for (;; ++answer.chunks) {
      const std::size_t size = std::stoul(take_line(), nullptr, 16);
      answer.body += take(size);
      if (take_line() != kLineEnd) fail("a chunk is longer than it says");
      if (size == 0) return;
    }
  }
  if (has_length) {
    answer.body = take(std::stoul(answer.header("content-length")));
    return;
  }
  while (fill(kPatience)) {
  }
  answer.body = std::exchange(in_, {});
}

std::string RawClient::receive_bytes(std::size_t count) {
  while (in_.size() < count && fill(kPatience)) {
  }
  return take(std::min(count, in_.size()));
}

RawClient::End RawClient::wait_for_end(std::chrono::milliseconds patience) {
  while (fill(patience)) in_.clear();
  return end_;
}

bool RawClient::is_quiet() {
  pollfd ready{socket_, POLLIN, 0};
  return in_.empty() && end_ == End::kOpen && ::poll(&ready, 1, 0) == 0;
}

std::string http_request(std::string_view method, std::string_view target,
                         std::string_view header_lines, std::string_view body) {
  std::string out{method};
  out += ' ';
  out += target;
  out += " HTTP/1.1\r\nHost: collector\r\n";
  out += header_lines;
  if (!body.empty()) out += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  out += "\r\n";
  out += body;
  return out;
}

}  // namespace pap::test
