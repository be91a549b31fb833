// SPDX-License-Identifier: MIT
#pragma once

// Everything that /metrics shows, as Prometheus text. The first seven families are the Node
// collector's, names and labels; all others are documented in docs/metrics.md.
//
// Threads: the reactor's.

#include <string>

#include "pap/core/instant.hpp"

namespace pap::net {

class Server;

std::string metrics_text(Server& server, core::Instant now);

}  // namespace pap::net
