// SPDX-License-Identifier: MIT
// Numbers as JavaScript writes them.
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <string_view>

#include "pap/protocol/json_writer.hpp"

namespace pap::protocol {
namespace {

// Below 2^53 every whole number is a double of its own, so it can be written as an integer.
constexpr double kExactIntegers = 9007199254740992.0;

// A positive number as ECMA-262 §6.1.6.1.20 takes it apart: 0.DIGITS × 10^point, with as few
// digits as still name the number.
struct Decimal {
  std::array<char, 17> digits{};
  int count = 0;
  int point = 0;
};

Decimal shortest(double positive) {
  std::array<char, 32> text{};  // "d.ddde-xxx"
  const char* const end =
      std::to_chars(text.data(), text.data() + text.size(), positive, std::chars_format::scientific)
          .ptr;
  Decimal decimal;
  const char* at = text.data();
  for (; *at != 'e'; ++at) {
    if (*at != '.') decimal.digits[static_cast<std::size_t>(decimal.count++)] = *at;
  }
  ++at;                  // the e
  if (*at == '+') ++at;  // from_chars takes a minus only
  int exponent = 0;
  std::from_chars(at, end, exponent);
  decimal.point = exponent + 1;
  return decimal;
}

void append_exponent_form(std::string& out, std::string_view digits, int exponent) {
  out += digits[0];
  if (digits.size() > 1) {
    out += '.';
    out += digits.substr(1);
  }
  out += exponent < 0 ? "e-" : "e+";
  append_json_integer(out, std::abs(exponent));
}

void append_positive(std::string& out, double positive) {
  const Decimal decimal = shortest(positive);
  const std::string_view digits(decimal.digits.data(), static_cast<std::size_t>(decimal.count));
  const int point = decimal.point;
  if (point > 21 || point <= -6) {
    append_exponent_form(out, digits, point - 1);
  } else if (point >= decimal.count) {
    out += digits;
    out.append(static_cast<std::size_t>(point - decimal.count), '0');
  } else if (point > 0) {
    out += digits.substr(0, static_cast<std::size_t>(point));
    out += '.';
    out += digits.substr(static_cast<std::size_t>(point));
  } else {
    out += "0.";
    out.append(static_cast<std::size_t>(-point), '0');
    out += digits;
  }
}

}  // namespace

void append_json_number(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  if (std::abs(value) < kExactIntegers) {
    const auto whole = static_cast<std::int64_t>(value);
    if (static_cast<double>(whole) == value) {
      append_json_integer(out, whole);
      return;
    }
  }
  if (value < 0) {
    out += '-';
    value = -value;
  }
  append_positive(out, value);
}

}  // namespace pap::protocol
