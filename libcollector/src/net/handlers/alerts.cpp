// SPDX-License-Identifier: MIT
#include "net/handlers/handlers.hpp"
#include "net/handlers/parameters.hpp"
#include "net/limits.hpp"
#include "net/server.hpp"
#include "pap/protocol/json_writer.hpp"

namespace pap::net {

void get_alerts(Server& server, const Request& request, std::string_view, Response& response) {
  response.took_a_slice = true;
  std::optional<std::size_t> limit;
  if (!limit_parameter(request, core::kAlertHistory, limit, response)) return;
  response.body += "{\"cluster_id\":";
  protocol::append_json_string(response.body, server.config().cluster_id);
  response.body += ",\"alerts\":[";
  server.driver().core().append_alerts(response.body, limit.value_or(kDefaultAlertRows));
  response.body += "]}";
}

}  // namespace pap::net
