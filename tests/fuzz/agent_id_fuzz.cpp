// SPDX-License-Identifier: MIT
// Any path segment: what is taken as an agent's id is given back letter for letter, and what is
// refused has a reason.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "pap/protocol/agent_id.hpp"
#include "protocol/utf8.hpp"

namespace {

using namespace pap::protocol;

void require(bool condition) {
  if (!condition) std::abort();
}

void check(const std::string& text) {
  const auto id = AgentId::parse(text);
  const std::string why = AgentId::why_invalid(text);
  require(id.has_value() == why.empty());
  if (!id) return;
  require(!text.empty() && text.size() <= kMaxAgentIdBytes && is_utf8(text));
  require(id->str() == text && id->size() == text.size());
  require(!id->is_uuid() || is_station_uuid(text));
  const AgentId same =
      id->is_uuid() ? AgentId::from_uuid(id->uuid()) : AgentId::from_checked_text(text);
  require(same == *id);
}

}  // namespace

// libFuzzer declares it nowhere.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string segment(data, data + size);
  check(segment);
  if (const auto decoded = percent_decode(segment)) {
    require(decoded->size() <= segment.size());
    if (segment.find('%') == std::string::npos) require(*decoded == segment);
    check(*decoded);
  }
  return 0;
}
