// SPDX-License-Identifier: MIT
#pragma once

// Options that several commands have, read and refused alike.
//
// Threads: one.

#include <cstdint>
#include <optional>
#include <string_view>

namespace CLI {
class Option;
}

namespace pap::sim {

// Each job is a thread or a process: more of them than this are a slip of the pen.
inline constexpr unsigned kMostJobs = 256;

// A whole number from 0 to 2^64 - 1; none when it is no such word.
std::optional<std::uint64_t> parse_seed(std::string_view word);

// The option takes a seed, and nothing else.
CLI::Option* as_seed(CLI::Option* option);

// The option takes how many of something there are, from 1 up to what 32 bits hold.
CLI::Option* as_count(CLI::Option* option);

// The option takes a number of jobs, from 1.
CLI::Option* as_jobs(CLI::Option* option);

}  // namespace pap::sim
