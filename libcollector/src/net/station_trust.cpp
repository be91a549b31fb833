// SPDX-License-Identifier: MIT
#include "net/station_trust.hpp"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>

#include "net/station_client.hpp"
#include "net/station_url.hpp"

namespace pap::net {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

std::string load_trust(ssl::context& context, const std::string& ca_file) {
  error_code ec;
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  context.set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert, ec);
  if (ec) return ec.message();
  if (ca_file.empty()) {
    context.set_default_verify_paths(ec);
    return ec ? "the system's trust store cannot be read: " + ec.message() : std::string();
  }
  context.load_verify_file(ca_file, ec);
  return ec ? ca_file + " cannot be used: " + ec.message() : std::string();
}

std::string why_unusable_ca_file(const std::string& path) {
  ssl::context context(ssl::context::tls_client);
  return load_trust(context, path);
}

// OpenSSL's own check, not Asio's host_name_verification(), which calls the same function but
// leaves no trace of why it said no.
std::string expect_host(StationTls& stream, const StationUrl& url) {
  SSL* handle = stream.native_handle();
  std::string host = url.host;
  if (host.ends_with('.')) host.pop_back();  // the root's dot is for the name look-up alone
  bool good = false;
  if (is_address(url)) {
    good = X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(handle), host.c_str()) == 1;
  } else {
    SSL_set_hostflags(handle, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    // A function, not SSL_set_tlsext_host_name(): that macro is an old-style cast.
    good =
        SSL_set1_host(handle, host.c_str()) == 1 &&
        SSL_ctrl(handle, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data()) == 1;
  }
  return good ? std::string() : "TLS: the host name cannot be checked";
}

std::string handshake_failure(StationTls& stream, const error_code& ec) {
  const long verdict = SSL_get_verify_result(stream.native_handle());
  if (verdict != X509_V_OK) {
    return std::string("TLS: certificate verify failed: ") + X509_verify_cert_error_string(verdict);
  }
  if (ec == boost::asio::error::eof || ec == ssl::error::stream_truncated) {
    return "TLS: the connection was closed in the handshake";
  }
  return "TLS: " + ec.message();
}

}  // namespace pap::net
