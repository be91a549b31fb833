// SPDX-License-Identifier: MIT
// papctl agents list, while agents fall silent and come back between one question and the next.
#include <algorithm>
#include <string>

#include "contract/papctl/stand_in.hpp"

namespace pap::test {
namespace {

std::string agent(const std::string& id, bool healthy) {
  return R"({"agent_uuid":")" + id + R"(","agent_name":")" + id + R"(","mode":"IDLE","healthy":)" +
         (healthy ? "true}" : "false}");
}

// Asked for the unhealthy it answers with the first, and then with the second.
void serve(StandIn& it, const std::string& first, const std::string& second) {
  it.server().Get("/agents", [=](const httplib::Request& request, httplib::Response& response) {
    const bool unhealthy = request.get_param_value("healthy") == "false";
    response.set_content(R"({"agents":[)" + (unhealthy ? first : second) + "]}",
                         "application/json");
  });
  it.go();
}

TEST(PapctlSides, WhoeverChangesThemIsListedOnceOverSeveralCollectors) {
  StandIn east;
  serve(east, agent("recovers", false), agent("recovers", true) + ',' + agent("well", true));
  StandIn west;
  serve(west, "", agent("falls-silent", false));
  for (const Words& order : {Words{}, Words{"--sort-by", "id"}}) {
    Words words{"agents", "list", "-o", "name", "-c", east.url(), "-c", west.url()};
    words.insert(words.end(), order.begin(), order.end());
    const Outcome list = run(papctl_wish("-", std::move(words)));
    EXPECT_EQ(list.status, 0) << list.err;
    Words ids = lines_of(list.out);
    std::sort(ids.begin(), ids.end());
    EXPECT_THAT(ids, testing::ElementsAre("falls-silent", "recovers", "well"));
  }
}

TEST(PapctlSides, TheUnhealthyOfAllCollectorsStandFirst) {
  StandIn east;
  serve(east, agent("e-bad", false), agent("e-bad", false) + ',' + agent("e-good", true));
  StandIn west;
  serve(west, agent("w-bad", false), agent("w-bad", false) + ',' + agent("w-good", true));
  const Outcome list =
      run(papctl_wish("-", {"agents", "list", "-o", "name", "-c", east.url(), "-c", west.url()}));
  EXPECT_EQ(list.out, "e-bad\nw-bad\ne-good\nw-good\n");
}

TEST(PapctlSides, AnAnswerDeeperThanAnyCollectorsIsNone) {
  StandIn it;
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  it.on("/alerts", R"({"alerts":)" + deep + '}');  // before it begins to serve
  serve(it, R"({"agent_uuid":"a","x":)" + deep + '}', "");
  for (const Words& words :
       {Words{"agents", "list", "-o", "json"}, Words{"agents", "list", "-o", "yaml"},
        Words{"alerts", "list", "-o", "yaml"}, Words{"alerts", "watch"}}) {
    const Outcome outcome = run(papctl_wish(it.url(), words));
    EXPECT_EQ(outcome.status, 1) << words[0] << ' ' << words[1];
    EXPECT_THAT(outcome.err, testing::HasSubstr("is not JSON"));
  }
}

}  // namespace
}  // namespace pap::test
