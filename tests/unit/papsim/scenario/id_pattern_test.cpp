// SPDX-License-Identifier: MIT
#include "papsim/scenario/id_pattern.hpp"

#include <gtest/gtest.h>

#include "pap/protocol/agent_id.hpp"

namespace pap::sim {
namespace {

std::string made(std::string_view text, std::uint32_t index, std::uint32_t identity = 0) {
  IdPattern pattern;
  EXPECT_EQ(IdPattern::parse(text, pattern), "");
  return pattern.make(index, identity, {0x0123456789abcdefU, 0xfedcba9876543210U});
}

std::string wrong(std::string_view text) {
  IdPattern pattern;
  return IdPattern::parse(text, pattern);
}

TEST(IdPattern, NumbersMembersFromZero) {
  EXPECT_EQ(made("pod-{i}", 0), "pod-0");
  EXPECT_EQ(made("pod-{i}-x", 12), "pod-12-x");
  EXPECT_EQ(made("rack7-{i:04}", 7), "rack7-0007");
  EXPECT_EQ(made("rack7-{i:04}", 12345), "rack7-12345");
}

TEST(IdPattern, MakesUuidsOfVersionFour) {
  const std::string id = made("{uuid}", 3);
  EXPECT_EQ(id, "01234567-89ab-4def-bedc-ba9876543210");
  EXPECT_TRUE(protocol::AgentId::parse(id)->is_uuid());
}

TEST(IdPattern, TellsLaterIdentitiesApart) {
  EXPECT_EQ(made("pod-{i}", 3, 2), "pod-3.2");
  EXPECT_EQ(made("alone", 0, 1), "alone.1");
}

TEST(IdPattern, TakesDoubledBracesForBraces) { EXPECT_EQ(made("{{x}}-{i}", 1), "{x}-1"); }

TEST(IdPattern, SaysWhatIsWrong) {
  EXPECT_EQ(wrong("{n}"), "{n} is neither {uuid} nor {i} nor {i:04}");
  EXPECT_EQ(wrong("{i:4}"), "{i:4} is neither {uuid} nor {i} nor {i:04}");
  EXPECT_EQ(wrong("{i:0x}"), "{i:0x} is not understood; {i:04} has four digits");
  EXPECT_EQ(wrong("{i}{uuid}"), "more than one of {uuid} and {i}");
  EXPECT_EQ(wrong("pod-{i"), "a { without its }");
  EXPECT_EQ(wrong("pod-i}"), "a } without its {");
}

}  // namespace
}  // namespace pap::sim
