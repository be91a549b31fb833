// SPDX-License-Identifier: MIT
#include "net/handlers/handlers.hpp"
#include "net/handlers/parameters.hpp"
#include "net/limits.hpp"
#include "net/server.hpp"
#include "pap/protocol/agent_id.hpp"

namespace pap::net {
namespace {

// What Beast would refuse in words of its own, and without JSON, once it has the connection.
bool good_handshake(const Request& request, Response& response) {
  if (!request.websocket) {
    response.headers += "Upgrade: websocket\r\nConnection: Upgrade\r\n";
    response.fail(426, "Upgrade required", "this is a WebSocket: ws://host/observe/<id>");
  } else if (request.websocket_version != "13") {
    response.headers += "Sec-WebSocket-Version: 13\r\n";
    response.fail(426, "Upgrade required", "Sec-WebSocket-Version must be 13");
  } else if (request.websocket_key.size() != kWebSocketKeyBytes) {
    response.fail(400, "Bad request", "Sec-WebSocket-Key must be 16 bytes in base64");
  } else if (!request.host) {
    response.fail(400, "Bad request", "a WebSocket handshake needs Host");
  }
  return response.status == 200;
}

}  // namespace

void get_observe(Server& server, const Request& request, std::string_view tail,
                 Response& response) {
  if (!good_handshake(request, response)) return;
  core::Watch watch;
  if (!tail.empty()) {
    if (!protocol::AgentId::parse(tail)) {
      return response.fail(400, "Invalid agent id", protocol::AgentId::why_invalid(tail));
    }
    watch.agent_id = std::string{tail};
  } else if (!request.parameter("mode") && !request.parameter("name")) {
    response.agent_id_missing = true;
    return;
  } else {
    if (!mode_parameter(request, watch.mode, response)) return;
    watch.name_part = request.parameter("name").value_or("");
  }
  if (server.observers_full()) {
    return response.retry_later("Too many observers",
                                "this collector serves " +
                                    std::to_string(server.config().max_observers) +
                                    " at a time (MAX_OBSERVERS)");
  }
  response.observe = std::move(watch);
}

}  // namespace pap::net
