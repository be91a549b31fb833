// SPDX-License-Identifier: MIT
#include "protocol/utf8.hpp"

#include <gtest/gtest.h>

#include <string>

namespace pap::protocol {
namespace {

using namespace std::string_view_literals;

constexpr auto kAllGood = std::string_view::npos;

// The bytes of a code point by the general scheme of UTF-8, whether it may be written or not.
std::string encoded(char32_t c) {
  const auto byte = [](char32_t bits) { return static_cast<char>(bits); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xC0 | c >> 6), byte(0x80 | (c & 0x3F))};
  if (c < 0x10000) {
    return {byte(0xE0 | c >> 12), byte(0x80 | (c >> 6 & 0x3F)), byte(0x80 | (c & 0x3F))};
  }
  return {byte(0xF0 | c >> 18), byte(0x80 | (c >> 12 & 0x3F)), byte(0x80 | (c >> 6 & 0x3F)),
          byte(0x80 | (c & 0x3F))};
}

TEST(Utf8, IsEveryCodePointButSurrogatesUpToTheLast) {
  for (char32_t c = 0; c <= 0x1FFFFF; ++c) {
    const bool is_surrogate = c >= 0xD800 && c <= 0xDFFF;
    ASSERT_EQ(is_utf8(encoded(c)), c <= 0x10FFFF && !is_surrogate) << std::hex << std::size_t{c};
  }
}

TEST(Utf8, SaysWhereTheFirstBrokenCharacterBegins) {
  struct Case {
    std::string_view text;
    std::size_t at;
  };
  const Case cases[] = {
      {"", kAllGood},
      {"plain ascii, longer than a word", kAllGood},
      {"\0"sv, kAllGood},
      {"\x7F", kAllGood},
      {"caf\xC3\xA9", kAllGood},
      {"\x80", 0},  // a continuation byte alone
      {"ab\xBF", 2},
      {"\xC0\x80", 0},          // overlong NUL
      {"\xC1\xBF", 0},          // overlong 7F
      {"\xE0\x9F\xBF", 0},      // overlong 7FF
      {"\xF0\x8F\xBF\xBF", 0},  // overlong FFFF
      {"\xED\xA0\x80", 0},      // surrogate D800
      {"\xF4\x90\x80\x80", 0},  // 110000
      {"\xF5\x80\x80\x80", 0},
      {"\xFF", 0},
      {"\xC3", 0},  // cut short, each way
      {"a\xE2\x82", 1},
      {"\xF0\x9F\x98", 0},
      {"\xC3(", 0},  // not continued, each way
      {"\xE2(\xAC", 0},
      {"\xE2\x82(", 0},
      {"\xF0(\x98\x80", 0},
      {"\xF0\x9F(\x80", 0},
      {"\xF0\x9F\x98(", 0},
      {"\xC3\xC3\xA9", 0},
      {"eight by\xC3\xA9 and then \xFF", 20},
      {"12345678\xFF", 8},
      {"1234567\xFF", 7},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(first_non_utf8(c.text), c.at) << testing::PrintToString(c.text);
    EXPECT_EQ(is_utf8(c.text), c.at == kAllGood);
  }
}

TEST(Utf8, DoesNotLookBeyondTheEndForTheRestOfACharacter) {
  for (const auto character : {"\xC3\xA9"sv, "\xE2\x82\xAC"sv, "\xF0\x9F\x98\x80"sv}) {
    EXPECT_TRUE(is_utf8(character));
    for (std::size_t length = 1; length < character.size(); ++length) {
      EXPECT_EQ(first_non_utf8(character.substr(0, length)), 0u) << character << " " << length;
    }
  }
}

TEST(Utf8, IsCutBetweenCharactersOnly) {
  // One to four bytes long: a, é, €, 😀.
  constexpr std::string_view kText = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80";
  constexpr std::size_t kKept[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
  for (std::size_t max = 0; max < std::size(kKept); ++max) {
    EXPECT_EQ(cut_at_character(kText, max), kText.substr(0, kKept[max])) << max;
  }
}

}  // namespace
}  // namespace pap::protocol
