// SPDX-License-Identifier: MIT
// `papsim replay --report` from outside: which file there is afterwards, and with which status.
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "papsim/commands/command.hpp"
#include "papsim/commands/running.hpp"
#include "tests/unit/papsim/scenario/scenario_text.hpp"

namespace pap::sim {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class ReplayReport : public testing::Test {
 protected:
  ReplayReport()
      : folder_(fs::temp_directory_path() /
                (std::string{"papsim_report_"} +
                 testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::create_directories(folder_);
    std::ofstream(folder_ / "a.yaml")
        << text_of({.run = "{for: 3m}",
                    .timeline = "  - {id: cut, at: 70s, who: {group: pods, pick: 1}, do: die}\n"});
  }
  ~ReplayReport() override { fs::remove_all(folder_); }

  int replay(std::vector<std::string> options, const char* file = "a.yaml") {
    std::vector<std::string> words{"papsim", "replay", (folder_ / file).string()};
    words.insert(words.end(), options.begin(), options.end());
    std::vector<const char*> argv;
    for (const std::string& word : words) argv.push_back(word.c_str());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int status = run_papsim(static_cast<int>(argv.size()), argv.data());
    testing::internal::GetCapturedStdout();
    complaint_ = testing::internal::GetCapturedStderr();
    return status;
  }
  std::string path(const char* name) const { return (folder_ / name).string(); }
  std::string read_file(const char* name) const {
    std::ostringstream text;
    text << std::ifstream(folder_ / name).rdbuf();
    return text.str();
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  const fs::path folder_;
  std::string complaint_;
};

TEST_F(ReplayReport, WritesThePageAndNothingBesideIt) {
  EXPECT_EQ(replay({"--report", path("page.html")}), kPass);
  EXPECT_THAT(read_file("page.html"), StartsWith("<!DOCTYPE html>"));
  EXPECT_THAT(read_file("page.html"), HasSubstr("\"recording\":{"));
  EXPECT_EQ(files(), 2U);
}

TEST_F(ReplayReport, PutsTheSameRecordingsIntoTheJson) {
  EXPECT_EQ(replay({"--json", path("plain.json")}), kPass);
  EXPECT_EQ(replay({"--json", path("full.json"), "--report", path("page.html")}), kPass);
  auto plain = nlohmann::json::parse(read_file("plain.json"));
  auto full = nlohmann::json::parse(read_file("full.json"));
  auto& seed = full["scenarios"][0]["seeds"][0];
  EXPECT_TRUE(seed.contains("recording"));
  seed.erase("recording");
  EXPECT_EQ(full, plain);
}

TEST_F(ReplayReport, ReplacesThePageThatWasThere) {
  std::ofstream(path("page.html")) << "an old one";
  EXPECT_EQ(replay({"--report", path("page.html")}), kPass);
  EXPECT_THAT(read_file("page.html"), StartsWith("<!DOCTYPE html>"));
}

TEST_F(ReplayReport, SaysWhyAPageCannotBeWrittenAndEndsAsInvalid) {
  EXPECT_EQ(replay({"--report", path("nowhere/page.html")}), kInvalid);
  EXPECT_THAT(complaint_, HasSubstr("papsim: cannot write " + path("nowhere/page.html") +
                                    ": No such file or directory\n"));
  EXPECT_EQ(replay({"--report", folder_.string()}), kInvalid);
  EXPECT_THAT(complaint_, HasSubstr("cannot write " + folder_.string() + ": Is a directory\n"));
  EXPECT_EQ(files(), 1U);
}

TEST_F(ReplayReport, HidesNoFailureWhereItCannotBeWritten) {
  std::ofstream(path("wrong.yaml"))
      << text_of({.run = "{for: 3m}",
                  .timeline = "  - {id: cut, at: 70s, who: {group: pods, pick: 1}, do: die}\n",
                  .expect = "{alerts: {AGENT_DEATH: none}}"});
  for (const char* option : {"--report", "--json", "--junit"}) {
    EXPECT_EQ(replay({option, "/dev/full"}, "wrong.yaml"), kFail) << option;
    EXPECT_THAT(complaint_, HasSubstr("cannot write"));
  }
}

TEST_F(ReplayReport, SaysThatADiskIsFull) {
  EXPECT_EQ(replay({"--report", "/dev/full"}), kInvalid);
  EXPECT_THAT(complaint_, HasSubstr("cannot write /dev/full: No space left on device\n"));
}

}  // namespace
}  // namespace pap::sim
