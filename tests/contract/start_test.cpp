// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include "support/collectord_process.hpp"

namespace pap::test {
namespace {

TEST(Start, tells_its_port_and_is_ready) {
  Collectord collectord;
  EXPECT_GT(collectord.port(), 0);
  collectord.stop();
  EXPECT_EQ(collectord.wait(), 0);
}

}  // namespace
}  // namespace pap::test
