// SPDX-License-Identifier: MIT
// Tab in real shells, and what they ask papctl for.
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <string>

#include "contract/papctl/papctl_test.hpp"

namespace pap::test {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

class PapctlCompletion : public PapctlTest {
 protected:
  // As a shell asks; without the line about the kind.
  Words offered(Words words, Environment environment = {}) {
    words.insert(words.begin(), "__complete");
    const Outcome outcome = run(papctl_wish(url_, std::move(words), std::move(environment)));
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.err, "");
    Words lines = lines_of(outcome.out);
    EXPECT_THAT(lines, Not(IsEmpty()));
    EXPECT_THAT(lines.back(), StartsWith(":"));
    lines.pop_back();
    return lines;
  }
  void three_agents() {
    start();
    url_ = collectord().url();
    beat("ab-1", heartbeat("IDLE", 1, "web"));
    beat("ab-2", heartbeat("IDLE", 1));
    beat("cd-3", heartbeat("IDLE", 1));
  }

  // A shell on a terminal, papctl found by its name, the script read in.
  ChildWish shell(const std::string& name, Words arguments) {
    ChildWish all = wish({});
    all.program = name;
    all.arguments = std::move(arguments);
    all.environment["PATH"] = std::string(PAP_BIN_DIR) + ":/usr/bin:/bin";
    all.environment["PS1"] = "ready> ";
    all.environment["HOME"] = "/none";
    return all;
  }
  static bool installed(const std::string& name) {
    return std::filesystem::exists("/usr/bin/" + name);
  }

  std::string url_ = "http://127.0.0.1:1";
};

TEST_F(PapctlCompletion, OffersAgentsThatAreThere) {
  three_agents();
  EXPECT_THAT(offered({"agents", "get", "ab"}),
              testing::UnorderedElementsAre("ab-1\tweb, healthy", "ab-2\thealthy"));
  EXPECT_THAT(offered({"observe", "agent", "c"}), testing::ElementsAre("cd-3\thealthy"));
  EXPECT_THAT(offered({"agents", "get", "x"}), IsEmpty());
}

TEST_F(PapctlCompletion, AsksTheCollectorThatWasNamedBefore) {
  three_agents();
  const std::string url = std::exchange(url_, "http://127.0.0.1:1");
  EXPECT_THAT(offered({"agents", "get", "cd"}), IsEmpty());
  EXPECT_EQ(offered({"-c", url, "agents", "get", "cd"}).size(), 1U);
  EXPECT_EQ(offered({"agents", "get", "--collector=" + url, "cd"}).size(), 1U);
  EXPECT_EQ(offered({"-c", url, "-c", "http://127.0.0.1:1", "agents", "get", "cd"}).size(), 1U);
}

TEST_F(PapctlCompletion, OffersFewOfMany) {
  start();
  url_ = collectord().url();
  for (int i = 0; i < 80; ++i) beat("agent-" + std::to_string(i), heartbeat("IDLE", 1));
  EXPECT_EQ(offered({"agents", "get", ""}).size(), 50U);
}

TEST_F(PapctlCompletion, OffersNoIdThatCannotBeTyped) {
  start();
  url_ = collectord().url();
  beat("bad%E2%80%AEid", heartbeat("IDLE", 1));
  beat("bay", heartbeat("IDLE", 1));
  EXPECT_THAT(offered({"agents", "get", "ba"}), testing::ElementsAre("bay\thealthy"));
}

TEST_F(PapctlCompletion, WaitsNoLongerThanItsPatienceForWhoeverDoesNotAnswer) {
  three_agents();
  collectord().freeze();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(offered({"agents", "get", "ab"}), IsEmpty());
  // 300 ms, and what a busy machine needs to start a program.
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  collectord().thaw();
}

TEST_F(PapctlCompletion, SaysNothingOfWhatIsWrong) {
  const TempFile broken("current: [\n");
  for (const Environment& environment :
       {Environment{{"PAPCTL_KEY_FILE", "/none"}}, Environment{{"PAPCTL_CONTEXT", "none"}},
        Environment{{"PAPCTL_COLLECTOR", "ftp://x"}}}) {
    EXPECT_THAT(offered({"agents", "get", ""}, environment), IsEmpty());
  }
  EXPECT_THAT(offered({"--insecure", "agents", "get", ""}), IsEmpty());
  EXPECT_THAT(offered({"agents", "--nonsense", "get", "x", "--nons"}), IsEmpty());
}

TEST_F(PapctlCompletion, OffersContexts) {
  namespace fs = std::filesystem;
  const TempFile unique("");
  const fs::path home = unique.path() + ".d";
  const Environment environment{{"XDG_CONFIG_HOME", home.string()}};
  ASSERT_EQ(run(papctl_wish("-", {"config", "set-context", "prod", "-c", "https://p"}, environment))
                .status,
            0);
  ASSERT_EQ(run(papctl_wish("-", {"config", "set-context", "test", "-c", "http://t"}, environment))
                .status,
            0);
  EXPECT_THAT(offered({"--context", ""}, environment),
              testing::ElementsAre("prod\thttps://p", "test\thttp://t"));
  EXPECT_THAT(offered({"--context=t"}, environment),
              testing::ElementsAre("--context=test\thttp://t"));
  EXPECT_THAT(offered({"config", "use-context", "p"}, environment),
              testing::ElementsAre("prod\thttps://p"));
  fs::remove_all(home);
}

TEST_F(PapctlCompletion, WorksInBashAlone) {
  three_agents();
  PseudoTerminal terminal(shell("bash", {"--norc", "--noprofile", "-i"}), 100);
  terminal.type("source <(papctl completion bash); bind 'set bell-style none'\n");
  ASSERT_TRUE(terminal.wait_for("ready> "));
  terminal.type("papctl ag\tli\t--unh\t");
  EXPECT_TRUE(terminal.wait_for("papctl agents list --unhealthy ")) << terminal.shown();
  terminal.type("\x15papctl agents get cd\t");
  EXPECT_TRUE(terminal.wait_for("papctl agents get cd-3 ")) << terminal.shown();
  terminal.type("\x15papctl --output=y\t");
  EXPECT_TRUE(terminal.wait_for("papctl --output=yaml ")) << "a word that Bash cuts";
  terminal.type("\x15papctl -c " + url_ + " agents get c\t");
  EXPECT_TRUE(terminal.wait_for("agents get cd-3 ")) << "behind words that Bash cuts";
  terminal.type("\x15papctl --key-file /etc/hostn\t");
  EXPECT_TRUE(terminal.wait_for("--key-file /etc/hostname")) << terminal.shown();
  // The first Tab types what both have in common, another asks for the list of both.
  terminal.type("\x15papctl agents get ab\t\t\t");
  EXPECT_TRUE(terminal.wait_for("web, healthy")) << terminal.shown();
}

TEST_F(PapctlCompletion, WorksInZsh) {
  ASSERT_TRUE(installed("zsh")) << "scripts/setup installs it";
  three_agents();
  PseudoTerminal terminal(shell("zsh", {"-f", "-i"}), 100);
  terminal.type(
      "PS1='ready> '; autoload -U compinit; compinit -D -u; "
      "source <(papctl completion zsh); echo so''urced\n");
  ASSERT_TRUE(terminal.wait_for("sourced")) << terminal.shown();
  terminal.type("papctl ag\t");
  EXPECT_TRUE(terminal.wait_for("agents")) << terminal.shown();
  terminal.type("get cd\t");
  EXPECT_TRUE(terminal.wait_for("cd-3")) << terminal.shown();
  terminal.type("\x15papctl --output=y\t");
  EXPECT_TRUE(terminal.wait_for("yaml")) << terminal.shown();
  terminal.type("\x15papctl --key-file /etc/hostn\t");
  EXPECT_TRUE(terminal.wait_for("hostname")) << terminal.shown();
  terminal.type("\x15papctl agents get ab\t\t");
  EXPECT_TRUE(terminal.wait_for("web, healthy")) << terminal.shown();
}

TEST_F(PapctlCompletion, WorksInFish) {
  ASSERT_TRUE(installed("fish")) << "scripts/setup installs it";
  three_agents();
  // What its own `complete` says is what Tab would offer.
  ChildWish fish = shell("fish", {"--no-config", "-c",
                                  "papctl completion fish | source\n"
                                  "complete -C 'papctl ag'\n"
                                  "complete -C 'papctl agents get c'\n"
                                  "complete -C 'papctl --output=y'\n"
                                  "complete -C 'papctl --key-file /etc/hostn'\n"});
  fish.environment["HOME"] = "/tmp";
  const Outcome outcome = run(fish);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("agents\twho is there"));
  EXPECT_THAT(outcome.out, HasSubstr("cd-3\thealthy"));
  EXPECT_THAT(outcome.out, HasSubstr("--output=yaml"));
  EXPECT_THAT(outcome.out, HasSubstr("/etc/hostname"));
}

}  // namespace
}  // namespace pap::test
