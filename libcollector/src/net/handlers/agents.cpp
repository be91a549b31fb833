// SPDX-License-Identifier: MIT
#include <charconv>
#include <optional>
#include <string>

#include "net/handlers/handlers.hpp"
#include "net/handlers/parameters.hpp"
#include "net/limits.hpp"
#include "net/server.hpp"
#include "pap/protocol/answers.hpp"
#include "protocol/utf8.hpp"

namespace pap::net {
namespace {

std::optional<core::ListFilter> filter_of(const Request& request, Response& response) {
  core::ListFilter filter;
  if (!mode_parameter(request, filter.mode, response)) return std::nullopt;
  if (const auto healthy = request.parameter("healthy"); healthy && !healthy->empty()) {
    if (*healthy != "true" && *healthy != "false") {
      response.fail(400, "Invalid parameter", "healthy must be true or false");
      return std::nullopt;
    }
    filter.healthy = *healthy == "true";
  }
  filter.name_part = request.parameter("name").value_or("");
  return filter;
}

void not_found(const Server& server, std::string_view id, Response& response) {
  // Not to be repeated in an answer, which is JSON.
  if (!protocol::is_utf8(id)) {
    return response.fail(400, "Invalid agent id", protocol::AgentId::why_invalid(id));
  }
  response.status = 404;
  protocol::append_agent_not_found(response.body, id, server.config().cluster_id);
}

}  // namespace

void get_agents(Server& server, const Request& request, std::string_view, Response& response) {
  core::Collector& core = server.driver().core();
  const core::Instant now = system_now();
  response.took_a_slice = true;
  if (server.lists_full()) {
    return response.retry_later("Too many lists",
                                "as many lists as this collector writes at a time"
                                " are on their way");
  }
  if (!core.settle_health(now)) {
    response.again = true;
    return;
  }
  auto filter = filter_of(request, response);
  if (!filter) return;
  std::optional<std::size_t> limit;
  if (!limit_parameter(request, kMaxListLimit, limit, response)) return;
  const std::string cursor = request.parameter("cursor").value_or("");
  auto list = core.begin_list(std::move(*filter), limit, cursor);
  if (!list) {
    return response.fail(400, "Invalid cursor",
                         "it must be the next_cursor of an answer since this collector started");
  }

  protocol::append_agents_opening(response.body, core.settings().cluster, core.stats());
  core.continue_list(*list, response.body, now);
  if (list->done) {
    protocol::append_agents_closing(response.body, list->next_cursor);
  } else {
    response.list = std::move(*list);
  }
}

void get_agent(Server& server, const Request&, std::string_view tail, Response& response) {
  const auto id = protocol::AgentId::parse(tail);
  if (!id || !server.driver().core().append_agent(response.body, *id, system_now())) {
    not_found(server, tail, response);
  }
}

void delete_agent(Server& server, const Request&, std::string_view tail, Response& response) {
  const auto id = protocol::AgentId::parse(tail);
  if (!id || !server.driver().core().remove(*id, system_now())) {
    return not_found(server, tail, response);
  }
  server.driver().after_call();
  protocol::append_removed(response.body, tail);
}

}  // namespace pap::net
