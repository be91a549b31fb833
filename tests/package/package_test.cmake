# SPDX-License-Identifier: MIT
# Installs the build, moves the prefix (a package must not remember where it was made), and builds
# and runs a stranger's program against it.
#   cmake -DBUILD=<build folder> -DWORK=<scratch> -DCXX=<compiler> -P package_test.cmake

function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output
                  ERROR_VARIABLE output)
  if(result)
    message(FATAL_ERROR "${ARGV}\n${output}\n(${result})")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/first)
file(RENAME ${WORK}/first ${WORK}/prefix)
run(${CMAKE_COMMAND} -G Ninja -S ${CMAKE_CURRENT_LIST_DIR} -B ${WORK}/build
    -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_PREFIX_PATH=${WORK}/prefix)
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${WORK}/build/consumer)
if(NOT output MATCHES "1 death")
  message(FATAL_ERROR "consumer: ${output}")
endif()

# What is installed runs where it lies, with the installed library.
run(ldd ${WORK}/prefix/bin/collectord)
if(NOT output MATCHES "libcollector\\.so\\.1 => ${WORK}/prefix/")
  message(FATAL_ERROR "collectord does not find the installed library:\n${output}")
endif()
if(STRIPPED)
  run(readelf --section-headers --wide ${WORK}/prefix/bin/collectord)
  if(output MATCHES "\\.(symtab|debug_)")
    message(FATAL_ERROR "the installed collectord is not stripped")
  endif()
endif()
