// SPDX-License-Identifier: MIT
#pragma once

// The names of one scenario: its groups and its timeline entries, in one room, so that a set in
// `expect` cannot mean two things.
//
// Ownership: refers to the document that it was made from. Threads: one.

#include <optional>
#include <string_view>
#include <vector>

#include "papsim/scenario/document.hpp"
#include "papsim/scenario/model.hpp"
#include "papsim/scenario/problem.hpp"

namespace pap::sim {

class Resolver {
 public:
  // Gathers the names of `fleet` and `timeline`; names that stand twice are problems.
  Resolver(const Node& document, Problems& problems);

  // Where it stands among groups or entries; a problem where there is none. `before`: of the
  // entries, only those above this one may be meant.
  std::optional<AgentSet> find(const Node& name, std::optional<std::size_t> before = {}) const;
  std::optional<std::size_t> group(const Node& name) const;
  std::optional<std::size_t> entry(const Node& name) const;
  std::vector<AgentSet> find_all(const std::vector<const Node*>& names) const;

 private:
  struct Name {
    std::string_view name;
    AgentSet set;
  };

  void add(const Node& name, AgentSet set);
  const Name* look_up(std::string_view name) const;
  std::string suggest(std::string_view wrong, std::optional<AgentSet::Kind> kind,
                      std::optional<std::size_t> before) const;

  Problems& problems_;
  std::vector<Name> names_;
};

// `who: collector` is the collector's own link, so no group or entry may be called that.
inline constexpr std::string_view kCollectorItself = "collector";

}  // namespace pap::sim
