// SPDX-License-Identifier: MIT
#include "net/handlers/parameters.hpp"

#include <charconv>
#include <string>

#include "pap/protocol/answers.hpp"

namespace pap::net {

bool mode_parameter(const Request& request, std::optional<protocol::Mode>& mode,
                    Response& response) {
  const auto text = request.parameter("mode");
  if (!text || text->empty()) return true;
  mode = protocol::parse_mode(*text);
  if (mode) return true;
  response.status = 400;
  protocol::append_invalid_mode(response.body, "mode must be one of the three");
  return false;
}

bool limit_parameter(const Request& request, std::size_t most, std::optional<std::size_t>& limit,
                     Response& response) {
  const auto text = request.parameter("limit");
  if (!text || text->empty()) return true;
  std::size_t value = 0;
  const char* const last = text->data() + text->size();
  const auto [stopped, error] = std::from_chars(text->data(), last, value);
  if (error != std::errc{} || stopped != last || value < 1 || value > most) {
    response.fail(400, "Invalid parameter",
                  "limit must be a whole number from 1 to " + std::to_string(most));
    return false;
  }
  limit = value;
  return true;
}

}  // namespace pap::net
