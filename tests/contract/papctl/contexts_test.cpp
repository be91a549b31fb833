// SPDX-License-Identifier: MIT
// papctl config: collectors by name, with their keys, and some that are not to be touched.
#include <filesystem>
#include <fstream>
#include <string>

#include "contract/papctl/papctl_test.hpp"

namespace pap::test {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kKey = "s3cret-key";

class PapctlContexts : public PapctlTest {
 protected:
  PapctlContexts() {
    std::string path = (std::filesystem::temp_directory_path() / "pap-test-XXXXXX").string();
    home_ = ::mkdtemp(path.data());
  }
  ~PapctlContexts() override { std::filesystem::remove_all(home_); }

  // Nothing but the contexts says whom to ask.
  Outcome papctl(Words arguments) {
    return PapctlTest::papctl(std::move(arguments),
                              {{"PAPCTL_COLLECTOR", std::nullopt}, {"XDG_CONFIG_HOME", home_}});
  }
  std::string home_;
};

TEST_F(PapctlContexts, NameACollectorAndItsKey) {
  start({{"COLLECTOR_API_KEY", kKey}});
  beat("a", heartbeat("IDLE", 1));
  const TempFile key(kKey);
  EXPECT_EQ(
      papctl({"config", "set-context", "prod", "-c", collectord().url(), "--key-file", key.path()})
          .status,
      0);
  EXPECT_EQ(papctl({"agents", "list", "-o", "name"}).out, "a\n") << "the first is in use at once";
  const Outcome view = papctl({"config", "view"});
  EXPECT_THAT(view.out, HasSubstr(key.path()));
  EXPECT_THAT(view.out, Not(HasSubstr(kKey)));
  EXPECT_EQ(papctl({"agents", "list", "-c", collectord().url()}).status, 4)
      << "a context's key is for its own collectors alone";
}

TEST_F(PapctlContexts, AreChangedAndChosenForOneCall) {
  start();
  beat("a", heartbeat("IDLE", 1));
  ASSERT_EQ(papctl({"config", "set-context", "away", "-c", "http://127.0.0.1:1"}).status, 0);
  ASSERT_EQ(papctl({"config", "set-context", "here", "-c", collectord().url()}).status, 0);
  EXPECT_EQ(papctl({"agents", "list"}).status, 5);
  EXPECT_EQ(papctl({"agents", "list", "--context", "here"}).status, 0);
  EXPECT_EQ(papctl({"config", "use-context", "here"}).status, 0);
  EXPECT_EQ(papctl({"agents", "list"}).status, 0);
  const Outcome none = papctl({"config", "use-context", "nowhere"});
  EXPECT_EQ(none.status, 2);
  EXPECT_THAT(none.err, HasSubstr("here"));
}

TEST_F(PapctlContexts, AreDeletedAndTheOneInUseLeavesNoneInUse) {
  start();
  ASSERT_EQ(papctl({"config", "set-context", "here", "-c", collectord().url()}).status, 0);
  ASSERT_EQ(papctl({"config", "set-context", "away", "-c", "http://127.0.0.1:1"}).status, 0);
  EXPECT_EQ(papctl({"config", "delete-context", "away"}).out, "context away is deleted\n");
  EXPECT_EQ(papctl({"agents", "list"}).status, 0) << "the other is in use as before";
  const Outcome twice = papctl({"config", "delete-context", "away"});
  EXPECT_EQ(twice.status, 2);
  EXPECT_THAT(twice.err, HasSubstr("There are: here."));
  EXPECT_EQ(papctl({"config", "delete-context", "here"}).out,
            "context here is deleted, and none is in use\n");
  EXPECT_THAT(papctl({"config", "view"}).out, Not(HasSubstr("here")));
}

TEST_F(PapctlContexts, ThatAreReadonlyRefuseToChangeAnything) {
  start();
  beat("a", heartbeat("IDLE", 1));
  ASSERT_EQ(
      papctl({"config", "set-context", "prod", "-c", collectord().url(), "--readonly"}).status, 0);
  const Outcome deleted = papctl({"agents", "delete", "a", "--yes"});
  EXPECT_EQ(deleted.status, 1);
  EXPECT_THAT(deleted.err, HasSubstr("context prod is readonly"));
  EXPECT_EQ(get("/agents/a").status, 200);
  EXPECT_EQ(papctl({"heartbeat", "send", "b"}).status, 1);
  EXPECT_EQ(get("/agents/b").status, 404);
  EXPECT_EQ(papctl({"agents", "list"}).status, 0);
}

TEST_F(PapctlContexts, KeepWhatIsNotGivenAnew) {
  start();
  const TempFile key(kKey);
  ASSERT_EQ(papctl({"config", "set-context", "prod", "-c", "http://127.0.0.1:1", "--key-file",
                    key.path(), "--readonly"})
                .status,
            0);
  ASSERT_EQ(papctl({"config", "set-context", "prod", "-c", collectord().url()}).status, 0);
  const auto prod = [&] {
    return nlohmann::json::parse(papctl({"config", "view", "-o", "json"}).out)["contexts"]["prod"];
  };
  EXPECT_EQ(prod()["collectors"], nlohmann::json::array({collectord().url()}));
  EXPECT_EQ(prod()["key_file"], key.path());
  EXPECT_EQ(prod()["readonly"], true);
  const Outcome undone =
      papctl({"config", "set-context", "prod", "--readonly=false", "--key-file", ""});
  ASSERT_EQ(undone.status, 0) << undone.err;
  EXPECT_EQ(prod()["readonly"], false);
  EXPECT_EQ(prod()["key_file"], "");
  EXPECT_EQ(prod()["collectors"], nlohmann::json::array({collectord().url()}));
  EXPECT_EQ(papctl({"config", "view", "-o", "name"}).out, "prod\n");
}

TEST_F(PapctlContexts, NeedANameAndACollector) {
  start();
  EXPECT_EQ(papctl({"config", "set-context", "", "-c", collectord().url()}).status, 2);
  const Outcome nowhere = papctl({"config", "set-context", "prod", "--readonly"});
  EXPECT_EQ(nowhere.status, 2);
  EXPECT_THAT(nowhere.err, HasSubstr("context prod is new, and needs a collector"));
  EXPECT_THAT(papctl({"config", "view"}).out, Not(HasSubstr("prod")));
}

TEST_F(PapctlContexts, WhoseFileIsWrongAreNamedWithTheFile) {
  start();
  std::filesystem::create_directories(home_ + "/papctl");
  std::ofstream(home_ + "/papctl/config.yaml") << "contexts:\n  prod:\n    colectors: [a]\n";
  const Outcome list = papctl({"agents", "list"});
  EXPECT_NE(list.status, 0);
  EXPECT_EQ(list.out, "");
  EXPECT_THAT(list.err, HasSubstr(home_ + "/papctl/config.yaml"));
  EXPECT_THAT(list.err, HasSubstr("colectors"));
}

}  // namespace
}  // namespace pap::test
