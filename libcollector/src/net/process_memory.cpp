// SPDX-License-Identifier: MIT
#include "net/process_memory.hpp"

#include <fstream>
#include <string>

#include <unistd.h>

namespace pap::net {

std::size_t resident_memory_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t total = 0;
  std::size_t resident = 0;
  statm >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::optional<std::size_t> memory_limit_bytes() {
  // Version 1 writes a number near 2^63 for "no limit".
  constexpr std::size_t kNoLimit = std::size_t{1} << 60U;
  for (const char* path :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream file(path);
    std::size_t limit = 0;
    if (file >> limit && limit < kNoLimit) return limit;
  }
  return std::nullopt;
}

}  // namespace pap::net
