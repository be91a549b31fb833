// SPDX-License-Identifier: MIT
#include "papctl/client/endpoint.hpp"

#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "papctl/exit_status.hpp"

namespace pap::ctl {
namespace {

TEST(Endpoint, IsReadInEveryFormThatPeopleType) {
  EXPECT_EQ(Endpoint::parse("http://host:8081"), (Endpoint{false, "host", 8081, ""}));
  EXPECT_EQ(Endpoint::parse("https://host"), (Endpoint{true, "host", 443, ""}));
  EXPECT_EQ(Endpoint::parse("http://host"), (Endpoint{false, "host", 80, ""}));
  EXPECT_EQ(Endpoint::parse("host"), (Endpoint{false, "host", 8080, ""}));
  EXPECT_EQ(Endpoint::parse("host:81"), (Endpoint{false, "host", 81, ""}));
  EXPECT_EQ(Endpoint::parse("[::1]"), (Endpoint{false, "::1", 8080, ""}));
  EXPECT_EQ(Endpoint::parse("[::1]:9090"), (Endpoint{false, "::1", 9090, ""}));
  EXPECT_EQ(Endpoint::parse("https://[fe80::1]:1/"), (Endpoint{true, "fe80::1", 1, ""}));
  EXPECT_EQ(Endpoint::parse("http://host/pap/v1//"), (Endpoint{false, "host", 80, "/pap/v1"}));
  EXPECT_EQ(Endpoint::parse("http://host:65535/"), (Endpoint{false, "host", 65535, ""}));
}

TEST(Endpoint, RefusesWhatIsNoneAndSaysWhy) {
  for (const auto& [address, why] :
       {std::pair{"", "names no host"},      {"http://", "names no host"},
        {"http://:8080", "names no host"},   {"ftp://host", "neither http:// nor https://"},
        {"http://host:", "port is missing"}, {"[::1]:", "port is missing"},
        {"host:0", "from 1 to 65535"},       {"host:65536", "from 1 to 65535"},
        {"host:80a", "from 1 to 65535"},     {"host:-1", "from 1 to 65535"},
        {"::1", "stands in brackets"},       {"[::1", "bracket is not closed"},
        {"[::1]80", "begins with a colon"},  {"http://me:secret@host", "no place for a user"},
        {"http://host /", "blanks"},         {"http://host/?a=b", "a query"},
        {"http://host/#a", "a fragment"},    {"http://host?a=b", "a query"},
        {"http://host /a", "blanks"},        {"host\n", "blanks"}}) {
    try {
      Endpoint::parse(address);
      ADD_FAILURE() << address << " was taken";
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.status(), kUsage) << address;
      EXPECT_THAT(failure.what(), testing::HasSubstr(why)) << address;
      EXPECT_THAT(failure.what(), testing::Not(testing::HasSubstr("secret")));
    }
  }
}

TEST(Endpoint, IsWrittenAsAnAddress) {
  EXPECT_EQ(Endpoint::parse("[::1]:9090").url("/agents"), "http://[::1]:9090/agents");
  EXPECT_EQ(Endpoint::parse("https://host/p/").url("/agents"), "https://host:443/p/agents");
}

TEST(PercentEncoding, LeavesOnlyWhatIsUnreserved) {
  EXPECT_EQ(percent_encoded("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encoded("a/b?c#d e%f&g+h"), "a%2Fb%3Fc%23d%20e%25f%26g%2Bh");
  EXPECT_EQ(percent_encoded("ä\n"), "%C3%A4%0A");
}

}  // namespace
}  // namespace pap::ctl
