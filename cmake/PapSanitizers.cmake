# SPDX-License-Identifier: MIT
# PAP_SANITIZE = "address,undefined" or "thread": for the whole build, ours and the tests alike.
if(PAP_SANITIZE)
  add_compile_options(-fsanitize=${PAP_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${PAP_SANITIZE})
endif()

if(PAP_SANITIZE MATCHES "thread")
  # TSan does not model stand-alone fences. Asio has one, around handlers that a mutex orders anyway.
  add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-tsan)
  endif()

  # GCC 12's and Clang 14's TSan run-times know fewer address layouts than newer kernels draw from
  # (vm.mmap_rnd_bits above 28) and then die at start. A fixed layout always fits. Some containers
  # forbid `setarch -R`; those have to lower the sysctl instead.
  find_program(PAP_SETARCH setarch)
  if(PAP_SETARCH)
    execute_process(COMMAND ${PAP_SETARCH} -R true RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
    if(NOT failed)
      set(CMAKE_CROSSCOMPILING_EMULATOR ${PAP_SETARCH} -R)
    endif()
  endif()
endif()

if(PAP_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "PAP_FUZZ needs Clang's libFuzzer; the preset `fuzz` has it.")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
  add_link_options(-fsanitize=fuzzer-no-link)
endif()
