// SPDX-License-Identifier: MIT
#pragma once

// What is kept of one agent: 88 bytes, and nothing beside them for an agent with a UUID and no
// name of its own.
//
// Ownership: a record owns the text of an id that is no UUID and of a name that differs from the
// id; AgentTable frees both.
// Units: uptime in seconds as the agent sent it; times as their types say.
// Threads: one.

#include <cstdint>
#include <string_view>

#include "pap/core/chunked_pool.hpp"
#include "pap/core/instant.hpp"
#include "pap/core/text_pool.hpp"
#include "pap/protocol/agent_id.hpp"
#include "pap/protocol/mode.hpp"

namespace pap::core {

using Slot = PoolIndex;  // where an agent's record is, for as long as the agent is known

// A text with its length in front (two bytes); null means empty. Up to kShort bytes of it lie in a
// block of the pool, which must be the same in every call; more lie in the heap.
class StoredText {
 public:
  static constexpr std::size_t kShort = TextPool::kBlockBytes - sizeof(std::uint16_t);

  std::string_view view() const;
  bool empty() const { return data_ == nullptr; }
  void assign(std::string_view text, TextPool& pool);  // at most 65 535 bytes
  void clear(TextPool& pool);
  std::size_t heap_bytes() const;

 private:
  char* data_ = nullptr;
};

struct AgentRecord {
  enum Flag : std::uint8_t {
    kInUse = 1U << 0U,      // the slot holds an agent
    kUuid = 1U << 1U,       // the id is in `uuid`, else in `text_id`
    kDead = 1U << 2U,       // its death was decided, and nothing heard since
    kDeathTold = 1U << 3U,  // … and told; it stands in the list of the told dead
    kUnhealthy = 1U << 4U,  // passed by its list's first-healthy mark; not set for the dead
    kOpensMark = 1U << 5U,  // the first agent heard since a mark of its list
    kObserved = 1U << 6U,   // somebody observes this very agent
  };

  AgentRecord() {}  // NOLINT: not defaulted, since one of the union's members has a constructor

  union {
    protocol::UuidBytes uuid{};
    StoredText text_id;
  };
  StoredText name;  // empty: the same as the id
  double uptime_seconds = 0;
  MonotonicTime started;  // the latest that this life of the agent claimed; never moves back
  MonotonicTime heard;
  ListeningTime heard_listening;
  MonotonicTime told_at;  // only with kDeathTold
  Slot previous = kNone;  // in the list of its mode, or of the told dead
  Slot next = kNone;
  Slot hash_next = kNone;
  PoolIndex book = kNone;  // its alerts, if it has any (alert_book.hpp)
  std::uint32_t heartbeats = 0;
  protocol::Mode mode = protocol::Mode::kIdle;
  std::uint8_t flags = 0;

  bool has(Flag flag) const { return (flags & flag) != 0; }
  void set(Flag flag) { flags = static_cast<std::uint8_t>(flags | flag); }
  void clear(Flag flag) { flags = static_cast<std::uint8_t>(flags & ~flag); }

  protocol::AgentId id() const {
    return has(kUuid) ? protocol::AgentId::from_uuid(uuid)
                      : protocol::AgentId::from_checked_text(text_id.view());
  }
  // Time lost up to the moment it was last heard.
  Nanos lost_when_heard() const {
    return heard.time_since_epoch() - heard_listening.time_since_epoch();
  }
};

static_assert(sizeof(AgentRecord) <= 88, "an agent costs 100 bytes all told");

}  // namespace pap::core
