// SPDX-License-Identifier: MIT
#include "papsim/commands/options.hpp"

#include <charconv>
#include <limits>
#include <string>

#include <CLI/CLI.hpp>

namespace pap::sim {
namespace {

// CLI11 reads a number as C does: -1 is the greatest there is, 010 is 8.
std::string read_as_seed(std::string& word) {
  const auto seed = parse_seed(word);
  if (!seed) {
    return "takes a whole number from 0 to " +
           std::to_string(std::numeric_limits<std::uint64_t>::max()) + ", not \"" + word + '"';
  }
  word = std::to_string(*seed);
  return {};
}

std::string read_as_count(std::string& word) {
  constexpr auto kMost = std::numeric_limits<std::uint32_t>::max();
  const auto count = parse_seed(word);
  if (!count || *count == 0 || *count > kMost) {
    return "takes a whole number from 1 to " + std::to_string(kMost) + ", not \"" + word + '"';
  }
  word = std::to_string(*count);
  return {};
}

}  // namespace

std::optional<std::uint64_t> parse_seed(std::string_view word) {
  std::uint64_t seed = 0;
  const char* const last = word.data() + word.size();
  const auto [end, error] = std::from_chars(word.data(), last, seed);
  if (error != std::errc{} || end != last) return std::nullopt;
  return seed;
}

CLI::Option* as_seed(CLI::Option* option) {
  return option->transform(CLI::Validator(read_as_seed, ""));
}

CLI::Option* as_count(CLI::Option* option) {
  return option->transform(CLI::Validator(read_as_count, ""));
}

CLI::Option* as_jobs(CLI::Option* option) { return option->check(CLI::Range(1U, kMostJobs)); }

}  // namespace pap::sim
