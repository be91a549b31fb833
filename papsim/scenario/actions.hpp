// SPDX-License-Identifier: MIT
#pragma once

// What can be said of an action without running it. Threads: pure functions.

#include <string_view>

#include "papsim/scenario/model.hpp"

namespace pap::sim {

// The verb as it is written.
std::string_view verb_of(const Action& action);

// About agents, each of which it meets for itself.
bool is_about_agents(const Action& action);

// Something that may be begun and ended, so that `during` makes sense.
bool may_be_during(const Action& action);
// Something that goes on until it is ended: without an end of its own it lasts until `for`.
bool goes_on(const Action& action);
// Something that may silence an agent towards the collector.
bool may_silence(const Action& action);

// From the first moment that the entry is about to the last, `for` at the latest.
struct Span {
  Millis from{0};
  Millis to{0};
};
Span span_of(const Scenario& scenario, const Entry& entry);

// A lambda for each alternative of a variant.
template <class... Lambdas>
struct Overloaded : Lambdas... {
  using Lambdas::operator()...;
};
template <class... Lambdas>
Overloaded(Lambdas...) -> Overloaded<Lambdas...>;

}  // namespace pap::sim
