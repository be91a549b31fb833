// SPDX-License-Identifier: MIT
#pragma once

// What the survival tests share: a real collectord, a stand-in Station and a live fleet run through
// a disaster each, in real time, with the intervals of EMERGENCY.
//
// The collector is judged by when agents did beat, not by when they meant to: a busy machine makes
// the fleet late as well.

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/build_kind.hpp"
#include "support/collectord_process.hpp"
#include "support/fleet.hpp"
#include "support/station.hpp"

namespace pap::test {

using SteadyTime = std::chrono::steady_clock::time_point;

// EMERGENCY's, with the default check interval (design: The failure detector).
inline constexpr std::chrono::milliseconds kInterval{5'000};
inline constexpr std::chrono::milliseconds kGrace = 2 * kInterval;
inline constexpr std::chrono::milliseconds kSlack{500};
// From a decision to the moment that the Station's thread notes, on a machine with other work.
inline constexpr std::chrono::milliseconds kMeasuringError{kSanitized ? 6'000 : 3'000};

// A fleet's size, or a third of it where everything is up to ten times slower.
constexpr std::size_t sized(std::size_t agents) { return kSanitized ? agents / 3 : agents; }

Environment told_to(const Station& station);

// Alerts of one type that the Station stored, by agent id.
using Told = std::map<std::string, std::vector<ReceivedAlert>>;
Told told(const Station& station, const std::string& type);
// How many different agents these are about.
std::size_t agents_in(const Station::Alerts& alerts, const std::string& type);

std::set<std::string> ids_of(const Lives& lives, const Fleet::Agents& agents);
std::set<std::string> ids_of(const Told& told);

// When a time of the wire was by the steady clock, to some milliseconds.
SteadyTime time_of(const nlohmann::json& text);

// The value of one sample of GET /metrics, named without `pap_collector_`; -1 for none.
double metric(const Collectord& collectord, const std::string& name, const std::string& label = {},
              const std::string& another = {});
// Asks for it until it has this value.
testing::AssertionResult wait_for_metric(const Collectord& collectord, const std::string& name,
                                         const std::string& label, const std::string& another,
                                         double value,
                                         std::chrono::seconds patience = std::chrono::seconds(60));
// Nothing waits, nothing is in flight: whatever was to be told has been.
testing::AssertionResult nothing_left_to_tell(const Collectord& collectord);

// Each of `agents` was told dead once: not before 2 x interval after its last beat was sent, not
// later than with the slack, and `latest` on top.
void expect_told_in_time(const Told& deaths, const Lives& lives, const Fleet::Agents& agents,
                         std::chrono::milliseconds latest = kMeasuringError);

// No beat of a living agent failed, and no connection was closed on one.
testing::AssertionResult no_beat_failed(const FleetCounts& counts);

}  // namespace pap::test
