// SPDX-License-Identifier: MIT
#pragma once

// Asks a collector on this machine whether it is well: `collectord --healthcheck`, for images
// that bring no curl.
//
// Errors: a text for people. Threads: blocks the caller for three seconds at the most.

#include <string>

#include "pap/export.hpp"
#include "pap/net/config.hpp"

namespace pap::net {

// Why GET /health of the collector with this configuration is not answered with 200; "" when it
// is. Where it listens on every address, it is asked on the loopback one.
PAP_API std::string why_unhealthy(const Config& config);

}  // namespace pap::net
