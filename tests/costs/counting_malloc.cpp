// SPDX-License-Identifier: MIT
#include "costs/counting_malloc.hpp"

#include <malloc.h>

#include <cerrno>
#include <cstddef>
#include <cstdlib>

// glibc's own, under the names that it keeps for replacements ("Replacing malloc", its manual).
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* memory, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
}

namespace pap::test {
namespace {

constinit thread_local std::uint64_t allocations = 0;

void* counted(void* memory) {
  if (memory != nullptr) ++allocations;
  return memory;
}

}  // namespace

std::uint64_t allocations_of_this_thread() { return allocations; }

}  // namespace pap::test

// Seen by the shared libraries too, libstdc++'s operator new among them.
#pragma GCC visibility push(default)
extern "C" {
void* malloc(std::size_t size) noexcept { return pap::test::counted(__libc_malloc(size)); }
void* calloc(std::size_t count, std::size_t size) noexcept {
  return pap::test::counted(__libc_calloc(count, size));
}
void* realloc(void* memory, std::size_t size) noexcept {
  return pap::test::counted(__libc_realloc(memory, size));
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  return pap::test::counted(__libc_memalign(alignment, size));
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  return pap::test::counted(__libc_memalign(alignment, size));
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  void* const given = pap::test::counted(__libc_memalign(alignment, size));
  if (given == nullptr) return ENOMEM;
  *memory = given;
  return 0;
}
}
#pragma GCC visibility pop
