// SPDX-License-Identifier: MIT
#pragma once

// A real collectord on a free loopback port, ready to serve.
//
// Ownership: the process ends with its owner (child_process.hpp).
// Errors: the constructor throws std::runtime_error, with what collectord said, when it does not
// become ready.
// Threads: one owner.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/child_process.hpp"

namespace pap::test {

struct CollectordWish {
  // On top of CLUSTER_ID=is.plugged.in, CLUSTER_NAME="Production Cluster",
  // COLLECTOR_HOST=127.0.0.1 and COLLECTOR_PORT=0.
  Environment environment;
  std::vector<std::string> arguments;
  std::optional<std::uint64_t> descriptor_limit;
};

class Collectord {
 public:
  explicit Collectord(const CollectordWish& wish = {});
  explicit Collectord(Environment environment)
      : Collectord(CollectordWish{std::move(environment), {}, {}}) {}

  std::uint16_t port() const { return port_; }
  // "http://127.0.0.1:PORT" and the path.
  std::string url(const std::string& path = {}) const;

  void stop();    // SIGTERM
  void kill();    // SIGKILL
  void freeze();  // SIGSTOP
  void thaw();    // SIGCONT
  // Its exit status, or 128 + the signal that ended it; none when it runs on.
  std::optional<int> wait(std::chrono::milliseconds patience = std::chrono::seconds(30));

  // All that it has written, stdout and stderr.
  std::string log() const { return process_.out() + process_.err(); }
  // Waits until its log holds this.
  bool wait_for_log(const std::string& text,
                    std::chrono::milliseconds patience = std::chrono::seconds(30)) const;

  ChildProcess& process() { return process_; }
  const ChildProcess& process() const { return process_; }

  // How a Collectord would be started, for tests of starts that fail.
  static ChildWish child_wish(const CollectordWish& wish);

 private:
  explicit Collectord(const ChildWish& child);

  ChildProcess process_;
  std::uint16_t port_ = 0;
};

}  // namespace pap::test
