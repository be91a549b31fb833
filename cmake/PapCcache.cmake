# SPDX-License-Identifier: MIT
# ccache when it is there. Precompiled headers need its leave to ignore time stamps and macros that
# a PCH bakes in; handing that over here spares every user a setting in his own ccache.conf.
find_program(PAP_CCACHE ccache)
if(PAP_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${PAP_CCACHE})
endif()
