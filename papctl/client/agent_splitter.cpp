// SPDX-License-Identifier: MIT
#include "papctl/client/agent_splitter.hpp"

#include <algorithm>
#include <utility>

namespace pap::ctl {

AgentSplitter::AgentSplitter(std::function<bool(std::string_view)> found)
    : found_(std::move(found)) {}

bool AgentSplitter::feed(std::string_view piece) {
  return std::all_of(piece.begin(), piece.end(), [this](char c) { return take(c); });
}

bool AgentSplitter::keep(std::string& where, char c) const {
  where += c;
  return where.size() <= kMostPieceBytes;
}

bool AgentSplitter::take(char c) {
  if (in_text_) {
    if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      in_text_ = false;
    }
    if (depth_ == 1 && !after_colon_ && in_text_) key_ += c;
    // Depth 2 in the agents' array is between agents: what stands there goes with the next one.
    return keep(in_agents_ ? agent_ : rest_, c);
  }

  switch (c) {
    case '"':
      in_text_ = true;
      if (depth_ == 1 && !after_colon_) key_.clear();
      break;
    case ':':
      if (depth_ == 1) after_colon_ = true;
      break;
    case ',':
      if (depth_ == 1) after_colon_ = false;
      if (in_agents_ && depth_ == 2) return true;
      break;
    case '[':
    case '{':
      ++depth_;
      if (c == '[' && depth_ == 2 && after_colon_ && key_ == "agents") {
        in_agents_ = true;
        agent_.clear();
        return keep(rest_, c);
      }
      break;
    case ']':
    case '}':
      --depth_;
      if (in_agents_ && depth_ == 1) {
        in_agents_ = false;
        // No object, but something: whoever parses it will say so.
        const bool strange = agent_.find_first_not_of(" \t\r\n") != std::string::npos;
        return (!strange || found_(agent_)) && keep(rest_, c);
      }
      if (in_agents_ && depth_ == 2) {
        agent_ += c;
        const bool more = found_(agent_);
        agent_.clear();
        return more;
      }
      break;
    default:
      break;
  }
  return keep(in_agents_ ? agent_ : rest_, c);
}

}  // namespace pap::ctl
