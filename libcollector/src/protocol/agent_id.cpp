// SPDX-License-Identifier: MIT
#include "pap/protocol/agent_id.hpp"

#include "protocol/utf8.hpp"
#include "protocol/uuid_text.hpp"

namespace pap::protocol {
namespace {

// Where the first of U+0000..001F and U+007F..009F stands in `utf8`; npos when there is none.
std::size_t first_control_character(std::string_view utf8) {
  for (std::size_t at = 0; at < utf8.size(); ++at) {
    const auto byte = static_cast<unsigned char>(utf8[at]);
    if (byte < 0x20 || byte == 0x7F) return at;
    // U+0080..009F are the two-byte characters C2 80 to C2 9F.
    if (byte == 0xC2 && static_cast<unsigned char>(utf8[at + 1]) < 0xA0) return at;
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<AgentId> AgentId::parse(std::string_view text) {
  if (const auto bytes = parse_uuid(text)) return from_uuid(*bytes);
  if (text.empty() || text.size() > kMaxAgentIdBytes) return std::nullopt;
  if (!is_utf8(text)) return std::nullopt;
  if (first_control_character(text) != std::string_view::npos) return std::nullopt;
  return from_checked_text(text);
}

std::string AgentId::why_invalid(std::string_view text) {
  if (text.empty()) return "the agent id is empty";
  if (text.size() > kMaxAgentIdBytes) {
    return "the agent id has " + std::to_string(text.size()) + " bytes, at most " +
           std::to_string(kMaxAgentIdBytes) + " are allowed";
  }
  if (const auto at = first_non_utf8(text); at != std::string_view::npos) {
    return "the agent id is not UTF-8 at byte " + std::to_string(at);
  }
  if (const auto at = first_control_character(text); at != std::string_view::npos) {
    return "the agent id has a control character at byte " + std::to_string(at);
  }
  return {};
}

AgentId AgentId::from_uuid(const UuidBytes& bytes) {
  AgentId id;
  id.uuid_ = bytes;
  id.is_uuid_ = true;
  return id;
}

AgentId AgentId::from_checked_text(std::string_view text) {
  AgentId id;
  id.text_ = text;
  return id;
}

void AgentId::append_to(std::string& out) const {
  if (is_uuid_) {
    append_uuid(out, uuid_);
  } else {
    out += text_;
  }
}

std::string AgentId::str() const {
  std::string out;
  append_to(out);
  return out;
}

}  // namespace pap::protocol
