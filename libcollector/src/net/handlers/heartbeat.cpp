// SPDX-License-Identifier: MIT
#include "net/handlers/handlers.hpp"
#include "net/server.hpp"
#include "pap/protocol/answers.hpp"

namespace pap::net {
namespace {

BeatRefusal reason_of(protocol::Refusal::Reason reason) {
  using Reason = protocol::Refusal::Reason;
  switch (reason) {
    case Reason::kForbiddenField:
      return BeatRefusal::kForbiddenField;
    case Reason::kInvalidMode:
      return BeatRefusal::kInvalidMode;
    case Reason::kInvalidPayload:
      break;
  }
  return BeatRefusal::kInvalidPayload;
}

}  // namespace

void post_heartbeat(Server& server, const Request& request, std::string_view tail,
                    Response& response) {
  NetCounters& counters = server.counters();
  if (request.content_encoding) {
    counters.refuse(BeatRefusal::kEncoding);
    return response.fail(415, "Unsupported content encoding", "send the heartbeat uncompressed");
  }
  const auto id = protocol::AgentId::parse(tail);
  if (!id) {
    counters.refuse(BeatRefusal::kInvalidId);
    return response.fail(400, "Invalid agent id", protocol::AgentId::why_invalid(tail));
  }
  const auto heartbeat = server.reader().read(request.body);
  if (!heartbeat) {
    const protocol::Refusal& refusal = heartbeat.error();
    counters.refuse(reason_of(refusal.reason));
    response.status = 400;
    if (refusal.reason == protocol::Refusal::Reason::kInvalidMode) {
      protocol::append_invalid_mode(response.body, refusal.message);
    } else {
      protocol::append_invalid_payload(response.body, refusal.message);
    }
    return;
  }

  Driver& driver = server.driver();
  const core::HeartbeatOutcome outcome = driver.core().heartbeat(*id, *heartbeat, system_now());
  driver.after_call();
  if (!outcome.accepted) {
    counters.refuse(BeatRefusal::kTableFull);
    return response.retry_later(
        "Too many agents", "this collector keeps " + std::to_string(server.config().max_agents) +
                               " (MAX_AGENTS), and none of them is told dead");
  }
  if (request.node_fetch) response.next_beat = interval_of(outcome.mode);
  response.json(200,
                protocol::heartbeat_answer(outcome.is_new, outcome.restart_detected, outcome.mode));
}

}  // namespace pap::net
