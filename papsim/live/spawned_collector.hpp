// SPDX-License-Identifier: MIT
#pragma once

// A collector that papsim starts itself, with the environment variables of the contract, on a
// loopback port that stays its own over restarts.
//
// Ownership: the process ends with its owner. Errors: the constructor throws std::runtime_error
// when no port can be had. Threads: one; it must be the one that made it, whose end the kernel
// takes for its owner's.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "papsim/scenario/model.hpp"
#include "papsim/stand_in/child_process.hpp"

namespace pap::sim {

class SpawnedCollector {
 public:
  struct Wish {
    std::string command;  // program and arguments, divided by blanks
    CollectorConfig config;
    std::string station_url;  // empty: none
    std::string station_key;
    std::string log_level = "info";
    std::function<void(pid_t)> started = [](pid_t) {};  // called with each process
  };

  explicit SpawnedCollector(Wish wish);
  ~SpawnedCollector();
  SpawnedCollector(const SpawnedCollector&) = delete;
  SpawnedCollector& operator=(const SpawnedCollector&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::uint16_t port() const { return port_; }

  // Starts a process; there must be none.
  void start();
  // Of the one that runs, or ran last.
  pid_t pid() const { return process_->pid(); }
  // Answers GET /health with 200 within that time.
  bool wait_until_ready(std::chrono::milliseconds patience) const;
  void signal(int number);
  bool running();
  // Its exit status, or 128 + signal; none when it still runs.
  std::optional<int> wait(std::chrono::milliseconds patience);

  // Of the process that runs: user and system time, and memory.
  std::chrono::milliseconds cpu_time() const;
  std::size_t resident_bytes() const;
  // What it wrote last, for whoever looks for the reason.
  std::string last_words() const;

 private:
  const Wish wish_;
  int holder_ = -1;  // keeps the port from being given to anyone else
  std::uint16_t port_ = 0;
  std::unique_ptr<ChildProcess> process_;
};

// GET of a path, whole, or none; for questions beside a run.
struct Fetched {
  int status = 0;
  std::string body;
};
std::optional<Fetched> fetch(const std::string& url, const std::string& path,
                             const std::string& key = {},
                             std::chrono::milliseconds patience = std::chrono::seconds(10));

}  // namespace pap::sim
