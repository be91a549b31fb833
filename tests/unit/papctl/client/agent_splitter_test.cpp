// SPDX-License-Identifier: MIT
#include "papctl/client/agent_splitter.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace pap::ctl {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct Split {
  std::vector<std::string> agents;
  std::string rest;
  bool good = true;
};

Split split(const std::vector<std::string_view>& pieces) {
  Split out;
  AgentSplitter splitter([&](std::string_view agent) {
    out.agents.emplace_back(agent);
    return true;
  });
  for (const std::string_view piece : pieces) out.good = out.good && splitter.feed(piece);
  out.rest = splitter.rest();
  return out;
}

constexpr std::string_view kHostile =
    R"({"cluster_id":"\"agents\":[{","stats":{"agents":[{"no":1}],"total":2},)"
    R"("agents":[ {"id":"a","name":"}]{[\"\\","more":{"agents":[{}]}} ,)"
    "\n"
    R"({"id":"b"}],"next_cursor":"]}"})";

TEST(AgentSplitter, HandsOutEachAgentAndKeepsTheRest) {
  const Split out = split({kHostile});
  EXPECT_THAT(
      out.agents,
      ElementsAre(testing::HasSubstr(R"({"id":"a","name":"}]{[\"\\","more":{"agents":[{}]}})"),
                  testing::HasSubstr(R"({"id":"b"})")));
  for (const std::string& agent : out.agents) {
    EXPECT_TRUE(nlohmann::json::parse(agent).is_object());
  }
  const auto rest = nlohmann::json::parse(out.rest);
  EXPECT_EQ(rest["agents"], nlohmann::json::array());
  EXPECT_EQ(rest["stats"]["agents"].size(), 1U) << "another array of that name is no fleet";
  EXPECT_EQ(rest["next_cursor"], "]}");
}

TEST(AgentSplitter, DoesNotCareWhereTheAnswerIsCut) {
  const Split whole = split({kHostile});
  for (std::size_t first = 0; first <= kHostile.size(); ++first) {
    for (std::size_t second = first; second <= kHostile.size(); ++second) {
      const Split cut = split({kHostile.substr(0, first), kHostile.substr(first, second - first),
                               kHostile.substr(second)});
      ASSERT_EQ(cut.agents, whole.agents) << first << ' ' << second;
      ASSERT_EQ(cut.rest, whole.rest) << first << ' ' << second;
    }
  }
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < kHostile.size(); ++i) bytes.push_back(kHostile.substr(i, 1));
  EXPECT_EQ(split(bytes).agents, whole.agents);
}

TEST(AgentSplitter, OfAnEmptyFleetHandsOutNothing) {
  const Split out = split({R"({"stats":{},"agents":[]})"});
  EXPECT_THAT(out.agents, IsEmpty());
  EXPECT_EQ(out.rest, R"({"stats":{},"agents":[]})");
}

TEST(AgentSplitter, OfWhatIsNoJsonHandsOutNothing) {
  for (const std::string_view text : {"", "<html>agents: [{}]</html>", "[{\"a\":1}]",
                                      "\"agents\":[{}]", "}}}}]]]]{\"agents\":"}) {
    EXPECT_THAT(split({text}).agents, IsEmpty()) << text;
  }
}

TEST(AgentSplitter, LetsParsingFindWhatIsBroken) {
  const Split out = split({R"({"agents":[1,2,{"a":1}]})"});
  ASSERT_EQ(out.agents.size(), 1U);
  EXPECT_FALSE(nlohmann::json::accept(out.agents[0])) << out.agents[0];
  EXPECT_THAT(split({R"({"agents":[1, null ]})"}).agents, ElementsAre("1 null "));
}

TEST(AgentSplitter, StopsWhenNoMoreIsWanted) {
  std::size_t found = 0;
  AgentSplitter splitter([&](std::string_view) { return ++found < 2; });
  EXPECT_FALSE(splitter.feed(R"({"agents":[{},{},{},{}]})"));
  EXPECT_EQ(found, 2U);
}

TEST(AgentSplitter, RefusesAPieceThatIsTooLong) {
  const std::string filler(AgentSplitter::kMostPieceBytes, 'x');
  EXPECT_FALSE(split({R"({"agents":[{"name":")", filler}).good);
  EXPECT_FALSE(split({R"({"cluster_id":")", filler}).good);
  EXPECT_FALSE(split({filler, filler}).good);
  EXPECT_TRUE(split({R"({"agents":[{"name":")", std::string_view(filler).substr(100)}).good);
}

}  // namespace
}  // namespace pap::ctl
