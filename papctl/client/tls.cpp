// SPDX-License-Identifier: MIT
#include "papctl/client/tls.hpp"

#include <boost/asio.hpp>

#include "papctl/exit_status.hpp"

namespace pap::ctl {

namespace asio = boost::asio;
using boost::system::error_code;

void load_trust(asio::ssl::context& tls, const Target& target) {
  error_code error;
  if (target.insecure) {
    tls.set_verify_mode(asio::ssl::verify_none);
  } else {
    tls.set_verify_mode(asio::ssl::verify_peer);
    if (target.ca_file.empty()) {
      tls.set_default_verify_paths(error);
    } else {
      tls.load_verify_file(target.ca_file, error);
    }
    if (error) {
      throw Failure(
          kError, "cannot read the file of authorities " + target.ca_file + ": " + error.message());
    }
  }
  if (target.certificate_file.empty()) return;
  tls.use_certificate_chain_file(target.certificate_file, error);
  if (!error) tls.use_private_key_file(target.certificate_key_file, asio::ssl::context::pem, error);
  if (error) {
    throw Failure(kError, "cannot use the certificate " + target.certificate_file +
                              " with the key " + target.certificate_key_file + ": " +
                              error.message());
  }
}

void expect_host(SSL* connection, const std::string& host) {
  // A server with several names must know which one was meant; an address is no name (RFC 6066,
  // section 3). The macro for it casts in C's style, which is a warning here.
  error_code no_address;
  asio::ip::make_address(host, no_address);
  if (no_address) {
    ::SSL_ctrl(connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
               const_cast<char*>(host.c_str()));
  }
}

}  // namespace pap::ctl
