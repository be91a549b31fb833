// SPDX-License-Identifier: MIT
#pragma once

// An HTTP answer (RFC 9112) as it comes in, for a client that expects small ones: with a
// Content-Length, or none and no body. Chunks are not read; the collector sends heartbeats none.
//
// Ownership: views into the bytes. Threads: pure functions.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pap::sim {

struct Answer {
  std::uint16_t status = 0;
  std::string_view content_type;
  std::string_view body;
  bool closes = false;                 // `Connection: close`
  std::chrono::seconds keep_alive{0};  // `Keep-Alive: timeout=`; 0 where nothing was promised
  std::size_t length = 0;              // of head and body
};

enum class AnswerState : std::uint8_t { kIncomplete, kWhole, kGarbled };

AnswerState read_answer(std::string_view bytes, Answer& answer);

}  // namespace pap::sim
