// SPDX-License-Identifier: MIT
#pragma once

// A client that observes one agent (RFC 6455) and reads slowly: a few bytes a second from a small
// receive buffer, so that what it is sent piles up at the sender.
//
// Whoever sends may leave messages out, or hang up on so slow a reader; that is no trouble, and a
// refusal is.
// Ownership: owns its socket. Threads: one.

#include <string>

#include "papsim/live/request_client.hpp"
#include "papsim/world/wheel.hpp"

namespace pap::sim {

class SlowObserver {
 public:
  static constexpr WorldTime kReadEvery = 1'000;
  static constexpr std::size_t kBytesARead = 64;
  static constexpr int kReceiveBuffer = 2'048;

  // Connects and asks; the answer is read by read().
  SlowObserver(const Target& target, const std::string& agent_id, const std::string& key);
  ~SlowObserver();
  SlowObserver(const SlowObserver&) = delete;
  SlowObserver& operator=(const SlowObserver&) = delete;

  // A little of what is there. Never waits.
  void read();

  // What went wrong, in words; empty when all is well, or the collector has not answered yet.
  const std::string& trouble() const { return trouble_; }

 private:
  int socket_ = -1;
  std::string head_;  // of the answer, until it is whole
  bool switched_ = false;
  std::string trouble_;
};

}  // namespace pap::sim
