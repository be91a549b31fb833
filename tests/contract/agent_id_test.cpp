// SPDX-License-Identifier: MIT
// Agent ids: 1 to 128 bytes after percent-decoding, UTF-8, no control characters.
#include "contract/contract_test.hpp"

namespace pap::test {
namespace {

using testing::HasSubstr;

class AgentIds : public ContractTest {
 protected:
  void SetUp() override { start(); }

  // The id as the collector keeps it; "" when it was refused.
  std::string kept(const std::string& in_path) {
    const HttpAnswer answer = beat(in_path);
    if (answer.status != 200) return "";
    return get("/agents").json()["agents"].back()["agent_uuid"];
  }
  std::string why_refused(const std::string& in_path) {
    const HttpAnswer answer = beat(in_path);
    EXPECT_EQ(answer.status, 400) << in_path;
    EXPECT_EQ(answer.json()["error"], "Invalid agent id");
    return answer.json()["message"];
  }
};

TEST_F(AgentIds, NeedNotBeUuids) { EXPECT_EQ(kept("test-agent-123"), "test-agent-123"); }

TEST_F(AgentIds, ArePercentDecoded) {
  EXPECT_EQ(kept("%61%20b%2Bc+d"), "a b+c+d");
  EXPECT_EQ(kept("%C3%A4gent"), "\xC3\xA4gent");
  EXPECT_EQ(kept("100%25"), "100%");
  EXPECT_EQ(kept("a%3Fb%23c"), "a?b#c");
}

TEST_F(AgentIds, MayHoldAnEncodedSlash) {
  EXPECT_EQ(kept("team%2fagent"), "team/agent");
  EXPECT_EQ(get("/agents/team%2Fagent").json()["agent"]["agent_uuid"], "team/agent");
  EXPECT_EQ(ask("DELETE", "/agents/team%2Fagent").body,
            R"({"removed":true,"agent_uuid":"team/agent"})");
}

TEST_F(AgentIds, WithABareSlashAreAnotherPath) {
  EXPECT_EQ(beat("team/agent").status, 404);
  EXPECT_EQ(beat("").status, 404) << "POST /heartbeat/ without an id";
}

TEST_F(AgentIds, HaveUpTo128BytesAfterDecoding) {
  EXPECT_EQ(kept(std::string(128, 'a')), std::string(128, 'a'));
  EXPECT_THAT(why_refused(std::string(129, 'a')), HasSubstr("129 bytes"));
  std::string encoded;
  for (int i = 0; i < 128; ++i) encoded += "%62";
  EXPECT_EQ(kept(encoded), std::string(128, 'b')) << "384 bytes before decoding";
  EXPECT_THAT(why_refused(encoded + "b"), HasSubstr("129 bytes"));
}

TEST_F(AgentIds, HoldNoControlCharacters) {
  for (const auto* id : {"a%00b", "%01", "a%0Ab", "a%0Db", "a%7Fb", "a%1Bb", "a%C2%85b"}) {
    EXPECT_THAT(why_refused(id), HasSubstr("control character")) << id;
  }
}

TEST_F(AgentIds, AreUtf8) {
  for (const auto* id : {"%FF", "a%C3", "%C0%AF", "%ED%A0%80", "%F5%80%80%80"}) {
    EXPECT_THAT(why_refused(id), HasSubstr("not UTF-8")) << id;
  }
}

TEST_F(AgentIds, WithABrokenEscapeAreRefused) {
  for (const auto* id : {"100%", "a%4", "a%zz", "%%"}) {
    EXPECT_THAT(why_refused(id), HasSubstr("percent escape")) << id;
  }
}

TEST_F(AgentIds, OfUuidsAreKeptAsSent) {
  const std::string upper = "550E8400-E29B-41D4-A716-446655440000";
  EXPECT_EQ(kept(upper), upper);
  EXPECT_EQ(get("/agents/" + upper).json()["agent"]["agent_uuid"], upper);
}

}  // namespace
}  // namespace pap::test
