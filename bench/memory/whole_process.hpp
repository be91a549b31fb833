// SPDX-License-Identifier: MIT
#pragma once

// A collector in a child process, everything that collectord has but its command line, and what
// fills it over its socket.
//
// Ownership: the child lives as long as the object. Errors: std::runtime_error.
// Threads: one.

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sys/types.h>

namespace pap::bench {

std::size_t resident_bytes(pid_t pid);  // VmRSS
long tcp_pages();                       // of all sockets of this machine (/proc/net/sockstat)

class WholeProcess {
 public:
  WholeProcess();
  ~WholeProcess();
  WholeProcess(const WholeProcess&) = delete;
  WholeProcess& operator=(const WholeProcess&) = delete;

  pid_t pid() const { return pid_; }
  // One heartbeat of each agent, pipelined over one connection.
  void feed(std::uint64_t agents, bool names);
  // Connections that have each had one answer and stay open; how many there are.
  std::size_t open_idle(std::size_t count);

 private:
  int connect() const;

  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  std::vector<int> idle_;
};

}  // namespace pap::bench
