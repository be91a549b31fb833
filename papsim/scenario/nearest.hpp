// SPDX-License-Identifier: MIT
#pragma once

// The word that somebody probably meant, for messages. Threads: pure functions.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pap::sim {

// Letters inserted, dropped, changed, or swapped with their neighbour, in the fewest steps; upper
// and lower case count as one letter.
std::size_t edit_distance(std::string_view a, std::string_view b);

// A third of the letters wrong is still a typo; beyond that it is another word.
bool is_typo(std::string_view wrong, std::string_view word);

// "; did you mean 'x'?" when one of `words` is near, else "; there are x, y and z", else nothing.
std::string suggestion(std::string_view wrong, std::span<const std::string_view> words);

// "x", "x and y", "x, y and z".
std::string listed(std::span<const std::string_view> words);

}  // namespace pap::sim
