// SPDX-License-Identifier: MIT
// The table of commands, and the command line around it.
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "pap/version.hpp"
#include "papctl/commands/command.hpp"
#include "papctl/contexts.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

constexpr std::array kGroups{
    std::pair{"agents", "who is there: list, get, delete, wait"},
    std::pair{"observe", "heartbeats and alerts as they come"},
    std::pair{"alerts", "what was told to the Station"},
    std::pair{"heartbeat", "a heartbeat by hand"},
    std::pair{"config", "contexts: collectors by name"},
};

constexpr std::array kCommands{
    Command{"agents", "list", "list agents, the unhealthy first",
            "Examples:\n"
            "  papctl agents list\n"
            "  papctl agents list --unhealthy --sort-by last-seen\n"
            "  papctl agents list --name 'web-*' -o name | wc -l\n",
            prepare_agents_list},
    Command{"agents", "get", "show agents by id, or by the beginning of an id",
            "Examples:\n"
            "  papctl agents get 550e8400\n"
            "  papctl agents get test-agent-123 -o yaml\n",
            prepare_agents_get},
    Command{"agents", "delete", "make the collector forget agents",
            "Waiting alerts of an agent are withdrawn. One that beats again is new.\n\n"
            "Example:\n"
            "  papctl agents delete test-agent-123 --yes\n",
            prepare_agents_delete},
    Command{"agents", "wait", "wait until an agent is healthy, unhealthy, gone or in a mode",
            "Exit status 124 when it takes longer than --timeout.\n\n"
            "Examples:\n"
            "  papctl agents wait test-agent-123 --for healthy --timeout 2m\n"
            "  papctl agents wait test-agent-123 --for mode=EMERGENCY\n",
            prepare_agents_wait},
    Command{"observe", "agent", "show heartbeats and alerts of agents as they come",
            "One line a heartbeat or alert: when, who, mode, uptime, the gap since the last one, "
            "and\nwhat changed. Lost connections are made again, and said on stderr. Piped, the "
            "lines are\nTSV; with -o json they are the collector's messages, one a line.\n\n"
            "Examples:\n"
            "  papctl observe agent 550e8400-e29b-41d4-a716-446655440000\n"
            "  papctl observe agent --mode EMERGENCY --for 10m\n"
            "  papctl observe agent --all -o json | jq .type\n",
            prepare_observe_agent},
    Command{"alerts", "list", "list the most recent alerts, newest first",
            "Each with its delivery: queued, delivered, refused or dropped, and the attempts.\n\n"
            "Example:\n"
            "  papctl alerts list\n",
            prepare_alerts_list},
    Command{"", "status", "one screen: health, counts, queue, Station, version",
            "Examples:\n"
            "  papctl status\n"
            "  papctl status --exit-code || page-somebody\n",
            prepare_status},
    Command{"", "metrics", "the collector's metrics, readable",
            "Examples:\n"
            "  papctl metrics\n"
            "  papctl metrics alerts\n"
            "  papctl metrics -o raw\n",
            prepare_metrics},
    Command{"heartbeat", "send", "send a heartbeat by hand, to try a collector",
            "Beware: whoever sends one for a living agent speaks for it.\n\n"
            "Example:\n"
            "  papctl heartbeat send test-agent-123 --mode IDLE --uptime 12.5\n",
            prepare_heartbeat_send},
    Command{"config", "set-context", "name collectors, and how to reach them",
            "The first context that is set is in use at once.\n\n"
            "Examples:\n"
            "  papctl config set-context prod -c https://collector.example --readonly \\\n"
            "      --key-file ~/.collector-key\n"
            "  papctl config set-context all -c dns+http://collectors.agents.svc:8080\n",
            prepare_config_set_context},
    Command{"config", "use-context", "use this context from now on",
            "Example:\n"
            "  papctl config use-context prod\n",
            prepare_config_use_context},
    Command{"config", "view", "show the contexts, and where they are kept",
            "Example:\n"
            "  papctl config view\n",
            prepare_config_view},
};

constexpr std::string_view kEnvironmentHelp =
    "Environment:\n"
    "  PAPCTL_COLLECTOR  the collector's address, where no flag names one\n"
    "  PAPCTL_CONTEXT    the context, where nothing names a collector\n"
    "  PAPCTL_KEY        its COLLECTOR_API_KEY; PAPCTL_KEY_FILE the file that holds it\n"
    "  NO_COLOR, CLICOLOR_FORCE, COLUMNS  as everywhere\n";

struct Globals {
  std::vector<std::string> collectors;
  std::string context;
  std::string key_file;
  Target target;  // but for the address and the key
  Settings settings;
  bool version = false;
};

void add_globals(CLI::App& app, Globals& globals) {
  Target& target = globals.target;
  Printing& printing = globals.settings.printing;
  app.add_option("-c,--collector", globals.collectors,
                 std::string("the collector's address; again for each further one; ") +
                     kDefaultCollector + " without it")
      ->type_name("URL")
      ->allow_extra_args(false);
  app.add_option("--context", globals.context, "the context to use this time")->type_name("NAME");
  app.add_option("--key-file", globals.key_file, "file that holds the collector's API key")
      ->type_name("FILE");
  const std::map<std::string, Format> formats{{"table", Format::kTable}, {"wide", Format::kWide},
                                              {"json", Format::kJson},   {"jsonl", Format::kJsonl},
                                              {"yaml", Format::kYaml},   {"name", Format::kName},
                                              {"tsv", Format::kTsv},     {"raw", Format::kRaw}};
  app.add_option_function<std::string>(
         "-o,--output",
         [&printing, formats](const std::string& word) { printing.format = formats.at(word); },
         "table, wide, json, jsonl, yaml, name or tsv; without it a table on a terminal, else tsv")
      ->check(CLI::IsMember({"table", "wide", "json", "jsonl", "yaml", "name", "tsv", "raw"}))
      ->type_name("FORMAT");
  app.add_flag_function(
      "--no-headers", [&printing](std::int64_t) { printing.headers = false; },
      "no line of headers");
  const std::map<std::string, ColorWish> wishes{
      {"auto", ColorWish::kAuto}, {"always", ColorWish::kAlways}, {"never", ColorWish::kNever}};
  app.add_option_function<std::string>(
         "--color",
         [&printing, wishes](const std::string& word) { printing.color = wishes.at(word); },
         "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  app.add_option("--cacert", target.ca_file, "authorities to trust, instead of the system's")
      ->type_name("FILE");
  auto* cert = app.add_option("--cert", target.certificate_file, "the client's own certificate")
                   ->type_name("FILE");
  auto* key = app.add_option("--key", target.certificate_key_file, "… and its private key")
                  ->type_name("FILE");
  cert->needs(key);
  key->needs(cert);
  app.add_flag("--insecure", target.insecure, "take any certificate");
  app.add_flag("--debug", target.debug, "show the exchange on stderr, without secrets");
}

std::optional<std::string> environment(const char* name) {
  const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no thread yet
  if (text == nullptr || *text == '\0') return std::nullopt;
  return std::string(text);
}

// Flags before the environment, the environment before the context, the context before the
// defaults. Naming a collector otherwise than by the context leaves the context's key behind: it is
// for the context's collectors alone.
void settle(Globals& globals) {
  Settings& settings = globals.settings;
  Target target = globals.target;
  std::vector<std::string> collectors = globals.collectors;
  if (collectors.empty() && globals.context.empty()) {
    if (const auto given = environment("PAPCTL_COLLECTOR")) collectors.push_back(*given);
  }
  if (!globals.key_file.empty()) {
    target.api_key = read_key_file(globals.key_file);
  } else if (const auto key = environment("PAPCTL_KEY")) {
    target.api_key = checked_key(*key, "PAPCTL_KEY");
  } else if (const auto file = environment("PAPCTL_KEY_FILE")) {
    target.api_key = read_key_file(*file);
  }
  if (collectors.empty()) {
    settings.context = globals.context;
    if (settings.context.empty()) settings.context = environment("PAPCTL_CONTEXT").value_or("");
    Contexts contexts;
    const bool has_home = environment("XDG_CONFIG_HOME") || environment("HOME");
    if (has_home || !settings.context.empty()) contexts = Contexts::load(contexts_path());
    if (settings.context.empty()) settings.context = contexts.current;
    if (!settings.context.empty()) {
      const NamedContext& named = contexts.find(settings.context);
      collectors = named.collectors;
      settings.readonly = named.readonly;
      if (!target.api_key && !named.key_file.empty()) {
        target.api_key = read_key_file(named.key_file);
      }
      if (target.ca_file.empty()) target.ca_file = named.cacert;
      if (target.certificate_file.empty()) {
        target.certificate_file = named.cert;
        target.certificate_key_file = named.key;
      }
      target.insecure = target.insecure || named.insecure;
    }
  }
  if (collectors.empty()) collectors.emplace_back(kDefaultCollector);
  if (target.insecure) complain("warning: --insecure: anybody could be answering");
  settings.targets.clear();
  for (std::string& collector : resolved(collectors)) {
    target.collector = std::move(collector);
    settings.targets.push_back(target);
  }
}

// Text that no command prints.
int print(const std::string& text, int status) {
  try {
    Output out;
    out.write(text);
    out.flush();
  } catch (const BrokenPipe&) {
    return status;
  } catch (const Failure& failure) {
    complain(failure.what());
    return failure.status();
  }
  return status;
}

int usage_error(const std::string& message, const std::string& command) {
  complain(visible(message));
  std::fprintf(stderr, "Try `papctl %s--help`.\n", command.c_str());
  return kUsage;
}

// The words of the command that was begun, each with a blank behind it.
std::string given_command(const CLI::App& app) {
  std::string out;
  for (const CLI::App* at = &app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    out += at->get_name() + ' ';
  }
  return out;
}

// "list" for "lst": the nearest of the words, if it is near at all.
std::string nearest(const std::string& word, const std::vector<std::string>& words) {
  std::string best;
  std::size_t least = word.size() / 2 + 1;
  for (const std::string& candidate : words) {
    // Levenshtein, a row at a time.
    std::vector<std::size_t> row(candidate.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= word.size(); ++i) {
      std::size_t diagonal = std::exchange(row[0], i);
      for (std::size_t j = 1; j <= candidate.size(); ++j) {
        const std::size_t change = diagonal + (word[i - 1] == candidate[j - 1] ? 0 : 1);
        diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, change}));
      }
    }
    if (row.back() < least) {
      least = row.back();
      best = candidate;
    }
  }
  return best;
}

// Where a command was due and another word came, that word and the one that was meant. "" when all
// words up to the command are known.
std::string unknown_word(const CLI::App& app, int argc, const char* const* argv) {
  const CLI::App* at = &app;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    std::vector<std::string> names;
    for (const CLI::App* sub : at->get_subcommands([](const CLI::App*) { return true; })) {
      names.push_back(sub->get_name());
    }
    if (names.empty() || word.starts_with('-')) return {};
    if (std::find(names.begin(), names.end(), word) == names.end()) {
      const std::string meant = nearest(word, names);
      return "no command \"" + word + '"' +
             (meant.empty() ? std::string{} : "; did you mean " + meant + '?');
    }
    at = at->get_subcommand(word);
  }
  return {};
}

int carry_out(const Run& run, const CLI::App& command, Globals& globals) {
  const bool has_raw = command.get_name() == "metrics";
  const bool needs_target = command.get_parent()->get_name() != "config";
  try {
    if (needs_target) settle(globals);
    if (globals.settings.printing.format == Format::kRaw && !has_raw) {
      throw Failure(kUsage, "-o raw is for `papctl metrics`");
    }
    Context context{globals.settings, Terminal::of_stdout(globals.settings.printing.color), {}};
    const int status = run(context);
    context.out.flush();
    return status;
  } catch (const BrokenPipe&) {
    return kFine;  // whoever read has had enough
  } catch (const Failure& failure) {
    complain(failure.what());
    if (!failure.advice().empty()) std::fprintf(stderr, "%s\n", failure.advice().c_str());
    return failure.status();
  } catch (const std::exception& e) {
    complain(e.what());
    return kError;
  }
}

}  // namespace

std::span<const Command> commands() { return kCommands; }

int run_papctl(int argc, const char* const* argv) {
  use_locale();
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a value: BrokenPipe

  CLI::App app("Asks a PAP heartbeat collector: who is alive, and what is wrong.", "papctl");
  Globals globals;
  add_globals(app, globals);
  app.add_flag("--version", globals.version, "print the version");
  app.require_subcommand(0, 1);
  app.footer("\n" + std::string(kEnvironmentHelp) + "\n" + kExitStatusHelp);

  std::map<std::string_view, CLI::App*> groups;
  for (const auto& [name, summary] : kGroups) {
    CLI::App* group = app.add_subcommand(name, summary);
    group->require_subcommand(1)->fallthrough();
    group->footer("\nEach has its own --help, with examples.");
    groups.emplace(name, group);
  }
  std::vector<std::pair<CLI::App*, Run>> runs;
  for (const Command& command : commands()) {
    CLI::App* above = command.group.empty() ? &app : groups.at(command.group);
    CLI::App* sub = above->add_subcommand(std::string(command.name), std::string(command.summary));
    sub->fallthrough();
    sub->footer("\n" + std::string(command.details) +
                "\nOptions of every command: papctl --help\n\n" + kExitStatusHelp);
    runs.emplace_back(sub, command.prepare(*sub));
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return print(app.help(), kFine);
  } catch (const CLI::ParseError& e) {
    const std::string stranger = unknown_word(app, argc, argv);
    const auto given = app.get_subcommands();
    if (stranger.empty() && e.get_name() == "RequiredError" && given.size() == 1 &&
        given.front()->get_subcommands().empty() && groups.contains(given.front()->get_name())) {
      std::fputs(app.help().c_str(), stderr);
      return kUsage;
    }
    return usage_error(stranger.empty() ? e.what() : stranger, given_command(app));
  }
  if (globals.version) {
    return print("papctl " + std::string(pap::build_info()) + '\n', kFine);
  }
  for (const auto& [sub, run] : runs) {
    if (sub->parsed()) return carry_out(run, *sub, globals);
  }
  return print(app.help(), kUsage);
}

}  // namespace pap::ctl
