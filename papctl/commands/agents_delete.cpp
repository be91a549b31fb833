// SPDX-License-Identifier: MIT
// papctl agents delete ID
#include <unistd.h>

#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "papctl/client/fleet.hpp"
#include "papctl/client/json_text.hpp"
#include "papctl/commands/arguments.hpp"
#include "papctl/commands/command.hpp"
#include "papctl/print/records.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

using Json = nlohmann::ordered_json;

struct AgentsDeleteOptions {
  std::vector<std::string> ids;
  bool yes = false;
};

// Asks on stderr, so that stdout stays data.
bool agreed(const Agent& agent) {
  const std::string named =
      agent.name == agent.id || agent.name.empty() ? "" : " (" + visible(agent.name) + ')';
  std::fprintf(stderr, "Forget agent %s%s, %s? Its waiting alerts are withdrawn. [y/N] ",
               visible(agent.id).c_str(), named.c_str(), agent.healthy ? "healthy" : "unhealthy");
  std::string line;
  return std::getline(std::cin, line) && (line == "y" || line == "Y" || line == "yes");
}

int run_agents_delete(Context& context, const AgentsDeleteOptions& options) {
  if (context.settings.readonly) {
    throw Failure(kError, "context " + visible(context.settings.context) +
                              " is readonly: nothing is deleted");
  }
  if (!options.yes && ::isatty(STDIN_FILENO) != 1) {
    throw Failure(kUsage, "nobody is there to be asked whether to delete",
                  "--yes deletes without asking.");
  }
  Client client(context.settings.only_target());
  int status = kFine;
  for (const std::string& id : options.ids) {
    try {
      const Agent agent = find_agent(client, id).agent;
      if (!options.yes && !agreed(agent)) {
        complain(visible(agent.id) + " stays");
        status = status == kFine ? kError : status;
        continue;
      }
      const Answer answer = client.remove("/agents/" + percent_encoded(agent.id));
      if (answer.status == 404) throw Failure(kNotFound, visible(agent.id) + " was gone already");
      if (answer.status != 200) {
        throw Failure(kError, "cannot delete " + visible(agent.id) + ": the collector answered " +
                                  status_and_reason(answer.status, answer.body));
      }
      const Format format = context.format();
      const Json told = read_json<Json>(answer.body);
      if (is_for_people(format)) {
        context.out.write("deleted " + visible(agent.id) + '\n');
      } else if (format == Format::kTsv) {
        context.out.write(name_line(agent.id, context.terminal));
      } else {
        context.out.write(as_answer(told, agent.id, format, context.terminal));
      }
      context.out.flush();
    } catch (const Failure& failure) {
      if (failure.status() != kNotFound) throw;
      complain(failure.what());
      status = kNotFound;
    }
  }
  return status;
}

}  // namespace

Run prepare_agents_delete(CLI::App& app) {
  auto options = std::make_shared<AgentsDeleteOptions>();
  app.add_option("ID", options->ids, "ids, or unique beginnings of ids")
      ->required()
      ->check(some_id());
  app.add_flag("-y,--yes", options->yes, "do not ask");
  return [options](Context& context) { return run_agents_delete(context, *options); };
}

}  // namespace pap::ctl
