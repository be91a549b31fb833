# SPDX-License-Identifier: MIT
# Everything that comes from outside, as imported targets (whose headers count as SYSTEM).
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

# Headers alone: Asio, Beast, System and Result link nothing of Boost's.
find_package(Boost 1.81 CONFIG REQUIRED)
find_package(nlohmann_json 3.11 CONFIG REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED)
find_package(yaml-cpp CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)

# Debian's config of yaml-cpp 0.7 names a target without a namespace.
if(NOT TARGET yaml-cpp::yaml-cpp)
  add_library(yaml-cpp::yaml-cpp ALIAS yaml-cpp)
endif()

# TSan sees only what it compiled: in Debian's library it would miss what orders the log's threads.
set(PAP_SPDLOG spdlog::spdlog)
if(PAP_SANITIZE MATCHES "thread")
  set(PAP_SPDLOG spdlog::spdlog_header_only)
endif()

# Debian ships httplib compiled, with a .pc file and no CMake package. papctl and the tests need it,
# the collector does not.
find_library(PAP_HTTPLIB cpp-httplib)
find_path(PAP_HTTPLIB_INCLUDE httplib.h)
if(PAP_HTTPLIB AND PAP_HTTPLIB_INCLUDE)
  add_library(pap_httplib INTERFACE IMPORTED)
  target_include_directories(pap_httplib INTERFACE ${PAP_HTTPLIB_INCLUDE})
  target_compile_definitions(pap_httplib INTERFACE CPPHTTPLIB_OPENSSL_SUPPORT
                             CPPHTTPLIB_ZLIB_SUPPORT CPPHTTPLIB_BROTLI_SUPPORT)
  target_link_libraries(pap_httplib INTERFACE ${PAP_HTTPLIB} OpenSSL::SSL OpenSSL::Crypto
                        Threads::Threads)
endif()

if(PAP_TESTS)
  find_package(GTest CONFIG REQUIRED)
  if(NOT TARGET pap_httplib)
    message(FATAL_ERROR "the tests need libcpp-httplib-dev: scripts/setup installs it")
  endif()
endif()
