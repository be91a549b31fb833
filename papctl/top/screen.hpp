// SPDX-License-Identifier: MIT
#pragma once

// The terminal, while papctl has it for itself: the alternate screen, keys as they are typed. It is
// given back as it was however papctl ends: by the destructor, and from the handlers of signals
// that nobody survives.
//
// There can be one at a time.
// Errors: Failure when there is no terminal; what Output throws.
// Threads: one.

#include <string>
#include <vector>

#include "papctl/print/output.hpp"
#include "papctl/top/frame.hpp"

namespace pap::ctl::top {

class Screen {
 public:
  explicit Screen(Output& out);
  ~Screen();
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  // Given back for a while, as for Ctrl-Z, and taken again.
  void leave();
  void enter();

  static Size size();
  // Writes what is another than before.
  void show(const std::vector<std::string>& lines);
  // The next one is written as a whole.
  void forget() { whole_ = true; }

 private:
  Output& out_;
  std::vector<std::string> shown_;
  bool whole_ = true;
};

}  // namespace pap::ctl::top
