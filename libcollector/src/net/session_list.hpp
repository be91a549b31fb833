// SPDX-License-Identifier: MIT
#pragma once

// Connections by what they are doing, each kind with one time-out: so within a kind they fall due
// in the order in which they began, and one ticker that looks at the heads serves them all (the
// deadline lists of the core, again).
//
// Ownership: sessions own themselves through their pending operations; the list only links them,
// and a session leaves it in its destructor at the latest.
// Threads: the reactor's.

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace pap::net {

enum class Phase : std::uint8_t {
  kFresh,       // nothing of its first request has come
  kIdle,        // between requests
  kReading,     // a request has begun
  kWriting,     // an answer waits for the client to take it
  kDiscarding,  // refused early; the rest of the request is thrown away
};
inline constexpr std::size_t kPhases = 5;
inline constexpr std::array kAllPhases{Phase::kFresh, Phase::kIdle, Phase::kReading,
                                       Phase::kWriting, Phase::kDiscarding};

struct SessionLink {
  SessionLink* previous = nullptr;
  SessionLink* next = nullptr;
  std::chrono::steady_clock::time_point due;
  Phase phase = Phase::kFresh;
  bool linked = false;

  SessionLink() = default;
  SessionLink(const SessionLink&) = delete;
  SessionLink& operator=(const SessionLink&) = delete;

 protected:
  ~SessionLink() = default;
};

class SessionList {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit SessionList(std::array<std::chrono::milliseconds, kPhases> timeouts)
      : timeouts_(timeouts) {}

  // Into `phase`, to fall due after its time-out, counted from now.
  void enter(SessionLink& session, Phase phase, Time now);
  void leave(SessionLink& session);

  // The one of `phase` that fell due first; null when none has.
  SessionLink* overdue(Phase phase, Time now) const;
  SessionLink* first(Phase phase) const { return heads_[index(phase)]; }
  std::size_t size(Phase phase) const { return sizes_[index(phase)]; }
  std::size_t size() const;

 private:
  static std::size_t index(Phase phase) { return static_cast<std::size_t>(phase); }

  const std::array<std::chrono::milliseconds, kPhases> timeouts_;
  std::array<SessionLink*, kPhases> heads_{};
  std::array<SessionLink*, kPhases> tails_{};
  std::array<std::size_t, kPhases> sizes_{};
};

}  // namespace pap::net
