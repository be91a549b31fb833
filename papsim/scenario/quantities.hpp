// SPDX-License-Identifier: MIT
#pragma once

// The quantities of a scenario, read from words and written back: 70s, 10%, 1..20, 2I + slack.
//
// What is written reads back to the same value. No float takes part: fractions are read digit by
// digit, and what does not come out whole in the unit below (milliseconds, parts per million) is
// refused.
// Errors: none for a word that says no such thing. Threads: pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "papsim/scenario/model.hpp"

namespace pap::sim {

// 500ms, 70s, 1.5h, 2d, 1m30s; 0 needs no unit. At most ten years.
std::optional<Millis> parse_duration(std::string_view word);
std::optional<Millis> parse_signed_duration(std::string_view word);  // … or -1h
std::string to_word(Millis duration);
// 1h2m3.045s: long times as people say them, where to_word() would count milliseconds.
std::string clock_word(Millis time);

// 10%, 0.4%, 200ppm; at most 100%.
std::optional<PartsPerMillion> parse_share(std::string_view word);
std::optional<std::int64_t> parse_drift(std::string_view word);  // -5%, 200ppm
std::string share_word(std::int64_t ppm);

// Digits alone, at most eighteen.
std::optional<std::int64_t> parse_integer(std::string_view word);

// `a..b` cut in two; `a` alone gives a and a.
std::optional<std::pair<std::string_view, std::string_view>> cut_range(std::string_view word);

// Sums of `2I`, `slack`, `0.5 slack` and durations, with + and -.
std::optional<Bound> parse_bound(std::string_view word);
std::string to_word(const Bound& bound);

// `0`, `"<= 5"`, `"> 0"`.
struct Comparand {
  Comparison comparison = Comparison::kEqual;
  std::int64_t value = 0;
};
std::optional<Comparand> parse_comparand(std::string_view word);
std::string_view to_word(Comparison comparison);

std::string_view trimmed(std::string_view text);

}  // namespace pap::sim
