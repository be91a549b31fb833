// SPDX-License-Identifier: MIT
#include "pap/protocol/json_writer.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <string>

namespace pap::protocol {
namespace {

using namespace std::string_literals;

std::string written(std::string_view text) {
  std::string out;
  append_json_string(out, text);
  return out;
}

TEST(JsonString, IsWrittenAsJsonStringifyWouldWriteIt) {
  struct Case {
    std::string text;
    const char* json;
  };
  const Case cases[] = {
      {"", R"("")"},
      {"plain", R"("plain")"},
      {"\"", R"("\"")"},
      {"\\", R"("\\")"},
      {"/", R"("/")"},
      {"\b\f\n\r\t", R"("\b\f\n\r\t")"},
      {"\0"s, R"("\u0000")"},
      {"\x0B\x1B\x1F", R"("\u000b\u001b\u001f")"},
      {"\x7F", "\"\x7F\""},
      {"caf\xC3\xA9 \xF0\x9F\x98\x80", "\"caf\xC3\xA9 \xF0\x9F\x98\x80\""},
      {"\xE2\x80\xA8\xE2\x80\xA9", "\"\xE2\x80\xA8\xE2\x80\xA9\""},  // U+2028 and U+2029, raw
      {"<script>&'", R"("<script>&'")"},
      {"a long plain beginning, then \" and on", R"("a long plain beginning, then \" and on")"},
      {"\"\"\"\"\"\"\"\"\"", R"("\"\"\"\"\"\"\"\"\"")"},
  };
  for (const Case& c : cases) EXPECT_EQ(written(c.text), c.json);
}

TEST(JsonString, IsReadBackAsWhatItWas) {
  std::string everything;
  for (char c = 0; c < 0x7F; ++c) everything += c;
  for (std::size_t from = 0; from <= everything.size(); ++from) {
    const std::string text = everything.substr(from) + "\x7F caf\xC3\xA9";
    ASSERT_EQ(nlohmann::json::parse(written(text)), text);
  }
}

TEST(JsonString, IsAppendedToWhatIsThere) {
  std::string out = R"({"a":)";
  append_json_string(out, "b");
  EXPECT_EQ(out, R"({"a":"b")");
}

TEST(JsonInteger, IsWrittenFromTheSmallestToTheLargest) {
  const auto written_integer = [](std::int64_t value) {
    std::string out = "n=";
    append_json_integer(out, value);
    return out;
  };
  EXPECT_EQ(written_integer(0), "n=0");
  EXPECT_EQ(written_integer(-1), "n=-1");
  EXPECT_EQ(written_integer(900'000), "n=900000");
  EXPECT_EQ(written_integer(std::numeric_limits<std::int64_t>::min()), "n=-9223372036854775808");
  EXPECT_EQ(written_integer(std::numeric_limits<std::int64_t>::max()), "n=9223372036854775807");
}

TEST(JsonBool, IsTrueOrFalse) {
  std::string out;
  append_json_bool(out, true);
  append_json_bool(out, false);
  EXPECT_EQ(out, "truefalse");
}

}  // namespace
}  // namespace pap::protocol
