// SPDX-License-Identifier: MIT
// papctl observe agent ID...
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "papctl/client/fleet.hpp"
#include "papctl/client/observer.hpp"
#include "papctl/commands/arguments.hpp"
#include "papctl/commands/command.hpp"
#include "papctl/print/observation.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

constexpr std::size_t kMostIds = 100;

struct Options {
  std::vector<std::string> ids;
  bool all = false;
  std::string mode;
  std::string name;
  std::size_t count = 0;
  std::chrono::milliseconds time{0};
};

// An agent that is not there yet can be observed, so what matches nobody is taken as it stands.
std::string whole_id(Client& client, const std::string& given) {
  try {
    return find_agent(client, given).agent.id;
  } catch (const Failure& failure) {
    const bool ambiguous = std::string(failure.what()).find('\n') != std::string::npos;
    if (failure.status() != kNotFound || ambiguous) throw;
    return given;
  }
}

std::vector<std::string> paths_of(const Options& options, const Target& target) {
  std::vector<std::string> paths;
  if (options.ids.empty()) {
    std::string path = "/observe";
    char before = '?';
    if (!options.mode.empty()) path += std::exchange(before, '&') + ("mode=" + options.mode);
    if (!options.name.empty()) path += before + ("name=" + percent_encoded(options.name));
    if (before == '?' && options.name.empty()) path += "?name=";  // all
    paths.push_back(std::move(path));
    return paths;
  }
  Client client(target);
  for (const std::string& id : options.ids) {
    paths.push_back("/observe/" + percent_encoded(whole_id(client, id)));
  }
  return paths;
}

void check(const Options& options) {
  const bool choice = options.all || !options.mode.empty() || !options.name.empty();
  if (options.ids.empty() && !choice) {
    throw Failure(kUsage, "whom? Give ids, --mode, --name or --all");
  }
  if (!options.ids.empty() && choice) {
    throw Failure(kUsage, "ids and --mode, --name or --all exclude each other");
  }
  if (options.ids.size() > kMostIds) {
    throw Failure(kUsage, "over " + std::to_string(kMostIds) +
                              " ids: --mode, --name or --all "
                              "observe any number over one connection");
  }
}

int run(Context& context, const Options& options) {
  check(options);
  const Target& target = context.settings.target;
  ObservationLines lines(context.format(), context.terminal);
  if (context.settings.printing.headers) context.out.write(lines.header());
  context.out.flush();

  std::size_t shown = 0;
  Observer observer(
      target, paths_of(options, target),
      {[&](const std::string& message) {
         const auto line = lines.line_for(message);
         if (!line.complaint.empty()) complain(line.complaint);
         context.out.write(line.out);
         context.out.flush();
         if (line.counts) ++shown;
         return options.count == 0 || shown < options.count;
       },
       [](const std::string&, bool again) {
         if (again) complain("connected again");
       },
       [&](const std::string&, const std::string& why, std::chrono::milliseconds retry) {
         complain("the stream from " + target.collector + " was lost (" + visible(why) +
                  "); trying again in " + short_duration(retry));
       }});
  observer.run(options.time.count() == 0 ? std::nullopt : std::optional(options.time));
  return kFine;
}

}  // namespace

Run prepare_observe_agent(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("ID", options->ids, "ids, or unique beginnings of ids of agents that are there");
  app.add_flag("--all", options->all, "every agent");
  add_mode(app, "--mode", options->mode, "agents in MODE");
  app.add_option("--name", options->name, "agents whose name holds TEXT")->type_name("TEXT");
  app.add_option("--count", options->count, "end after so many heartbeats and alerts")
      ->type_name("N");
  add_duration(app, "--for", options->time, "end after this long");
  return [options](Context& context) { return run(context, *options); };
}

}  // namespace pap::ctl
