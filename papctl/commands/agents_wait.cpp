// SPDX-License-Identifier: MIT
// papctl agents wait ID --for CONDITION
#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "papctl/client/fleet.hpp"
#include "papctl/commands/arguments.hpp"
#include "papctl/commands/command.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kAskEvery{500};
// For the last question, asked when the time is all but over.
constexpr std::chrono::milliseconds kShortestPatience{100};

struct AgentsWaitOptions {
  std::string id;
  std::string condition;
  std::chrono::milliseconds timeout{60'000};
};

// healthy, unhealthy, gone, or mode=X, as it will be compared.
std::string checked_condition(const std::string& text) {
  if (text == "healthy" || text == "unhealthy" || text == "gone") return text;
  if (text.starts_with("mode=")) return "mode=" + parse_mode_word(text.substr(5));
  throw CLI::ValidationError("\"" + text +
                             "\" cannot be waited for: healthy, unhealthy, gone or mode=MODE can");
}

bool holds(const std::string& condition, const std::optional<Agent>& agent) {
  if (condition == "gone") return !agent;
  if (!agent) return false;
  if (condition == "healthy") return agent->healthy;
  if (condition == "unhealthy") return !agent->healthy;
  return condition.substr(std::string_view("mode=").size()) == agent->mode;
}

std::string told(const std::optional<Agent>& agent) {
  if (!agent) return "is not there";
  return "is " + std::string(agent->healthy ? "healthy" : "unhealthy") + ", in mode " +
         visible(agent->mode);
}

int run_agents_wait(Context& context, const AgentsWaitOptions& options) {
  Client client(context.settings.only_target());
  const auto until = Clock::now() + options.timeout;
  const auto left = [&] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
  };
  bool complained = false;
  std::string last = "was never seen";
  for (;;) {
    try {
      client.wait_at_most(std::max(kShortestPatience, left()));
      const auto found = find_whole_id(client, options.id);
      const auto agent = found ? std::optional(found->agent) : std::nullopt;
      complained = false;
      if (holds(options.condition, agent)) {
        if (context.terminal.interactive()) {
          context.out.write(visible(options.id) + ' ' + told(agent) + '\n');
        }
        return kFine;
      }
      last = told(agent);
    } catch (const Failure& failure) {
      if (failure.status() != kNotReachable) throw;
      if (!complained && Clock::now() < until)
        complain(std::string(failure.what()) + "; trying again");
      complained = true;
      last = "could not be asked for";
    }
    const auto now = Clock::now();
    if (now >= until) break;
    std::this_thread::sleep_until(std::min(now + kAskEvery, until));
  }
  throw Failure(kTimedOut, visible(options.id) + ' ' + last + ", not " + options.condition +
                               ", after " + short_duration(options.timeout, true));
}

}  // namespace

Run prepare_agents_wait(CLI::App& app) {
  auto options = std::make_shared<AgentsWaitOptions>();
  app.add_option("ID", options->id, "the whole id; an agent not there yet is waited for")
      ->required()
      ->check(some_id());
  app.add_option_function<std::string>(
         "--for",
         [options](const std::string& text) { options->condition = checked_condition(text); },
         "healthy, unhealthy, gone or mode=MODE")
      ->required()
      ->type_name("CONDITION");
  add_duration(app, "--timeout", options->timeout, "how long at the most; 60s without it");
  return [options](Context& context) { return run_agents_wait(context, *options); };
}

}  // namespace pap::ctl
