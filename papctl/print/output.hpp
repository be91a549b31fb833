// SPDX-License-Identifier: MIT
#pragma once

// stdout, for data, and stderr, for all else.
//
// Errors: write() throws BrokenPipe when nobody reads any more, which ends a command in silence,
// and Failure for any other reason, as a full disk.
// Threads: one.

#include <string>
#include <string_view>

namespace pap::ctl {

class BrokenPipe {};

// Whole, and at once where `flush` says so; else when 64 KiB have come together.
class Output {
 public:
  ~Output();
  void write(std::string_view text);
  void flush();

 private:
  std::string waiting_;
};

// A line on stderr: "papctl: text".
void complain(std::string_view text);

}  // namespace pap::ctl
