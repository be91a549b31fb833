// SPDX-License-Identifier: MIT
#include "protocol/json_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace pap::protocol {
namespace {

TEST(PlainLength, EndsAtTheFirstByteThatCannotStandForItself) {
  for (int c = 0; c < 256; ++c) {
    const bool is_plain = c >= 0x20 && c != '"' && c != '\\';
    // Every place in and around the eight bytes that are looked at together.
    for (std::size_t at = 0; at < 20; ++at) {
      std::string text(20, '~');
      text[at] = static_cast<char>(c);
      ASSERT_EQ(plain_length(text), is_plain ? text.size() : at) << c << " at " << at;
    }
  }
}

TEST(PlainLength, FindsTheFirstOfSeveral) {
  EXPECT_EQ(plain_length(""), 0u);
  EXPECT_EQ(plain_length("1234567\"\\"), 7u);
  EXPECT_EQ(plain_length("\xFF\x80\xC3\xA9\x7F !#[]\n\""), 10u);
  EXPECT_EQ(plain_length("!\x1F!!!!!!"), 1u);  // ! is the quote's neighbour
}

TEST(QuotedForMessage, EscapesAndShortens) {
  EXPECT_EQ(quoted_for_message(""), R"("")");
  EXPECT_EQ(quoted_for_message("a\"b\n\x1B"), R"("a\"b\n\u001b")");
  const std::string forty(40, 'x');
  EXPECT_EQ(quoted_for_message(forty), '"' + forty + '"');
  EXPECT_EQ(quoted_for_message(forty + "y"), '"' + forty + "\" and so on");
  // Never in the middle of a character.
  const std::string before(39, 'x');
  EXPECT_EQ(quoted_for_message(before + "\xC3\xA9"), '"' + before + "\" and so on");
}

}  // namespace
}  // namespace pap::protocol
