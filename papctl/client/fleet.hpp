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
#include <unordered_set>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "papctl/client/agent.hpp"
#include "papctl/client/client.hpp"

namespace pap::ctl {

// The agents of one page; the first lines should be there at once.
inline constexpr std::size_t kPage = 500;

// Of a whole name, as fnmatch(3) has it; "" takes all.
bool glob_takes(const std::string& glob, const std::string& name);
// The longest run of a glob that stands for itself: collectors look for names that hold it.
std::string literal_of(const std::string& glob);

struct Choice {
  std::optional<std::string> mode;  // as on the wire
  std::optional<bool> healthy;
  std::string name_glob;  // as glob_takes() has it

  bool takes(const Agent& agent) const;
};

// The path that asks for these; a collector's names hold the longest literal part of the glob, so
// what comes is still to be looked at with takes().
std::string agents_query(const Choice& choice, std::optional<bool> healthy, std::size_t limit);

// One collector's agents, the unhealthy and then the rest: in two calls, so that the unhealthy of
// several collectors can stand before the rest of any. Whoever changes sides between the calls was
// shown by the first, or is shown by the second, and never by both.
class FleetList {
 public:
  // The moment of the first answer, by its Date, before any agent of it.
  using Begun = std::function<void(TimePoint now)>;
  // Says whether it wants more.
  using Take = std::function<bool(Agent)>;

  FleetList(Client& client, Choice choice) : client_(client), choice_(std::move(choice)) {}

  // Each is false when no more was wanted. Where the choice is of one side, the other call hands
  // out nobody.
  bool unhealthy(const Begun& begun, const Take& take);
  bool rest(const Begun& begun, const Take& take);

 private:
  bool pages(std::optional<bool> healthy, const Begun& begun, const Take& take);

  Client& client_;
  const Choice choice_;
  bool old_ = false;                       // it answers with the whole fleet
  std::vector<Agent> put_aside_;           // … its healthy agents
  std::unordered_set<std::string> shown_;  // the unhealthy, where the others are asked for too
};

// Both, one after the other.
void list_fleet(Client& client, const Choice& choice, const FleetList::Begun& begun,
                const FleetList::Take& take);

struct Found {
  nlohmann::ordered_json answer;  // as GET /agents/:agentId gives it
  Agent agent;
  TimePoint now;
};
// The agent with this id, none where the collector says that there is no such agent: any other 404
// is a Failure.
std::optional<Found> find_whole_id(Client& client, const std::string& id);
// … or the only one whose id begins so. Failure (not found, or an ambiguous beginning, with the
// candidates).
Found find_agent(Client& client, const std::string& id_or_prefix);

}  // namespace pap::ctl
