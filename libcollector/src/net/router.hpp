// SPDX-License-Identifier: MIT
#pragma once

// Which handler answers: paths, methods, keys and the connection limit. One table (router.cpp);
// one endpoint is one row and one function in handlers/.
//
// Threads: the reactor's.

#include "net/request.hpp"
#include "net/response.hpp"

namespace pap::net {

class Server;

// `over_limit`: the connection is one too many; only /health and /ready are answered.
void route(Server& server, const Request& request, Response& response, bool over_limit);

}  // namespace pap::net
