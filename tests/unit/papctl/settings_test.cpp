// SPDX-License-Identifier: MIT
#include "papctl/settings.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "papctl/exit_status.hpp"
#include "tests/support/temp_file.hpp"

namespace pap::ctl {
namespace {

using test::TempFile;

std::string refusal_of(const std::string& path) {
  try {
    read_key_file(path);
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), kError);
    return failure.what();
  }
  return "taken";
}

TEST(KeyFile, IsReadWithoutTheNewlineAtItsEnd) {
  for (const char* content : {"s3cret", "s3cret\n", "s3cret\r\n", "s3cret\n\n"}) {
    EXPECT_EQ(read_key_file(TempFile(content).path()), "s3cret");
  }
  EXPECT_EQ(read_key_file(TempFile(" with blanks ").path()), " with blanks ");
  EXPECT_EQ(read_key_file(TempFile(std::string(4096, 'k')).path()).size(), 4096U);
}

TEST(KeyFile, ThatHoldsNoKeyIsRefusedWithoutShowingIt) {
  for (const std::string& content :
       {std::string(), std::string("\n"), std::string("two\nlines"), std::string("a\0b", 3),
        std::string("tab\there"), std::string(4097, 'k')}) {
    const std::string refusal = refusal_of(TempFile(content).path());
    EXPECT_THAT(refusal, testing::HasSubstr("holds no key"));
    EXPECT_THAT(refusal, testing::Not(testing::HasSubstr("lines")));
  }
}

TEST(Key, FromElsewhereIsCheckedLikeOneFromAFile) {
  EXPECT_EQ(checked_key("s3cret\n", "PAPCTL_KEY"), "s3cret");
  try {
    checked_key("s3cret\r\nX-Evil: 1", "PAPCTL_KEY");
    ADD_FAILURE() << "taken";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.what(), std::string("PAPCTL_KEY holds no key: it wants one line of text"));
  }
}

TEST(KeyFile, ThatIsNotThereIsNamed) {
  EXPECT_THAT(refusal_of("/none/such"),
              testing::HasSubstr("cannot read the key file /none/such: No such file"));
  EXPECT_THAT(refusal_of("/"), testing::HasSubstr("/"));
}

std::string refusal_of_address(const std::string& address, int status) {
  try {
    resolved({address});
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), status) << address;
    return failure.what();
  }
  return "taken";
}

TEST(Addresses, StandAsTheyAreGivenUnlessTheyAreForEveryAddressOfAName) {
  EXPECT_THAT(resolved({"http://b", "a:1", "http://b"}),
              testing::ElementsAre("http://b", "a:1", "http://b"));
  EXPECT_THAT(resolved({"dns+http://127.0.0.1:8080"}),
              testing::ElementsAre("http://127.0.0.1:8080"));
  EXPECT_THAT(resolved({"dns+127.0.0.1"}), testing::ElementsAre("http://127.0.0.1:8080"));
  EXPECT_THAT(resolved({"dns+http://[::1]:8080/prefix"}),
              testing::ElementsAre("http://[::1]:8080/prefix"));
}

TEST(Addresses, OfANameAreEachThereOnce) {
  const auto all = resolved({"dns+http://localhost:8080", "dns+http://localhost:8080"});
  EXPECT_THAT(all, testing::Not(testing::IsEmpty()));
  for (const std::string& each : all) {
    EXPECT_THAT(each, testing::AnyOf("http://127.0.0.1:8080", "http://[::1]:8080"));
    EXPECT_EQ(std::count(all.begin(), all.end(), each), 1) << each;
  }
}

TEST(Addresses, OfANameThatIsNoneOrCannotBeVouchedForAreRefused) {
  EXPECT_THAT(refusal_of_address("dns+http://name.invalid", kNotReachable),
              testing::HasSubstr("cannot look up name.invalid"));
  EXPECT_THAT(refusal_of_address("dns+https://name.invalid", kUsage),
              testing::HasSubstr("dns+ is for http:// alone"));
  EXPECT_THAT(refusal_of_address("dns+ftp://x", kUsage), testing::HasSubstr("ftp://x"));
  EXPECT_THAT(refusal_of_address("dns+", kUsage), testing::HasSubstr("no collector's address"));
}

TEST(Addresses, AreAtMostAsManyAsAreAskedAtOnce) {
  EXPECT_EQ(resolved(std::vector<std::string>(kMostCollectors, "http://a")).size(),
            kMostCollectors);
  try {
    resolved(std::vector<std::string>(kMostCollectors + 1, "http://a"));
    ADD_FAILURE() << "taken";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.status(), kUsage);
  }
}

}  // namespace
}  // namespace pap::ctl
