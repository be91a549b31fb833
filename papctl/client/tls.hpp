// SPDX-License-Identifier: MIT
#pragma once

// Whom to trust, and who we are, on connections of our own event loops: as Client has it.
//
// Errors: Failure. Threads: pure functions.

#include <string>

#include <boost/asio/ssl.hpp>

#include "papctl/settings.hpp"

namespace pap::ctl {

// The authorities, and the client's own certificate.
void load_trust(boost::asio::ssl::context& tls, const Target& target);
// Before the handshake: which of its names the server is meant by, and must show.
void expect_host(SSL* connection, const std::string& host);

// A stream of this kind over TLS, or without.
template <class Stream, bool kTls>
Stream make_stream(boost::asio::io_context& io, [[maybe_unused]] boost::asio::ssl::context& tls) {
  if constexpr (kTls) {
    return Stream(io, tls);
  } else {
    return Stream(io);
  }
}

}  // namespace pap::ctl
