// SPDX-License-Identifier: MIT
#include "pap/core/agent_record.hpp"

#include <cstring>
#include <new>

namespace pap::core {
namespace {

constexpr std::size_t kLengthBytes = sizeof(std::uint16_t);

std::size_t length_of(const char* data) {
  std::uint16_t length = 0;
  std::memcpy(&length, data, kLengthBytes);
  return length;
}

}  // namespace

std::string_view StoredText::view() const {
  if (data_ == nullptr) return {};
  return {data_ + kLengthBytes, length_of(data_)};
}

void StoredText::assign(std::string_view text, TextPool& pool) {
  if (view() == text) return;
  clear(pool);
  if (text.empty()) return;
  data_ = text.size() <= kShort ? pool.take()
                                : static_cast<char*>(::operator new(kLengthBytes + text.size()));
  const auto length = static_cast<std::uint16_t>(text.size());
  std::memcpy(data_, &length, kLengthBytes);
  std::memcpy(data_ + kLengthBytes, text.data(), text.size());
}

void StoredText::clear(TextPool& pool) {
  if (data_ == nullptr) return;
  if (length_of(data_) <= kShort) {
    pool.give_back(data_);
  } else {
    ::operator delete(data_);
  }
  data_ = nullptr;
}

std::size_t StoredText::heap_bytes() const {
  if (data_ == nullptr || length_of(data_) <= kShort) return 0;
  return kLengthBytes + length_of(data_);
}

}  // namespace pap::core
