// SPDX-License-Identifier: MIT
// A small live fleet for a demonstration, and what its audience needs: an observer, and a reader
// that prints JSON for people.

#include <algorithm>
#include <csignal>
#include <fstream>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include <httplib.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "support/fleet.hpp"
#include "support/observer.hpp"

namespace {

using pap::test::AgentLife;
using pap::test::AgentWish;
using pap::test::Fleet;
using std::chrono::seconds;
// As the collector orders them.
using Json = nlohmann::ordered_json;

std::string text_at(const Json& object, const char* name) {
  if (!object.is_object() || !object.contains(name)) return "?";
  return object[name].is_string() ? object[name].get<std::string>() : object[name].dump();
}

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

// ---- observe ----

std::string line_for(const Json& message) {
  const std::string type = text_at(message, "type");
  std::string line = type;
  if (type == "alert") {
    const Json& alert = message["alert"];
    return line + ' ' + text_at(alert, "type") + ' ' + text_at(alert, "agent_name");
  }
  if (!message.contains("agent")) return line;
  const Json& agent = message["agent"];
  line += ' ' + text_at(agent, "agent_name") + ' ' + text_at(agent, "mode");
  if (agent.contains("uptime_seconds")) {
    line += " up " + std::to_string(static_cast<int>(agent["uptime_seconds"])) + " s";
  }
  if (agent.contains("healthy")) line += agent["healthy"] ? ", healthy" : ", not healthy";
  return line;
}

int observe(std::uint16_t port, const std::string& agent) {
  pap::test::Observer observer(port, "/observe/" + agent);
  if (observer.refused()) {
    std::cerr << "observing was refused: " << observer.refused()->status << ' '
              << observer.refused()->body << '\n';
    return 1;
  }
  while (true) std::cout << line_for(observer.receive()) << std::endl;
}

// ---- get ----

// Lists keep their first two, so that a fleet fits on a screen.
void shorten(Json& value) {
  constexpr std::size_t kShown = 2;
  for (Json& item : value) {
    if (item.is_structured()) shorten(item);
  }
  if (!value.is_array() || value.size() <= kShown + 1) return;
  const std::size_t more = value.size() - kShown;
  value.erase(value.begin() + kShown, value.end());
  value.push_back("... and " + std::to_string(more) + " more");
}

int get(std::uint16_t port, const std::string& path) {
  httplib::Client client("127.0.0.1", port);
  const auto answer = client.Get(path);
  if (!answer) {
    std::cerr << "no answer: " << httplib::to_string(answer.error()) << '\n';
    return 1;
  }
  Json json = Json::parse(answer->body, nullptr, false);
  if (json.is_discarded()) {
    std::cout << answer->body << '\n';
  } else {
    shorten(json);
    std::cout << json.dump(2) << '\n';
  }
  return answer->status == 200 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint16_t port = 0;
  std::string plan = "/dev/null";
  std::string agent;
  std::string path;
  bool go_on = false;

  CLI::App app("A small live fleet for a demonstration, and its audience.");
  app.add_option("--port", port, "Port of the collector on 127.0.0.1")->required();
  app.require_subcommand(1);
  CLI::App* const run = app.add_subcommand(
      "run", "Ten agents, of which some go into EMERGENCY, some restart and some die");
  run->add_option("--plan", plan, "File to write `agent NAME ID` and `alert TYPE NAME` lines to");
  run->add_flag("--go-on", go_on, "Those that are left go on beating until SIGTERM");
  CLI::App* const watch = app.add_subcommand("observe", "Print what an observation stream brings");
  watch->add_option("agent", agent, "Its id")->required();
  CLI::App* const ask = app.add_subcommand("get", "Print an answer's JSON, lists cut short");
  ask->add_option("path", path, "/agents, for example")->required();
  CLI11_PARSE(app, argc, argv);

  try {
    if (run->parsed()) return run_story(port, plan, go_on);
    return watch->parsed() ? observe(port, agent) : get(port, path);
  } catch (const std::exception& e) {
    std::cerr << "stand-in-fleet: " << e.what() << '\n';
    return 1;
  }
}
