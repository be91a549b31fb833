// SPDX-License-Identifier: MIT
// A small live fleet for a demonstration.

#include <csignal>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "support/fleet.hpp"

namespace {

using pap::test::AgentLife;
using pap::test::AgentWish;
using pap::test::Fleet;
using std::chrono::seconds;
// As the collector orders them.
// ---- run: ten agents, and what befalls them ----

class Story {
 public:
  Story(std::uint16_t port, const std::string& path) : fleet_({"127.0.0.1", port}), plan_(path) {
    for (const char* name : {"billing-1", "billing-2", "billing-3", "search-1", "search-2",
                             "search-3", "worker-1", "worker-2", "worker-3", "worker-4"}) {
      const AgentWish wish{.mode = "IDLE", .name = name};
      const Fleet::Agent agent = fleet_.join(1, wish).front();
      agents_.emplace(name, agent);
      plan("agent", name, fleet_.id(agent));
    }
    plan_ << std::flush;
  }

  // False, and said why on stderr, when an agent was not answered as it should be.
  bool tell() {
    const auto begin = std::chrono::steady_clock::now();
    const auto all_answered = [](const pap::test::Lives& lives) {
      return std::ranges::all_of(
          lives, [](const AgentLife& life) { return life.last_answered() != nullptr; });
    };
    if (!fleet_.wait_for(all_answered, seconds(10))) return failed();
    say("ten agents report, all IDLE");

    fleet_.live_until(begin + seconds(2));
    act({"worker-1", "worker-2", "worker-3"}, "go into EMERGENCY", "EMERGENCY_MODE",
        [&](const auto& who) { fleet_.set_mode(who, "EMERGENCY"); });

    fleet_.live_until(begin + seconds(4));
    act({"billing-1", "billing-2"}, "restart", "RESTART_DETECTED",
        [&](const auto& who) { fleet_.restart(who); });

    fleet_.live_until(begin + seconds(6));
    act({"worker-1", "worker-2"}, "die", "AGENT_DEATH", [&](const auto& who) { fleet_.die(who); });
    say("(to be told after 2 x 5 s of silence)");
    return fleet_.counts().failed() == 0 || failed();
  }

 private:
  using Names = std::vector<std::string>;

  Fleet::Agents some(const Names& names) const {
    Fleet::Agents agents;
    for (const std::string& name : names) agents.push_back(agents_.at(name));
    return agents;
  }

  template <typename Action>
  void act(const Names& names, const char* verb, const char* alert, Action action) {
    std::string line;
    for (const std::string& name : names) {
      line += name + ' ';
      plan("alert", alert, name);
    }
    plan_ << std::flush;
    action(some(names));
    say(line + verb);
  }

  // What a script is to wait for.
  void plan(const std::string& kind, const std::string& first, const std::string& second) {
    plan_ << kind << ' ' << first << ' ' << second << '\n';
  }

  static void say(const std::string& line) { std::cout << line << std::endl; }

  bool failed() const {
    for (const AgentLife& life : fleet_.lives()) {
      for (const auto& beat : life.beats) {
        if (beat.end == pap::test::Beat::End::kBadAnswer) {
          std::cerr << "a heartbeat was answered " << beat.status << ' ' << beat.answer << '\n';
          return false;
        }
      }
    }
    std::cerr << "a heartbeat was not answered\n";
    return false;
  }

  Fleet fleet_;
  std::ofstream plan_;
  std::map<std::string, Fleet::Agent> agents_;
};

int run_story(std::uint16_t port, const std::string& plan, bool go_on) {
  // Blocked before the fleet's thread starts, so that only sigwait() below sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  if (go_on) pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  Story story(port, plan);
  if (!story.tell()) return 1;
  int signal = 0;
  if (go_on) sigwait(&signals, &signal);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint16_t port = 0;
  std::string plan = "/dev/null";
  bool go_on = false;

  CLI::App app(
      "A small live fleet for a demonstration: ten agents, of which some go into EMERGENCY, some "
      "restart and some die.");
  app.add_option("--port", port, "Port of the collector on 127.0.0.1")->required();
  app.add_option("--plan", plan, "File to write `agent NAME ID` and `alert TYPE NAME` lines to");
  app.add_flag("--go-on", go_on, "Those that are left go on beating until SIGTERM");
  CLI11_PARSE(app, argc, argv);

  try {
    return run_story(port, plan, go_on);
  } catch (const std::exception& e) {
    std::cerr << "stand-in-fleet: " << e.what() << '\n';
    return 1;
  }
}
