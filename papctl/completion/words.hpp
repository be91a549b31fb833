// SPDX-License-Identifier: MIT
#pragma once

// What can stand where the cursor is, by the definitions of the command line.
//
// Threads: pure functions.

#include <cstdint>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace pap::ctl {

struct Candidate {
  std::string word;
  std::string about;  // one line, or ""
};

struct Completion {
  enum class More : std::uint8_t { kNothing, kFiles, kContexts, kAgents };

  // Words that begin as what was typed does.
  std::vector<Candidate> candidates;
  // What else fits, and is not in the definitions: those that begin with `typed`, each with
  // `before` in front ("--context=" in `--context=pr`).
  More more = More::kNothing;
  std::string typed;
  std::string before;
  // Options of every command that were given before: which collectors to ask.
  std::vector<std::string> globals;
};

// The last word is the one that is completed, and may be "".
Completion complete(const CLI::App& root, const std::vector<std::string>& words);

}  // namespace pap::ctl
