// SPDX-License-Identifier: MIT
#include "net/peer_socket.hpp"

#include <cerrno>
#include <utility>

#include <boost/asio/error.hpp>

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace pap::net {
namespace {

PeerSocket::Error last_error() {
  if (errno == EAGAIN) return boost::asio::error::would_block;
  return {errno, boost::system::system_category()};
}

}  // namespace

std::size_t PeerSocket::receive(char* into, std::size_t bytes, Error& error) {
  ssize_t got = 0;
  do {
    got = ::recv(descriptor_, into, bytes, 0);
  } while (got < 0 && errno == EINTR);
  if (got > 0) {
    error.clear();
    return static_cast<std::size_t>(got);
  }
  error = got == 0 ? Error{boost::asio::error::eof} : last_error();
  return 0;
}

std::size_t PeerSocket::send(const char* from, std::size_t bytes, bool last, Error& error) {
  ssize_t sent = 0;
  do {
    sent = ::send(descriptor_, from, bytes, MSG_NOSIGNAL | (last ? MSG_MORE : 0));
  } while (sent < 0 && errno == EINTR);
  if (sent >= 0) {
    error.clear();
    return static_cast<std::size_t>(sent);
  }
  error = last_error();
  return 0;
}

std::size_t PeerSocket::available() const {
  int bytes = 0;
  return ::ioctl(descriptor_, FIONREAD, &bytes) == 0 ? static_cast<std::size_t>(bytes) : 0;
}

PeerSocket::Socket& PeerSocket::socket() {
  if (!socket_) {
    socket_.emplace(io_);
    Error ignored;  // without room in the reactor it stays closed, and whoever waits is told
    socket_->assign(protocol_, descriptor_, ignored);
  }
  return *socket_;
}

PeerSocket::Tcp::socket PeerSocket::release() {
  Tcp::socket socket = std::move(this->socket());
  socket_.reset();
  if (socket.is_open()) descriptor_ = -1;  // else nobody else closes it
  return socket;
}

void PeerSocket::cancel() {
  Error ignored;
  if (socket_) socket_->cancel(ignored);
}

void PeerSocket::finish_sending() { ::shutdown(descriptor_, SHUT_WR); }

void PeerSocket::close() {
  if (!is_open()) return;
  Error ignored;
  if (socket_ && socket_->is_open()) {
    socket_->close(ignored);
  } else {
    ::close(descriptor_);
  }
  descriptor_ = -1;
}

}  // namespace pap::net
