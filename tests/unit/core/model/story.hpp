// SPDX-License-Identifier: MIT
#pragma once

// What happens to a few agents and their collector, one act after the other, drawn from a seed.
//
// An act says all that it needs, so a story stays a story when acts are cut out of it.
// Threads: values.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pap/core/collector.hpp"
#include "pap/protocol/mode.hpp"

namespace pap::test {

// How the Station takes what it is sent.
enum class Mood : std::uint8_t {
  kStores,
  kStoresSlowly,
  kRefuses,
  kErrors,
  kNoConnection,
  kHangs,
  kLimits,           // 429 without Retry-After
  kLimitsForAWhile,  // 429 with one
  kBusy,             // 503 with one
  kMisdirected,      // 401
  kMixed,            // each post otherwise
};
inline constexpr std::size_t kMoods = 11;
std::string_view to_string(Mood mood);

struct Act {
  enum class Kind : std::uint8_t {
    kBeat,
    kWait,
    kStall,
    kHearsNobody,
    kHearsSome,
    kHearsAll,
    kStation,
    kRemove,
    kStepWall,
    kDrain
  };

  Kind kind = Kind::kWait;
  std::size_t agent = 0;                        // beat, remove
  protocol::Mode mode = protocol::Mode::kIdle;  // beat
  std::optional<core::Nanos> new_process;       // beat: of a process that is so old
  core::Nanos delay{0};                         // beat: it left so long ago
  bool renames = false;                         // beat
  core::Nanos span{0};                          // wait, stall, step_wall; hears: since when
  bool catches_up = true;                       // stall: the driver says when it has
  Mood mood = Mood::kStores;                    // station

  std::string to_text() const;
};

struct Story {
  std::uint64_t seed = 0;
  core::CollectorSettings settings;
  std::size_t agents = 0;
  std::vector<Act> acts;

  std::string to_text() const;
};

// An agent's id: every other one is no UUID.
std::string id_of(std::size_t agent);

Story draw_story(std::uint64_t seed);

}  // namespace pap::test
