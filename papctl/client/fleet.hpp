// SPDX-License-Identifier: MIT
#pragma once

// Lists of agents, from collectors that page and filter, and from older ones that answer every
// question with the whole fleet.
//
// The unhealthy come first: they are asked for first, then all the rest, in pages; whoever changes
// sides meanwhile is handed out once. What comes is filtered here too, so that an older collector's
// answer is right as well; such a one is asked once, and its healthy agents are kept until the
// unhealthy have been shown.
// Memory: a page, and the ids of the unhealthy; of an older collector the fleet.
// Threads: one.

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

#include "papctl/client/agent.hpp"
#include "papctl/client/client.hpp"

namespace pap::ctl {

// The agents of one page; the first lines should be there at once.
inline constexpr std::size_t kPage = 500;

struct Choice {
  std::optional<std::string> mode;  // as on the wire
  std::optional<bool> healthy;
  std::string name_glob;  // "": all; of the name, as fnmatch(3) has it

  bool takes(const Agent& agent) const;
};

// The path that asks for these; a collector's names hold the longest literal part of the glob, so
// what comes is still to be looked at with takes().
std::string agents_query(const Choice& choice, std::optional<bool> healthy, std::size_t limit);

struct FleetAnswer {
  nlohmann::ordered_json head;  // of the first answer: cluster and stats
  TimePoint now;                // by that answer's Date
};

// Hands out every agent that the choice takes; `take` says whether it wants more. `begun` is told
// the moment of the first answer, by its Date, before any agent of it.
FleetAnswer list_fleet(Client& client, const Choice& choice,
                       const std::function<void(TimePoint now)>& begun,
                       const std::function<bool(Agent)>& take);

// The agent with this id, or the only one whose id begins so. Failure (not found, or an ambiguous
// beginning, with the candidates).
struct Found {
  nlohmann::ordered_json answer;  // as GET /agents/:agentId gives it
  Agent agent;
  TimePoint now;
};
Found find_agent(Client& client, const std::string& id_or_prefix);

}  // namespace pap::ctl
