// SPDX-License-Identifier: MIT
#pragma once

// Objects in chunks, named by a 32-bit index that stays valid until they are released.
//
// Growing allocates one chunk and moves nothing, so that no call ever pays for the whole pool; nor
// does what remembers released places move when it grows. They are used again, last released
// first; chunks are kept.
//
// Errors: std::bad_alloc, or std::length_error at 2^32 - 1 objects.
// Threads: one.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <stdexcept>
#include <vector>

namespace pap::core {

using PoolIndex = std::uint32_t;
inline constexpr PoolIndex kNone = 0xffffffffU;

template <class T, std::size_t kChunk = 256>
class ChunkedPool {
 public:
  PoolIndex acquire() {
    if (!free_.empty()) {
      const PoolIndex index = free_.back();
      free_.pop_back();
      (*this)[index] = T{};
      return index;
    }
    if (used_ == kNone) throw std::length_error("a pool is full");
    if (used_ / kChunk == chunks_.size()) chunks_.push_back(std::make_unique<T[]>(kChunk));
    return static_cast<PoolIndex>(used_++);
  }
  void release(PoolIndex index) { free_.push_back(index); }

  T& operator[](PoolIndex index) { return chunks_[index / kChunk][index % kChunk]; }
  const T& operator[](PoolIndex index) const { return chunks_[index / kChunk][index % kChunk]; }

  // Indices ever handed out are below this.
  PoolIndex end() const { return static_cast<PoolIndex>(used_); }
  std::size_t size() const { return used_ - free_.size(); }
  std::size_t places() const { return chunks_.size() * kChunk; }
  std::size_t bytes() const {
    return places() * sizeof(T) + free_.size() * sizeof(PoolIndex) +
           chunks_.capacity() * sizeof(chunks_[0]);
  }

 private:
  std::vector<std::unique_ptr<T[]>> chunks_;
  std::deque<PoolIndex> free_;
  std::size_t used_ = 0;
};

}  // namespace pap::core
