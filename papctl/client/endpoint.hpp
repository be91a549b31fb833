// SPDX-License-Identifier: MIT
#pragma once

// A collector's address, as people type it: `http://host:8080`, `https://host/prefix`, `host:8080`,
// `host`, `[::1]:8080`. Without a scheme it is http; without a port 80 or 443, but 8080 where there
// is no scheme either.
//
// Errors: Failure (usage) that quotes the address. Threads: values.

#include <cstdint>
#include <string>

namespace pap::ctl {

struct Endpoint {
  bool tls = false;
  std::string host;  // without brackets
  std::uint16_t port = 80;
  std::string prefix;  // "" or "/path", without a slash at its end

  static Endpoint parse(const std::string& address);

  bool operator==(const Endpoint&) const = default;

  std::string authority() const;  // "host:port", with brackets where the host needs them
  std::string url(const std::string& path = {}) const;
};

// For one segment of a path, or a value of a query: %XX for all but unreserved characters
// (RFC 3986, section 2.3).
std::string percent_encoded(const std::string& text);

}  // namespace pap::ctl
