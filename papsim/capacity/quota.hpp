// SPDX-License-Identifier: MIT
#pragma once

// What a process may use, as Kubernetes writes it: cpu "200m" or "0.5", memory "256Mi". Kept by a
// control group of our own where this machine lets us have one (version 2, or version 1 with cpu
// and memory); where it does not, whoever measures has to compare.
//
// Source: Kubernetes, "Resource units"; kernel documentation, cgroup-v2 "cpu.max" and "memory.max",
// cgroup-v1 "cpu.cfs_quota_us" and "memory.limit_in_bytes".
// Ownership: the groups end with their owner, whose processes must have ended before.
// Errors: none; kept() says whether it works. Threads: one.

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace pap::sim {

struct Limits {
  std::uint32_t cpu_millicores = 0;  // 0: none
  std::uint64_t memory_bytes = 0;    // 0: none

  bool any() const { return cpu_millicores > 0 || memory_bytes > 0; }
};
// None when it is no such quantity, or 0.
std::optional<std::uint32_t> millicores_of(std::string_view text);
std::optional<std::uint64_t> bytes_of(std::string_view text);

class Quota {
 public:
  explicit Quota(const Limits& limits, const std::filesystem::path& root = "/sys/fs/cgroup");
  ~Quota();
  Quota(const Quota&) = delete;
  Quota& operator=(const Quota&) = delete;

  // Do the groups keep it? No more once a process could not be moved.
  bool kept() const { return kept_; }
  // From now on it counts for that process and what it starts. False when it could not be moved.
  bool take(pid_t process);

 private:
  bool make(const std::filesystem::path& group);

  std::vector<std::filesystem::path> groups_;
  bool kept_ = false;
};

}  // namespace pap::sim
