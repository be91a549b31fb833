// SPDX-License-Identifier: MIT
#pragma once

// Retry-After (RFC 9110 §10.2.3): a number of seconds, or a date in any of the three forms of
// §5.6.7, as the duration from `now`. A date that has passed is 0; more than kMaxRetryAfter is
// cut to it; anything else is none.
//
// Threads: pure function.

#include <chrono>
#include <optional>
#include <string_view>

#include "pap/core/instant.hpp"

namespace pap::net {

std::optional<core::Nanos> parse_retry_after(std::string_view value,
                                             std::chrono::system_clock::time_point now);

}  // namespace pap::net
