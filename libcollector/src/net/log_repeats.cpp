// SPDX-License-Identifier: MIT
#include "net/log_repeats.hpp"

#include <tuple>

#include "net/limits.hpp"

namespace pap::net {
namespace {

// Longer than any key of ours, so that none is mistaken for it.
constexpr std::string_view kAllOthers = "(whatever else repeats)";

}  // namespace

std::optional<std::uint64_t> LogRepeats::admit(std::string_view key, SteadyTime now) {
  auto it = entries_.find(key);
  if (it == entries_.end()) {
    if (entries_.size() >= kMaxLogRepeatKeys) forget_old(now);
    const std::string_view used = entries_.size() < kMaxLogRepeatKeys - 1 ? key : kAllOthers;
    bool fresh = false;
    std::tie(it, fresh) = entries_.try_emplace(std::string(used), Entry{now, 0});
    if (fresh) return 0;
  }
  Entry& entry = it->second;
  if (now - entry.written < kLogRepeatWindow) {
    ++entry.suppressed;
    return std::nullopt;
  }
  const std::uint64_t suppressed = entry.suppressed;
  entry = {now, 0};
  return suppressed;
}

void LogRepeats::forget_old(SteadyTime now) {
  std::erase_if(entries_,
                [&](const auto& item) { return now - item.second.written >= kLogRepeatWindow; });
}

}  // namespace pap::net
