// SPDX-License-Identifier: MIT
// A stand-in Station to look at: prints each alert as it arrives, one line each.

#include <csignal>
#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>

#include "support/station.hpp"

namespace {

using pap::test::ReceivedAlert;

std::string text_at(const nlohmann::json& alert, const char* name) {
  return alert.is_object() && alert.contains(name) && alert[name].is_string()
             ? alert[name].get<std::string>()
             : "?";
}

std::string line_for(const ReceivedAlert& received) {
  const nlohmann::json& alert = received.alert;
  std::string line = text_at(alert, "timestamp") + "  " + text_at(alert, "type") + "  " +
                     text_at(alert, "severity") + "  " + text_at(alert, "agent_name");
  if (text_at(alert, "agent_name") != text_at(alert, "agent_uuid")) {
    line += " (" + text_at(alert, "agent_uuid") + ')';
  }
  if (alert.is_object() && alert.contains("details")) {
    for (const auto& [name, value] : alert["details"].items()) {
      line += "  " + name + '=' + (value.is_string() ? value.get<std::string>() : value.dump());
    }
  }
  if (received.status != 200) {
    line += "  -> " + (received.status == 0 ? "no answer" : std::to_string(received.status)) + ' ' +
            received.refused;
  }
  return line;
}

int run(int argc, char** argv) {
  pap::test::StationWish wish;
  int delay_ms = 0;
  int status = 0;
  bool any_id = false;

  CLI::App app("A stand-in for the central Station: prints each alert that it receives.");
  app.add_option("--port", wish.port, "Port on 127.0.0.1; 0 takes a free one");
  app.add_option("--host", wish.host, "Address to listen on");
  app.add_option("--key", wish.key, "Key that alerts must carry");
  app.add_option("--delay-ms", delay_ms, "Time until each answer")->check(CLI::NonNegativeNumber);
  app.add_option("--status", status, "Answer everything with this status")
      ->check(CLI::Range(200, 599));
  app.add_flag("--any-id", any_id, "Take agent ids that are no UUIDs");
  CLI11_PARSE(app, argc, argv);

  // Blocked before the Station's thread starts, so that only sigwait() below sees them.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);

  wish.only_uuids = !any_id;
  pap::test::Station station(wish);
  station.delay(std::chrono::milliseconds(delay_ms));
  if (status != 0) station.always(pap::test::StationAct::answer(status));
  station.on_alert([](const ReceivedAlert& received) {
    std::printf("%s\n", line_for(received).c_str());
    std::fflush(stdout);
  });
  std::printf("listening on %s\n", station.url().c_str());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&signals, &signal);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "stand-in-station: %s\n", e.what());
    return 1;
  }
}
