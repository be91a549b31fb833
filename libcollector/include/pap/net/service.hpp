// SPDX-License-Identifier: MIT
#pragma once

// The whole collector as a service: one reactor with the core, the HTTP server, the observers and
// the Station client on it.
//
// Life: listen() opens the port; run() serves until SIGTERM, SIGINT or request_stop(), then
// drains (design: Stopping and upgrading) and returns. A second signal ends it at once.
//
// Errors: the constructor throws std::runtime_error with a text for people when the trust store or
// STATION_CA_FILE cannot be used; listen() says why the port cannot be had.
// Ownership: owns everything it starts.
// Threads: all calls on one thread, but for request_stop(), which may come from any.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "pap/export.hpp"
#include "pap/net/config.hpp"

namespace pap::net {

class PAP_API Service {
 public:
  // `warnings` of LoadedConfig go into the log, so that whoever never ran a check meets them too.
  explicit Service(const Config& config, const std::vector<std::string>& warnings = {});
  ~Service();
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // The port that is listened on, or 0 and why not.
  std::uint16_t listen(std::string& error);
  // 0 after a stop in good order, 1 when it was cut short by a second signal.
  int run();
  void request_stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pap::net
