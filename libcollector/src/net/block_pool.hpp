// SPDX-License-Identifier: MIT
#pragma once

// Memory for what comes and goes with every connection or every operation, used again instead of
// going back to the heap: a heartbeat allocates nothing.
//
//   BlockPool       blocks of one size, of which a bounded number is kept
//   HandlerMemory   room for one asynchronous operation, of which there is one at a time
//
// Ownership: pool and memory must outlive what is in them. Errors: std::bad_alloc.
// Threads: one.

#include <array>
#include <cstddef>
#include <new>
#include <vector>

#include "net/limits.hpp"

namespace pap::net {

class BlockPool {
 public:
  BlockPool() { spare_.reserve(kSpareBlocks); }
  ~BlockPool() {
    for (void* const block : spare_) ::operator delete(block);
  }
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;

  void* take(std::size_t bytes) {
    if (spare_.empty() || bytes != bytes_) return ::operator new(bytes);
    void* const block = spare_.back();
    spare_.pop_back();
    return block;
  }
  void give_back(void* block, std::size_t bytes) {
    if (spare_.empty()) bytes_ = bytes;
    if (bytes != bytes_ || spare_.size() == kSpareBlocks) return ::operator delete(block);
    spare_.push_back(block);
  }

 private:
  std::size_t bytes_ = 0;  // of each spare block
  std::vector<void*> spare_;
};

class HandlerMemory {
 public:
  HandlerMemory() = default;
  HandlerMemory(const HandlerMemory&) = delete;
  HandlerMemory& operator=(const HandlerMemory&) = delete;

  void* take(std::size_t bytes) {
    if (used_ || bytes > room_.size()) return ::operator new(bytes);
    used_ = true;
    return room_.data();
  }
  void give_back(void* block, std::size_t) {
    if (block != room_.data()) return ::operator delete(block);
    used_ = false;
  }

 private:
  alignas(std::max_align_t) std::array<std::byte, kHandlerBytes> room_;
  bool used_ = false;
};

// Either of them as a standard allocator.
template <class T, class Source>
class AllocatorFrom {
 public:
  using value_type = T;
  template <class U>
  struct rebind {  // NOLINT: the standard's name
    using other = AllocatorFrom<U, Source>;
  };

  explicit AllocatorFrom(Source& source) : source_(&source) {}
  template <class U>
  AllocatorFrom(const AllocatorFrom<U, Source>& other)  // NOLINT: converts, as allocators do
      : source_(&other.source()) {}

  T* allocate(std::size_t count) { return static_cast<T*>(source_->take(count * sizeof(T))); }
  void deallocate(T* block, std::size_t count) { source_->give_back(block, count * sizeof(T)); }

  Source& source() const { return *source_; }
  friend bool operator==(const AllocatorFrom& a, const AllocatorFrom& b) {
    return a.source_ == b.source_;
  }

 private:
  Source* source_;
};

}  // namespace pap::net
