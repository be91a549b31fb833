// SPDX-License-Identifier: MIT
// papctl man [COMMAND...]
#include <memory>
#include <string>
#include <vector>

#include "papctl/commands/command.hpp"
#include "papctl/commands/command_line.hpp"
#include "papctl/manual/page.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

int run_man(Context& context, const std::vector<std::string>& words) {
  const CommandLine line;
  std::string wanted;
  for (const std::string& word : words) wanted += (wanted.empty() ? "" : " ") + word;
  if (wanted.empty()) {
    context.out.write(manual_page(line));
    return kFine;
  }
  std::string known;
  std::string of_group;
  for (const CommandLine::Defined& each : line.commands()) {
    const std::string name = full_name(*each.command);
    if (name == wanted) {
      context.out.write(manual_page(line, each));
      return kFine;
    }
    known += (known.empty() ? "" : ", ") + name;
    if (each.command->group == wanted) of_group += (of_group.empty() ? "" : ", ") + name;
  }
  if (!of_group.empty()) {
    throw Failure(kUsage, visible(wanted) + " is several commands, with a page each",
                  "There are: " + of_group + '.');
  }
  throw Failure(kUsage, "no command \"" + visible(wanted) + '"', "There are: " + known + '.');
}

}  // namespace

Run prepare_man(CLI::App& app) {
  auto words = std::make_shared<std::vector<std::string>>();
  app.add_option("COMMAND", *words, "the command's words, as `agents list`; without it, papctl");
  return [words](Context& context) { return run_man(context, *words); };
}

}  // namespace pap::ctl
