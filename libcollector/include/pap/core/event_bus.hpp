// SPDX-License-Identifier: MIT
#pragma once

// Who watches what, and what they have not been handed yet.
//
// Each observer has a queue of messages, bounded in bytes. What does not fit is dropped and
// counted, and once there is room again the observer is first told how many it missed. A message
// is rendered once and shared by all whom it concerns.
//
// Cost: with nobody watching, one branch a heartbeat.
// Ownership: messages are shared and immutable; observers are named by number.
// Threads: one.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pap/export.hpp"
#include "pap/protocol/mode.hpp"

namespace pap::core {

using ObserverId = std::uint64_t;
using Message = std::shared_ptr<const std::string>;

// One agent by its id, or all that match.
struct Watch {
  std::optional<std::string> agent_id;
  std::optional<protocol::Mode> mode;
  std::string name_part;  // of the agent's name; empty matches all
};

class PAP_API EventBus {
 public:
  ObserverId add(Watch watch, std::size_t max_queued_bytes);
  void remove(ObserverId observer);

  bool anybody() const { return !observers_.empty(); }
  bool anybody_for_all() const { return !for_all_.empty(); }
  bool watches(std::string_view agent_id) const { return by_agent_.count(agent_id) > 0; }
  // None for one that watches all, or that is not there.
  std::optional<std::string> agent_of(ObserverId observer) const;
  std::size_t size() const { return observers_.size(); }
  std::uint64_t missed() const { return missed_; }        // messages, of all observers ever
  std::uint64_t published() const { return published_; }  // messages queued, likewise
  std::size_t queued_bytes() const { return queued_bytes_; }

  struct Subject {
    std::string_view agent_id;
    std::string_view agent_name;
    protocol::Mode mode;
  };
  // Queues `message` for everybody whom the subject concerns.
  void publish(const Subject& subject, const Message& message);
  // … for this observer alone.
  void send(ObserverId observer, const Message& message);

  // Taken off the observer's queue; null when it is empty.
  Message next(ObserverId observer);
  // Observers whose queue was empty when last asked and is no more: those that wait longest, at
  // most so many, which are then off the list.
  std::vector<ObserverId> take_woken(std::size_t most = SIZE_MAX);
  bool any_woken() const { return !woken_.empty(); }

 private:
  struct Observer {
    Watch watch;
    std::size_t max_bytes;
    std::size_t bytes = 0;
    std::uint64_t dropped = 0;  // not yet reported to it
    bool woken = false;
    std::deque<Message> queue;
  };

  void queue(ObserverId id, Observer& observer, const Message& message);

  std::map<ObserverId, Observer> observers_;
  std::map<std::string, std::vector<ObserverId>, std::less<>> by_agent_;
  std::vector<ObserverId> for_all_;
  ObserverId last_id_ = 0;
  std::uint64_t missed_ = 0;
  std::uint64_t published_ = 0;
  std::size_t queued_bytes_ = 0;
  std::deque<ObserverId> woken_;
};

}  // namespace pap::core
