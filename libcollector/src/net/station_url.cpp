// SPDX-License-Identifier: MIT
#include "net/station_url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

#include "net/limits.hpp"

namespace pap::net {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

bool is_ipv4(const std::string& host) {
  in_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1;
}

bool is_ipv6(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

std::uint16_t default_port(bool tls) { return tls ? 443 : 80; }

// RFC 3986 §3.3 and §3.4: the characters of a path and a query.
bool is_target_char(char c) {
  return is_letter(c) || is_digit(c) ||
         std::string_view("-._~!$&'()*+,;=:@/?%").find(c) != std::string_view::npos;
}

bool is_target(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!is_target_char(text[i])) return false;
    if (text[i] == '%' && (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2]))) {
      return false;
    }
  }
  return true;
}

// Labels of letters, digits, hyphens and (Kubernetes and Windows have them) underscores, with or
// without the root's dot.
std::string why_not_name(std::string_view host) {
  if (host.empty()) return "has no host";
  if (host.size() > kMaxHostBytes) return "has a host that is too long";
  const auto allowed = [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
  };
  if (!std::ranges::all_of(host, allowed)) {
    return "has a host with a character that no host name has";
  }
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.empty() || host.starts_with('.') || host.ends_with('.') ||
      host.find("..") != std::string_view::npos) {
    return "has a host with an empty label";
  }
  const std::string_view last = host.substr(host.find_last_of('.') + 1);
  if (std::ranges::all_of(last, is_digit) && !is_ipv4(std::string(host))) {
    return "has a host that looks like an IPv4 address and is none";
  }
  return {};
}

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  std::string parse() {
    if (rest_.size() > kMaxUrlBytes) {
      return "is over " + std::to_string(kMaxUrlBytes) + " bytes long";
    }
    std::string why = scheme();
    if (!why.empty()) return why;
    const std::size_t end = std::min(rest_.find_first_of("/?#"), rest_.size());
    why = authority_part(rest_.substr(0, end));
    if (!why.empty()) return why;
    return target_part(rest_.substr(end));
  }

  StationUrl url;

 private:
  std::string scheme() {
    const std::size_t colon = rest_.find("://");
    const std::string name = lower(rest_.substr(0, colon));
    if (colon == std::string_view::npos || (name != "http" && name != "https")) {
      return "does not begin with http:// or https://";
    }
    url.tls = name == "https";
    url.port = default_port(url.tls);
    rest_.remove_prefix(colon + 3);
    return {};
  }

  std::string authority_part(std::string_view text) {
    if (text.find('@') != std::string_view::npos) {
      return "has a user name or password; the key belongs into STATION_ALERT_KEY";
    }
    if (text.starts_with('[')) {
      const std::size_t close = text.find(']');
      if (close == std::string_view::npos) return "has an IPv6 address without its closing bracket";
      url.host = lower(text.substr(1, close - 1));
      if (!is_ipv6(url.host)) return "has brackets around what is no IPv6 address";
      text.remove_prefix(close + 1);
      if (!text.empty() && !text.starts_with(':')) return "has more than a port after its host";
    } else {
      const std::size_t colon = std::min(text.find(':'), text.size());
      url.host = lower(text.substr(0, colon));
      text.remove_prefix(colon);
      if (text.find(':', 1) != std::string_view::npos) {
        return "has more than one colon in its host; an IPv6 address stands in [brackets]";
      }
      if (std::string why = why_not_name(url.host); !why.empty()) return why;
    }
    return text.empty() ? std::string() : port(text.substr(1));
  }

  std::string port(std::string_view text) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), url.port);
    if (text.empty() || error != std::errc() || end != text.data() + text.size() || url.port == 0) {
      return "has a port that is not a number from 1 to 65535";
    }
    return {};
  }

  std::string target_part(std::string_view text) {
    if (text.find('#') != std::string_view::npos) {
      return "has a fragment (#…), which is never sent";
    }
    if (!is_target(text)) {
      return "has a character in its path or query that must be percent-encoded";
    }
    url.target = text.starts_with('/') ? std::string(text) : '/' + std::string(text);
    return {};
  }

  std::string_view rest_;
};

// RFC 3986 §5.2.4, for a path that begins with a slash.
std::string without_dot_segments(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const std::size_t next = std::min(path.find('/', 1), path.size());
    const std::string_view segment = path.substr(0, next);
    path.remove_prefix(next);
    const bool dots = segment == "/." || segment == "/..";
    if (segment == "/..") out.erase(std::min(out.find_last_of('/'), out.size()));
    if (!dots) {
      out += segment;
    } else if (path.empty()) {
      out += '/';
    }
  }
  return out;
}

// What `reference`, which has neither scheme nor authority, means beside `base`.
std::string resolve_target(std::string_view base, std::string_view reference) {
  const std::string_view base_path = base.substr(0, base.find('?'));
  if (reference.empty()) return std::string(base);
  if (reference.starts_with('?')) return std::string(base_path) + std::string(reference);
  const std::size_t query = std::min(reference.find('?'), reference.size());
  std::string path(reference.substr(0, query));
  if (!path.starts_with('/')) {
    path.insert(0, base_path.substr(0, base_path.find_last_of('/') + 1));
  }
  return without_dot_segments(path) + std::string(reference.substr(query));
}

}  // namespace

std::optional<StationUrl> parse_station_url(std::string_view text, std::string& why_not) {
  Parser parser(text);
  why_not = parser.parse();
  if (!why_not.empty()) return std::nullopt;
  return std::move(parser.url);
}

bool is_address(const StationUrl& url) { return is_ipv4(url.host) || is_ipv6(url.host); }

std::string authority(const StationUrl& url) {
  std::string text = is_ipv6(url.host) ? '[' + url.host + ']' : url.host;
  if (url.port != default_port(url.tls)) text += ':' + std::to_string(url.port);
  return text;
}

std::string to_string(const StationUrl& url) {
  return (url.tls ? "https://" : "http://") + authority(url) + url.target;
}

std::optional<StationUrl> follow_redirect(const StationUrl& base, std::string_view location) {
  location = location.substr(0, location.find('#'));
  if (location.size() > kMaxUrlBytes) return std::nullopt;
  const std::size_t delimiter = location.find_first_of(":/?");
  const bool has_scheme = delimiter != std::string_view::npos && location[delimiter] == ':';
  if (!has_scheme && !location.starts_with("//")) {
    if (!is_target(location)) return std::nullopt;
    StationUrl next = base;
    next.target = resolve_target(base.target, location);
    return next;
  }
  std::string why;
  const std::string scheme = has_scheme ? "" : base.tls ? "https:" : "http:";
  auto next = parse_station_url(scheme + std::string(location), why);
  const bool same_place =
      next && next->tls == base.tls && next->host == base.host && next->port == base.port;
  return same_place ? next : std::nullopt;
}

}  // namespace pap::net
