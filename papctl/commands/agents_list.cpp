// SPDX-License-Identifier: MIT
// papctl agents list
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "papctl/client/fleet.hpp"
#include "papctl/commands/arguments.hpp"
#include "papctl/commands/collectors.hpp"
#include "papctl/commands/command.hpp"
#include "papctl/print/agent_rows.hpp"
#include "papctl/print/records.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

constexpr std::chrono::milliseconds kWatchEvery{2'000};
constexpr const char* kClearScreen = "\x1b[H\x1b[J";

struct AgentsListOptions {
  std::string mode;
  bool healthy = false;
  bool unhealthy = false;
  std::string name;
  std::string sort_by;
  std::size_t limit = 0;  // 0: all
  bool watch = false;
};

Choice choice_of(const AgentsListOptions& options) {
  Choice choice;
  if (!options.mode.empty()) choice.mode = options.mode;
  if (options.healthy != options.unhealthy) choice.healthy = options.healthy;
  choice.name_glob = options.name;
  return choice;
}

using Before = bool (*)(const Agent&, const Agent&);

// The longest silence, the longest life and the most beats first; texts as letters go.
Before order_of(const std::string& key) {
  if (key == "id") return [](const Agent& a, const Agent& b) { return a.id < b.id; };
  if (key == "name") return [](const Agent& a, const Agent& b) { return a.name < b.name; };
  if (key == "mode") return [](const Agent& a, const Agent& b) { return a.mode < b.mode; };
  if (key == "health") return [](const Agent& a, const Agent& b) { return a.healthy < b.healthy; };
  if (key == "last-seen") {
    return [](const Agent& a, const Agent& b) { return a.last_seen < b.last_seen; };
  }
  if (key == "uptime") {
    return [](const Agent& a, const Agent& b) { return a.uptime_seconds > b.uptime_seconds; };
  }
  return [](const Agent& a, const Agent& b) { return a.beats > b.beats; };
}

using Take = std::function<bool(Agent, TimePoint now, const std::string& label)>;

// The unhealthy of all collectors before the rest of any.
void ask_all(Collectors& collectors, const Choice& choice, const Take& take) {
  struct Asked {
    FleetList list;
    TimePoint now;
  };
  std::map<const Client*, Asked> asked;
  bool wanted = true;
  for (const bool first : {true, false}) {
    collectors.each([&](Client& client, const std::string& label) {
      if (!wanted && !first) return;  // each is asked once, so that one that is away is named
      Asked& one = asked.try_emplace(&client, Asked{{client, choice}, {}}).first->second;
      const auto begun = [&one](TimePoint moment) { one.now = moment; };
      const auto each = [&](Agent agent) {
        return wanted = take(std::move(agent), one.now, label);
      };
      if (first) {
        one.list.unhealthy(begun, each);
      } else {
        one.list.rest(begun, each);
      }
    });
  }
}

// An agent that waits to be sorted. What was served is kept as text, a third of what it takes as a
// value, and only where it will be printed.
struct Row {
  Agent agent;
  std::string served;
  TimePoint now;
  const std::string* label;
};

bool prints_as_served(Format format) {
  return format == Format::kJson || format == Format::kJsonl || format == Format::kYaml;
}

void list_once(Context& context, const AgentsListOptions& options, Collectors& collectors,
               std::size_t limit) {
  const Format format = context.format();
  const bool wide = format == Format::kWide;
  Records records(format, context.settings.printing.headers, collectors.several(), context.terminal,
                  context.out, agent_columns(wide), agent_tsv_headers());
  const auto show = [&](Agent agent, TimePoint now, const std::string& label) {
    records.add(agent_record(std::move(agent), now, wide, context.terminal), label);
  };
  bool left_off = false;
  if (options.sort_by.empty()) {
    ask_all(collectors, choice_of(options), [&](Agent agent, TimePoint now, const auto& label) {
      left_off = limit != 0 && records.count() == limit;
      if (!left_off) show(std::move(agent), now, label);
      return !left_off;
    });
  } else {
    // A deque, and places sorted instead of rows: neither is ever there twice.
    std::deque<Row> all;
    ask_all(collectors, choice_of(options), [&](Agent agent, TimePoint now, const auto& label) {
      const auto json = std::exchange(agent.json, nlohmann::ordered_json::object());
      Row row{std::move(agent), {}, now, &label};
      if (prints_as_served(format)) {
        row.served = json.dump();
        row.served.shrink_to_fit();
        std::string().swap(row.agent.last_seen_text);  // an assignment would keep its room
      }
      all.push_back(std::move(row));
      return true;
    });
    const Before before = order_of(options.sort_by);
    std::vector<std::size_t> order(all.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return before(all[a].agent, all[b].agent);
    });
    left_off = limit != 0 && order.size() > limit;
    if (left_off) order.resize(limit);
    for (const std::size_t place : order) {
      Row row = std::move(all[place]);
      if (!row.served.empty()) row.agent = Agent::from(nlohmann::ordered_json::parse(row.served));
      show(std::move(row.agent), row.now, *row.label);
    }
  }
  records.end("no agents that match at " + collectors.names());
  if (left_off && context.terminal.interactive() && !options.watch) {
    complain("there are more: --limit " + std::to_string(limit) + " was reached");
  }
}

std::size_t rows_of_terminal() {
  winsize size{};
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 4 ? size.ws_row : 24;
}

// On a terminal the list is drawn anew in its place; elsewhere one list follows the other.
[[noreturn]] void watch(Context& context, const AgentsListOptions& options) {
  const bool in_place = context.terminal.interactive();
  for (;;) {
    std::size_t limit = options.limit;
    if (in_place) {
      context.terminal = Terminal::of_stdout(context.settings.printing.color);
      // The header, a line below for the cursor, and one for what may be wrong.
      const std::size_t room = rows_of_terminal() - 3;
      limit = limit == 0 ? room : std::min(limit, room);
      context.out.write(kClearScreen);
    }
    try {
      Collectors collectors(context.settings);  // who was left out is asked again
      list_once(context, options, collectors, limit);
    } catch (const Failure& failure) {
      // It may come back: a watch goes on until it is stopped.
      if (failure.status() != kNotReachable) throw;
      context.out.flush();
      complain(std::string(failure.what()) + "; trying again");
    }
    std::this_thread::sleep_for(kWatchEvery);
  }
}

int run_agents_list(Context& context, const AgentsListOptions& options) {
  if (options.watch) watch(context, options);
  Collectors collectors(context.settings);
  list_once(context, options, collectors, options.limit);
  return collectors.status();
}

}  // namespace

Run prepare_agents_list(CLI::App& app) {
  auto options = std::make_shared<AgentsListOptions>();
  add_mode(app, "--mode", options->mode, "only those in MODE: EMERGENCY, IDLE or SLEEP");
  auto* healthy = app.add_flag("--healthy", options->healthy, "only the healthy");
  app.add_flag("--unhealthy", options->unhealthy, "only the unhealthy")->excludes(healthy);
  app.add_option("--name", options->name, "only those whose name matches, as 'web-*'")
      ->type_name("GLOB");
  app.add_option("--sort-by", options->sort_by,
                 "id, name, mode, health, last-seen, uptime or beats; without it the unhealthy "
                 "come first")
      ->check(CLI::IsMember({"id", "name", "mode", "health", "last-seen", "uptime", "beats"}))
      ->type_name("KEY");
  app.add_option("--limit", options->limit, "at most so many; 0 for all")
      ->check(some_count())
      ->type_name("N");
  app.add_flag("-w,--watch", options->watch, "again every 2 s, until Ctrl-C");
  return [options](Context& context) { return run_agents_list(context, *options); };
}

}  // namespace pap::ctl
