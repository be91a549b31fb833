// SPDX-License-Identifier: MIT
// From the words of the command line to the exit status.
#include <algorithm>
#include <csignal>
#include <cstdio>
#include <exception>
#include <numeric>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "pap/version.hpp"
#include "papctl/commands/command_line.hpp"
#include "papctl/completion/answer.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

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

bool is_group(const CLI::App& app) {
  return std::any_of(groups().begin(), groups().end(),
                     [&](const Group& group) { return group.name == app.get_name(); });
}

// Whether it asks a collector at all.
bool needs_target(const Command& command) {
  return command.group != "config" && command.name != "completion" && command.name != "man";
}

int carry_out(const CommandLine::Defined& defined, Globals& globals) {
  const bool has_raw = defined.command->name == "metrics";
  try {
    if (needs_target(*defined.command)) settle(globals);
    if (globals.settings.printing.format == Format::kRaw && !has_raw) {
      throw Failure(kUsage, "-o raw is for `papctl metrics`");
    }
    Context context{globals.settings, Terminal::of_stdout(globals.settings.printing.color), {}};
    const int status = defined.run(context);
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

int run_papctl(int argc, const char* const* argv) {
  use_locale();
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a value: BrokenPipe
  if (argc > 1 && std::string_view(argv[1]) == kCompleteWord) {
    return answer_completion({argv + 2, argv + argc});
  }

  CommandLine line;
  CLI::App& app = line.app();
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return print(app.help(), kFine);
  } catch (const CLI::ParseError& e) {
    const std::string stranger = unknown_word(app, argc, argv);
    const auto given = app.get_subcommands();
    if (stranger.empty() && e.get_name() == "RequiredError" && given.size() == 1 &&
        given.front()->get_subcommands().empty() && is_group(*given.front())) {
      std::fputs(app.help().c_str(), stderr);
      return kUsage;
    }
    return usage_error(stranger.empty() ? e.what() : stranger, given_command(app));
  }
  if (line.globals().version) {
    return print("papctl " + std::string(pap::build_info()) + '\n', kFine);
  }
  for (const CommandLine::Defined& each : line.commands()) {
    if (each.app->parsed()) return carry_out(each, line.globals());
  }
  return print(app.help(), kUsage);
}

}  // namespace pap::ctl
