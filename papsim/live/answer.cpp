// SPDX-License-Identifier: MIT
#include "papsim/live/answer.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace pap::sim {

namespace {

constexpr std::size_t kMostHead = 8 * 1024;
constexpr std::size_t kMostBody = 64 * 1024;

bool same(std::string_view text, std::string_view lower) {
  return text.size() == lower.size() &&
         std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
         });
}

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

template <class Number>
bool parse(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// `close` among the options of a Connection field, which are divided by commas.
bool says_close(std::string_view options) {
  while (!options.empty()) {
    const std::size_t end = std::min(options.find(','), options.size());
    if (same(trimmed(options.substr(0, end)), "close")) return true;
    options.remove_prefix(std::min(end + 1, options.size()));
  }
  return false;
}

// Of `timeout=5, max=100` (RFC 2068 §19.7.1), an hour at the most.
std::chrono::seconds timeout_of(std::string_view keep_alive) {
  constexpr std::string_view kName = "timeout=";
  constexpr unsigned kMost = 3'600;
  const std::size_t at = keep_alive.find(kName);
  if (at == std::string_view::npos) return {};
  std::string_view digits = keep_alive.substr(at + kName.size());
  digits = digits.substr(0, digits.find_first_not_of("0123456789"));
  unsigned seconds = 0;
  if (!parse(digits, seconds)) return {};
  return std::chrono::seconds{std::min(seconds, kMost)};
}

}  // namespace

AnswerState read_answer(std::string_view bytes, Answer& answer) {
  constexpr std::string_view kVersion = "HTTP/1.1 ";
  const std::string_view begin = bytes.substr(0, kVersion.size());
  if (begin != kVersion.substr(0, begin.size())) return AnswerState::kGarbled;
  const std::size_t end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos) {
    return bytes.size() > kMostHead ? AnswerState::kGarbled : AnswerState::kIncomplete;
  }
  answer = {};
  if (!parse(bytes.substr(kVersion.size(), 3), answer.status)) return AnswerState::kGarbled;
  const char after_status = bytes[kVersion.size() + 3];
  if (after_status != ' ' && after_status != '\r') return AnswerState::kGarbled;
  std::optional<std::size_t> body;
  std::string_view head = bytes.substr(0, end + 2);
  head.remove_prefix(head.find("\r\n") + 2);
  while (!head.empty()) {
    const std::size_t line_end = head.find("\r\n");
    const std::string_view line = head.substr(0, line_end);
    head.remove_prefix(line_end + 2);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return AnswerState::kGarbled;
    const std::string_view name = line.substr(0, colon);
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (same(name, "content-length")) {
      std::size_t length = 0;
      if (!parse(value, length) || length > kMostBody) return AnswerState::kGarbled;
      if (body.value_or(length) != length) return AnswerState::kGarbled;
      body = length;
    } else if (same(name, "content-type")) {
      answer.content_type = value;
    } else if (same(name, "connection")) {
      answer.closes = answer.closes || says_close(value);
    } else if (same(name, "keep-alive")) {
      answer.keep_alive = timeout_of(value);
    } else if (same(name, "transfer-encoding")) {
      return AnswerState::kGarbled;
    }
  }
  answer.length = end + 4 + body.value_or(0);
  if (bytes.size() < answer.length) return AnswerState::kIncomplete;
  answer.body = bytes.substr(end + 4, body.value_or(0));
  return AnswerState::kWhole;
}

}  // namespace pap::sim
