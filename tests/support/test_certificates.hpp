// SPDX-License-Identifier: MIT
#pragma once

// A certificate authority that lives as long as a test, and certificates of its making.
//
// Errors: throws std::runtime_error. Threads: one at a time.

#include <memory>
#include <string>
#include <vector>

#include "papsim/stand_in/station.hpp"

namespace pap::test {

using sim::ServerIdentity;

struct IdentityWish {
  std::vector<std::string> names;      // DNS names
  std::vector<std::string> addresses;  // IP addresses
  bool expired = false;                // ran out yesterday
};

class TestAuthority {
 public:
  explicit TestAuthority(const std::string& name = "Test authority");
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  std::string certificate_pem() const;
  ServerIdentity issue(const IdentityWish& wish) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace pap::test
