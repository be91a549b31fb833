// SPDX-License-Identifier: MIT
#pragma once

// The process behind a port of this machine, and what it has used.
//
// Source: proc(5): /proc/net/tcp and tcp6 for who listens, /proc/PID/stat and statm.
// Errors: none where it is not ours to see, or is gone. Threads: pure functions.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>

namespace pap::sim {

std::optional<pid_t> listener_on(std::uint16_t port);

// Of less CPU time than this its clock says nothing to within a tenth.
inline constexpr std::chrono::milliseconds kLeastCpuToShare{100};

struct ProcessUse {
  std::chrono::milliseconds cpu{0};  // user and system, of all its threads, in ticks of 10 ms
  std::uint64_t resident_bytes = 0;
};
std::optional<ProcessUse> use_of(pid_t process);

}  // namespace pap::sim
