// SPDX-License-Identifier: MIT
// The table of commands, and the command line around it.

#include <array>
#include <cstdio>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "pap/version.hpp"
#include "papsim/commands/command.hpp"
#include "papsim/commands/running.hpp"

namespace pap::sim {
namespace {

constexpr std::array kCommands{
    Command{
        "capacity", "find how many agents a collector holds",
        "Proves the generator first, against a server that does nothing; then doubles the fleet "
        "until\nsomething fails, bisects to 5 %, confirms it five times, and tries it in the "
        "incidents: everyone\ninto EMERGENCY, a tenth dies at once, the Station away for 10 "
        "minutes, the collector restarted.\nThe capacity is the least of them. It holds when no "
        "rule was broken, every heartbeat answered\n(p99 within 20 ms of its planned moment, 500 "
        "in an incident), every canary that died told of,\nmemory flat, and CPU under 70 % of the "
        "quota.\n\n"
        "A quota is kept by a control group where that may be; else by looking at the CPU time."
        "\n\nExample:\n  papsim capacity --spawn collectord --cpu 200m --memory 256Mi --report "
        "capacity.html\n  papsim capacity --spawn collectord --quick\n",
        prepare_capacity},
    Command{"check", "say whether scenario files are good, with all that is wrong with them",
            "Reads each FILE, and all .yaml files in each DIR, for every seed that they may be "
            "run with.\nMistakes go to stderr as FILE:LINE:COLUMN: what is wrong.\n\n"
            "Example:\n  papsim check scenarios/fast my-story.yaml\n",
            prepare_check},
    Command{
        "compare", "hold a run over sockets against the same in virtual time",
        "Both are JSON of `papsim replay`, of the same files and seeds. Says who was told of in "
        "one and\nnot in the other, and how far apart the silences are after which deaths were "
        "decided: the\ngreatest distance of their distributions (Kolmogorov and Smirnov), 0 to "
        "1, and their percentiles.\nStatus 1 when somebody was told of in one run only.\n\n"
        "Example:\n  papsim compare virtual.json live.json\n"
        "where\n  papsim replay scenarios/live --seed 1 --json virtual.json\n"
        "  papsim replay scenarios/live --spawn collectord --json live.json\n",
        prepare_compare},
    Command{
        "events", "print every event of a run, to compare two builds",
        "A line an event: time in ms, kind, whose, and the digest of all up to it. Where two\n"
        "programs come to different digests, the first line that differs says where they part.\n"
        "\nExample:\n  papsim events scenarios/fast/death.yaml --seed 2 > here.txt\n",
        prepare_events},
    Command{"expand", "print a scenario in full, with every default",
            "What is printed is a scenario itself. With --seed, what `vary` draws is drawn.\n\n"
            "Example:\n  papsim expand scenarios/fast/rack_dies.yaml\n",
            prepare_expand},
    Command{"load", "send a collector the heartbeats of a fleet, and measure",
            "Each agent has its moments, fixed beforehand: what comes late counts from then. A run "
            "in which\nwe were late ourselves is invalid. At the end the agents are deleted.\n\n"
            "Example:\n  papsim load http://127.0.0.1:8080 --agents 10000 --for 2m\n",
            prepare_load},
    Command{"null-server", "a server that does nothing, to prove a generator against",
            "Answers each heartbeat at once with the same receipt. Ctrl-C ends it.\n"
            "\nExample:\n  papsim null-server --port 9001\n",
            prepare_null_server},
    Command{
        "plan", "print what will happen, and the alerts due, before anything runs",
        "Alerts and their windows are those of a world without faults of net, collector and "
        "clocks,\nwithout the dedup window, without ids that two groups share, and with a table "
        "that has room\nand forgets nobody.\n"
        "\nExample:\n  papsim plan scenarios/fast/rack_dies.yaml --seed 7\n",
        prepare_plan},
    Command{"replay", "run scenarios in virtual time, or against a collector, and judge them",
            "Each scenario is run with its seeds for CI. What did not pass is told with value, "
            "bound,\npopulation, the line of the scenario, the causes, and the command that "
            "repeats it.\nA scenario with `fails` passes by failing as it says.\n\n"
            "--report makes the runs that did not pass (up to 3 a scenario), or else the first one,"
            "\na second time to record them, and writes a page that needs nothing but a browser. "
            "The\nJSON of --json then holds the same recordings.\n\n"
            "Example:\n  papsim replay scenarios/fast --jobs 2 --junit papsim.xml\n"
            "  papsim replay scenarios/fast/rack_dies.yaml --report rack.html\n",
            prepare_replay},
    Command{
        "shrink", "make a scenario that fails as small as it can be and still fail",
        "Drops and shortens entries, groups, times and settings for as long as the same rule is\n"
        "broken with the same seed, and an expectation in the same way. What is written repeats "
        "by\n"
        "itself: its own seed is that one. Ctrl-C gives the best so far. Where nothing fails, or "
        "the time\nwas over before that was known, it ends with status 2.\n\n"
        "Example:\n  papsim shrink my-story.yaml --seed 7 -o small.yaml\n",
        prepare_shrink},
    Command{
        "small-worlds", "run all that can happen to two agents in a few steps",
        "Each step is a beat of A or B, an EMERGENCY of A or its end, a restart of A, or a wait "
        "of an\ninterval or of a death, while the Station answers 2xx, 5xx or 400. Nothing is "
        "drawn, nothing\nleft out: 111 150 worlds of up to 4 steps, 36 012 942 of up to 6.\n\n"
        "Example:\n  papsim small-worlds --length 5\n",
        prepare_small_worlds},
    Command{"station", "a stand-in Station, to point a collector at",
            "Checks each alert by the contract's rules, prints it, and answers; or misbehaves as "
            "it is told.\nThe collector's STATION_ALERT_URL is the address that it prints. Ctrl-C "
            "ends it.\n\nExample:\n  papsim station --port 9000 --any-id --status 503 --share "
            "20%\n  papsim station --port 9000 --script scenarios/live/station_429.yaml\n",
            prepare_station},
    Command{
        "swarm", "run scenarios that nobody wrote, drawn from seeds",
        "Each draws first which kinds of fault there are, then how much of each. What reaches\n"
        "something new is varied. What breaks a rule is shrunk and written to --cases, with the "
        "command\nthat repeats it. At the end the marks, and in how many runs each was hit: with "
        "one that none hit\nit ends with status 2, if nothing failed.\n\nExample:\n  papsim swarm "
        "--for 10m --seed 1\n  "
        "papsim swarm --seed 4711 --print\n",
        prepare_swarm},
    Command{"words", "print every key, verb, figure, excuse, mark and rule of the format",
            "As tables of Markdown; with --schema as a JSON Schema, from which editors complete.\n"
            "\nExample:\n  papsim words --schema > scenarios/schema.json\n",
            prepare_words},
};

constexpr std::string_view kExitStatus =
    "\nExit status:\n"
    "  0    pass\n"
    "  1    fail: a rule or an expectation was broken\n"
    "  2    unknown: nothing was tested\n"
    "  3    invalid: the harness itself failed\n"
    "  64   wrong command line or scenario file\n"
    "  130  stopped by Ctrl-C\n";

int usage_error(const std::string& message, std::string_view command) {
  std::fprintf(stderr, "papsim: %s\nTry `papsim %.*s--help`.\n", message.c_str(),
               static_cast<int>(command.size()), command.data());
  return kUsage;
}

}  // namespace

std::span<const Command> commands() { return kCommands; }

int run_papsim(int argc, const char* const* argv) {
  CLI::App app("Scenarios of fleets in virtual time, judged by an oracle.", "papsim");
  bool version = false;
  app.add_flag("--version", version, "print the version");
  app.require_subcommand(0, 1);
  app.footer("\nEach command has its own --help, with an example." + std::string("\n") +
             std::string(kExitStatus));
  std::vector<std::pair<CLI::App*, Run>> runs;
  for (const Command& command : commands()) {
    CLI::App* sub = app.add_subcommand(std::string(command.name), std::string(command.summary));
    sub->footer('\n' + std::string(command.details) + std::string(kExitStatus));
    runs.emplace_back(sub, command.prepare(*sub));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    std::fputs(app.help().c_str(), stdout);
    return flushed(kPass);
  } catch (const CLI::ParseError& e) {
    const auto given = app.get_subcommands();
    return usage_error(e.what(), given.empty() ? "" : given.front()->get_name() + ' ');
  }
  if (version) {
    std::printf("papsim %s\n", std::string(pap::build_info()).c_str());
    return flushed(kPass);
  }
  for (const auto& [sub, run] : runs) {
    if (!sub->parsed()) continue;
    try {
      return flushed(run());
    } catch (const std::bad_alloc&) {
      std::fputs("papsim: out of memory\n", stderr);
      return kInvalid;
    }
  }
  std::fputs(app.help().c_str(), stdout);
  return kUsage;
}

}  // namespace pap::sim
