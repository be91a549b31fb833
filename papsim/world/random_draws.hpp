// SPDX-License-Identifier: MIT
#pragma once

// Random numbers by counting: the n-th draw of a stream is a hash of (stream, n), so each agent,
// link and subsystem has a stream of its own, which costs a counter, and taking one event out of a
// run shifts no other. Integers only.
//
// Source: the finalizer of SplitMix64 (Steele, Lea and Flood, 2014) over a Weyl sequence.
// Threads: values.

#include <cstdint>

namespace pap::sim {

constexpr std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

constexpr std::uint64_t draw_at(std::uint64_t stream, std::uint64_t n) {
  return mix(stream + (n + 1) * 0x9e3779b97f4a7c15U);
}

// Uniform in [0, below), by the high half of a product (Lemire, 2019, without the rejection: the
// bias is below 2^-32 for anything that the world draws).
constexpr std::uint64_t scale(std::uint64_t draw, std::uint64_t below) {
  return ((draw >> 32U) * below) >> 32U;
}

}  // namespace pap::sim
