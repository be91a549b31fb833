// SPDX-License-Identifier: MIT
#include "papsim/scenario/quantities.hpp"

#include <array>

namespace pap::sim {
namespace {

constexpr Millis kLongest = std::chrono::hours{24 * 3653};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads a decimal number off the front of `text`, in units of 1 / `scale`. None when it does not
// come out whole, or is too large to reckon with.
std::optional<std::int64_t> take_decimal(std::string_view& text, std::int64_t scale) {
  constexpr std::int64_t kLargest = 100'000'000'000'000'000;
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  std::int64_t value = 0;
  while (!text.empty() && is_digit(text.front())) {
    value = value * 10 + (text.front() - '0');
    if (value > kLargest / scale) return std::nullopt;
    text.remove_prefix(1);
  }
  value *= scale;
  if (text.size() < 2 || text[0] != '.' || !is_digit(text[1])) return value;
  text.remove_prefix(1);
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;
  while (!text.empty() && is_digit(text.front())) {
    if (denominator > kLargest / 10) return std::nullopt;
    numerator = numerator * 10 + (text.front() - '0');
    denominator *= 10;
    text.remove_prefix(1);
  }
  // The fraction of `scale`, digit by digit: numerator * scale would overflow.
  std::int64_t fraction = 0;
  for (std::int64_t unit = scale; numerator > 0;) {
    denominator /= 10;
    const std::int64_t digit = numerator / denominator;
    numerator %= denominator;
    if (unit % 10 != 0) {
      if (digit != 0) {
        // Units that are no power of ten (minutes, hours, days in milliseconds) still divide.
        if (digit * unit % 10 != 0 || numerator != 0) return std::nullopt;
        fraction += digit * unit / 10;
      }
    } else {
      fraction += digit * (unit / 10);
    }
    unit /= 10;
    if (unit == 0 && numerator > 0) return std::nullopt;
  }
  return value + fraction;
}

bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  return true;
}

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};
// Long names before their beginnings: `ms` before `m`.
constexpr std::array kUnits{Unit{"ms", 1}, Unit{"s", 1'000}, Unit{"m", 60'000},
                            Unit{"h", 3'600'000}, Unit{"d", 86'400'000}};

// One or more numbers with units: 1m30s. Stops where nothing more of it follows.
std::optional<Millis> take_duration(std::string_view& text) {
  std::int64_t sum = 0;
  bool any = false;
  while (!text.empty() && is_digit(text.front())) {
    std::string_view rest = text;
    while (!rest.empty() && (is_digit(rest.front()) || rest.front() == '.')) rest.remove_prefix(1);
    const Unit* unit = nullptr;
    for (const Unit& u : kUnits) {
      if (unit == nullptr && rest.starts_with(u.name)) unit = &u;
    }
    if (unit == nullptr) return std::nullopt;
    const auto part = take_decimal(text, unit->milliseconds);
    if (!part || !take(text, unit->name)) return std::nullopt;
    sum += *part;
    any = true;
    if (sum > kLongest.count()) return std::nullopt;
  }
  if (!any) return std::nullopt;
  return Millis{sum};
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<Millis> parse_duration(std::string_view word) {
  if (word == "0") return Millis{0};
  const auto duration = take_duration(word);
  return word.empty() ? duration : std::nullopt;
}

std::optional<Millis> parse_signed_duration(std::string_view word) {
  const bool negative = take(word, "-");
  if (!negative) take(word, "+");
  const auto duration = parse_duration(word);
  if (!duration) return std::nullopt;
  return negative ? -*duration : *duration;
}

std::string clock_word(Millis time) {
  const std::int64_t ms = time.count();
  std::string out;
  const auto part = [&](std::int64_t unit, std::string_view name, std::int64_t modulo) {
    const std::int64_t n = ms / unit % modulo;
    if (n > 0) out += std::to_string(n) + std::string(name);
  };
  part(86'400'000, "d", 1'000'000);
  part(3'600'000, "h", 24);
  part(60'000, "m", 60);
  const std::int64_t seconds = ms / 1000 % 60;
  const std::int64_t rest = ms % 1000;
  if (seconds == 0 && rest == 0) return out.empty() ? "0s" : out;
  out += std::to_string(seconds);
  if (rest > 0) out += '.' + std::to_string(1000 + rest).substr(1);
  return out + 's';
}

std::string to_word(Millis duration) {
  std::int64_t ms = duration.count();
  if (ms == 0) return "0s";
  const std::string sign = ms < 0 ? "-" : "";
  ms = ms < 0 ? -ms : ms;
  const Unit* unit = &kUnits.front();
  for (const Unit& u : kUnits) {
    if (ms % u.milliseconds == 0) unit = &u;
  }
  return sign + std::to_string(ms / unit->milliseconds) + std::string(unit->name);
}

std::optional<std::int64_t> parse_drift(std::string_view word) {
  const bool negative = take(word, "-");
  if (!negative) take(word, "+");
  std::string_view rest = word;
  const auto percent = take_decimal(rest, kAll / 100);
  if (percent && trimmed(rest) == "%") return negative ? -*percent : *percent;
  rest = word;
  const auto ppm = take_decimal(rest, 1);
  if (ppm && trimmed(rest) == "ppm") return negative ? -*ppm : *ppm;
  return std::nullopt;
}

std::optional<PartsPerMillion> parse_share(std::string_view word) {
  const auto drift = parse_drift(word);
  if (!drift || word.starts_with('-') || word.starts_with('+') || *drift > kAll) {
    return std::nullopt;
  }
  return static_cast<PartsPerMillion>(*drift);
}

std::string share_word(std::int64_t ppm) {
  constexpr std::int64_t kPercent = kAll / 100;
  const std::string sign = ppm < 0 ? "-" : "";
  ppm = ppm < 0 ? -ppm : ppm;
  std::string out = sign + std::to_string(ppm / kPercent);
  if (ppm % kPercent != 0) {
    std::string fraction = std::to_string(kPercent + ppm % kPercent).substr(1);
    while (fraction.back() == '0') fraction.pop_back();
    out += '.' + fraction;
  }
  return out + '%';
}

std::optional<std::int64_t> parse_integer(std::string_view word) {
  constexpr std::size_t kDigits = 18;
  if (word.empty() || word.size() > kDigits) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : word) {
    if (!is_digit(c)) return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<std::pair<std::string_view, std::string_view>> cut_range(std::string_view word) {
  const std::size_t dots = word.find("..");
  if (dots == std::string_view::npos) return std::pair{trimmed(word), trimmed(word)};
  const std::string_view first = trimmed(word.substr(0, dots));
  const std::string_view last = trimmed(word.substr(dots + 2));
  if (first.empty() || last.empty()) return std::nullopt;
  return std::pair{first, last};
}

std::optional<Bound> parse_bound(std::string_view word) {
  Bound bound;
  std::int64_t sign = 1;
  for (bool first = true;; first = false) {
    word = trimmed(word);
    if (word.empty()) return first ? std::nullopt : std::optional{bound};
    if (take(word, "-")) {
      sign = -1;
    } else if (take(word, "+")) {
      sign = 1;
    } else if (!first) {
      return std::nullopt;
    }
    word = trimmed(word);
    std::string_view rest = word;
    std::int64_t factor = kAll;
    if (const auto decimal = take_decimal(rest, kAll)) factor = *decimal;
    // A thousand intervals outlast any run; more would overflow when they are reckoned out.
    const bool too_many = factor > std::int64_t{1'000} * kAll;
    rest = trimmed(rest);
    if (take(rest, "*")) rest = trimmed(rest);
    if (take(rest, "slack")) {
      if (too_many) return std::nullopt;
      bound.slacks_ppm += sign * factor;
      word = rest;
    } else if (take(rest, "I")) {
      if (too_many) return std::nullopt;
      bound.intervals_ppm += sign * factor;
      word = rest;
    } else if (word == "0" || word.starts_with("0 ")) {
      word.remove_prefix(1);
    } else {
      const auto duration = take_duration(word);
      if (!duration) return std::nullopt;
      bound.ms += sign * duration->count();
    }
  }
}

std::string to_word(const Bound& bound) {
  std::string out;
  const auto term = [&out](std::int64_t amount, const std::string& word) {
    if (out.empty()) {
      out = (amount < 0 ? "-" : "") + word;
    } else {
      out += (amount < 0 ? " - " : " + ") + word;
    }
  };
  const auto factor = [](std::int64_t ppm) {
    ppm = ppm < 0 ? -ppm : ppm;
    if (ppm == kAll) return std::string();
    std::string text = std::to_string(ppm / kAll);
    if (ppm % kAll == 0) return text;
    std::string fraction = std::to_string(kAll + ppm % kAll).substr(1);
    while (fraction.back() == '0') fraction.pop_back();
    return text + '.' + fraction;
  };
  const auto ppm_term = [&](std::int64_t ppm, std::string_view gap, std::string_view name) {
    const std::string number = factor(ppm);
    if (ppm != 0) term(ppm, number + std::string(number.empty() ? "" : gap) + std::string(name));
  };
  ppm_term(bound.intervals_ppm, "", "I");
  ppm_term(bound.slacks_ppm, " ", "slack");
  if (bound.ms != 0) term(bound.ms, to_word(Millis{bound.ms < 0 ? -bound.ms : bound.ms}));
  return out.empty() ? "0" : out;
}

std::optional<Comparand> parse_comparand(std::string_view word) {
  struct Sign {
    std::string_view text;
    Comparison comparison;
  };
  constexpr std::array kSigns{
      Sign{"<=", Comparison::kLessEqual},    Sign{"<", Comparison::kLess},
      Sign{">=", Comparison::kGreaterEqual}, Sign{">", Comparison::kGreater},
      Sign{"==", Comparison::kEqual},        Sign{"=", Comparison::kEqual}};
  Comparand out;
  word = trimmed(word);
  for (const Sign& sign : kSigns) {
    if (take(word, sign.text)) {
      out.comparison = sign.comparison;
      break;
    }
  }
  const auto value = parse_integer(trimmed(word));
  if (!value) return std::nullopt;
  out.value = *value;
  return out;
}

std::string_view to_word(Comparison comparison) {
  switch (comparison) {
    case Comparison::kLess:
      return "<";
    case Comparison::kLessEqual:
      return "<=";
    case Comparison::kEqual:
      return "==";
    case Comparison::kGreaterEqual:
      return ">=";
    case Comparison::kGreater:
      return ">";
  }
  return {};
}

}  // namespace pap::sim
