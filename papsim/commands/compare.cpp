// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "papsim/commands/command.hpp"

namespace pap::sim {
namespace {

using Json = nlohmann::json;

struct CompareOptions {
  std::string one;
  std::string other;
};

using Alerts = std::map<std::pair<std::string, std::string>, int>;  // times, by type and agent

struct Outcome {
  bool whole = false;
  Alerts alerts;
  std::vector<std::int64_t> silences;  // before deaths, sorted
};

Outcome outcome_of(const Json& outcome) {
  Outcome out;
  out.whole = outcome.value("whole", false);
  for (const Json& alert : outcome.value("alerts", Json::array())) {
    out.alerts[{alert.at("type"), alert.at("agent")}] = alert.at("times");
  }
  for (const Json& death : outcome.value("deaths", Json::array())) {
    out.silences.push_back(death.at("silence_ms"));
  }
  std::sort(out.silences.begin(), out.silences.end());
  return out;
}

// By scenario and seed, what came of it.
using Outcomes = std::map<std::pair<std::string, std::uint64_t>, Outcome>;

std::optional<Outcomes> read(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    std::fprintf(stderr, "papsim: cannot read %s: %s\n", path.c_str(), std::strerror(errno));
    return std::nullopt;
  }
  try {
    const Json report = Json::parse(file);
    Outcomes outcomes;
    for (const Json& scenario : report.at("scenarios")) {
      for (const Json& seed : scenario.at("seeds")) {
        outcomes[{scenario.at("name"), seed.at("seed")}] =
            outcome_of(seed.value("outcome", Json::object()));
      }
    }
    return outcomes;
  } catch (const Json::exception&) {
    std::fprintf(stderr, "papsim: %s is no JSON that `papsim replay --json` wrote\n", path.c_str());
    return std::nullopt;
  }
}

// The greatest difference between the shares of samples that are no greater (Kolmogorov 1933,
// Smirnov 1948). Both sorted, neither empty.
double distance(const std::vector<std::int64_t>& one, const std::vector<std::int64_t>& other) {
  double most = 0;
  for (const auto* samples : {&one, &other}) {
    for (const std::int64_t value : *samples) {
      const auto share = [value](const std::vector<std::int64_t>& of) {
        const auto end = std::upper_bound(of.begin(), of.end(), value);
        return static_cast<double>(end - of.begin()) / static_cast<double>(of.size());
      };
      most = std::max(most, std::abs(share(one) - share(other)));
    }
  }
  return most;
}

std::int64_t at_share(const std::vector<std::int64_t>& sorted, std::size_t percent) {
  const std::size_t rank = (sorted.size() * percent + 99) / 100;
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

void print_only(const Alerts& here, const Alerts& there, const char* where, std::size_t& count) {
  constexpr std::size_t kNamed = 5;
  std::size_t printed = 0;
  for (const auto& [which, times] : here) {
    const auto found = there.find(which);
    const int others = found == there.end() ? 0 : found->second;
    if (others >= times) continue;
    ++count;
    if (++printed > kNamed) continue;
    std::printf("  %s %s: %d times in %s, %d in the other\n", which.first.c_str(),
                which.second.c_str(), times, where, others);
  }
  if (printed > kNamed) std::printf("  and %zu more in %s\n", printed - kNamed, where);
}

// How many alerts differ.
std::size_t compare(const Outcome& one, const Outcome& other) {
  const Alerts& here = one.alerts;
  const Alerts& there = other.alerts;
  std::size_t differ = 0;
  print_only(here, there, "the first", differ);
  print_only(there, here, "the second", differ);
  std::printf("  alerts: %zu in the first, %zu in the second, %zu differ\n", here.size(),
              there.size(), differ);
  const auto& silences = one.silences;
  const auto& others = other.silences;
  if (!silences.empty() && !others.empty()) {
    std::printf("  silence before a death: distance %.2f\n", distance(silences, others));
    for (const auto* samples : {&silences, &others}) {
      std::printf("    %-10s  p50 %lld ms  p99 %lld ms  max %lld ms\n",
                  samples == &silences ? "the first" : "the second",
                  static_cast<long long>(at_share(*samples, 50)),
                  static_cast<long long>(at_share(*samples, 99)),
                  static_cast<long long>(samples->back()));
    }
  }
  return differ;
}

int compare_files(const CompareOptions& options) {
  const auto ones = read(options.one);
  const auto others = read(options.other);
  if (!ones || !others) return kUsage;
  std::size_t compared = 0;
  std::size_t differ = 0;
  for (const auto& [which, outcome] : *ones) {
    const auto found = others->find(which);
    if (found == others->end()) continue;
    std::printf("%s, seed %llu\n", which.first.c_str(),
                static_cast<unsigned long long>(which.second));
    if (!outcome.whole || !found->second.whole) {
      std::puts("  too many agents to hold one by one against the other");
      continue;
    }
    ++compared;
    differ += compare(outcome, found->second);
  }
  if (compared == 0) {
    std::fflush(stdout);
    std::fputs("papsim: no scenario and seed is in both\n", stderr);
    return kUnknown;
  }
  std::printf(
      "Over sockets a silence begins when its last heartbeat was sent and ends when the Station\n"
      "has the alert: it is longer by what the way takes. Who is drawn is the same, when each\n"
      "beats is not: an agent's gaps begin when its heartbeats end.\n");
  return differ == 0 ? kPass : kFail;
}

}  // namespace

Run prepare_compare(CLI::App& app) {
  auto options = std::make_shared<CompareOptions>();
  app.add_option("VIRTUAL.json", options->one, "of `papsim replay … --json`")->required();
  app.add_option("LIVE.json", options->other, "of the same with --spawn or --against")->required();
  return [options] { return compare_files(*options); };
}

}  // namespace pap::sim
