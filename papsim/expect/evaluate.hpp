// SPDX-License-Identifier: MIT
#pragma once

// A run that is over, held against what its scenario expects: each check one row, with value,
// bound and population. What had no sample, and a fault that bit nobody, is `unknown`, never
// `pass`.
//
// Threads: pure functions of what they are given.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "papsim/expect/evidence.hpp"
#include "papsim/expect/verdict.hpp"
#include "papsim/scenario/plan.hpp"

namespace pap::sim {

struct FinishedRun {
  const Scenario& scenario;
  const Plan& plan;
  const Evidence& evidence;
};

// All of them, in the order of a report: faults, rules, alerts, detection, figures, marks.
std::vector<Check> evaluate(const FinishedRun& run);

// One kind each (expect/*.cpp).
void check_faults(const FinishedRun& run, std::vector<Check>& checks);
void check_rules(const FinishedRun& run, std::vector<Check>& checks);
void check_alerts(const FinishedRun& run, std::vector<Check>& checks);
void check_detection(const FinishedRun& run, std::vector<Check>& checks);
void check_figures(const FinishedRun& run, std::vector<Check>& checks);
void check_allow(const FinishedRun& run, std::vector<Check>& checks);
void check_marks(const FinishedRun& run, std::vector<Check>& checks);

// How often each mark was hit, in the order of the marks.
std::array<std::uint64_t, kMarks.size()> count_marks(const FinishedRun& run);

RunOutcome outcome_of(const Evidence& evidence);

// A death told of a living agent, for a reason that was proved and that the scenario allows.
bool excused(const FinishedRun& run, const DeathSeen& death);

// "rack7-0001, rack7-0002 and 8 more"
std::string some_of(const FinishedRun& run, const std::vector<AgentNumber>& agents);

// The check failed for these agents, if there are any: the failure is `about` and `how`.
void fail_of(const FinishedRun& run, const std::string& about, const char* how,
             const std::vector<AgentNumber>& agents, Check& check);

}  // namespace pap::sim
