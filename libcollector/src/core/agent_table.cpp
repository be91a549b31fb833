// SPDX-License-Identifier: MIT
#include "pap/core/agent_table.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace pap::core {
namespace {

__extension__ using Wide = unsigned __int128;

// Multiply and fold: every input bit reaches every output bit.
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
  const Wide product = Wide{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

std::uint64_t word_at(const void* data) {
  std::uint64_t word = 0;
  std::memcpy(&word, data, sizeof word);
  return word;
}

constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15U;

}  // namespace

AgentTable::AgentTable(std::uint64_t hash_seed)
    : key_(hash_seed), second_key_(fold(hash_seed ^ kOdd, kOdd)) {
  add_bucket_chunk();
}

AgentTable::~AgentTable() {
  for (Slot slot = 0; slot < records_.end(); ++slot) {
    if (known(slot)) erase(slot);
  }
}

std::uint64_t AgentTable::hash(const protocol::AgentId& id) const {
  if (id.is_uuid()) {
    // Each half meets a secret: a factor that callers could make 0 would give them collisions.
    return fold(word_at(id.uuid().data()) ^ key_, word_at(id.uuid().data() + 8) ^ second_key_);
  }
  std::uint64_t state = key_ ^ id.size();
  std::string_view text = id.text();
  while (!text.empty()) {
    std::uint64_t word = 0;
    const std::size_t taken = std::min(text.size(), sizeof word);
    std::memcpy(&word, text.data(), taken);
    state = fold(state ^ word, kOdd);
    text.remove_prefix(taken);
  }
  return fold(state, second_key_ | 1U);
}

std::size_t AgentTable::bucket_of(std::uint64_t hash) const {
  // Buckets below (count - level) were split this round, and are addressed by one bit more.
  const std::size_t wide = hash & (2 * level_size_ - 1);
  return wide < bucket_count_ ? wide : hash & (level_size_ - 1);
}

bool AgentTable::holds(const AgentRecord& record, const protocol::AgentId& id) {
  if (record.has(AgentRecord::kUuid) != id.is_uuid()) return false;
  if (!id.is_uuid()) return record.text_id.view() == id.text();
  // std::array's == calls memcmp; this is two comparisons.
  const auto* a = record.uuid.data();
  const auto* b = id.uuid().data();
  return word_at(a) == word_at(b) && word_at(a + 8) == word_at(b + 8);
}

Slot AgentTable::find(const protocol::AgentId& id) const {
  Slot slot = head(bucket_of(hash(id)));
  while (slot != kNone && !holds(records_[slot], id)) slot = records_[slot].hash_next;
  return slot;
}

void AgentTable::prefetch(std::span<const protocol::AgentId> ids) const {
  constexpr std::size_t kAtOnce = 64;
  constexpr int kSteps = 3;  // nineteen chains of twenty are no longer
  constexpr int kToWrite = 1;
  // Inlined: a function that does nothing but fetch is pure to GCC, and calls of it are dropped.
  const auto fetch = [this](Slot slot) __attribute__((always_inline)) {
    const auto* record = reinterpret_cast<const char*>(&records_[slot]);
    __builtin_prefetch(record, kToWrite);
    __builtin_prefetch(record + sizeof(AgentRecord) - 1, kToWrite);
  };
  std::array<std::size_t, kAtOnce> buckets;
  std::array<Slot, kAtOnce> slots;
  for (; !ids.empty(); ids = ids.subspan(std::min(ids.size(), kAtOnce))) {
    const std::size_t count = std::min(ids.size(), kAtOnce);
    for (std::size_t i = 0; i < count; ++i) {
      buckets[i] = bucket_of(hash(ids[i]));
      __builtin_prefetch(&heads_[buckets[i] / kBucketChunk][buckets[i] % kBucketChunk]);
    }
    for (std::size_t i = 0; i < count; ++i) {
      slots[i] = head(buckets[i]);
      if (slots[i] != kNone) fetch(slots[i]);
    }
    // Down the chains a step at a time, all side by side: a step that had to wait for its record
    // would hold up the others.
    for (int step = 0; step < kSteps; ++step) {
      for (std::size_t i = 0; i < count; ++i) {
        if (slots[i] == kNone) continue;
        const AgentRecord& record = records_[slots[i]];
        if (holds(record, ids[i])) {
          if (record.previous != kNone) fetch(record.previous);
          if (record.next != kNone) fetch(record.next);
          slots[i] = kNone;
        } else {
          slots[i] = record.hash_next;
          if (slots[i] != kNone) fetch(slots[i]);
        }
      }
    }
  }
}

Slot AgentTable::insert(const protocol::AgentId& id) {
  const std::size_t places = records_.places() + heads_.size() * kBucketChunk;
  std::size_t moved = 0;
  if (records_.size() >= bucket_count_) moved = split_one_bucket();
  const Slot slot = records_.acquire();
  growth_.add(records_.places() + heads_.size() * kBucketChunk - places + moved);
  AgentRecord& record = records_[slot];
  record.set(AgentRecord::kInUse);
  if (id.is_uuid()) {
    record.set(AgentRecord::kUuid);
    record.uuid = id.uuid();
  } else {
    record.text_id = StoredText{};
    record.text_id.assign(id.text(), texts_);
    text_bytes_ += record.text_id.heap_bytes();
  }
  Slot& first = head(bucket_of(hash(id)));
  record.hash_next = first;
  first = slot;
  return slot;
}

void AgentTable::erase(Slot slot) {
  AgentRecord& record = records_[slot];
  Slot* link = &head(bucket_of(hash(record.id())));
  while (*link != slot) link = &records_[*link].hash_next;
  *link = record.hash_next;

  rename(slot, {});
  if (!record.has(AgentRecord::kUuid)) {
    text_bytes_ -= record.text_id.heap_bytes();
    record.text_id.clear(texts_);
  }
  record.flags = 0;
  records_.release(slot);
}

void AgentTable::rename(Slot slot, std::string_view name) {
  AgentRecord& record = records_[slot];
  if (!name.empty() && record.name.view() == name) return;  // nearly always
  text_bytes_ -= record.name.heap_bytes();
  const bool same_as_id = record.has(AgentRecord::kUuid)
                              ? name.size() == protocol::kUuidTextBytes && name == record.id().str()
                              : name == record.text_id.view();
  record.name.assign(same_as_id ? std::string_view{} : name, texts_);
  text_bytes_ += record.name.heap_bytes();
}

void AgentTable::add_bucket_chunk() {
  heads_.push_back(std::make_unique<Slot[]>(kBucketChunk));
  std::fill_n(heads_.back().get(), kBucketChunk, kNone);
}

std::size_t AgentTable::split_one_bucket() {
  std::size_t moved = 0;
  if (bucket_count_ == 2 * level_size_) level_size_ = bucket_count_;
  const std::size_t from = bucket_count_ - level_size_;
  if (bucket_count_ % kBucketChunk == 0) add_bucket_chunk();
  Slot slot = head(from);
  head(from) = kNone;
  ++bucket_count_;
  for (; slot != kNone; ++moved) {
    AgentRecord& record = records_[slot];
    const Slot following = record.hash_next;
    Slot& first = head(bucket_of(hash(record.id())));
    record.hash_next = first;
    first = slot;
    slot = following;
  }
  return moved;
}

std::size_t AgentTable::bytes() const {
  return records_.bytes() + heads_.size() * kBucketChunk * sizeof(Slot) +
         heads_.capacity() * sizeof(heads_[0]) + texts_.bytes() + text_bytes_;
}

}  // namespace pap::core
