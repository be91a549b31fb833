// SPDX-License-Identifier: MIT
#include "pap/protocol/agent_id.hpp"

#include <gtest/gtest.h>

#include <string>

namespace pap::protocol {
namespace {

using namespace std::string_literals;

constexpr std::string_view kUuid = "550e8400-e29b-41d4-a716-446655440000";

TEST(AgentId, HoldsACanonicalUuidAs16BytesAndGivesItBackLetterForLetter) {
  const auto id = AgentId::parse(kUuid);
  ASSERT_TRUE(id);
  EXPECT_TRUE(id->is_uuid());
  EXPECT_EQ(id->uuid()[0], 0x55);
  EXPECT_EQ(id->uuid()[15], 0x00);
  EXPECT_EQ(id->size(), 36u);
  EXPECT_EQ(id->str(), kUuid);
  std::string out = "id ";
  id->append_to(out);
  EXPECT_EQ(out, "id " + std::string(kUuid));
}

TEST(AgentId, HoldsAnyOtherIdAsTheTextItCameAs) {
  for (const auto* text :
       {"test-agent-123", "550E8400-E29B-41D4-A716-446655440000",
        "550e8400e29b41d4a716446655440000", "caf\xC3\xA9", " ", "a/b",
        "550e8400-e29b-41d4-a716-44665544000", "550e8400-e29b-41d4-a716-4466554400000"}) {
    const auto id = AgentId::parse(text);
    ASSERT_TRUE(id) << text;
    EXPECT_FALSE(id->is_uuid()) << text;
    EXPECT_EQ(id->text(), text);
    EXPECT_EQ(id->size(), std::string_view(text).size());
    EXPECT_EQ(id->str(), text);
  }
}

TEST(AgentId, IsTheSameAgentOnlyWhenItIsTheSameText) {
  const auto uuid = AgentId::parse(kUuid);
  EXPECT_EQ(uuid, AgentId::parse(kUuid));
  EXPECT_EQ(uuid, AgentId::from_uuid(uuid->uuid()));
  EXPECT_NE(uuid, AgentId::parse("550e8400-e29b-41d4-a716-446655440001"));
  EXPECT_NE(uuid, AgentId::parse("550E8400-E29B-41D4-A716-446655440000"));
  const std::string same = "test-agent-123";
  EXPECT_EQ(AgentId::parse("test-agent-123"), AgentId::parse(same));
  EXPECT_EQ(AgentId::parse("test-agent-123"), AgentId::from_checked_text(same));
  EXPECT_NE(AgentId::parse("test-agent-123"), AgentId::parse("test-agent-124"));
  // A text id has the bytes of the zero UUID too, unused.
  EXPECT_NE(AgentId::parse("00000000-0000-0000-0000-000000000000"), AgentId::parse("x"));
}

TEST(AgentId, TakesWhatTheRulesAllowAndSaysWhyItRefusesTheRest) {
  struct Case {
    std::string text;
    const char* why;  // empty: taken
  };
  const Case cases[] = {
      {"", "the agent id is empty"},
      {"a", ""},
      {std::string(128, 'a'), ""},
      {std::string(129, 'a'), "the agent id has 129 bytes, at most 128 are allowed"},
      {std::string(126, 'a') + "\xC3\xA9", ""},
      {std::string(127, 'a') + "\xC3\xA9", "the agent id has 129 bytes, at most 128 are allowed"},
      {"ab\xFF", "the agent id is not UTF-8 at byte 2"},
      {"\xC3", "the agent id is not UTF-8 at byte 0"},
      {"\xED\xA0\x80", "the agent id is not UTF-8 at byte 0"},
      {"\0"s, "the agent id has a control character at byte 0"},
      {"ab\x1F", "the agent id has a control character at byte 2"},
      {"ab ", ""},
      {"ab~", ""},
      {"ab\x7F", "the agent id has a control character at byte 2"},
      {"ab\xC2\x80", "the agent id has a control character at byte 2"},
      {"ab\xC2\x9F", "the agent id has a control character at byte 2"},
      {"ab\xC2\xA0", ""},
      {"\xC3\x80", ""},      // À: C3, so not a C1 control
      {"\xE2\x80\xA8", ""},  // U+2028 separates lines, and is no control character
      {"\xE0\xA4\x80\xF0\x9F\x98\x80", ""},
      {std::string(kUuid), ""},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(AgentId::why_invalid(c.text), c.why);
    EXPECT_EQ(AgentId::parse(c.text).has_value(), c.why[0] == '\0') << c.text;
  }
}

}  // namespace
}  // namespace pap::protocol
