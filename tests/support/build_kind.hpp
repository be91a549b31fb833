// SPDX-License-Identifier: MIT
#pragma once

// Whether this build is one of the slow ones, so that a test of many rounds or of many agents can
// take fewer: sanitizers cost up to twentyfold, and look for other things than rare sequences.
//
// Threads: constants.

namespace pap::test {

// GCC defines a macro for each, Clang has to be asked.
#ifdef __has_feature
#define PAP_HAS_FEATURE(name) __has_feature(name)
#else
#define PAP_HAS_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    PAP_HAS_FEATURE(address_sanitizer) || PAP_HAS_FEATURE(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#undef PAP_HAS_FEATURE

#ifdef NDEBUG
inline constexpr bool kOptimised = true;
#else
inline constexpr bool kOptimised = false;
#endif

}  // namespace pap::test
