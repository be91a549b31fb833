// SPDX-License-Identifier: MIT
#include "papsim/live/live_run.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

LiveOptions spawning() {
  LiveOptions options;
  options.spawn = "collectord";
  return options;
}
LiveOptions against() {
  LiveOptions options;
  options.against = "http://127.0.0.1:8080";
  return options;
}

// As `line:column: message`.
std::vector<std::string> refusals(const Parts& parts, const LiveOptions& options = spawning()) {
  std::vector<std::string> out;
  for (const Problem& problem : live_refusals(read(parts), options)) {
    out.push_back(to_string("f", problem).substr(2));
  }
  return out;
}

// With an entry of the timeline, in lines 7 and 8.
std::vector<std::string> refusals_of(const std::string& entry,
                                     const LiveOptions& options = spawning()) {
  return refusals({.timeline = "  - {id: odd, " + entry + "}\n",
                   .expect = "{alerts: {\"*\": any}, outbox: {dropped: 0}}"},
                  options);
}

std::vector<std::string> refusals_to_expect(const std::string& expect) {
  return refusals({.expect = "{alerts: {\"*\": any}, " + expect + "}"});
}

TEST(LiveRefusals, AreNoneWhereAllCanBeDoneAndSeen) {
  EXPECT_THAT(refusals({.timeline = "  - {id: cut, at: 70s, who: pods, do: die}\n"
                                    "  - {id: deaf, at: 80s, who: pods, do: {net: {loss: 10%}}}\n"
                                    "  - {id: off, at: 80s, do: {station: {status: 503}}}\n"
                                    "  - {id: shift, at: 90s, who: pods, do: {clock: {step: 1h}}}\n"
                                    "  - {id: halt, at: 90s, do: {collector: {pause: 3s}}}\n",
                        .expect = "{alerts: {\"*\": any}, outbox: {dropped: 0}, "
                                  "live: {answer_ms: {p99: \"< 20\"}}}"}),
              IsEmpty());
}

TEST(LiveRefusals, NameASuspendedMachine) {
  EXPECT_THAT(refusals_of("at: 1m, do: {collector: {suspend: 10s}}"),
              ElementsAre(AllOf(StartsWith("8:5: odd: "), HasSubstr("`suspend`"))));
  EXPECT_THAT(refusals_of("at: 1m, do: {collector: {deaf: 10s}}"),
              ElementsAre(AllOf(StartsWith("8:5: odd: "), HasSubstr("`deaf`"))));
}

TEST(LiveRefusals, NameTheCollectorsClocks) {
  for (const char* clock : {"wall: {step: 1h}", "wall: {drift: 1%}", "monotonic: {step: 1s}",
                            "monotonic: {drift: 1%}"}) {
    EXPECT_THAT(refusals_of(std::string{"at: 1m, do: {collector: {clock: {"} + clock + "}}}"),
                ElementsAre(AllOf(StartsWith("8:5: odd: "), HasSubstr("this machine's"))))
        << clock;
  }
}

TEST(LiveRefusals, LetOnlyASpawnedCollectorBeStopped) {
  for (const char* fault : {"at: 1m, do: {collector: {pause: 3s}}",
                            "at: 1m, do: {collector: {restart: {down: 1s, how: kill}}}",
                            "during: [1m, 2m], do: {collector: {starve: 50%}}"}) {
    EXPECT_THAT(refusals_of(fault), IsEmpty()) << fault;
    EXPECT_THAT(refusals_of(fault, against()),
                ElementsAre(AllOf(StartsWith("8:5: odd: "), HasSubstr("--spawn"))))
        << fault;
  }
}

TEST(LiveRefusals, NameSettingsOfACollectorThatHasItsOwn) {
  const Parts parts{.head = "collector: {alert_queue_max_size: 5}\n",
                    .expect = "{alerts: {\"*\": any}, outbox: {dropped: 0}}"};
  EXPECT_THAT(refusals(parts), IsEmpty());
  EXPECT_THAT(refusals(parts, against()), ElementsAre(HasSubstr("its own settings")));
}

TEST(LiveRefusals, NameTheLinkThatIsNotOurs) {
  EXPECT_THAT(refusals_of("at: 1m, who: collector, do: {net: {loss: 10%}}"),
              ElementsAre(AllOf(StartsWith("8:5: odd: "),
                                HasSubstr("between collector and Station is not ours"))));
}

TEST(LiveRefusals, NameMarksInTheCode) {
  EXPECT_THAT(refusals_to_expect("reach: death_decided"),
              ElementsAre(AllOf(StartsWith("7:"), HasSubstr("reach is for virtual time"))));
}

TEST(LiveRefusals, NameFiguresThatNobodyServes) {
  EXPECT_THAT(refusals_to_expect("outbox: {left: 0}"),
              ElementsAre(AllOf(StartsWith("7:"), HasSubstr("outbox.left is not seen"))));
  EXPECT_THAT(refusals_to_expect("outbox: {dropped: 0}, station: {posts: \"> 1\"}, "
                                 "heartbeats: {sent: \"> 1\"}, agents: {dead: 0}"),
              IsEmpty());
}

TEST(LiveRefusals, NameACanary) {
  Scenario scenario = read(Parts{.expect = "{alerts: {\"*\": any}, outbox: {dropped: 0}}"});
  EXPECT_THAT(live_refusals(scenario, spawning()), IsEmpty());
  scenario.sabotage.emplace();
  const auto problems = live_refusals(scenario, spawning());
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_THAT(problems[0].message, HasSubstr("canary"));
  EXPECT_EQ(problems[0].place.line, 0);
}

TEST(LiveRefusals, AreAllThereInTheOrderOfTheFile) {
  const auto all =
      refusals({.timeline = "  - {id: first, at: 1m, who: collector, do: {net: {loss: 10%}}}\n"
                            "  - {id: then, at: 2m, do: {collector: {suspend: 5s}}}\n",
                .expect = "{alerts: {\"*\": any}, reach: death_decided}"});
  EXPECT_THAT(all,
              ElementsAre(StartsWith("8:5: first"), StartsWith("9:5: then"), StartsWith("10:")));
}

}  // namespace
}  // namespace pap::sim
