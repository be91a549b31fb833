// SPDX-License-Identifier: MIT
#include "papsim/capacity/quota.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include <gtest/gtest.h>

namespace pap::sim {
namespace {

namespace fs = std::filesystem;

// A folder that looks like /sys/fs/cgroup, but for what the kernel makes in it.
class ControlGroups {
 public:
  explicit ControlGroups(bool version_2) {
    std::string form = (fs::temp_directory_path() / "cgroup.XXXXXX").string();
    root_ = ::mkdtemp(form.data());
    if (version_2) {
      std::ofstream(root_ / "cgroup.controllers") << "cpu memory\n";
    } else {
      fs::create_directory(root_ / "cpu");
      fs::create_directory(root_ / "memory");
    }
  }
  ~ControlGroups() { fs::remove_all(root_); }
  ControlGroups(const ControlGroups&) = delete;
  ControlGroups& operator=(const ControlGroups&) = delete;

  const fs::path& root() const { return root_; }
  std::string text(const fs::path& file) const {
    std::string line;
    std::ifstream in(root_ / file);
    std::getline(in, line);
    return line;
  }

 private:
  fs::path root_;
};

const std::string kGroup = "papsim." + std::to_string(::getpid());

TEST(Millicores, AreReadAsKubernetesWritesThem) {
  EXPECT_EQ(millicores_of("200m"), 200U);
  EXPECT_EQ(millicores_of("0.5"), 500U);
  EXPECT_EQ(millicores_of("2"), 2'000U);
  EXPECT_EQ(millicores_of("1m"), 1U);
  EXPECT_EQ(millicores_of("1000"), 1'000'000U);
  for (const char* wrong : {"", "0", "m", "-1", "200M", "200 m", "1e9", "nan", "0.5m", "1001"}) {
    EXPECT_EQ(millicores_of(wrong), std::nullopt) << wrong;
  }
}

TEST(Bytes, AreReadAsKubernetesWritesThem) {
  EXPECT_EQ(bytes_of("256Mi"), 268'435'456U);
  EXPECT_EQ(bytes_of("1G"), 1'000'000'000U);
  EXPECT_EQ(bytes_of("1.5Ki"), 1'536U);
  EXPECT_EQ(bytes_of("4096"), 4'096U);
  for (const char* wrong : {"", "0", "Mi", "-1Mi", "256mi", "256 Mi", "1Ti", "1e300", "inf"}) {
    EXPECT_EQ(bytes_of(wrong), std::nullopt) << wrong;
  }
}

TEST(Quota, IsWrittenIntoAGroupOfVersion2) {
  const ControlGroups groups(true);
  Quota quota({200, 268'435'456}, groups.root());
  EXPECT_TRUE(quota.kept());
  EXPECT_EQ(groups.text(kGroup + "/cpu.max"), "20000 100000");
  EXPECT_EQ(groups.text(kGroup + "/memory.max"), "268435456");
  EXPECT_TRUE(quota.take(4711));
  EXPECT_EQ(groups.text(kGroup + "/cgroup.procs"), "4711");
}

TEST(Quota, IsWrittenIntoTheGroupsOfVersion1) {
  const ControlGroups groups(false);
  Quota quota({1'500, 1'000'000}, groups.root());
  EXPECT_TRUE(quota.kept());
  EXPECT_EQ(groups.text("cpu/" + kGroup + "/cpu.cfs_period_us"), "100000");
  EXPECT_EQ(groups.text("cpu/" + kGroup + "/cpu.cfs_quota_us"), "150000");
  EXPECT_EQ(groups.text("memory/" + kGroup + "/memory.limit_in_bytes"), "1000000");
  EXPECT_TRUE(quota.take(4711));
  EXPECT_EQ(groups.text("cpu/" + kGroup + "/cgroup.procs"), "4711");
  EXPECT_EQ(groups.text("memory/" + kGroup + "/cgroup.procs"), "4711");
}

TEST(Quota, TouchesNoControllerThatItNeedNot) {
  const ControlGroups groups(false);
  const Quota quota({200, 0}, groups.root());
  EXPECT_TRUE(quota.kept());
  EXPECT_FALSE(fs::exists(groups.root() / "memory" / kGroup));
}

TEST(Quota, SaysWhenItCannotBeKept) {
  const ControlGroups groups(false);
  Quota nowhere({200, 0}, groups.root() / "none");
  EXPECT_FALSE(nowhere.kept());
  EXPECT_FALSE(nowhere.take(4711));
  EXPECT_FALSE(Quota({}, groups.root()).kept());
}

TEST(Quota, IsNotKeptOnceAProcessCouldNotBeMoved) {
  const ControlGroups groups(true);
  Quota quota({200, 0}, groups.root());
  fs::create_directory(groups.root() / kGroup / "cgroup.procs");  // which nobody can write to
  EXPECT_FALSE(quota.take(4711));
  EXPECT_FALSE(quota.kept());
}

TEST(Quota, LeavesNoHalfOfItselfBehind) {
  const ControlGroups groups(false);
  fs::remove(groups.root() / "memory");
  const Quota quota({200, 1'000'000}, groups.root());
  EXPECT_FALSE(quota.kept());
}

}  // namespace
}  // namespace pap::sim
