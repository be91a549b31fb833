// SPDX-License-Identifier: MIT
#include "papsim/capacity/quota.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <string>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace pap::sim {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kPeriodUs = 100'000;

// Its number, and what follows it; none when it begins with none.
std::optional<std::pair<double, std::string_view>> quantity(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || !std::isfinite(number) || number <= 0) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return std::pair{number, text};
}

// As a whole the file must take it: a control group refuses with the write.
bool write(const fs::path& file, const std::string& text) {
  std::ofstream out(file);
  out << text;
  out.close();
  return !out.fail();
}

std::string quota_us(const Limits& limits) {
  return std::to_string(limits.cpu_millicores * kPeriodUs / 1000);
}

}  // namespace

std::optional<std::uint32_t> millicores_of(std::string_view text) {
  constexpr double kMost = 1'000'000;
  const auto parts = quantity(text);
  if (!parts || (!parts->second.empty() && parts->second != "m")) return std::nullopt;
  const double cores = parts->second.empty() ? parts->first * 1000 : parts->first;
  if (cores < 1 || cores > kMost) return std::nullopt;
  return static_cast<std::uint32_t>(std::lround(cores));
}

std::optional<std::uint64_t> bytes_of(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 7> kUnits{
      {{"", 1.0},
       {"k", 1e3},
       {"M", 1e6},
       {"G", 1e9},
       {"Ki", 1024.0},
       {"Mi", 1024.0 * 1024},
       {"Gi", 1024.0 * 1024 * 1024}}};
  constexpr double kMost = 1e15;
  const auto parts = quantity(text);
  if (!parts) return std::nullopt;
  for (const auto& [unit, factor] : kUnits) {
    const double bytes = parts->first * factor;
    if (parts->second == unit && bytes >= 1 && bytes <= kMost) {
      return static_cast<std::uint64_t>(bytes);
    }
  }
  return std::nullopt;
}

Quota::Quota(const Limits& limits, const fs::path& root) {
  const std::string name = "papsim." + std::to_string(::getpid());
  std::error_code none;
  bool good = limits.any();
  if (fs::exists(root / "cgroup.controllers", none)) {
    const fs::path group = root / name;
    // A group has the controllers that the one above it hands down.
    write(root / "cgroup.subtree_control", "+cpu +memory");
    good = good && make(group);
    if (limits.cpu_millicores > 0) {
      good = good && write(group / "cpu.max", quota_us(limits) + ' ' + std::to_string(kPeriodUs));
    }
    if (limits.memory_bytes > 0) {
      good = good && write(group / "memory.max", std::to_string(limits.memory_bytes));
    }
  } else {
    if (limits.cpu_millicores > 0) {
      const fs::path group = root / "cpu" / name;
      good = good && make(group) && write(group / "cpu.cfs_period_us", std::to_string(kPeriodUs)) &&
             write(group / "cpu.cfs_quota_us", quota_us(limits));
    }
    if (limits.memory_bytes > 0) {
      const fs::path group = root / "memory" / name;
      good = good && make(group) &&
             write(group / "memory.limit_in_bytes", std::to_string(limits.memory_bytes));
    }
  }
  kept_ = good;
  if (good) return;
  for (const fs::path& group : groups_) fs::remove(group, none);
  groups_.clear();
}

Quota::~Quota() {
  std::error_code none;
  for (const fs::path& group : groups_) fs::remove(group, none);
}

bool Quota::make(const fs::path& group) {
  std::error_code failed;
  if (!fs::create_directory(group, failed)) return false;
  groups_.push_back(group);
  return true;
}

bool Quota::take(pid_t process) {
  for (const fs::path& group : groups_) {
    kept_ = write(group / "cgroup.procs", std::to_string(process)) && kept_;
  }
  return kept_;
}

}  // namespace pap::sim
