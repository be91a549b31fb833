// SPDX-License-Identifier: MIT
#pragma once

// The request that carries an alert, and what is told of its answer.
//
// Threads: pure functions, but for reading the wall clock where Retry-After is a date.

#include <chrono>
#include <string>

#include "net/station_connection.hpp"
#include "pap/core/delivery.hpp"
#include "pap/net/config.hpp"

namespace pap::net {

std::string station_request(const StationUrl& url, const std::string& key,
                            const core::Delivery& delivery);

// `key` is cut out of what is quoted: there are servers that send back what they were sent.
core::StationAnswer station_answer(const StationReply& reply, const std::string& key);

// "10 s", "200 ms".
std::string duration_text(std::chrono::milliseconds time);

}  // namespace pap::net
