// SPDX-License-Identifier: MIT
#pragma once

// Who may ask: `X-Collector-Key: <key>`, `Authorization: Bearer <key>`, or `?api_key=` for
// browsers' WebSockets, which cannot set headers. Compared in constant time.
//
// Threads: pure functions.

#include <optional>
#include <string>
#include <string_view>

#include "net/request.hpp"

namespace pap::net {

// In a time that depends on the length of `given` alone.
bool same_secret(std::string_view given, std::string_view secret);

// True as well when no key is set. `query_too`: the key may stand in the query.
bool authorized(const Request& request, const std::optional<std::string>& key, bool query_too);

}  // namespace pap::net
