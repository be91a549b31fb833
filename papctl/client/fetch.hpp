// SPDX-License-Identifier: MIT
#pragma once

// GET on somebody's event loop, over a connection of its own: for what must go on meanwhile, as
// other collectors and the keyboard.
//
// Ownership: a Fetch that is destroyed is given up, and `done` is not called. Both may be destroyed
// within their own handlers.
// Errors: none is thrown; Fetched::failure says what Client would have thrown.
// Limits: the whole exchange has `patience`; an answer kMostAnswerBytes.
// Threads: the loop's.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/io_context.hpp>

#include "papctl/client/client.hpp"
#include "papctl/exit_status.hpp"
#include "papctl/settings.hpp"

namespace pap::ctl {

struct Fetched {
  Answer answer;                   // its body is left out where pieces were taken
  std::optional<Failure> failure;  // no answer; an answer of any status is none
  std::string why;                 // … in few words, without the address
};

class Fetch {
 public:
  virtual ~Fetch() = default;
};

class Fetcher {
 public:
  // TLS is set up as this target says. Failure when its files cannot be used.
  Fetcher(boost::asio::io_context& io, const Target& target);
  ~Fetcher();

  // `piece` is given the body of a 200 as it comes, with the moment of its Date, and says whether
  // it wants more; without it the body is kept.
  std::unique_ptr<Fetch> get(const Target& target, const std::string& path,
                             std::chrono::milliseconds patience, std::function<void(Fetched)> done,
                             std::function<bool(std::string_view, TimePoint)> piece = {});

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace pap::ctl
