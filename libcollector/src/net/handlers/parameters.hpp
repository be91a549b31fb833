// SPDX-License-Identifier: MIT
#pragma once

// Query parameters that more than one endpoint takes. False: it was wrong, and the response says
// what; an empty value counts as absent.
//
// Threads: pure functions.

#include <cstddef>
#include <optional>

#include "net/request.hpp"
#include "net/response.hpp"
#include "pap/protocol/mode.hpp"

namespace pap::net {

bool mode_parameter(const Request& request, std::optional<protocol::Mode>& mode,
                    Response& response);
// `limit`: 1 to `most`.
bool limit_parameter(const Request& request, std::size_t most, std::optional<std::size_t>& limit,
                     Response& response);

}  // namespace pap::net
