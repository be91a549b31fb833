// SPDX-License-Identifier: MIT
#pragma once

// A run that is over, to be held against one expectation after another.

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "papsim/expect/evaluate.hpp"
#include "papsim/expect/virtual_evidence.hpp"
#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {

class JudgedRun {
 public:
  explicit JudgedRun(Parts parts)
      : parts_(std::move(parts)),
        scenario_(read(parts_)),
        plan_(plan_of(scenario_)),
        oracle_(scenario_, plan_),
        world_(std::make_unique<World>(scenario_, plan_, oracle_)) {
    oracle_.know(world_->identities());
    oracle_.ask([this](AgentNumber agent) {
      Oracle::Truth truth;
      truth.living = world_->fleet().beating(agent);
      if (world_->fleet().away(agent)) truth.excuse = Excuse::kAgentAway;
      return truth;
    });
    world_->run();
  }

  World& world() { return *world_; }
  Oracle& oracle() { return oracle_; }

  // All checks, had the scenario expected this.
  std::vector<Check> checks(const std::string& expect) {
    Parts parts = parts_;
    parts.expect = expect;
    const Scenario scenario = read(parts);
    return evaluate({scenario, plan_, VirtualEvidence(*world_, oracle_)});
  }
  // The first of this rule and about this; a void one when there is none.
  Check check(const std::string& expect, const std::string& rule, const std::string& about = "") {
    for (Check& each : checks(expect)) {
      if (each.rule == rule && each.what.find(about) != std::string::npos) return std::move(each);
    }
    Check none;
    none.verdict = Verdict::kVoid;
    none.what = "no such row";
    return none;
  }
  Verdict verdict(const std::string& expect, const std::string& rule,
                  const std::string& about = "") {
    return check(expect, rule, about).verdict;
  }

 private:
  const Parts parts_;
  const Scenario scenario_;
  const Plan plan_;
  Oracle oracle_;
  std::unique_ptr<World> world_;
};

}  // namespace pap::sim
