// SPDX-License-Identifier: MIT
#include "net/station_url.hpp"

#include <gtest/gtest.h>

namespace pap::net {
namespace {

struct Good {
  const char* text;
  StationUrl url;
};

class GoodStationUrl : public testing::TestWithParam<Good> {};

TEST_P(GoodStationUrl, IsTakenApart) {
  std::string why;
  const auto url = parse_station_url(GetParam().text, why);
  EXPECT_EQ(why, "");
  EXPECT_EQ(url, GetParam().url);
}

INSTANTIATE_TEST_SUITE_P(
    All, GoodStationUrl,
    testing::Values(
        Good{"http://station", {false, "station", 80, "/"}},
        Good{"https://station", {true, "station", 443, "/"}},
        Good{"HTTPS://Station.Example/Alerts", {true, "station.example", 443, "/Alerts"}},
        Good{"http://station:8080/a/b?c=d&e=%20f", {false, "station", 8080, "/a/b?c=d&e=%20f"}},
        Good{"http://station?q=1", {false, "station", 80, "/?q=1"}},
        Good{"http://station:1", {false, "station", 1, "/"}},
        Good{"http://station:65535/", {false, "station", 65535, "/"}},
        Good{"http://10.0.0.1/x", {false, "10.0.0.1", 80, "/x"}},
        Good{"http://[::1]", {false, "::1", 80, "/"}},
        Good{"https://[2001:DB8::1]:8443/x", {true, "2001:db8::1", 8443, "/x"}},
        Good{"http://a_b.svc.cluster.local.:80/", {false, "a_b.svc.cluster.local.", 80, "/"}},
        Good{"http://1a.2b/", {false, "1a.2b", 80, "/"}},
        Good{"http://h/a:b@c;d=1!$&'()*+,~-._", {false, "h", 80, "/a:b@c;d=1!$&'()*+,~-._"}}));

struct Bad {
  const char* text;
  const char* why;
};

class BadStationUrl : public testing::TestWithParam<Bad> {};

TEST_P(BadStationUrl, IsRefusedWithTheReason) {
  std::string why;
  EXPECT_EQ(parse_station_url(GetParam().text, why), std::nullopt);
  EXPECT_EQ(why, GetParam().why);
}

constexpr auto kScheme = "does not begin with http:// or https://";
constexpr auto kPort = "has a port that is not a number from 1 to 65535";
constexpr auto kCharacter = "has a host with a character that no host name has";
constexpr auto kEncode = "has a character in its path or query that must be percent-encoded";

INSTANTIATE_TEST_SUITE_P(
    All, BadStationUrl,
    testing::Values(
        Bad{"", kScheme}, Bad{"station", kScheme}, Bad{"station:8080", kScheme},
        Bad{"//station", kScheme}, Bad{"ftp://station", kScheme}, Bad{"http:/station", kScheme},
        Bad{"http://", "has no host"}, Bad{"http:///path", "has no host"},
        Bad{"http://:80", "has no host"}, Bad{"http://h:", kPort}, Bad{"http://h:0", kPort},
        Bad{"http://h:65536", kPort}, Bad{"http://h:-1", kPort}, Bad{"http://h:+80", kPort},
        Bad{"http://h:80a", kPort}, Bad{"http://h: 80", kPort}, Bad{"http://a b/", kCharacter},
        Bad{"http://a%41/", kCharacter}, Bad{"http://b\xC3\xBC/", kCharacter},
        Bad{"http://a\r\nX: y/", kCharacter}, Bad{"http://a..b/", "has a host with an empty label"},
        Bad{"http://.a/", "has a host with an empty label"},
        Bad{"http://./", "has a host with an empty label"},
        Bad{"http://1.2.3/", "has a host that looks like an IPv4 address and is none"},
        Bad{"http://1.2.3.256/", "has a host that looks like an IPv4 address and is none"},
        Bad{"http://::1/",
            "has more than one colon in its host; an IPv6 address stands in [brackets]"},
        Bad{"http://[::1/", "has an IPv6 address without its closing bracket"},
        Bad{"http://[1.2.3.4]/", "has brackets around what is no IPv6 address"},
        Bad{"http://[fe80::1%25eth0]/", "has brackets around what is no IPv6 address"},
        Bad{"http://[::1]x/", "has more than a port after its host"},
        Bad{"http://user:pass@h/",
            "has a user name or password; the key belongs into STATION_ALERT_KEY"},
        Bad{"http://h/#top", "has a fragment (#…), which is never sent"},
        Bad{"http://h#top", "has a fragment (#…), which is never sent"},
        Bad{"http://h/a b", kEncode}, Bad{"http://h/%", kEncode}, Bad{"http://h/%4", kEncode},
        Bad{"http://h/%4g", kEncode}, Bad{"http://h/\xC3\xBC", kEncode},
        Bad{"http://h/a\r\nX: y", kEncode}, Bad{"http://h/\"", kEncode},
        Bad{"http://h/a\\b", kEncode}));

TEST(StationUrlText, IsRefusedWhenTooLong) {
  std::string why;
  EXPECT_EQ(parse_station_url("http://h/" + std::string(2048, 'x'), why), std::nullopt);
  EXPECT_EQ(why, "is over 2048 bytes long");
  EXPECT_EQ(parse_station_url("http://" + std::string(254, 'x'), why), std::nullopt);
  EXPECT_EQ(why, "has a host that is too long");
}

TEST(StationUrlText, ReadsAsItWasWritten) {
  std::string why;
  for (const char* text :
       {"http://station/", "https://station:80/x?y", "http://[::1]:443/", "https://[::1]/"}) {
    EXPECT_EQ(to_string(parse_station_url(text, why).value()), text);
  }
}

TEST(StationUrlHost, IsAnAddressOrAName) {
  EXPECT_TRUE(is_address({false, "127.0.0.1", 80, "/"}));
  EXPECT_TRUE(is_address({false, "::1", 80, "/"}));
  EXPECT_FALSE(is_address({false, "localhost", 80, "/"}));
}

struct Redirect {
  const char* location;
  const char* target;  // null: not followed
};

class StationRedirect : public testing::TestWithParam<Redirect> {};

TEST_P(StationRedirect, StaysWithSchemeHostAndPort) {
  const StationUrl base{false, "station.example", 8080, "/a/b/alerts?key=1"};
  const auto next = follow_redirect(base, GetParam().location);
  if (GetParam().target == nullptr) {
    EXPECT_EQ(next, std::nullopt);
  } else {
    EXPECT_EQ(next, (StationUrl{false, "station.example", 8080, GetParam().target}));
  }
}

INSTANTIATE_TEST_SUITE_P(All, StationRedirect,
                         testing::Values(Redirect{"/x", "/x"}, Redirect{"/x?y=1#z", "/x?y=1"},
                                         Redirect{"x", "/a/b/x"}, Redirect{"./x/", "/a/b/x/"},
                                         Redirect{"../x", "/a/x"}, Redirect{"../../../x", "/x"},
                                         Redirect{"/a/../b/./c/..", "/b/"}, Redirect{"..", "/a/"},
                                         Redirect{"/..", "/"}, Redirect{"?z", "/a/b/alerts?z"},
                                         Redirect{"x?u=http://v", "/a/b/x?u=http://v"},
                                         Redirect{"http://station.example:8080/y", "/y"},
                                         Redirect{"HTTP://STATION.example:8080", "/"},
                                         Redirect{"//station.example:8080/y", "/y"},
                                         Redirect{"http://station.example/y", nullptr},
                                         Redirect{"https://station.example:8080/y", nullptr},
                                         Redirect{"http://other.example:8080/y", nullptr},
                                         Redirect{"//other.example:8080/y", nullptr},
                                         Redirect{"http://u@station.example:8080/y", nullptr},
                                         Redirect{"javascript:alert(1)", nullptr},
                                         Redirect{"/a b", nullptr}, Redirect{"/a\r\nX: y", nullptr},
                                         Redirect{"/%zz", nullptr}));

}  // namespace
}  // namespace pap::net
