// SPDX-License-Identifier: MIT

// How the sanitizers behave in every program of a sanitized build, whoever starts it: a test, the
// shell, or another program. The run-times look these functions up by name.

#define PAP_RUNTIME_HOOK extern "C" __attribute__((visibility("default"), used)) const char*

PAP_RUNTIME_HOOK __asan_default_options();
PAP_RUNTIME_HOOK __ubsan_default_options();
PAP_RUNTIME_HOOK __tsan_default_options();
PAP_RUNTIME_HOOK __tsan_default_suppressions();

const char* __asan_default_options() {
  return "detect_stack_use_after_return=1:strict_string_checks=1";
}

const char* __ubsan_default_options() { return "print_stacktrace=1"; }

const char* __tsan_default_options() { return "halt_on_error=1:second_deadlock_stack=1"; }

const char* __tsan_default_suppressions() {
  // It hands over inside of libstdc++.so, which is not instrumented.
  return "race:set_value_at_thread_exit\n";
}
