// SPDX-License-Identifier: MIT
#include "papctl/completion/words.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "papctl/commands/command_line.hpp"

namespace pap::ctl {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using Words = std::vector<std::string>;

Completion completion_of(const Words& words) {
  const CommandLine line;
  return complete(line.app(), words);
}

Words candidates(const Words& words) {
  Words out;
  for (const Candidate& each : completion_of(words).candidates) out.push_back(each.word);
  return out;
}

TEST(Completion, OffersCommandsWithWhatTheyAreAbout) {
  EXPECT_THAT(candidates({""}), IsSupersetOf({"agents", "observe", "alerts", "status", "config"}));
  EXPECT_THAT(candidates({"ag"}), ElementsAre("agents"));
  EXPECT_THAT(candidates({"agents", ""}), ElementsAre("list", "get", "delete", "wait"));
  EXPECT_THAT(candidates({"agents", "xyz"}), IsEmpty());
  EXPECT_THAT(candidates({""}), Not(Contains("__complete")));
  EXPECT_EQ(completion_of({"agents", "li"}).candidates.front().about,
            "list agents, the unhealthy first");
}

TEST(Completion, OffersOptionsOfTheCommandAndOfEveryCommand) {
  EXPECT_THAT(candidates({"agents", "list", "--"}),
              IsSupersetOf({"--mode", "--watch", "--collector", "--output"}));
  EXPECT_THAT(candidates({"agents", "list", "--un"}), ElementsAre("--unhealthy"));
  EXPECT_THAT(candidates({"--o"}), ElementsAre("--output"));
  EXPECT_THAT(candidates({"agents", "list", "-w"}), ElementsAre("-w"));
  EXPECT_THAT(candidates({"agents", "list", "-"}), Not(Contains("-w")));
}

TEST(Completion, OffersAnOptionOnceUnlessItMayBeRepeated) {
  EXPECT_THAT(candidates({"agents", "list", "--mode", "IDLE", "--mo"}), IsEmpty());
  EXPECT_THAT(candidates({"agents", "list", "-o", "json", "--out"}), IsEmpty());
  EXPECT_THAT(candidates({"agents", "list", "-c", "a", "--coll"}), ElementsAre("--collector"));
}

TEST(Completion, LeavesOutOptionsWhereTheyHaveNoPlace) {
  EXPECT_THAT(candidates({"config", "set-context", "--"}), Not(Contains("--output")));
  EXPECT_THAT(candidates({"config", "set-context", "--"}), Contains("--readonly"));
  EXPECT_THAT(candidates({"agents", "get", "--", "-"}), IsEmpty());
}

TEST(Completion, OffersTheValuesOfAnOption) {
  EXPECT_THAT(candidates({"-o", "j"}), ElementsAre("json", "jsonl"));
  EXPECT_THAT(candidates({"--output", "y"}), ElementsAre("yaml"));
  EXPECT_THAT(candidates({"--output=y"}), ElementsAre("--output=yaml"));
  EXPECT_THAT(candidates({"-oy"}), ElementsAre("-oyaml"));
  EXPECT_THAT(candidates({"agents", "list", "--mode", ""}),
              ElementsAre("EMERGENCY", "IDLE", "SLEEP"));
  EXPECT_THAT(candidates({"agents", "list", "--sort-by", "l"}), ElementsAre("last-seen"));
  EXPECT_THAT(candidates({"agents", "wait", "a", "--for", "mode=S"}), ElementsAre("mode=SLEEP"));
  EXPECT_THAT(candidates({"--color", "a"}), ElementsAre("auto", "always"));
  EXPECT_THAT(candidates({"completion", ""}), ElementsAre("bash", "zsh", "fish"));
  EXPECT_THAT(candidates({"agents", "list", "--limit", ""}), IsEmpty());
}

TEST(Completion, SaysWhereFilesContextsOrAgentsFit) {
  EXPECT_EQ(completion_of({"--key-file", ""}).more, Completion::More::kFiles);
  EXPECT_EQ(completion_of({"--cacert=/tm"}).more, Completion::More::kFiles);
  EXPECT_EQ(completion_of({"--context", "p"}).more, Completion::More::kContexts);
  EXPECT_EQ(completion_of({"config", "use-context", ""}).more, Completion::More::kContexts);
  for (const Words& words :
       {Words{"agents", "get", "55"}, Words{"agents", "get", "a", "55"},
        Words{"agents", "delete", "55"}, Words{"agents", "wait", "55"},
        Words{"observe", "agent", "--for", "3s", "55"}, Words{"agents", "get", "--", "55"}}) {
    const Completion completion = completion_of(words);
    EXPECT_EQ(completion.more, Completion::More::kAgents) << words.front();
    EXPECT_EQ(completion.typed, "55");
    EXPECT_THAT(completion.candidates, IsEmpty());
  }
  EXPECT_EQ(completion_of({"agents", "wait", "a", ""}).more, Completion::More::kNothing)
      << "it takes one";
  EXPECT_EQ(completion_of({"agents", "list", "--name", ""}).more, Completion::More::kNothing);
}

TEST(Completion, TellsValuesInOneWordFromWhatStandsInFront) {
  const Completion completion = completion_of({"--context=pr"});
  EXPECT_EQ(completion.before, "--context=");
  EXPECT_EQ(completion.typed, "pr");
}

TEST(Completion, KeepsWhichCollectorsAreMeant) {
  EXPECT_THAT(
      completion_of({"-c", "http://a", "agents", "--debug", "get", "--key-file=k", ""}).globals,
      ElementsAre("-c", "http://a", "--debug", "--key-file=k"));
  EXPECT_THAT(completion_of({"agents", "list", "--mode", "IDLE", ""}).globals, IsEmpty());
}

TEST(Completion, OfWhatMakesNoSenseIsNothing) {
  EXPECT_THAT(candidates({}), IsEmpty());
  EXPECT_THAT(candidates({"xyz", ""}), IsEmpty());
  EXPECT_THAT(candidates({"agents", "list", "--nonsense", "x", "--nons"}), IsEmpty());
  EXPECT_THAT(candidates({"status", ""}), IsEmpty());
}

}  // namespace
}  // namespace pap::ctl
