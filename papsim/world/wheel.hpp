// SPDX-License-Identifier: MIT
#pragma once

// The queue of events: a timing wheel of milliseconds (Varghese and Lauck, "Hashed and Hierarchical
// Timing Wheels", 1987) over this window of 65 s and the next; what lies further ahead waits in a
// list for each later window. First in, first out within a millisecond, so that ties are broken by
// (time, sequence). Adding and taking cost O(1).
//
// Small on purpose: the wheel stays in the second-level cache. A slot's list is kept latest first
// and turned round when its millisecond comes, so that adding touches no event but its own.
//
// Figures: 16 bytes an event.
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
  Wheel() : latest_(kSlots, kNoNode) {}

  WorldTime now() const { return now_; }

  // At `now()` or later; at `now()` it is taken in this very millisecond, after what is there.
  // Inlined: an event handed over in memory is read back before the stores of it are through, and
  // that waits for every store before them, a fifth of all time.
  [[gnu::always_inline]] void add(WorldTime at, const Event& event) {
    if (at < now_) at = now_;
    const std::uint32_t node = new_node(event, at);
    if (at == now_ && opened_ == now_) {
      nodes_[node].next = kNoNode;
      (first_ == kNoNode ? first_ : nodes_[last_].next) = node;
      last_ = node;
    } else if (window_of(at) <= window_ + 1) {
      push(slot_of(at), node);
    } else {
      auto& latest = later_.try_emplace(window_of(at), kNoNode).first->second;
      nodes_[node].next = std::exchange(latest, node);
    }
  }

  // The time of the next event, not after `limit`; `limit` when there is none before. Time moves
  // there.
  WorldTime advance(WorldTime limit) {
    for (;;) {
      const WorldTime border = (window_ + 1) * kWindow;
      now_ = next_in_wheel(now_, std::min(limit, border));
      if (now_ < border) return now_;
      enter_next_window();
    }
  }

  // The same without moving; never beyond the end of this window.
  WorldTime peek(WorldTime limit) const {
    return next_in_wheel(now_, std::min(limit, (window_ + 1) * kWindow));
  }

  // On to the next millisecond; this one must be empty.
  void step() {
    if (++now_ == (window_ + 1) * kWindow) enter_next_window();
  }

  // The next event of this millisecond. False when there is none.
  bool take(Event& event) {
    if (opened_ != now_) open();
    const std::uint32_t node = first_;
    if (node == kNoNode) return false;
    event = event_of(nodes_[node]);
    first_ = nodes_[node].next;
    nodes_[node].next = free_;
    free_ = node;
    return true;
  }

  // Shows `see` the events of whole milliseconds from now on, up to `limit` (at most a window from
  // now) or until it has seen `most`; returns the first millisecond that it did not look at. This
  // millisecond must not have been begun.
  template <class See>
  WorldTime look_ahead(WorldTime limit, std::size_t most, See see) const {
    WorldTime at = next_in_wheel(now_, limit);
    std::size_t seen = 0;
    for (; at < limit && seen < most; at = next_in_wheel(at + 1, limit)) {
      for (std::uint32_t node = latest_[slot_of(at)]; node != kNoNode; node = nodes_[node].next) {
        see(event_of(nodes_[node]));
        ++seen;
      }
    }
    return at;
  }

  // Puts the events of the next milliseconds that have any, kSideBySide of them, on their way into
  // the cache; returns the first that was left out. `limit` as above. A list alone would be one
  // miss after another: here each step down one list is taken beside those down the others.
  WorldTime fetch(WorldTime from, WorldTime limit) const {
    std::array<std::uint32_t, kSideBySide> lists;
    std::size_t count = 0;
    WorldTime at = next_in_wheel(from, limit);
    for (; at < limit && count < kSideBySide; at = next_in_wheel(at + 1, limit)) {
      const std::uint32_t node = latest_[slot_of(at)];
      __builtin_prefetch(&nodes_[node]);
      lists[count++] = node;
    }
    while (count > 0) {
      for (std::size_t i = 0; i < count;) {
        const std::uint32_t node = nodes_[lists[i]].next;
        if (node == kNoNode) {
          lists[i] = lists[--count];
        } else {
          __builtin_prefetch(&nodes_[node]);
          lists[i++] = node;
        }
      }
    }
    return at;
  }
  static constexpr std::size_t kSideBySide = 32;

 private:
  static constexpr WorldTime kWindow = WorldTime{1} << 16;  // an IDLE interval and its jitter
  static constexpr std::size_t kSlots = std::size_t{2} << 16;
  static constexpr std::uint32_t kNoNode = 0xffffffffU;

  struct Node {
    std::uint32_t who = 0;
    std::uint32_t data = 0;
    std::uint32_t next = kNoNode;
    std::uint16_t moment = 0;  // within its window
    EventKind kind = EventKind::kBeat;
  };

  static WorldTime window_of(WorldTime at) { return at / kWindow; }
  static std::size_t slot_of(WorldTime at) { return static_cast<std::size_t>(at) & (kSlots - 1); }
  static Event event_of(const Node& node) { return {node.who, node.data, node.kind}; }

  [[gnu::always_inline]] std::uint32_t new_node(const Event& event, WorldTime at) {
    std::uint32_t node = free_;
    if (node == kNoNode) {
      node = static_cast<std::uint32_t>(nodes_.size());
      nodes_.emplace_back();
    } else {
      free_ = nodes_[node].next;
    }
    nodes_[node] = {event.who, event.data, kNoNode, static_cast<std::uint16_t>(at % kWindow),
                    event.kind};
    return node;
  }

  void push(std::size_t slot, std::uint32_t node) {
    nodes_[node].next = std::exchange(latest_[slot], node);
    set_bit(slot);
  }

  // A list the other way round: `first` of what it returns was its last.
  std::uint32_t turn_round(std::uint32_t node) {
    std::uint32_t first = kNoNode;
    while (node != kNoNode) {
      const std::uint32_t following = std::exchange(nodes_[node].next, first);
      first = std::exchange(node, following);
    }
    return first;
  }

  // This millisecond's events, earliest first.
  void open() {
    opened_ = now_;
    const std::size_t slot = slot_of(now_);
    last_ = std::exchange(latest_[slot], kNoNode);
    if (last_ != kNoNode) clear_bit(slot);
    first_ = turn_round(last_);
  }

  // What waited for the window after the new one comes into the wheel, before anything is added
  // there directly: so their order stays.
  void enter_next_window() {
    ++window_;
    const auto waiting = later_.extract(window_ + 1);
    if (waiting.empty()) return;
    const WorldTime begin = (window_ + 1) * kWindow;
    std::uint32_t node = turn_round(waiting.mapped());
    while (node != kNoNode) {
      const std::uint32_t following = nodes_[node].next;
      push(slot_of(begin + nodes_[node].moment), node);
      node = following;
    }
  }

  void set_bit(std::size_t slot) {
    words_[slot / 64] |= std::uint64_t{1} << (slot % 64);
    summary_[slot / 4096] |= std::uint64_t{1} << (slot / 64 % 64);
  }
  void clear_bit(std::size_t slot) {
    words_[slot / 64] &= ~(std::uint64_t{1} << (slot % 64));
    if (words_[slot / 64] == 0) summary_[slot / 4096] &= ~(std::uint64_t{1} << (slot / 64 % 64));
  }

  WorldTime next_in_wheel(WorldTime at, WorldTime limit) const {
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
  WorldTime window_ = 0;               // of now_
  std::vector<std::uint32_t> latest_;  // by slot; each leads to the one before it
  WorldTime opened_ = -1;              // the millisecond that is being taken from …
  std::uint32_t first_ = kNoNode;      // … and what is left of it
  std::uint32_t last_ = kNoNode;
  std::vector<Node> nodes_;
  std::uint32_t free_ = kNoNode;
  std::array<std::uint64_t, kSlots / 64> words_{};
  std::array<std::uint64_t, kSlots / 4096> summary_{};
  std::map<WorldTime, std::uint32_t> later_;  // the latest of each window beyond the next
};

}  // namespace pap::sim
