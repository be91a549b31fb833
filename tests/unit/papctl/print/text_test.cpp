// SPDX-License-Identifier: MIT
#include "papctl/print/text.hpp"

#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace pap::ctl {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class Width : public testing::Test {
 protected:
  void SetUp() override { use_locale(); }
};
using Cut = Width;

TEST(Visible, LeavesWhatIsHarmlessAsItIs) {
  EXPECT_EQ(visible(""), "");
  EXPECT_EQ(visible("web-1 (\"north\") \\ ~"), "web-1 (\"north\") \\ ~");
  EXPECT_EQ(visible("Äpfel 東京 😀 e\u0301"), "Äpfel 東京 😀 e\u0301");
}

TEST(Visible, EscapesControlsOfBothSets) {
  EXPECT_EQ(visible("a\nb\rc\td"), "a\\nb\\rc\\td");
  EXPECT_EQ(visible("\x1b[31mred\x07"), "\\x1b[31mred\\x07");
  EXPECT_EQ(visible(std::string("a\0b\x7f", 4)), "a\\x00b\\x7f");
  EXPECT_EQ(visible("\u009b31m"), "\\x9b31m") << "the C1 form of ESC [";
}

TEST(Visible, EscapesWhatTurnsTheDirectionOrIsNotSeen) {
  EXPECT_EQ(visible("a\u202eb"), "a\\u202eb");
  EXPECT_EQ(visible("\u2066x\u2069"), "\\u2066x\\u2069");
  EXPECT_EQ(visible("\u200f\u061c"), "\\u200f\\u061c");
  EXPECT_EQ(visible("a\u200bb\u00adc\ufeff"), "a\\u200bb\\xadc\\ufeff");
  EXPECT_EQ(visible("a\u2028b"), "a\\u2028b");
  EXPECT_EQ(visible("\U000E0041"), "\\U000e0041") << "a tag character";
}

TEST(Visible, LeavesLettersThatRunFromTheRight) { EXPECT_EQ(visible("שלום"), "שלום"); }

TEST(Visible, EscapesBytesThatAreNoUtf8) {
  EXPECT_EQ(visible("a\xff"), "a\\xff");
  EXPECT_EQ(visible("\xc3"), "\\xc3") << "cut short";
  EXPECT_EQ(visible("\xc0\xaf"), "\\xc0\\xaf") << "longer than need be";
  EXPECT_EQ(visible("\xe0\x80\x8a"), "\\xe0\\x80\\x8a") << "a newline in three bytes";
  EXPECT_EQ(visible("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(visible("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond U+10FFFF";
  EXPECT_EQ(visible("\xc3\xc3\xa4"), "\\xc3ä") << "goes on with the next byte";
}

TEST(Visible, WithoutUtf8EscapesAllBeyondAscii) {
  EXPECT_EQ(visible("Äa", false), "\\xc4a");
  EXPECT_EQ(visible("東", false), "\\u6771");
  EXPECT_EQ(visible("😀", false), "\\U0001f600");
}

TEST(Visible, LetsNoByteThroughThatATerminalObeys) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string two{static_cast<char>(first), static_cast<char>(second)};
      for (const char c : visible(two)) {
        const auto byte = static_cast<unsigned char>(c);
        ASSERT_TRUE(byte >= 0x20 && byte != 0x7f) << first << ' ' << second;
      }
      for (const char c : visible(two, false)) {
        ASSERT_LT(static_cast<unsigned char>(c), 0x7f) << first << ' ' << second;
      }
    }
  }
}

TEST(VisibleJson, IsTheSameJson) {
  const std::string name = "x\u202e\u009b\U000E0041 \x7f ä\"\\";
  const std::string shown = visible_json(nlohmann::json{{"name", name}}.dump());
  EXPECT_EQ(shown, "{\"name\":\"x\\u202e\\u009b\\udb40\\udc41 \\u007f ä\\\"\\\\\"}");
  EXPECT_EQ(nlohmann::json::parse(shown)["name"], name);
}

TEST(VisibleJson, KeepsTheLayout) {
  EXPECT_EQ(visible_json("{\n\t\"a\": 1\n}"), "{\n\t\"a\": 1\n}");
}

TEST(VisibleJson, ReplacesWhatIsNoUtf8) { EXPECT_EQ(visible_json("\"\xff\""), "\"\\ufffd\""); }

TEST_F(Width, IsThatOnATerminal) {
  EXPECT_EQ(width_of(""), 0U);
  EXPECT_EQ(width_of("abc"), 3U);
  EXPECT_EQ(width_of("Äpfel"), 5U);
  EXPECT_EQ(width_of("東京"), 4U);
  EXPECT_EQ(width_of("😀"), 2U);
  EXPECT_EQ(width_of("e\u0301"), 1U) << "an accent of its own has no width";
  EXPECT_EQ(width_of("…✔"), 2U);
}

TEST_F(Cut, KeepsWhatFits) {
  EXPECT_EQ(cut_to("abc", 3), "abc");
  EXPECT_EQ(cut_to("東京", 4), "東京");
  EXPECT_EQ(cut_to("", 0), "");
}

TEST_F(Cut, EndsInAnEllipsisWithinTheWidth) {
  EXPECT_EQ(cut_to("abcd", 3), "ab…");
  EXPECT_EQ(cut_to("abcd", 3, false), "ab~");
  EXPECT_EQ(cut_to("abcd", 1), "…");
  EXPECT_EQ(cut_to("abcd", 0), "");
}

TEST_F(Cut, NeverHalvesAWideCharacter) {
  EXPECT_EQ(cut_to("東京都", 5), "東京…");
  EXPECT_EQ(cut_to("東京都", 4), "東…") << "one column stays free";
  EXPECT_EQ(cut_to("東京", 1), "…");
}

TEST_F(Cut, LeavesAnAccentWithItsLetter) {
  EXPECT_EQ(cut_to("e\u0301e\u0301e\u0301", 2), "e\u0301…");
}

TEST_F(Cut, PadsByColumnsNotBytes) {
  EXPECT_EQ(padded("東", 4), "東  ");
  EXPECT_EQ(padded("abcd", 2), "abcd");
}

TEST(CutMiddle, LeavesBothEnds) {
  use_locale();
  EXPECT_EQ(cut_middle("abcdef", 6), "abcdef");
  EXPECT_EQ(cut_middle("abcdef", 5), "ab…ef");
  EXPECT_EQ(cut_middle("abcdef", 4), "a…ef");
  EXPECT_EQ(cut_middle("abcdef", 4, false), "a~ef");
  EXPECT_EQ(cut_middle("abcdef", 1), "…");
  EXPECT_EQ(cut_middle("abcdef", 0), "");
  EXPECT_EQ(cut_middle("東京都庁", 5), "東…庁");
  for (std::size_t columns = 0; columns < 9; ++columns) {
    EXPECT_LE(width_of(cut_middle("東京都庁", columns)), columns);
  }
}

TEST(PlainNumber, IsAsJavaScriptWritesIt) {
  EXPECT_EQ(plain_number(3600.0), "3600");
  EXPECT_EQ(plain_number(0), "0");
  EXPECT_EQ(plain_number(12.5), "12.5");
  EXPECT_EQ(plain_number(3600.123), "3600.123");
}

TEST(ShortDuration, HasTwoUnitsWhereTheFirstIsSmall) {
  EXPECT_EQ(short_duration(milliseconds(0)), "0s");
  EXPECT_EQ(short_duration(milliseconds(999)), "0s");
  EXPECT_EQ(short_duration(seconds(119)), "119s");
  EXPECT_EQ(short_duration(seconds(120)), "2m");
  EXPECT_EQ(short_duration(seconds(121)), "2m1s");
  EXPECT_EQ(short_duration(seconds(599)), "9m59s");
  EXPECT_EQ(short_duration(seconds(601)), "10m");
  EXPECT_EQ(short_duration(seconds(3'599)), "59m");
  EXPECT_EQ(short_duration(hours(1)), "1h");
  EXPECT_EQ(short_duration(minutes(61)), "1h1m");
  EXPECT_EQ(short_duration(minutes(601)), "10h");
  EXPECT_EQ(short_duration(hours(24) - seconds(1)), "23h");
  EXPECT_EQ(short_duration(hours(24)), "1d");
  EXPECT_EQ(short_duration(hours(52)), "2d4h");
  EXPECT_EQ(short_duration(hours(241)), "10d");
  EXPECT_EQ(short_duration(hours(24 * 400)), "400d");
}

TEST(ShortDuration, OfTheFineKindTellsMilliseconds) {
  EXPECT_EQ(short_duration(milliseconds(0), true), "0ms");
  EXPECT_EQ(short_duration(milliseconds(950), true), "950ms");
  EXPECT_EQ(short_duration(milliseconds(1'000), true), "1.0s");
  EXPECT_EQ(short_duration(milliseconds(29'990), true), "29.9s");
  EXPECT_EQ(short_duration(milliseconds(99'999), true), "99.9s");
  EXPECT_EQ(short_duration(seconds(100), true), "100s");
  EXPECT_EQ(short_duration(minutes(5), true), "5m");
}

TEST(ShortDuration, BelowNothingHasASign) {
  EXPECT_EQ(short_duration(seconds(-5)), "-5s");
  EXPECT_EQ(short_duration(milliseconds(-12), true), "-12ms");
}

}  // namespace
}  // namespace pap::ctl
