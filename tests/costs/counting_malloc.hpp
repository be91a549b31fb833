// SPDX-License-Identifier: MIT
#pragma once

// Counts what is allocated, by operator new or past it (Asio's handlers): this program replaces
// malloc() and its kin (counting_malloc.cpp), which glibc lets a program do.
//
// Threads: each counts its own.

#include <cstdint>

namespace pap::test {

// Calls of the calling thread so far that gave it memory.
std::uint64_t allocations_of_this_thread();

}  // namespace pap::test
