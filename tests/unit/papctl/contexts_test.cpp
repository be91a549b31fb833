// SPDX-License-Identifier: MIT
#include "papctl/contexts.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "papctl/exit_status.hpp"
#include "tests/support/temp_file.hpp"

namespace pap::ctl {
namespace {

using test::TempFile;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string refusal_of(const std::string& content) {
  const TempFile file(content);
  try {
    Contexts::load(file.path());
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), kError);
    const std::string what = failure.what();
    EXPECT_THAT(what, StartsWith(file.path() + ':'));
    return what.substr(file.path().size());
  }
  return "taken: " + content;
}

TEST(Contexts, AreReadWithAllTheirKeys) {
  const TempFile file(
      "current: prod\n"
      "contexts:\n"
      "  prod:\n"
      "    collectors: [\"https://a\", 'https://b']\n"
      "    key_file: /run/key\n"
      "    cacert: /ca\n"
      "    cert: /cert\n"
      "    key: /key\n"
      "    insecure: true\n"
      "    readonly: yes\n"
      "  test:\n"
      "    collectors:\n"
      "      - dns+http://c:8080\n");
  const Contexts contexts = Contexts::load(file.path());
  EXPECT_EQ(contexts.current, "prod");
  ASSERT_EQ(contexts.named.size(), 2U);
  const NamedContext& prod = contexts.find("prod");
  EXPECT_THAT(prod.collectors, ElementsAre("https://a", "https://b"));
  EXPECT_EQ(prod.key_file, "/run/key");
  EXPECT_EQ(prod.cacert, "/ca");
  EXPECT_EQ(prod.cert, "/cert");
  EXPECT_EQ(prod.key, "/key");
  EXPECT_TRUE(prod.insecure);
  EXPECT_TRUE(prod.readonly);
  EXPECT_FALSE(contexts.find("test").readonly);
  EXPECT_THAT(contexts.find("test").collectors, ElementsAre("dns+http://c:8080"));
}

TEST(Contexts, OfAFileThatIsNotThereOrEmptyAreNone) {
  EXPECT_TRUE(Contexts::load("/none/such").named.empty());
  EXPECT_TRUE(Contexts::load("/dev/null/such").named.empty());
  for (const char* content : {"", "\n", "# nothing yet\n", "contexts: {}\n"}) {
    EXPECT_TRUE(Contexts::load(TempFile(content).path()).named.empty()) << content;
  }
}

TEST(Contexts, ThatAreWrongAreNamedByLineAndColumn) {
  EXPECT_EQ(refusal_of("[1]\n"), ":1:1: the file must be a map");
  EXPECT_EQ(refusal_of("current: a\nfoo: b\n"), ":2:1: unknown key \"foo\"");
  EXPECT_EQ(refusal_of("contexts: 3\n"), ":1:11: contexts must be a map");
  EXPECT_EQ(refusal_of("contexts:\n  a: 3\n"), ":2:6: a context must be a map");
  EXPECT_EQ(refusal_of("contexts:\n  a: {}\n"), ":2:6: a context must name collectors");
  EXPECT_EQ(refusal_of("contexts:\n  a:\n    collectors: x\n"), ":3:17: collectors must be a list");
  EXPECT_EQ(refusal_of("contexts:\n  a:\n    collectors: [[x]]\n"),
            ":3:18: a text must stand here");
  EXPECT_EQ(refusal_of("contexts:\n  a:\n    collectors: [x]\n    readonly: perhaps\n"),
            ":4:15: true or false must stand here");
  EXPECT_THAT(refusal_of("contexts:\n  a:\n    api_key: s3cret\n"),
              HasSubstr(":3:5: unknown key \"api_key\"; a context has collectors key_file"));
  EXPECT_THAT(refusal_of("contexts: [\n"), StartsWith(":"));
  EXPECT_THAT(refusal_of("\"\\x1b[2J\": 1\n"), HasSubstr("\\x1b[2J")) << "nothing raw";
}

TEST(Contexts, AreSavedAsTheyAreRead) {
  const TempFile unique("");
  const std::string folder = unique.path() + ".d";
  const std::string path = folder + "/papctl/config.yaml";
  Contexts contexts;
  contexts.current = "a: b #c";
  contexts.named["a: b #c"] = {{"http://x", "http://y"}, "/k: y", "", "/c", "/key", true, true};
  contexts.named["yes"] = {{"http://z"}, "", "", "", "", false, false};
  contexts.save(path);
  const Contexts again = Contexts::load(path);
  EXPECT_EQ(again.current, contexts.current);
  EXPECT_EQ(again.text(), contexts.text());
  EXPECT_EQ(again.find("a: b #c").key_file, "/k: y");
  EXPECT_THAT(again.find("yes").collectors, ElementsAre("http://z"));
  EXPECT_FALSE(std::filesystem::exists(path + ".new"));
  std::filesystem::remove_all(folder);
}

TEST(Contexts, ThatCannotBeSavedSayWhy) {
  try {
    Contexts().save("/proc/none/config.yaml");
    ADD_FAILURE() << "saved";
  } catch (const Failure& failure) {
    EXPECT_THAT(failure.what(), StartsWith("cannot write /proc/none/config.yaml"));
  }
}

TEST(Contexts, ThatAreUnknownNameThoseThereAre) {
  Contexts contexts;
  try {
    contexts.find("x");
    ADD_FAILURE() << "found";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), kUsage);
    EXPECT_THAT(failure.advice(), HasSubstr("set-context"));
  }
  contexts.named["prod"] = {};
  contexts.named["test"] = {};
  try {
    contexts.find("x\x1b");
    ADD_FAILURE() << "found";
  } catch (const Failure& failure) {
    EXPECT_STREQ(failure.what(), "there is no context \"x\\x1b\"");
    EXPECT_EQ(failure.advice(), "There are: prod, test.");
  }
}

}  // namespace
}  // namespace pap::ctl
