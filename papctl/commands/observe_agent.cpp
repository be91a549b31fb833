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

struct ObserveAgentOptions {
  std::vector<std::string> ids;
  bool all = false;
  std::string mode;
  std::string name;
  std::size_t count = 0;
  std::chrono::milliseconds time{0};
};

std::string path_of(const std::string& id) { return "/observe/" + percent_encoded(id); }

// Where the agent is known; an agent that is not there yet can be observed, so what matches nobody
// is taken as it stands, and may turn up at any of the collectors.
std::vector<Observer::Stream> streams_of(const std::string& given, const Settings& settings) {
  std::vector<Observer::Stream> found;
  for (const Target& target : settings.targets) {
    try {
      Client client(target);
      found.push_back({target, path_of(find_agent(client, given).agent.id)});
    } catch (const Failure& failure) {
      const bool ambiguous = std::string(failure.what()).find('\n') != std::string::npos;
      const bool later = failure.status() == kNotFound || failure.status() == kNotReachable;
      if (!later || ambiguous) throw;
    }
  }
  if (!found.empty()) return found;
  for (const Target& target : settings.targets) found.push_back({target, path_of(given)});
  return found;
}

std::vector<Observer::Stream> streams_of(const ObserveAgentOptions& options,
                                         const Settings& settings) {
  std::vector<Observer::Stream> streams;
  for (const std::string& id : options.ids) {
    for (Observer::Stream& stream : streams_of(id, settings)) streams.push_back(std::move(stream));
  }
  if (!options.ids.empty()) return streams;
  // The collector takes a part of the name; the glob is for what comes. An empty part is held by
  // every name.
  std::string path = "/observe?name=" + percent_encoded(literal_of(options.name));
  if (!options.mode.empty()) path += "&mode=" + options.mode;
  for (const Target& target : settings.targets) streams.push_back({target, path});
  return streams;
}

void check(const ObserveAgentOptions& options) {
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

int run_observe_agent(Context& context, const ObserveAgentOptions& options) {
  check(options);
  const bool several = context.settings.several();
  ObservationLines lines(context.format(), several, context.terminal, options.name);
  if (context.settings.printing.headers) context.out.write(lines.header());
  context.out.flush();

  std::size_t shown = 0;
  Observer observer(
      streams_of(options, context.settings),
      {[&](const std::string& collector, const std::string& message) {
         const auto line = lines.line_for(message, collector);
         if (!line.complaint.empty()) complain(line.complaint);
         context.out.write(line.out);
         context.out.flush();
         if (line.counts) ++shown;
         return options.count == 0 || shown < options.count;
       },
       [](const std::string& collector, bool again) {
         if (again) complain("connected to " + collector + " again");
       },
       [](const std::string& collector, const std::string& why, std::chrono::milliseconds retry) {
         complain("no stream from " + collector + " (" + visible(why) + "); trying again in " +
                  short_duration(retry));
       }});
  observer.run(options.time.count() == 0 ? std::nullopt : std::optional(options.time));
  return kFine;
}

}  // namespace

Run prepare_observe_agent(CLI::App& app) {
  auto options = std::make_shared<ObserveAgentOptions>();
  app.add_option("ID", options->ids,
                 "ids, or unique beginnings of ids; whoever is not there yet is "
                 "waited for")
      ->check(some_id());
  app.add_flag("--all", options->all, "every agent");
  add_mode(app, "--mode", options->mode, "agents in MODE");
  app.add_option("--name", options->name, "agents whose name matches, as 'web-*'")
      ->type_name("GLOB");
  app.add_option("--count", options->count, "end after so many heartbeats and alerts")
      ->check(some_count(1))
      ->type_name("N");
  add_duration(app, "--for", options->time, "end after this long");
  return [options](Context& context) { return run_observe_agent(context, *options); };
}

}  // namespace pap::ctl
