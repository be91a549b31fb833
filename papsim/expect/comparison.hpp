// SPDX-License-Identifier: MIT
#pragma once

// A figure against its bound.
//
// Threads: pure functions.

#include <cstdint>
#include <string_view>

#include "papsim/scenario/model.hpp"

namespace pap::sim {

constexpr bool holds(std::int64_t value, Comparison comparison, std::int64_t bound) {
  switch (comparison) {
    case Comparison::kLess:
      return value < bound;
    case Comparison::kLessEqual:
      return value <= bound;
    case Comparison::kEqual:
      return value == bound;
    case Comparison::kGreaterEqual:
      return value >= bound;
    case Comparison::kGreater:
      return value > bound;
  }
  return false;
}

constexpr std::string_view sign_of(Comparison comparison) {
  switch (comparison) {
    case Comparison::kLess:
      return "< ";
    case Comparison::kLessEqual:
      return "<= ";
    case Comparison::kEqual:
      return "";
    case Comparison::kGreaterEqual:
      return ">= ";
    case Comparison::kGreater:
      return "> ";
  }
  return "";
}

}  // namespace pap::sim
