// SPDX-License-Identifier: MIT
#pragma once

// Where the thread of a stand-in Station hands in what it received, and waits until the loop of the
// run has said what to do: so everything that decides anything is in one thread.
//
// Ownership: owns a descriptor. Threads: ask() from the Station's, the rest from the run's.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>

#include "papsim/stand_in/station.hpp"

namespace pap::sim {

class StationDesk {
 public:
  StationDesk();  // throws std::system_error without a descriptor
  ~StationDesk();
  StationDesk(const StationDesk&) = delete;
  StationDesk& operator=(const StationDesk&) = delete;

  // Waits for the answer of serve(); once closed, takes what comes as the contract has it.
  StationAct ask(const ReceivedAlert& alert);

  // Readable while somebody waits.
  int descriptor() const { return descriptor_; }
  bool waited_at() const;
  // Answers everybody who waits.
  void serve(const std::function<StationAct(const ReceivedAlert&)>& decide);
  void close();

 private:
  struct Waiting {
    const ReceivedAlert* alert;
    StationAct act;
    bool done = false;
  };

  int descriptor_ = -1;
  mutable std::mutex mutex_;
  std::condition_variable answered_;
  std::deque<Waiting*> waiting_;
  bool closed_ = false;
};

}  // namespace pap::sim
