// SPDX-License-Identifier: MIT
#include "protocol/uuid_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace pap::protocol {
namespace {

constexpr std::string_view kText = "01234567-89ab-cdef-fedc-ba9876543210";
constexpr UuidBytes kBytes{0x01, 0x23, 0x45, 0x67, 0x89, 0xAB, 0xCD, 0xEF,
                           0xFE, 0xDC, 0xBA, 0x98, 0x76, 0x54, 0x32, 0x10};

bool is_dash_at(std::size_t at) { return at == 8 || at == 13 || at == 18 || at == 23; }

TEST(UuidText, IsReadAsItsBytesAndWrittenBackLetterForLetter) {
  EXPECT_EQ(parse_uuid(kText), kBytes);
  std::string out = "id ";
  append_uuid(out, kBytes);
  EXPECT_EQ(out, "id " + std::string(kText));
}

TEST(UuidText, HasOnlyLowerCaseDigitsAndDashesInTheirPlaces) {
  for (std::size_t at = 0; at < kText.size(); ++at) {
    for (int c = 0; c < 256; ++c) {
      std::string text(kText);
      text[at] = static_cast<char>(c);
      const bool is_digit = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
      ASSERT_EQ(parse_uuid(text).has_value(), is_dash_at(at) ? c == '-' : is_digit) << text;
    }
  }
}

TEST(UuidText, IsExactly36BytesLong) {
  EXPECT_FALSE(parse_uuid(""));
  EXPECT_FALSE(parse_uuid(kText.substr(0, 35)));
  EXPECT_FALSE(parse_uuid(std::string(kText) + "0"));
  EXPECT_FALSE(parse_uuid("{01234567-89ab-cdef-fedc-ba987654321"));
}

TEST(StationUuid, MayHaveUpperCaseDigits) {
  EXPECT_TRUE(is_station_uuid(kText));
  EXPECT_TRUE(is_station_uuid("01234567-89AB-CDEF-FEDC-BA9876543210"));
  EXPECT_TRUE(is_station_uuid("01234567-89aB-cDeF-FedC-bA9876543210"));
}

TEST(StationUuid, HasNothingButDigitsAndDashesInTheirPlaces) {
  for (std::size_t at = 0; at < kText.size(); ++at) {
    for (int c = 0; c < 256; ++c) {
      std::string text(kText);
      text[at] = static_cast<char>(c);
      const bool is_digit =
          (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      ASSERT_EQ(is_station_uuid(text), is_dash_at(at) ? c == '-' : is_digit) << text;
    }
  }
  EXPECT_FALSE(is_station_uuid(""));
  EXPECT_FALSE(is_station_uuid("test-agent-123"));
  EXPECT_FALSE(is_station_uuid(kText.substr(0, 35)));
  EXPECT_FALSE(is_station_uuid(std::string(kText) + "0"));
}

}  // namespace
}  // namespace pap::protocol
