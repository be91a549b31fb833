// SPDX-License-Identifier: MIT
#include "papsim/scenario/values.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "papsim/scenario/model.hpp"
#include "papsim/scenario/nearest.hpp"
#include "papsim/scenario/quantities.hpp"

namespace pap::sim {
namespace {

// The number of one end of a range, or of the whole word.
std::optional<std::int64_t> parse_one(Form form, std::string_view word) {
  const auto count = [](std::optional<Millis> d) -> std::optional<std::int64_t> {
    if (!d) return std::nullopt;
    return d->count();
  };
  switch (form) {
    case Form::kInteger:
    case Form::kTimes:
    case Form::kSeeds:
      return parse_integer(word);
    case Form::kDuration:
    case Form::kDurationRange:
    case Form::kLasting:
      return count(parse_duration(word));
    case Form::kSignedDuration:
      return count(parse_signed_duration(word));
    case Form::kMillis:
      if (const auto number = parse_integer(word)) return number;
      return count(parse_duration(word));
    case Form::kShare:
      if (const auto share = parse_share(word)) return *share;
      return std::nullopt;
    case Form::kDrift:
      return parse_drift(word);
    default:
      return std::nullopt;
  }
}

bool is_range(Form form) {
  return form == Form::kDurationRange || form == Form::kTimes || form == Form::kSeeds;
}

constexpr std::size_t kLongestName = 64;

bool is_name(std::string_view word) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto more = [](char c) { return (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  return !word.empty() && letter(word.front()) &&
         std::all_of(word.begin(), word.end(), [&](char c) { return letter(c) || more(c); });
}

std::string is_not(const Key& key, std::string_view word) {
  return std::string(key.name) + ": '" + std::string(word) + "' is not " +
         std::string(looks_like(key.form));
}

std::string out_of_bounds(const Key& key, Form form, std::int64_t number) {
  if (key.least == 0 && key.most == 0) return {};
  if (number < key.least) {
    return std::string(key.name) + " must be at least " + value_word(form, key.least) + ", not " +
           value_word(form, number);
  }
  if (number > key.most) {
    return std::string(key.name) + " must be at most " + value_word(form, key.most) + ", not " +
           value_word(form, number);
  }
  return {};
}

std::string parse_range(const Key& key, std::string_view word, Value& out) {
  const auto ends = cut_range(word);
  if (!ends) return is_not(key, word);
  const auto first = parse_one(key.form, ends->first);
  const auto last = parse_one(key.form, ends->second);
  if (!first || !last) return is_not(key, word);
  if (*first > *last) {
    return std::string(key.name) + ": '" + std::string(word) + "' ends before it begins";
  }
  out.first = *first;
  out.last = *last;
  // `20` seeds are the seeds 1 to 20.
  if (key.form == Form::kSeeds) {
    if (ends->first == ends->second && word.find("..") == std::string_view::npos) out.first = 1;
    if (out.first < 1 || out.last < 1) {
      return std::string(key.name) + ": '" + std::string(word) +
             "' is no range of seeds; the first one is 1";
    }
    if (static_cast<std::uint64_t>(out.last - out.first) >= kMostSeeds) {
      return std::string(key.name) + ": '" + std::string(word) + "' is more than " +
             std::to_string(kMostSeeds) + " seeds";
    }
  }
  return {};
}

std::string parse_number(const Key& key, Form form, std::string_view word, Value& out) {
  const auto number = parse_one(form, word);
  if (!number) return is_not(key, word);
  out.first = out.last = *number;
  return out_of_bounds(key, form, *number);
}

}  // namespace

std::string value_word(Form form, std::int64_t number) {
  switch (form) {
    case Form::kDuration:
    case Form::kSignedDuration:
    case Form::kDurationRange:
    case Form::kLasting:
      return to_word(Millis{number});
    case Form::kShare:
    case Form::kDrift:
      return share_word(number);
    default:
      return std::to_string(number);
  }
}

std::string parse_value(const Key& key, std::string_view word, Value& out) {
  switch (key.form) {
    case Form::kName:
      if (word.size() > kLongestName) {
        return std::string(key.name) + ": a name has at most " + std::to_string(kLongestName) +
               " characters, not " + std::to_string(word.size());
      }
      return is_name(word) ? std::string() : is_not(key, word);
    case Form::kFlag:
      out.is_flag = true;
      return word == "true" ? std::string() : is_not(key, word);
    case Form::kWord: {
      const auto words = words_of(key.words);
      const auto found = std::find(words.begin(), words.end(), word);
      if (found == words.end()) {
        return std::string(key.name) + ": '" + std::string(word) + "' is not known here" +
               suggestion(word, words);
      }
      out.first = out.last = found - words.begin();
      return {};
    }
    case Form::kLasting:
      out.is_flag = word == "true";
      return out.is_flag ? std::string() : parse_number(key, Form::kDuration, word, out);
    case Form::kCountOrShare:
      if (const auto share = parse_share(word)) {
        out.is_share = true;
        out.first = out.last = *share;
        return *share > 0 ? std::string() : std::string(key.name) + " of 0% picks nobody";
      }
      if (word == "0") return std::string(key.name) + " of 0 picks nobody";
      if (!parse_integer(word)) return is_not(key, word);
      return parse_number(key, Form::kInteger, word, out);
    default:
      return is_range(key.form) ? parse_range(key, word, out)
                                : parse_number(key, key.form, word, out);
  }
}

}  // namespace pap::sim
