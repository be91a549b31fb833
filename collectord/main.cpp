// SPDX-License-Identifier: MIT
// The collector as a program: finds its configuration, then runs the service. Signals are the
// service's business, since they are events like any other on its reactor.

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <variant>

#include "collectord/exit_status.hpp"
#include "collectord/flags.hpp"
#include "pap/net/config.hpp"
#include "pap/net/health_probe.hpp"
#include "pap/net/service.hpp"

namespace {

using namespace pap::collectord;  // NOLINT(google-build-using-namespace)
using pap::net::LoadedConfig;

void complain(const std::string& text) { std::fprintf(stderr, "collectord: %s\n", text.c_str()); }

int refuse(const LoadedConfig& loaded) {
  for (const std::string& problem : loaded.problems) complain(problem);
  return kUsage;
}

int check(const LoadedConfig& loaded) {
  if (!loaded.ok()) return refuse(loaded);
  for (const std::string& warning : loaded.warnings) complain("warning: " + warning);
  std::puts("configuration ok");
  return kGood;
}

int show_config(const LoadedConfig& loaded) {
  std::fputs(pap::net::print_config(loaded).c_str(), stdout);
  return loaded.ok() ? kGood : refuse(loaded);
}

// Of the configuration only the address matters; what else is wrong with it, the collector that
// is asked has said itself.
int health_check(const LoadedConfig& loaded) {
  const std::string why = pap::net::why_unhealthy(loaded.config);
  if (why.empty()) return kGood;
  complain("not healthy: " + why);
  return kFailed;
}

// What nobody can read has not been said.
int flushed(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  complain(std::string("cannot write to stdout: ") + std::strerror(errno));
  return status == kGood ? kFailed : status;
}

int serve(const LoadedConfig& loaded) {
  if (!loaded.ok()) return refuse(loaded);
  pap::net::Service service(loaded.config, loaded.warnings);
  std::string error;
  const unsigned port = service.listen(error);
  if (port == 0) {
    complain(error);
    return kFailed;
  }
  // The log says it too, but its level and form are the operator's.
  if (loaded.config.port == 0 && loaded.config.log_level > pap::net::LogLevel::kInfo) {
    std::printf("listening on port %u\n", port);
    std::fflush(stdout);
  }
  return service.run();
}

int run(int argc, char** argv) {
  const auto parsed = parse_command_line(argc, argv);
  if (const int* status = std::get_if<int>(&parsed)) return flushed(*status);
  const CommandLine& line = std::get<CommandLine>(parsed);

  const LoadedConfig loaded =
      pap::net::load_config({line.settings, pap::net::process_environment, line.file});
  switch (line.task) {
    case Task::kCheck:
      return flushed(check(loaded));
    case Task::kPrintConfig:
      return flushed(show_config(loaded));
    case Task::kHealthCheck:
      return health_check(loaded);
    case Task::kServe:
      break;
  }
  return serve(loaded);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "collectord: %s\n", e.what());
    return kFailed;
  }
}
