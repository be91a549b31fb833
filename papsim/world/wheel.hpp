// SPDX-License-Identifier: MIT
#pragma once

// The queue of events: a wheel of milliseconds (Varghese and Lauck, "Hashed and Hierarchical
// Timing Wheels", 1987), first in first out within one, so that ties are broken by (time,
// sequence). Adding and taking cost O(1); what lies further ahead than the wheel waits in a map.
//
// Figures: 16 bytes an event; a heap of the same events took three times as long.
// Ownership: events are values in a pool of the wheel's.
// Threads: one.

#include <array>
#include <bit>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

namespace pap::sim {

using WorldTime = std::int64_t;  // virtual milliseconds since the run began

enum class EventKind : std::uint8_t {
  kBeat,           // who: agent, data: its epoch
  kArrive,         // data: request in flight
  kGiveUp,         // data: request in flight
  kTick,           // data: the collector's generation of ticks
  kStationAnswer,  // data: post in flight
  kCollector,      // data: generation; the collector goes on, comes back, or stops listening
};

struct Event {
  std::uint32_t who = 0;
  std::uint32_t data = 0;
  EventKind kind = EventKind::kBeat;
};

class Wheel {
 public:
  Wheel() : heads_(kSlots, kNoNode), tails_(kSlots, kNoNode) {}

  WorldTime now() const { return now_; }

  // At `now()` or later; at `now()` it is taken in this very millisecond, after what is there.
  void add(WorldTime at, Event event) {
    if (at < now_) at = now_;
    if (at - now_ >= static_cast<WorldTime>(kSlots)) {
      far_.emplace(at, event);
      return;
    }
    push(at, event);
  }

  // The time of the next event, not after `limit`; `limit` when there is none before. Time moves
  // there.
  WorldTime advance(WorldTime limit) {
    for (;;) {
      const WorldTime target = next_in_wheel(limit);
      if (far_.empty() || far_.begin()->first - target >= static_cast<WorldTime>(kSlots)) {
        now_ = target;
        return now_;
      }
      // Far events come in while the hand is still a wheel's length before them.
      const WorldTime due = far_.begin()->first;
      now_ = std::max(now_, std::min(target, due - static_cast<WorldTime>(kSlots) + 1));
      while (!far_.empty() && far_.begin()->first - now_ < static_cast<WorldTime>(kSlots)) {
        push(far_.begin()->first, far_.begin()->second);
        far_.erase(far_.begin());
      }
    }
  }

  // On to the next millisecond; this one must be empty.
  void step() { ++now_; }

  // The next event of this millisecond. False when there is none.
  bool take(Event& event) {
    const std::size_t slot = slot_of(now_);
    const std::uint32_t node = heads_[slot];
    if (node == kNoNode) return false;
    event = nodes_[node].event;
    heads_[slot] = nodes_[node].next;
    if (heads_[slot] == kNoNode) {
      tails_[slot] = kNoNode;
      clear_bit(slot);
    }
    nodes_[node].next = free_;
    free_ = node;
    return true;
  }

  // The event after the next, for a look ahead; null when there is none in this millisecond.
  const Event* peek() const {
    const std::uint32_t node = heads_[slot_of(now_)];
    return node == kNoNode ? nullptr : &nodes_[node].event;
  }

 private:
  static constexpr std::size_t kBits = 20;  // 17 minutes: a SLEEP interval and its jitter
  static constexpr std::size_t kSlots = std::size_t{1} << kBits;
  static constexpr std::uint32_t kNoNode = 0xffffffffU;

  struct Node {
    Event event;
    std::uint32_t next = kNoNode;
  };

  static std::size_t slot_of(WorldTime at) { return static_cast<std::size_t>(at) & (kSlots - 1); }

  void push(WorldTime at, const Event& event) {
    std::uint32_t node = free_;
    if (node == kNoNode) {
      node = static_cast<std::uint32_t>(nodes_.size());
      nodes_.emplace_back();
    } else {
      free_ = nodes_[node].next;
    }
    nodes_[node] = {event, kNoNode};
    const std::size_t slot = slot_of(at);
    (tails_[slot] == kNoNode ? heads_[slot] : nodes_[tails_[slot]].next) = node;
    tails_[slot] = node;
    set_bit(slot);
  }

  void set_bit(std::size_t slot) {
    words_[slot / 64] |= std::uint64_t{1} << (slot % 64);
    summary_[slot / 4096] |= std::uint64_t{1} << (slot / 64 % 64);
  }
  void clear_bit(std::size_t slot) {
    words_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
    if (words_[slot / 64] == 0) summary_[slot / 4096] &= ~(std::uint64_t{1} << (slot / 64 % 64));
  }

  WorldTime next_in_wheel(WorldTime limit) const {
    WorldTime at = now_;
    while (at < limit) {
      const std::size_t slot = slot_of(at);
      const std::uint64_t word = words_[slot / 64] >> (slot % 64);
      if (word != 0) return std::min(limit, at + std::countr_zero(word));
      at += static_cast<WorldTime>(64 - slot % 64);
      // Whole words without an event, by the summary.
      const std::size_t next = slot_of(at);
      if (next % 4096 == 0 && summary_[next / 4096] == 0) {
        at += 4096;
      }
    }
    return limit;
  }

  WorldTime now_ = 0;
  std::vector<std::uint32_t> heads_;
  std::vector<std::uint32_t> tails_;
  std::vector<Node> nodes_;
  std::uint32_t free_ = kNoNode;
  std::array<std::uint64_t, kSlots / 64> words_{};
  std::array<std::uint64_t, kSlots / 4096> summary_{};
  std::multimap<WorldTime, Event> far_;
};

}  // namespace pap::sim
