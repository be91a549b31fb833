// SPDX-License-Identifier: MIT
#include <chrono>

#include "net/handlers/handlers.hpp"
#include "net/server.hpp"
#include "pap/protocol/answers.hpp"
#include "pap/version.hpp"

namespace pap::net {

void get_health(Server& server, const Request&, std::string_view, Response& response) {
  core::Collector& core = server.driver().core();
  const core::Instant now = system_now();
  if (!core.settle_health(now)) {
    response.again = true;
    return;
  }
  const double uptime = std::chrono::duration<double>(core.uptime(now)).count();
  protocol::append_health(response.body, core.settings().cluster, uptime, core.stats(),
                          core.alert_queue(now));
}

void get_ready(Server& server, const Request&, std::string_view, Response& response) {
  response.json(server.ready() ? 200 : 503, protocol::ready_answer(server.ready()));
}

void get_service(Server& server, const Request&, std::string_view, Response& response) {
  protocol::append_service(response.body, server.driver().core().settings().cluster, version());
}

}  // namespace pap::net
