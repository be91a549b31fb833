// SPDX-License-Identifier: MIT
#pragma once

// The Station's address: http:// or https://, a host, a port or none, a path and a query.
//
// Narrower than RFC 3986 on purpose: user names, fragments, escapes in the host and anything that
// is not visible ASCII are refused, with a reason for people that never repeats the address (it
// might hold a password).
//
// Threads: pure functions.

#include <optional>
#include <string>
#include <string_view>

#include "pap/net/config.hpp"

namespace pap::net {

std::optional<StationUrl> parse_station_url(std::string_view text, std::string& why_not);

// As it would be written: the port only where it is not the scheme's own.
std::string to_string(const StationUrl& url);
// `host` or `host:port`, with brackets where they belong: the Host header.
std::string authority(const StationUrl& url);
// Whether the host is an address rather than a name.
bool is_address(const StationUrl& url);

// Where `location` (RFC 9110 §10.2.2) leads from `base`; none when it leaves its scheme, host or
// port, or cannot be understood.
std::optional<StationUrl> follow_redirect(const StationUrl& base, std::string_view location);

}  // namespace pap::net
