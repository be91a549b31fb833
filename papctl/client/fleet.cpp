// SPDX-License-Identifier: MIT
#include "papctl/client/fleet.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <unordered_set>
#include <utility>
#include <vector>

#include "papctl/client/agent_splitter.hpp"
#include "papctl/client/json_text.hpp"
#include "papctl/exit_status.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostCandidates = 10;

struct Page {
  Json rest;
  TimePoint now;
  std::optional<std::string> next_cursor;
};

// One answer of GET /agents, an agent at a time.
class PageReader {
 public:
  PageReader(Client& client, const std::function<void(TimePoint)>& begun,
             const std::function<bool(Agent)>& take)
      : client_(client), begun_(begun), take_(take) {}

  // None when no more was wanted.
  std::optional<Page> read(const std::string& path) {
    bool good = true;
    bool wanted = true;
    bool unnamed = false;
    AgentSplitter splitter([&](std::string_view text) {
      Json json = read_json(text);
      good = json.is_object();
      Agent agent = Agent::from(std::move(json));
      unnamed = good && agent.id.empty();
      wanted = good && !unnamed && take_(std::move(agent));
      return wanted;
    });
    const Answer answer = client_.stream(path, begun_, [&](std::string_view piece) {
      if (splitter.feed(piece)) return true;
      if (wanted) good = false;  // a piece too long
      return false;
    });
    if (answer.status != 200) {
      client_.get_json(path);  // says why
      throw Failure(kError, client_.endpoint().url(path) + " changed its mind");
    }
    const std::string url = client_.endpoint().url(path);
    if (unnamed) throw no_collectors_answer(url, "holds an agent without an agent_uuid");
    if (good && !wanted) return std::nullopt;
    Page page{read_json(splitter.rest()), answer.now, std::nullopt};
    if (!good || !page.rest.is_object()) throw no_collectors_answer(url, "is not JSON");
    if (!page.rest.contains("agents")) throw no_collectors_answer(url, "lists no agents");
    const auto cursor = page.rest.find("next_cursor");
    if (cursor != page.rest.end() && cursor->is_string()) {
      page.next_cursor = cursor->get<std::string>();
    }
    return page;
  }

 private:
  Client& client_;
  const std::function<void(TimePoint)>& begun_;
  const std::function<bool(Agent)>& take_;
};

}  // namespace

// Where a bracket ends is fnmatch(3)'s affair, so nothing behind one counts.
std::string literal_of(const std::string& glob) {
  std::string longest;
  std::string run;
  for (std::size_t i = 0; i <= glob.size(); ++i) {
    const char c = i < glob.size() ? glob[i] : '*';
    if (c != '*' && c != '?' && c != '[' && c != '\\') {
      run += c;
      continue;
    }
    if (run.size() > longest.size()) longest = run;
    run.clear();
    if (c == '[') break;
    if (c == '\\') ++i;  // the next stands for itself, and is left out
  }
  return longest;
}

bool glob_takes(const std::string& glob, const std::string& name) {
  return glob.empty() || ::fnmatch(glob.c_str(), name.c_str(), 0) == 0;
}

bool Choice::takes(const Agent& agent) const {
  if (mode && agent.mode != *mode) return false;
  if (healthy && agent.healthy != *healthy) return false;
  return glob_takes(name_glob, agent.name);
}

std::string agents_query(const Choice& choice, std::optional<bool> healthy, std::size_t limit) {
  std::string query = "/agents?limit=" + std::to_string(limit);
  if (healthy) query += std::string("&healthy=") + (*healthy ? "true" : "false");
  if (choice.mode) query += "&mode=" + *choice.mode;
  const std::string literal = literal_of(choice.name_glob);
  if (!literal.empty()) query += "&name=" + percent_encoded(literal);
  return query;
}

bool FleetList::pages(std::optional<bool> healthy, const Begun& begun, const Take& take) {
  bool first = true;
  const std::function<void(TimePoint)> at_first = [&](TimePoint now) {
    if (std::exchange(first, false) && begun) begun(now);
  };
  PageReader reader(client_, at_first, take);
  const std::string query = agents_query(choice_, healthy, kPage);
  std::string cursor;
  for (;;) {
    const auto page = reader.read(query + cursor);
    if (!page) return false;
    if (!page->next_cursor) return true;
    cursor = "&cursor=" + percent_encoded(*page->next_cursor);
  }
}

bool FleetList::unhealthy(const Begun& begun, const Take& take) {
  if (choice_.healthy.value_or(false)) return true;
  return pages(false, begun, [&](Agent agent) {
    if (agent.healthy) {
      old_ = true;
      if (!choice_.healthy && choice_.takes(agent)) put_aside_.push_back(std::move(agent));
      return true;
    }
    if (!choice_.takes(agent)) return true;
    if (!choice_.healthy) shown_.insert(agent.id);
    return take(std::move(agent));
  });
}

bool FleetList::rest(const Begun& begun, const Take& take) {
  if (!choice_.healthy.value_or(true)) return true;
  if (old_) {
    return std::all_of(put_aside_.begin(), put_aside_.end(),
                       [&](Agent& agent) { return take(std::move(agent)); });
  }
  // An agent may come back or fall silent between the calls. So this one asks for all, and
  // everybody who was there throughout is shown, and shown once.
  return pages(choice_.healthy, begun, [&](Agent agent) {
    if (!choice_.takes(agent) || shown_.contains(agent.id)) return true;
    return take(std::move(agent));
  });
}

void list_fleet(Client& client, const Choice& choice, const FleetList::Begun& begun,
                const FleetList::Take& take) {
  FleetList list(client, choice);
  bool first = true;
  const FleetList::Begun at_first = [&](TimePoint now) {
    if (std::exchange(first, false) && begun) begun(now);
  };
  if (list.unhealthy(at_first, take)) list.rest(at_first, take);
}

std::optional<Found> find_whole_id(Client& client, const std::string& id) {
  const std::string path = "/agents/" + percent_encoded(id);
  const std::string url = client.endpoint().url(path);
  const Answer answer = client.get(path);
  Json json = read_json(answer.body);
  if (answer.status == 404) {
    // A proxy, or a path that is wrong, answers 404 too.
    if (json.is_object() && json.value("error", Json()) == "Agent not found") return std::nullopt;
    throw Failure(kError, "there is no " + url, "Is this a collector, with the right path?");
  }
  if (answer.status != 200) throw refusal_of(url, answer);
  if (!json.is_object()) throw no_collectors_answer(url, "is not JSON");
  Agent agent = Agent::from(json.value("agent", Json::object()));
  if (agent.id.empty()) throw no_collectors_answer(url, "holds no agent with an agent_uuid");
  return Found{std::move(json), std::move(agent), answer.now};
}

Found find_agent(Client& client, const std::string& wanted) {
  if (auto found = find_whole_id(client, wanted)) return std::move(*found);
  std::vector<std::string> candidates;
  std::size_t more = 0;
  list_fleet(client, {}, {}, [&](const Agent& agent) {
    if (!agent.id.starts_with(wanted)) return true;
    if (candidates.size() < kMostCandidates) {
      candidates.push_back(agent.id);
    } else {
      ++more;
    }
    return true;
  });
  if (candidates.size() == 1) return find_agent(client, candidates.front());
  if (candidates.empty()) {
    throw Failure(kNotFound, "no agent \"" + visible(wanted) + "\" at " + client.endpoint().url(),
                  "`papctl agents list` shows who is there.");
  }
  std::string what = "\"" + visible(wanted) + "\" begins more than one agent's id:";
  for (const std::string& id : candidates) what += "\n  " + visible(id);
  if (more > 0) what += "\n  and " + std::to_string(more) + " more";
  throw Failure(kNotFound, what, "Give more of it.");
}

}  // namespace pap::ctl
