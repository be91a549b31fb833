// SPDX-License-Identifier: MIT
#include "protocol/heartbeat_fast.hpp"

#include <charconv>
#include <cstdint>
#include <system_error>

#include "protocol/json_text.hpp"
#include "protocol/utf8.hpp"

namespace pap::protocol {
namespace {

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

// What is left of the body. Each take_… moves on past what it took, or stays where it was or
// anywhere further on when it could not: nobody looks again after a failure.
class Rest {
 public:
  explicit Rest(std::string_view body) : at_(body.data()), end_(at_ + body.size()) {}

  bool is_empty() const { return at_ == end_; }

  void skip_space() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t')) ++at_;
  }

  bool take(std::string_view literal) {
    if (!left().starts_with(literal)) return false;
    at_ += literal.size();
    return true;
  }

  // The inside of a string without escapes. Control characters stop it, as JSON forbids them.
  std::optional<std::string_view> take_plain_string() {
    if (!take("\"")) return std::nullopt;
    const std::string_view inside = left().substr(0, plain_length(left()));
    at_ += inside.size();
    if (!take("\"")) return std::nullopt;
    return inside;
  }

  // A number without a sign, by JSON's own grammar: from_chars alone would take "1." and "inf".
  std::optional<double> take_plain_number() {
    const char* const begin = at_;
    std::uint64_t whole = 0;
    for (; at_ != end_ && is_digit(*at_); ++at_) {
      whole = whole * 10 + static_cast<std::uint64_t>(*at_ - '0');
    }
    const auto digits = at_ - begin;
    if (digits == 0 || (*begin == '0' && digits > 1)) return std::nullopt;
    bool is_whole = true;
    if (take(".")) {
      is_whole = false;
      if (!skip_digits()) return std::nullopt;
    }
    if (take("e") || take("E")) {
      is_whole = false;
      if (!take("+")) take("-");
      if (!skip_digits()) return std::nullopt;
    }
    constexpr int kWholeDigits = 19;  // so many always fit 64 bits, and the conversion rounds right
    if (is_whole && digits <= kWholeDigits) return static_cast<double>(whole);
    double value = 0;
    // Out of range may be too large or a zero with an exponent: the strict reader knows.
    if (std::from_chars(begin, at_, value).ec != std::errc{}) return std::nullopt;
    return value;
  }

 private:
  std::string_view left() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

  bool skip_digits() {
    const char* const begin = at_;
    while (at_ != end_ && is_digit(*at_)) ++at_;
    return at_ != begin;
  }

  const char* at_;
  const char* end_;
};

bool take_colon(Rest& rest) {
  rest.skip_space();
  if (!rest.take(":")) return false;
  rest.skip_space();
  return true;
}

// The members found so far; one that is here must not come again.
struct Found {
  std::optional<Mode> mode;
  std::optional<double> uptime_seconds;
  std::optional<std::string_view> agent_name;
};

bool take_mode(Rest& rest, Found& found) {
  if (found.mode || !take_colon(rest)) return false;
  const auto text = rest.take_plain_string();
  if (!text) return false;
  found.mode = parse_mode(*text);
  return found.mode.has_value();
}

bool take_uptime(Rest& rest, Found& found) {
  if (found.uptime_seconds || !take_colon(rest)) return false;
  found.uptime_seconds = rest.take_plain_number();
  return found.uptime_seconds.has_value();
}

bool take_name(Rest& rest, Found& found) {
  if (found.agent_name || !take_colon(rest)) return false;
  found.agent_name = rest.take_plain_string();
  return found.agent_name && is_utf8(*found.agent_name);
}

bool take_member(Rest& rest, Found& found) {
  if (rest.take(R"("mode")")) return take_mode(rest, found);
  if (rest.take(R"("uptime_seconds")")) return take_uptime(rest, found);
  if (rest.take(R"("agent_name")")) return take_name(rest, found);
  return false;
}

}  // namespace

std::optional<Heartbeat> read_heartbeat_fast(std::string_view body) {
  Rest rest(body);
  Found found;
  rest.skip_space();
  if (!rest.take("{")) return std::nullopt;
  do {
    rest.skip_space();
    if (!take_member(rest, found)) return std::nullopt;
    rest.skip_space();
  } while (rest.take(","));
  if (!rest.take("}")) return std::nullopt;
  rest.skip_space();
  if (!rest.is_empty()) return std::nullopt;
  if (!found.mode || !found.uptime_seconds) return std::nullopt;

  Heartbeat heartbeat;
  heartbeat.mode = *found.mode;
  heartbeat.uptime_seconds = *found.uptime_seconds;
  if (found.agent_name) {
    heartbeat.agent_name = cut_at_character(*found.agent_name, kMaxAgentNameBytes);
  }
  return heartbeat;
}

}  // namespace pap::protocol
