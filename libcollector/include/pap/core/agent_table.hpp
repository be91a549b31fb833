// SPDX-License-Identifier: MIT
#pragma once

// Who is known: records by slot, and an index from id to slot.
//
// The index is linear hashing (W. Litwin, "Linear Hashing: A New Tool for File and Table
// Addressing", VLDB 1980): each insert beyond the load splits one bucket, so the table grows step
// by step and no call pays for a rehash. Chains run through the records. The hash is keyed by a
// seed, so that nobody can choose ids that collide.
//
// Invariants: a slot names the same agent from insert() to erase(); slots of erased agents are
// used again. `heard` order, lists and flags are their users' affair.
// Ownership: the table owns ids and names.
// Errors: std::bad_alloc.
// Threads: one.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "pap/core/agent_record.hpp"
#include "pap/core/chunked_pool.hpp"
#include "pap/core/limits.hpp"
#include "pap/core/slice_meter.hpp"
#include "pap/core/text_pool.hpp"
#include "pap/export.hpp"
#include "pap/protocol/agent_id.hpp"

namespace pap::core {

class PAP_API AgentTable {
 public:
  explicit AgentTable(std::uint64_t hash_seed);
  ~AgentTable();
  AgentTable(const AgentTable&) = delete;
  AgentTable& operator=(const AgentTable&) = delete;

  Slot find(const protocol::AgentId& id) const;  // kNone when not known
  Slot insert(const protocol::AgentId& id);      // the id must not be known
  void erase(Slot slot);
  // A hint: these agents come next. Their records and those beside them in their lists are on their
  // way into the cache, all at once instead of one miss after another. Changes nothing.
  void prefetch(std::span<const protocol::AgentId> ids) const;
  // Empty, or equal to the id: back to costing nothing.
  void rename(Slot slot, std::string_view name);

  AgentRecord& operator[](Slot slot) { return records_[slot]; }
  const AgentRecord& operator[](Slot slot) const { return records_[slot]; }
  bool known(Slot slot) const {
    return slot < records_.end() && records_[slot].has(AgentRecord::kInUse);
  }

  std::size_t size() const { return records_.size(); }
  Slot end() const { return records_.end(); }  // every slot in use is below this
  std::size_t bytes() const;                   // records, index, and texts
  std::size_t buckets() const { return bucket_count_; }
  // Of one insert each: places made, and records moved to another bucket.
  const SliceMeter& growth() const { return growth_; }

 private:
  static constexpr std::size_t kBucketChunk = kTableChunk;

  std::uint64_t hash(const protocol::AgentId& id) const;
  std::size_t bucket_of(std::uint64_t hash) const;
  Slot& head(std::size_t bucket) { return heads_[bucket / kBucketChunk][bucket % kBucketChunk]; }
  Slot head(std::size_t bucket) const {
    return heads_[bucket / kBucketChunk][bucket % kBucketChunk];
  }
  void add_bucket_chunk();
  std::size_t split_one_bucket();  // records moved
  static bool holds(const AgentRecord& record, const protocol::AgentId& id);

  const std::uint64_t key_;
  const std::uint64_t second_key_;  // derived from the first
  ChunkedPool<AgentRecord, kTableChunk> records_;
  std::vector<std::unique_ptr<Slot[]>> heads_;
  std::size_t bucket_count_ = kBucketChunk;
  std::size_t level_size_ = kBucketChunk;  // the power of two at or below bucket_count_
  TextPool texts_;                         // the short ones
  std::size_t text_bytes_ = 0;             // of the others
  SliceMeter growth_;
};

}  // namespace pap::core
