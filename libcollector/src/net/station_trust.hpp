// SPDX-License-Identifier: MIT
#pragma once

// Whom the Station client believes: TLS 1.2 and later, certificates that lead to the system's
// trust store or to a file of the operator's, and that name the host.
//
// Errors: texts for people, "" when all is well. Threads: none of its own.

#include <string>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/system/error_code.hpp>

#include "pap/net/config.hpp"

namespace pap::net {

using StationTls = boost::asio::ssl::stream<boost::asio::ip::tcp::socket&>;

// `ca_file` "" means the system's trust store.
std::string load_trust(boost::asio::ssl::context& context, const std::string& ca_file);

// Before the handshake: which name or address the certificate must bear, and SNI.
std::string expect_host(StationTls& stream, const StationUrl& url);

// Why the handshake failed.
std::string handshake_failure(StationTls& stream, const boost::system::error_code& ec);

}  // namespace pap::net
