// SPDX-License-Identifier: MIT
// papctl agents get ID
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "papctl/client/fleet.hpp"
#include "papctl/commands/arguments.hpp"
#include "papctl/commands/collectors.hpp"
#include "papctl/commands/command.hpp"
#include "papctl/print/agent_rows.hpp"
#include "papctl/print/records.hpp"

namespace pap::ctl {
namespace {

int run_agents_get(Context& context, const std::vector<std::string>& ids) {
  Collectors collectors(context.settings);
  const Format format = context.format();
  const bool wide = format == Format::kWide;
  // One agent alone is an object, as it was asked for; several are a list.
  const bool single = ids.size() == 1 && !collectors.several() &&
                      (format == Format::kJson || format == Format::kYaml);
  int status = kFine;
  Records records(format, context.settings.printing.headers, collectors.several(), context.terminal,
                  context.out, agent_columns(wide), agent_tsv_headers());
  for (const std::string& id : ids) {
    std::optional<Failure> missing;
    bool here = false;
    collectors.each([&](Client& client, const std::string& label) {
      try {
        Found found = find_agent(client, id);
        here = true;
        if (single) {
          context.out.write(in_format(found.agent.json, format));
        } else {
          records.add(agent_record(std::move(found.agent), found.now, wide, context.terminal),
                      label);
        }
      } catch (const Failure& failure) {
        if (failure.status() != kNotFound) throw;
        if (!missing) missing = failure;
      }
    });
    if (here || !missing) continue;
    complain(missing->what());
    status = kNotFound;
  }
  if (records.count() > 0) records.end({});
  return status != kFine ? status : collectors.status();
}

}  // namespace

Run prepare_agents_get(CLI::App& app) {
  auto ids = std::make_shared<std::vector<std::string>>();
  app.add_option("ID", *ids, "ids, or unique beginnings of ids")->required()->check(some_id());
  return [ids](Context& context) { return run_agents_get(context, *ids); };
}

}  // namespace pap::ctl
