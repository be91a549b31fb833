// SPDX-License-Identifier: MIT
#pragma once

// Small requests by the ten thousand from one process: non-blocking sockets and one epoll, nothing
// else, since whoever measures a server must cost less than it.
//
// Each source has an address of its own in 127.0.0.0/8 where the server is on loopback (one address
// has 28 000 ports), and at most one connection that is kept. A connect on loopback is done when it
// returns, so a request is written at once; elsewhere it waits for its connection.
//
// Times: nanoseconds of std::chrono::steady_clock.
// Cost: 48 bytes a connection and 4 a source, beside the kernel's.
// Errors: each request ends with exactly one result, whatever happens.
// Ownership: owns its descriptors. Threads: one.

#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <string>
#include <string_view>
#include <vector>

#include <sys/socket.h>

#include "papsim/live/answer.hpp"

namespace pap::sim {

using Nanos = std::chrono::nanoseconds;

inline Nanos steady_now() { return std::chrono::steady_clock::now().time_since_epoch(); }

// Where requests go: `http://HOST[:PORT]`, resolved once.
struct Target {
  sockaddr_storage address{};
  socklen_t size = 0;
  std::string host;  // as in the header Host
  bool loopback = false;

  std::uint16_t port() const;
};
// None, and why, when it is no such URL or its name is not known.
std::optional<Target> resolve(const std::string& url, std::string& error);

enum class Connections : std::uint8_t {
  kFresh,  // one a request, closed with its answer
  kKept,   // one a source, for ever
  kNode,   // as Node's fetch: kept for 4 s without a request, or as the last answer promised
};

class RequestClient {
 public:
  static constexpr Nanos kPatience = std::chrono::seconds(5);
  static constexpr Nanos kNodeIdle = std::chrono::seconds(4);
  // So much earlier than was promised.
  static constexpr Nanos kNodeThreshold = std::chrono::seconds(2);

  enum class End : std::uint8_t {
    kAnswered,
    kRefused,   // no connection
    kReset,     // it broke, or ended, before a whole answer
    kTimedOut,  // no whole answer within its patience
    kGarbled,   // what came is no HTTP that we know
    kNoSocket,  // we have no descriptor, or no port, left
  };
  static constexpr std::size_t kEnds = 6;

  struct Result {
    std::uint64_t token = 0;
    End end = End::kAnswered;
    Answer answer;  // of kAnswered
    Nanos sent{0};
    Nanos ended{0};
  };
  using Handler = std::function<void(const Result&)>;

  // Throws std::system_error when there is no epoll.
  RequestClient(const Target& target, Connections connections, Handler handler,
                Nanos patience = kPatience, Nanos node_idle = kNodeIdle);
  ~RequestClient();
  RequestClient(const RequestClient&) = delete;
  RequestClient& operator=(const RequestClient&) = delete;

  // The result comes from here (no connection) or from a later wait().
  void send(std::uint32_t source, std::uint64_t token, std::string_view request);
  // Waits for at most so long for what comes, and handles all that is there.
  void wait(Nanos at_most);
  // Wakes wait() when this becomes readable, which is the owner's to see to.
  void watch(int descriptor);

  std::size_t open() const { return open_; }
  std::size_t waiting() const { return waiting_; }

 private:
  enum class State : std::uint8_t { kFree, kSending, kWaiting, kIdle };
  // What does not go or come in one piece.
  struct Rest {
    std::string out;
    std::string in;
  };
  struct Slot {
    int descriptor = -1;
    std::uint32_t source = 0;
    std::uint64_t token = 0;
    Nanos sent{0};
    std::unique_ptr<Rest> rest;
    std::uint32_t generation = 0;  // counted up when it is used, rests or ends
    State state = State::kFree;
  };
  struct Deadline {
    Nanos at;
    std::uint32_t slot;
    std::uint32_t generation;

    bool operator>(const Deadline& other) const { return at > other.at; }
  };

  static constexpr std::uint32_t kNoSlot = 0xffffffffU;
  static constexpr std::uint64_t kWatched = ~std::uint64_t{0};

  std::uint32_t free_slot();
  int open_socket(std::uint32_t source) const;
  void write(std::uint32_t index, std::string_view bytes);
  void listen_to(std::uint32_t index, int how, bool also_writable) const;
  void on_event(std::uint32_t index, std::uint32_t events);
  void on_writable(std::uint32_t index);
  void on_readable(std::uint32_t index);
  void on_answer(std::uint32_t index, const Answer& answer);
  void fail(std::uint32_t index, End end);
  void rest(std::uint32_t index, std::chrono::seconds promised);
  void close(std::uint32_t index);
  bool is_over(const Deadline& deadline) const {
    return slots_[deadline.slot].generation != deadline.generation;
  }
  void run_out();
  static End end_of(int error);

  const Target target_;
  const Connections connections_;
  const Handler handler_;
  const Nanos most_patience_;
  const Nanos node_idle_;
  int epoll_ = -1;
  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::vector<std::uint32_t> kept_;  // by source
  std::deque<Deadline> patience_;    // in order, for all have the same
  std::priority_queue<Deadline, std::vector<Deadline>, std::greater<>> idle_;
  std::size_t open_ = 0;
  std::size_t waiting_ = 0;
  std::array<char, 16 * 1024> in_;
};

constexpr std::string_view words(RequestClient::End end) {
  constexpr std::array<std::string_view, RequestClient::kEnds> kWords{
      "answered", "refused", "reset", "timed_out", "garbled", "no_socket"};
  return kWords[static_cast<std::size_t>(end)];
}

}  // namespace pap::sim
