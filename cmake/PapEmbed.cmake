# SPDX-License-Identifier: MIT
# Text files put into a program.
#
#   pap_embed(<variable> <header> <function> <file>...)
#
# <variable> gets the path of a source that is written at build time and defines <function>, which
# <header> declares as `std::span<const pap::sim::PagePart> <function>()`: each file under its name.
# With -P it is the script that writes it: OUTPUT, HEADER, FUNCTION and FILES (with | between them).
if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  string(REPLACE "|" ";" FILES "${FILES}")
  set(parts "")
  foreach(path IN LISTS FILES)
    file(READ ${path} text)
    get_filename_component(name ${path} NAME)
    # A compiler need not take longer literals than this, and some say so.
    string(LENGTH "${text}" length)
    if(length GREATER 65000)
      message(FATAL_ERROR "${path} is longer than a string literal may be")
    endif()
    string(APPEND parts "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
  endforeach()
  list(LENGTH FILES count)
  file(WRITE ${OUTPUT} "// Written by cmake/PapEmbed.cmake.
#include <array>

#include \"${HEADER}\"

namespace pap::sim {

std::span<const PagePart> ${FUNCTION}() {
  static constexpr std::array<PagePart, ${count}> kParts{{
${parts}  }};
  return kParts;
}

}  // namespace pap::sim
")
  return()
endif()

set(PAP_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})
function(pap_embed variable header function)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp)
  string(REPLACE ";" "|" files "${ARGN}")
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DHEADER=${header} -DFUNCTION=${function}
            -DFILES=${files} -P ${PAP_EMBED_SCRIPT}
    DEPENDS ${ARGN} ${PAP_EMBED_SCRIPT} VERBATIM)
  set(${variable} ${output} PARENT_SCOPE)
endfunction()
