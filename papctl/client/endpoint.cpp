// SPDX-License-Identifier: MIT
#include "papctl/client/endpoint.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <string_view>

#include "papctl/exit_status.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;
constexpr std::uint16_t kCollectorPort = 8080;

[[noreturn]] void refuse(const std::string& address, const std::string& why) {
  throw Failure(kUsage, "\"" + visible(address) + "\" is no collector's address: " + why,
                "An address looks like http://127.0.0.1:8080.");
}

std::uint16_t port_of(std::string_view text, const std::string& address) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) {
    refuse(address, "its port is not a number from 1 to 65535");
  }
  return port;
}

}  // namespace

Endpoint Endpoint::parse(const std::string& address) {
  Endpoint out;
  std::string_view rest = address;
  bool scheme = true;
  if (rest.starts_with("http://")) {
    rest.remove_prefix(7);
  } else if (rest.starts_with("https://")) {
    rest.remove_prefix(8);
    out.tls = true;
  } else if (rest.find("://") != std::string_view::npos) {
    refuse(address, "it begins with neither http:// nor https://");
  } else {
    scheme = false;
  }
  const std::size_t slash = rest.find('/');
  if (slash != std::string_view::npos) {
    out.prefix = rest.substr(slash);
    while (out.prefix.ends_with('/')) out.prefix.pop_back();
    rest = rest.substr(0, slash);
  }
  if (rest.find('@') != std::string_view::npos) {
    // Not quoted: there may be a password in it.
    throw Failure(kUsage, "a collector's address has no place for a user or a password",
                  "An address looks like http://127.0.0.1:8080; keys come by --key-file.");
  }
  const bool odd =
      std::any_of(rest.begin(), rest.end(),
                  [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; }) ||
      address.find_first_of("?#") != std::string::npos ||
      out.prefix.find_first_of(" \t\r\n") != std::string::npos;
  if (odd) refuse(address, "it holds blanks, a query or a fragment");

  std::string_view port;
  if (rest.starts_with('[')) {
    const std::size_t bracket = rest.find(']');
    if (bracket == std::string_view::npos) refuse(address, "its bracket is not closed");
    out.host = rest.substr(1, bracket - 1);
    rest.remove_prefix(bracket + 1);
    if (!rest.empty() && !rest.starts_with(':')) refuse(address, "a port begins with a colon");
    port = rest.empty() ? rest : rest.substr(1);
    if (rest == ":") refuse(address, "its port is missing");
  } else {
    const std::size_t colon = rest.find(':');
    out.host = rest.substr(0, colon);
    if (colon != std::string_view::npos) {
      port = rest.substr(colon + 1);
      if (port.empty()) refuse(address, "its port is missing");
      if (port.find(':') != std::string_view::npos) {
        refuse(address, "an IPv6 address stands in brackets");
      }
    }
  }
  if (out.host.empty()) refuse(address, "it names no host");
  if (!port.empty()) {
    out.port = port_of(port, address);
  } else {
    out.port = out.tls ? kHttpsPort : scheme ? kHttpPort : kCollectorPort;
  }
  return out;
}

std::string Endpoint::authority() const {
  const bool brackets = host.find(':') != std::string::npos;
  return (brackets ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

std::string Endpoint::url(const std::string& path) const {
  return (tls ? "https://" : "http://") + authority() + prefix + path;
}

std::string percent_encoded(const std::string& text) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("-._~").find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += kHex[byte >> 4U];
      out += kHex[byte & 0xFU];
    }
  }
  return out;
}

}  // namespace pap::ctl
