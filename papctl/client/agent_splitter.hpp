// SPDX-License-Identifier: MIT
#pragma once

// Takes GET /agents apart while it arrives, so that a list of a whole fleet is shown from its first
// bytes on and never kept: each object in the array "agents" of the outermost object is handed out
// as text; everything else is kept, with that array empty.
//
// Errors: none here; what is no JSON shows when a piece of it, or the rest, is parsed.
// Limits: an agent's text, and the rest, have at most kMostPieceBytes each; beyond that feed()
// answers false.
// Threads: one.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace pap::ctl {

class AgentSplitter {
 public:
  static constexpr std::size_t kMostPieceBytes = 1U << 20U;

  // `found` says whether it wants more.
  explicit AgentSplitter(std::function<bool(std::string_view agent)> found);

  // False when no more is wanted, or a piece is too long.
  bool feed(std::string_view piece);
  // When all has been fed: the outermost object without its agents.
  const std::string& rest() const { return rest_; }

 private:
  bool take(char c);
  bool keep(std::string& where, char c) const;

  const std::function<bool(std::string_view)> found_;
  std::string rest_;
  std::string agent_;
  std::string key_;  // the text last read at depth 1
  bool in_text_ = false;
  bool escaped_ = false;
  bool after_colon_ = false;
  bool in_agents_ = false;
  int depth_ = 0;
};

}  // namespace pap::ctl
