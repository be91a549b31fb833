// SPDX-License-Identifier: MIT
#include "pap/core/text_pool.hpp"

#include <cstring>

namespace pap::core {

char* TextPool::take() {
  if (free_ != nullptr) {
    char* const block = free_;
    std::memcpy(&free_, block, sizeof free_);
    return block;
  }
  if (untouched_ == 0) {
    chunks_.emplace_back(new Block[kChunk]);  // not cleared: that would touch all of it at once
    untouched_ = kChunk;
  }
  return chunks_.back()[kChunk - untouched_--].data();
}

void TextPool::give_back(char* block) {
  std::memcpy(block, &free_, sizeof free_);
  free_ = block;
}

std::size_t TextPool::bytes() const {
  return chunks_.size() * kChunk * sizeof(Block) + chunks_.capacity() * sizeof(chunks_[0]);
}

}  // namespace pap::core
