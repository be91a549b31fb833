// SPDX-License-Identifier: MIT
#pragma once

// A WebSocket client of /observe, on Beast.
//
// Ownership: owns its connection.
// Errors: throws std::runtime_error when nothing comes for kPatience, or the end comes instead of
// a message. A handshake that is refused is no error: see refused().
// Threads: one owner.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace pap::test {

class Observer {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  struct Wish {
    Headers headers;
    int receive_buffer = 0;  // bytes; 0: as the kernel likes
  };
  struct Refusal {
    int status = 0;
    std::string body;
  };

  Observer(std::uint16_t port, const std::string& target) : Observer(port, target, Wish()) {}
  Observer(std::uint16_t port, const std::string& target, const Wish& wish);
  ~Observer();
  Observer(Observer&&) noexcept;
  Observer& operator=(Observer&&) = delete;

  // How the handshake was answered instead of 101.
  const std::optional<Refusal>& refused() const { return refused_; }

  nlohmann::json receive();
  // The next message of this type; others before it are passed over.
  nlohmann::json receive(const std::string& type);
  void send(const std::string& text);
  void send_binary(const std::string& bytes);
  void close();
  // Waits for the close that the collector sends: its code; 1006 when the connection just ended.
  // Messages before it are passed over.
  std::uint16_t wait_for_close();

  static constexpr std::chrono::seconds kPatience{30};

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
  std::optional<Refusal> refused_;
};

}  // namespace pap::test
