// SPDX-License-Identifier: MIT
#include "papsim/live/machine.hpp"

#include <cstdint>
#include <fstream>
#include <string>

#include <sys/utsname.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "pap/version.hpp"

namespace pap::sim {

namespace {

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

}  // namespace

nlohmann::ordered_json machine_facts() {
  utsname system{};
  ::uname(&system);
  return {{"cpu", processor()},
          {"cores", ::sysconf(_SC_NPROCESSORS_ONLN)},
          {"memory_bytes", static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) *
                               static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))},
          {"kernel", std::string{system.sysname} + ' ' + system.release},
          {"papsim", build_info()}};
}

}  // namespace pap::sim
