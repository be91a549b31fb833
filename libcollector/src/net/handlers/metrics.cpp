// SPDX-License-Identifier: MIT
#include "net/handlers/handlers.hpp"
#include "net/metrics_text.hpp"
#include "net/server.hpp"

namespace pap::net {

void get_metrics(Server& server, const Request&, std::string_view, Response& response) {
  if (!server.driver().core().settle_health(system_now())) {
    response.again = true;
    return;
  }
  response.took_a_slice = true;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = metrics_text(server, system_now());
}

}  // namespace pap::net
