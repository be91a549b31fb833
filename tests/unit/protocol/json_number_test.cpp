// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <random>
#include <string>

#include "pap/protocol/json_writer.hpp"

namespace pap::protocol {
namespace {

std::string written(double value) {
  std::string out;
  append_json_number(out, value);
  return out;
}

// The texts are what Node's JSON.stringify gives.
TEST(JsonNumber, IsWrittenAsJavaScriptWritesIt) {
  struct Case {
    double value;
    const char* text;
  };
  const Case cases[] = {
      {0, "0"},
      {1, "1"},
      {12, "12"},
      {3600, "3600"},
      {2.5, "2.5"},
      {3600.123, "3600.123"},
      {0.1, "0.1"},
      {4.35, "4.35"},
      {1.638202274, "1.638202274"},
      {123456789.125, "123456789.125"},
      {0.30000000000000004, "0.30000000000000004"},
      {1.0000000000000002, "1.0000000000000002"},
      {33554432.000000004, "33554432.00000001"},
      // Up to 2^53 all whole numbers are doubles; beyond, the shortest text that names one.
      {9007199254740991.0, "9007199254740991"},
      {9007199254740992.0, "9007199254740992"},
      {9007199254740993.0, "9007199254740992"},
      {9007199254740994.0, "9007199254740994"},
      {4503599627370497.5, "4503599627370498"},
      {1234567890123456.7, "1234567890123456.8"},
      {1152921504606846976.0, "1152921504606847000"},  // 2^60
      {123456789012345680000.0, "123456789012345680000"},
      {999999999999999900000.0, "999999999999999900000"},
      // From 1e21 on, and below 1e-6, with an exponent.
      {1e15, "1000000000000000"},
      {1e20, "100000000000000000000"},
      {1e21, "1e+21"},
      {1.5e21, "1.5e+21"},
      {1e22, "1e+22"},
      {1e300, "1e+300"},
      {1e-5, "0.00001"},
      {1e-6, "0.000001"},
      {1.5e-6, "0.0000015"},
      {0.000001234, "0.000001234"},
      {9.5367431640625e-7, "9.5367431640625e-7"},
      {1e-7, "1e-7"},
      {1.5e-7, "1.5e-7"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {2.2250738585072014e-308, "2.2250738585072014e-308"},
      {2e-323, "2e-323"},
      {5e-324, "5e-324"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(written(c.value), c.text);
    if (c.value != 0) {
      EXPECT_EQ(written(-c.value), "-" + std::string(c.text));
    }
  }
}

TEST(JsonNumber, IsPlainZeroForMinusZero) { EXPECT_EQ(written(-0.0), "0"); }

TEST(JsonNumber, IsNullWhenNotFinite) {
  EXPECT_EQ(written(std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(written(-std::numeric_limits<double>::infinity()), "null");
  EXPECT_EQ(written(std::numeric_limits<double>::quiet_NaN()), "null");
}

TEST(JsonNumber, IsReadBackAsTheSameDouble) {
  std::mt19937_64 bits(1);
  for (int i = 0; i < 200'000; ++i) {
    // Any double at all, and in turn an uptime with milliseconds, as agents have it.
    double value = std::bit_cast<double>(bits());
    if (i % 2 == 0) value = static_cast<double>(bits() % 10'000'000'000) / 1000.0;
    if (!std::isfinite(value)) continue;
    const std::string text = written(value);
    double back = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), back);
    ASSERT_EQ(error, std::errc{}) << text;
    ASSERT_EQ(end, text.data() + text.size()) << text;
    ASSERT_EQ(back, value) << text;
  }
}

TEST(JsonNumber, IsAppendedToWhatIsThere) {
  std::string out = "[";
  append_json_number(out, 2.5);
  append_json_number(out, -1e-9);
  EXPECT_EQ(out, "[2.5-1e-9");
}

}  // namespace
}  // namespace pap::protocol
