// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

#include "pap/protocol/agent_id.hpp"

namespace pap::protocol {
namespace {

using namespace std::string_literals;

TEST(PercentDecode, TurnsEscapesIntoTheirBytes) {
  struct Case {
    const char* text;
    std::string decoded;
  };
  const Case cases[] = {
      {"", ""},         {"plain", "plain"},           {"%41", "A"},
      {"%2f%2F", "//"}, {"a%20b%20c", "a b c"},       {"%25%41", "%A"},
      {"%2541", "%41"},  // once, not again
      {"a+b", "a+b"},    // a plus is a plus in a path
      {"%00", "\0"s},   {"caf%C3%A9", "caf\xC3\xA9"}, {"%ff", "\xFF"},
  };
  for (const Case& c : cases) EXPECT_EQ(percent_decode(c.text), c.decoded) << c.text;
}

TEST(PercentDecode, RefusesAnEscapeThatIsCutShortOrNotHexadecimal) {
  for (const auto* text : {"%", "%4", "a%", "a%4", "%4g", "%g4", "%%41", "%-1", "% 1", "%41%"}) {
    EXPECT_EQ(percent_decode(text), std::nullopt) << text;
  }
  // However it would go on beyond the end.
  constexpr std::string_view kWhole = "%41";
  EXPECT_EQ(percent_decode(kWhole.substr(0, 1)), std::nullopt);
  EXPECT_EQ(percent_decode(kWhole.substr(0, 2)), std::nullopt);
}

}  // namespace
}  // namespace pap::protocol
