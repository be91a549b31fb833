# SPDX-License-Identifier: MIT
# What every target of ours has in common: the warnings, visibility, hardening, and the precompiled
# headers of its kind.

include(CheckPIESupported)
check_pie_supported()

set(PAP_WARNINGS
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wcast-qual -Wdouble-promotion
    -Wformat=2 -Wimplicit-fallthrough -Wunused -Wextra-semi -Wundef -Wsuggest-override)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  list(APPEND PAP_WARNINGS -Wduplicated-cond -Wduplicated-branches -Wlogical-op
       -Wmissing-declarations)
  # What GCC 12 gets wrong in inlined library code: overlapping copies in "literal" + std::string
  # (GCC PR 105651), elements beyond the array where std::sort's pass for 16 meets fewer, and texts
  # beyond the 16 bytes in which std::string keeps short ones. Clang and ASan look after bounds
  # without inventing any.
  list(APPEND PAP_WARNINGS -Wno-restrict -Wno-array-bounds -Wno-stringop-overread
       -Wno-stringop-overflow)
  if(PAP_SANITIZE)
    # The instrumentation hides initialisations from GCC's analysis; release has the warning on.
    list(APPEND PAP_WARNINGS -Wno-maybe-uninitialized)
  endif()
else()
  list(APPEND PAP_WARNINGS -Winconsistent-missing-destructor-override -Wrange-loop-analysis
       -Wmissing-prototypes)
endif()
if(PAP_WERROR)
  list(APPEND PAP_WARNINGS -Werror)
endif()

# What a neighbour has in its unnamed namespace is shadowed by nobody's mistake, and GCC takes every
# source of a batch for a header.
function(pap_batch_warnings target)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -Wno-shadow -Wshadow=local -Wno-subobject-linkage)
  else()
    target_compile_options(${target} PRIVATE -Wno-shadow)
  endif()
endfunction()

# pap_target(<target>): call it on every target of ours.
function(pap_target target)
  target_compile_options(${target} PRIVATE ${PAP_WARNINGS})
  set_target_properties(${target} PROPERTIES
    POSITION_INDEPENDENT_CODE ON
    CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON)
  target_compile_options(${target} PRIVATE -fstack-protector-strong)
  # Eight sources at a time are compiled in hardly more than the time of two: what is dear is what
  # they include. The library that ships is compiled file by file, so that a file's includes are its
  # own, all but its core (pap_as_one); under a sanitizer that does not matter.
  # -DPAP_UNITY=OFF compiles all file by file.
  if(PAP_UNITY AND (PAP_SANITIZE OR NOT target MATCHES "^(pap_|collector)"))
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
    pap_batch_warnings(${target})
  endif()
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug" AND NOT PAP_SANITIZE)
    target_compile_options(${target} PRIVATE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  endif()
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "EXECUTABLE" OR type STREQUAL "SHARED_LIBRARY")
    # No lazy binding, no writable relocations, and no dependency that nobody uses.
    target_link_options(${target} PRIVATE -Wl,-z,relro,-z,now,--as-needed)
  endif()
  if(type STREQUAL "EXECUTABLE" AND PAP_SANITIZE)
    target_sources(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/sanitizer_defaults.cpp)
    set_source_files_properties(${PROJECT_SOURCE_DIR}/cmake/sanitizer_defaults.cpp PROPERTIES
      SKIP_PRECOMPILE_HEADERS ON)
  endif()
endfunction()

# pap_as_one(<target>): all sources in one batch, so that the compiler sees through every call within:
# a quarter of the core's instructions a heartbeat less.
function(pap_as_one target)
  if(PAP_UNITY AND NOT PAP_SANITIZE)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)
    pap_batch_warnings(${target})
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")  # Clang takes it for granted
    target_compile_options(${target} PRIVATE -fno-semantic-interposition)
  endif()
endfunction()

# pap_precompile(<target> <header>...): headers that are dear to parse, once a target.
function(pap_precompile target)
  if(NOT PAP_PCH)
    return()
  endif()
  target_precompile_headers(${target} PRIVATE ${ARGN})
  # Both switches exist for ccache: without them no object behind a PCH is ever found again.
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  else()
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()

set(PAP_PCH_JSON <nlohmann/json.hpp>)
set(PAP_PCH_NET <boost/asio.hpp> <boost/asio/ssl.hpp> <boost/beast.hpp> <boost/beast/ssl.hpp>
    <spdlog/spdlog.h>)
set(PAP_PCH_TEST <gtest/gtest.h> <gmock/gmock.h>)
