// SPDX-License-Identifier: MIT
#pragma once

// Memory for short texts: blocks of 16 bytes, where the smallest block of the heap takes 32. Names
// of pods and machines are mostly that short, and a fleet has a million of them.
//
// Growing allocates one chunk and moves nothing. A block given back holds the link to the next free
// one, so that remembering free blocks costs nothing; chunks are kept.
//
// Ownership: a block belongs to whoever took it; all of them end with the pool.
// Errors: std::bad_alloc. Threads: one.

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

#include "pap/export.hpp"

namespace pap::core {

class PAP_API TextPool {
 public:
  static constexpr std::size_t kBlockBytes = 16;

  TextPool() = default;
  TextPool(const TextPool&) = delete;
  TextPool& operator=(const TextPool&) = delete;

  char* take();
  void give_back(char* block);

  std::size_t bytes() const;  // of all chunks, in use or not

 private:
  using Block = std::array<char, kBlockBytes>;
  static constexpr std::size_t kChunk = 4096;  // 64 KiB: small beside what it serves

  std::vector<std::unique_ptr<Block[]>> chunks_;
  std::size_t untouched_ = 0;  // blocks of the last chunk that were never handed out
  char* free_ = nullptr;       // given back, last first
};

}  // namespace pap::core
