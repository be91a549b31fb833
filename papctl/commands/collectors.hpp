// SPDX-License-Identifier: MIT
#pragma once

// The collectors of a command that can ask several, one after the other.
//
// With one alone, a Failure is the command's end. With several, one that cannot be reached or does
// not let us in is named on stderr and asked no more, and what the others say is shown; the exit
// status tells of it.
// Threads: one.

#include <functional>
#include <list>
#include <string>

#include "papctl/client/client.hpp"
#include "papctl/commands/command.hpp"

namespace pap::ctl {

class Collectors {
 public:
  explicit Collectors(const Settings& settings);

  // `label` is "host:port" where there are several, "" where there is one.
  void each(const std::function<void(Client& client, const std::string& label)>& ask);

  bool several() const { return several_; }
  // kFine, or that of the first that was left out.
  int status() const { return status_; }
  std::string names() const;  // for "no agents at …"

 private:
  struct One {
    Client client;
    std::string label;
    bool left_out = false;
  };

  const bool several_;
  std::list<One> all_;
  int status_ = kFine;
};

}  // namespace pap::ctl
