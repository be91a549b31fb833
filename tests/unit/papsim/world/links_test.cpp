// SPDX-License-Identifier: MIT
#include "papsim/world/links.hpp"

#include <gtest/gtest.h>

#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

using namespace std::chrono_literals;

// Entries 0 to 3.
Scenario faults() {
  return read(
      Parts{.timeline =
                "  - {id: lossy, at: 1m, who: pods, do: {net: {loss: 10%, delay: 100ms..200ms}}}\n"
                "  - {id: worse, at: 2m, who: pods, do: {net: {loss: 20%, reorder: 1%}}}\n"
                "  - {id: deaf, at: 3m, who: pods, do: {net: {link: station, cut: to}}}\n"
                "  - {id: gone, at: 4m, who: pods, do: {net: {link: both, cut: both, duplicate: "
                "5%}}}\n"});
}

TEST(Links, AreCleanWithoutAFault) {
  const Scenario scenario = faults();
  const Links links(scenario);
  EXPECT_TRUE(links.to_collector(Links::kClean).clean());
  EXPECT_TRUE(links.to_station(Links::kClean).clean());
}

TEST(Links, AreUnderTheFaultFromItsBeginToItsEnd) {
  const Scenario scenario = faults();
  Links links(scenario);
  const Links::Number lossy = links.with(Links::kClean, 0);
  EXPECT_EQ(links.to_collector(lossy).loss, 100'000U);
  EXPECT_EQ(links.to_collector(lossy).delay_from, 100ms);
  EXPECT_EQ(links.to_collector(lossy).delay_to, 200ms);
  EXPECT_FALSE(links.to_collector(lossy).clean());
  EXPECT_EQ(links.without(lossy, 0), Links::kClean);
}

TEST(Links, MeetEachFaultOnTheLinkThatItNames) {
  const Scenario scenario = faults();
  Links links(scenario);
  EXPECT_TRUE(links.to_station(links.with(Links::kClean, 0)).clean());
  const Links::Number deaf = links.with(Links::kClean, 2);
  EXPECT_TRUE(links.to_collector(deaf).clean());
  EXPECT_EQ(links.to_station(deaf).cut, Cut::kTo);
  const Links::Number gone = links.with(Links::kClean, 3);
  EXPECT_EQ(links.to_collector(gone).cut, Cut::kBoth);
  EXPECT_EQ(links.to_station(gone).cut, Cut::kBoth);
}

TEST(Links, TakeEachFigureFromTheLastFaultInFileOrderThatSetsIt) {
  const Scenario scenario = faults();
  Links links(scenario);
  const Links::Number one_way = links.with(links.with(Links::kClean, 0), 1);
  const Links::Number other_way = links.with(links.with(Links::kClean, 1), 0);
  EXPECT_EQ(one_way, other_way);
  const LinkCondition& both = links.to_collector(one_way);
  EXPECT_EQ(both.loss, 200'000U);
  EXPECT_EQ(both.reorder, 10'000U);
  EXPECT_EQ(both.delay_to, 200ms);
  // The former state returns.
  EXPECT_EQ(links.without(one_way, 1), links.with(Links::kClean, 0));
  EXPECT_EQ(links.without(one_way, 0), links.with(Links::kClean, 1));
}

TEST(Links, StayUnderAFaultThatBeganTwiceUntilItHasEndedTwice) {
  const Scenario scenario = faults();
  Links links(scenario);
  const Links::Number twice = links.with(links.with(Links::kClean, 1), 1);
  EXPECT_EQ(links.to_collector(links.without(twice, 1)).loss, 200'000U);
  EXPECT_EQ(links.without(links.without(twice, 1), 1), Links::kClean);
}

TEST(Links, KeepTheirStateWhenAFaultEndsThatTheyAreNotUnder) {
  const Scenario scenario = faults();
  Links links(scenario);
  EXPECT_EQ(links.without(Links::kClean, 0), Links::kClean);
  const Links::Number lossy = links.with(Links::kClean, 0);
  EXPECT_EQ(links.without(lossy, 3), lossy);
}

TEST(Links, CountBitesForTheLastFaultThatHasASay) {
  const Scenario scenario = faults();
  Links links(scenario);
  const Links::Number both = links.with(links.with(Links::kClean, 0), 1);
  EXPECT_EQ(links.bites(1), 0U);
  links.bite(links.to_collector(both));
  links.bite(links.to_collector(both));
  EXPECT_EQ(links.bites(0), 0U);
  EXPECT_EQ(links.bites(1), 2U);
  EXPECT_EQ(links.bites(3), 0U);
}

}  // namespace
}  // namespace pap::sim
