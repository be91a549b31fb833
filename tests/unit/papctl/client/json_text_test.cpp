// SPDX-License-Identifier: MIT
#include "papctl/client/json_text.hpp"

#include <string>

#include <gtest/gtest.h>

namespace pap::ctl {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(JsonText, IsReadAsDeepAsAnyCollectorAnswers) {
  EXPECT_TRUE(read_json(nested(kDeepestJson)).is_array());
  EXPECT_TRUE(read_json(R"({"a":{"b":[1,{"c":null}]}})").is_object());
}

TEST(JsonText, ThatIsDeeperIsNone) {
  EXPECT_TRUE(read_json(nested(kDeepestJson + 1)).is_discarded());
  EXPECT_TRUE(read_json(nested(1'000'000)).is_discarded()) << "and the stack is whole";
  EXPECT_TRUE(read_json(std::string(1'000'000, '{')).is_discarded());
}

TEST(JsonText, MayHoldBracketsInItsTexts) {
  const std::string text = '"' + std::string(1'000, '[') + R"(\"{{)" + '"';
  EXPECT_TRUE(read_json(text).is_string());
  EXPECT_TRUE(read_json(R"(["\\",[]])").is_array());
}

TEST(JsonText, ThatIsBrokenIsNone) {
  for (const char* text : {"", "[", "]", "]]]][", "\"", "\"\\", "{\"a\":}", "nul"}) {
    EXPECT_TRUE(read_json(text).is_discarded()) << text;
  }
}

}  // namespace
}  // namespace pap::ctl
