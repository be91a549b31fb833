// SPDX-License-Identifier: MIT
#include <cstdio>
#include <memory>
#include <system_error>

#include <CLI/CLI.hpp>

#include "papsim/capacity/null_server.hpp"
#include "papsim/commands/command.hpp"
#include "papsim/commands/running.hpp"

namespace pap::sim {

Run prepare_null_server(CLI::App& app) {
  auto port = std::make_shared<std::uint16_t>(0);
  app.add_option("--port", *port, "where it listens, on 127.0.0.1 (default: a free one)");
  return [port] {
    try {
      NullServer server(*port);
      stop_on_interrupt();
      std::printf("listening on http://127.0.0.1:%u\n", server.port());
      std::fflush(stdout);
      server.run(interrupted);
      return kStopped;
    } catch (const std::system_error& error) {
      std::fprintf(stderr, "papsim: cannot listen on 127.0.0.1:%u: %s\n", unsigned{*port},
                   error.code().message().c_str());
      return kInvalid;
    }
  };
}

}  // namespace pap::sim
