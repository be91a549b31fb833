// SPDX-License-Identifier: MIT
// papctl agents get ID
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "papctl/client/fleet.hpp"
#include "papctl/commands/command.hpp"
#include "papctl/print/agent_rows.hpp"
#include "papctl/print/records.hpp"

namespace pap::ctl {
namespace {

int run(Context& context, const std::vector<std::string>& ids) {
  Client client(context.settings.target);
  const Format format = context.format();
  const bool wide = format == Format::kWide;
  int status = kFine;
  Records records(format, context.settings.printing.headers, context.terminal, context.out,
                  agent_columns(wide), agent_tsv_headers());
  for (const std::string& id : ids) {
    try {
      Found found = find_agent(client, id);
      // One agent alone is an object, as it was asked for; several are a list.
      if (ids.size() == 1 && (format == Format::kJson || format == Format::kYaml)) {
        context.out.write(in_format(found.agent.json, format));
        return kFine;
      }
      records.add(agent_record(std::move(found.agent), found.now, wide, context.terminal));
    } catch (const Failure& failure) {
      if (failure.status() != kNotFound) throw;
      complain(failure.what());
      status = kNotFound;
    }
  }
  if (records.count() > 0) records.end({});
  return status;
}

}  // namespace

Run prepare_agents_get(CLI::App& app) {
  auto ids = std::make_shared<std::vector<std::string>>();
  app.add_option("ID", *ids, "ids, or unique beginnings of ids")->required();
  return [ids](Context& context) { return run(context, *ids); };
}

}  // namespace pap::ctl
