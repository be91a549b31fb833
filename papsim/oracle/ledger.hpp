// SPDX-License-Identifier: MIT
#pragma once

// What happened to each agent that the Station should hear of, and what it did hear: one page an
// agent and type, a line an event.
//
// Ownership: values. Threads: one.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pap/protocol/alert.hpp"
#include "pap/protocol/mode.hpp"
#include "papsim/scenario/plan.hpp"
#include "papsim/world/wheel.hpp"

namespace pap::sim {

struct Happened {
  WorldTime at = 0;
  protocol::Mode mode = protocol::Mode::kIdle;
  std::optional<protocol::Mode> previous_mode;
  double uptime = 0;
  double previous_uptime = 0;
  // death: in the collector's listening time
  WorldTime silence = 0;
  bool over = false;      // heard again since
  std::size_t death = 0;  // its number among the deaths seen

  // The dedup window that held it back, and since when it holds no more. Both with what had been
  // lost of listening time by then.
  struct Moment {
    WorldTime at = 0;
    WorldTime lost = 0;
  };
  std::optional<Moment> window_ends;
  std::optional<Moment> untrue_since;
  // Held back, and not true when its window ended: it need never be told, true again or not.
  bool lapsed() const {
    return key.empty() && window_ends && untrue_since && untrue_since->at <= window_ends->at;
  }

  std::string key;          // once it was posted
  WorldTime posted_at = 0;  // … first
  std::uint32_t posts = 0;
  std::optional<WorldTime> first_failed;
  std::optional<WorldTime> told;  // answered finally
  bool stored = false;            // … with 2xx
  bool lost = false;              // dropped when it was over, and so not to be told afresh
  bool superseded = false;        // … with a later one held back behind it, which lapsed with it
  std::optional<WorldTime> retold;
};

// An alert of one could be of the other: nothing in its details tells them apart.
inline bool are_told_alike(const Happened& a, const Happened& b) {
  return a.uptime == b.uptime && a.previous_uptime == b.previous_uptime && a.mode == b.mode &&
         a.previous_mode == b.previous_mode;
}

struct Page {
  std::vector<Happened> events;
  std::optional<WorldTime> told;     // the last final answer, or taken as told
  std::optional<WorldTime> dropped;  // the last
};

class Ledger {
 public:
  using Key = std::pair<AgentNumber, protocol::AlertType>;

  Page& page(AgentNumber agent, protocol::AlertType type) { return pages_[{agent, type}]; }
  // Null when nothing of this ever happened.
  Page* find_page(AgentNumber agent, protocol::AlertType type) {
    const auto found = pages_.find({agent, type});
    return found == pages_.end() ? nullptr : &found->second;
  }
  const std::map<Key, Page>& pages() const { return pages_; }

  // The line that was posted under this key; null when none was.
  struct Line {
    Key page;
    std::size_t event;
  };
  const Line* find(std::string_view key) const {
    const auto found = by_key_.find(key);
    return found == by_key_.end() ? nullptr : &found->second;
  }
  void assign(const std::string& key, Line line) { by_key_.emplace(key, line); }
  void forget(AgentNumber agent) {
    for (const auto type : protocol::kAlertTypes) pages_.erase({agent, type});
  }

 private:
  std::map<Key, Page> pages_;
  std::map<std::string, Line, std::less<>> by_key_;
};

}  // namespace pap::sim
