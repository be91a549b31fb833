// SPDX-License-Identifier: MIT
// papctl heartbeat send ID
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "papctl/client/client.hpp"
#include "papctl/client/json_text.hpp"
#include "papctl/commands/arguments.hpp"
#include "papctl/commands/command.hpp"
#include "papctl/print/records.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

using Json = nlohmann::ordered_json;

struct HeartbeatSendOptions {
  std::string id;
  std::string mode = "IDLE";
  double uptime = 0;
  std::string name;
};

int run_heartbeat_send(Context& context, const HeartbeatSendOptions& options) {
  if (context.settings.readonly) {
    throw Failure(kError, "context " + visible(context.settings.context) +
                              " is readonly: no heartbeat is sent");
  }
  Client client(context.settings.only_target());
  Json beat{{"mode", options.mode}, {"uptime_seconds", options.uptime}};
  if (!options.name.empty()) beat["agent_name"] = options.name;
  const std::string path = "/heartbeat/" + percent_encoded(options.id);
  const Answer answer =
      client.post(path, beat.dump(-1, ' ', false, Json::error_handler_t::replace));
  const Json told = read_json<Json>(answer.body);
  if (answer.status != 200 || !told.is_object()) {
    throw Failure(answer.status == 401 ? kNotAuthorised : kError,
                  "the collector answered " + status_and_reason(answer.status, answer.body),
                  answer.status == 401 ? "It wants its HEARTBEAT_API_KEY: --key-file FILE." : "");
  }
  if (!told.contains("received")) {
    throw no_collectors_answer(client.endpoint().url(path), "does not say that it was received");
  }
  const Format format = context.settings.printing.format.value_or(Format::kTable);
  if (!is_for_people(format)) {
    context.out.write(as_answer(told, options.id, format, context.terminal));
    return kFine;
  }
  std::string line = visible(options.id) + " was heard";
  if (told.value("is_new", Json(false)) == Json(true)) line += ", for the first time";
  if (told.value("restart_detected", Json(false)) == Json(true)) line += ", as restarted";
  if (const auto next = told.find("next_heartbeat_ms"); next != told.end() && next->is_number()) {
    line += "; the next one is due in " +
            short_duration(std::chrono::milliseconds(next->get<std::int64_t>()));
  }
  context.out.write(line + '\n');
  return kFine;
}

}  // namespace

Run prepare_heartbeat_send(CLI::App& app) {
  auto options = std::make_shared<HeartbeatSendOptions>();
  app.add_option("ID", options->id, "the agent's id")->required()->check(some_id());
  add_mode(app, "--mode", options->mode, "EMERGENCY, IDLE or SLEEP; IDLE without it");
  app.add_option("--uptime", options->uptime, "seconds since the agent began; 0 without it")
      ->check(some_seconds())
      ->type_name("SECONDS");
  app.add_option("--name", options->name, "the agent's name")->type_name("TEXT");
  return [options](Context& context) { return run_heartbeat_send(context, *options); };
}

}  // namespace pap::ctl
