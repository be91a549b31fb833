// SPDX-License-Identifier: MIT
#include <cstddef>

#include "pap/protocol/agent_id.hpp"
#include "protocol/hex.hpp"

namespace pap::protocol {

std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (true) {
    const std::size_t escape = text.find('%');
    out += text.substr(0, escape);
    if (escape == std::string_view::npos) return out;
    if (text.size() - escape < 3) return std::nullopt;
    const unsigned high = hex_value(text[escape + 1]);
    const unsigned low = hex_value(text[escape + 2]);
    if ((high | low) > 0xF) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
    text.remove_prefix(escape + 3);
  }
}

}  // namespace pap::protocol
