// SPDX-License-Identifier: MIT
#include "net/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

#include "net/limits.hpp"

namespace pap::net {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes the text of a date apart from the left; the first part that does not fit fails it all.
class DateReader {
 public:
  explicit DateReader(std::string_view text) : rest_(text) {}

  void literal(std::string_view text) { take(rest_.starts_with(text), text.size()); }

  // The day of the week is not worth checking: the date tells.
  void weekday(bool whole) {
    const std::size_t end = std::min(rest_.find_first_of(", "), rest_.size());
    take(whole ? end >= 6 && end <= 9 : end == 3, end);
  }

  int number(std::size_t digits) {
    int value = 0;
    const std::string_view text = rest_.substr(0, digits);
    const bool fits = text.size() == digits && std::ranges::all_of(text, is_digit);
    if (fits) std::from_chars(text.data(), text.data() + text.size(), value);
    take(fits, digits);
    return value;
  }

  // asctime's day: two places, the first of which may be blank.
  int padded_day() {
    if (rest_.starts_with(' ')) {
      literal(" ");
      return number(1);
    }
    return number(2);
  }

  unsigned month() {
    const auto it = std::ranges::find(kMonths, rest_.substr(0, 3));
    take(it != kMonths.end(), 3);
    return it == kMonths.end() ? 1 : static_cast<unsigned>(it - kMonths.begin()) + 1;
  }

  seconds time_of_day() {
    const int hour = number(2);
    literal(":");
    const int minute = number(2);
    literal(":");
    const int second = number(2);  // 60 is a leap second
    take(hour < 24 && minute < 60 && second <= 60, 0);
    return std::chrono::hours(hour) + std::chrono::minutes(minute) + seconds(second);
  }

  bool finished() const { return good_ && rest_.empty(); }

 private:
  void take(bool fits, std::size_t size) {
    good_ = good_ && fits && size <= rest_.size();
    if (good_) rest_.remove_prefix(size);
  }

  std::string_view rest_;
  bool good_ = true;
};

std::optional<sys_seconds> moment(const DateReader& reader, int year, unsigned month, int day,
                                  seconds time_of_day) {
  const std::chrono::year_month_day date(std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!reader.finished() || !date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + time_of_day;
}

// Sun, 06 Nov 1994 08:49:37 GMT
std::optional<sys_seconds> imf_fixdate(std::string_view text) {
  DateReader reader(text);
  reader.weekday(false);
  reader.literal(", ");
  const int day = reader.number(2);
  reader.literal(" ");
  const unsigned month = reader.month();
  reader.literal(" ");
  const int year = reader.number(4);
  reader.literal(" ");
  const seconds time = reader.time_of_day();
  reader.literal(" GMT");
  return moment(reader, year, month, day, time);
}

// Sunday, 06-Nov-94 08:49:37 GMT. Two digits more than 50 years ahead mean the century before.
std::optional<sys_seconds> rfc850_date(std::string_view text, int current_year) {
  DateReader reader(text);
  reader.weekday(true);
  reader.literal(", ");
  const int day = reader.number(2);
  reader.literal("-");
  const unsigned month = reader.month();
  reader.literal("-");
  int year = current_year / 100 * 100 + reader.number(2);
  if (year > current_year + 50) year -= 100;
  reader.literal(" ");
  const seconds time = reader.time_of_day();
  reader.literal(" GMT");
  return moment(reader, year, month, day, time);
}

// Sun Nov  6 08:49:37 1994
std::optional<sys_seconds> asctime_date(std::string_view text) {
  DateReader reader(text);
  reader.weekday(false);
  reader.literal(" ");
  const unsigned month = reader.month();
  reader.literal(" ");
  const int day = reader.padded_day();
  reader.literal(" ");
  const seconds time = reader.time_of_day();
  reader.literal(" ");
  const int year = reader.number(4);
  return moment(reader, year, month, day, time);
}

std::optional<core::Nanos> from_seconds(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr auto kMost = std::chrono::duration_cast<seconds>(kMaxRetryAfter);
  if (error == std::errc::result_out_of_range) return kMost;
  return std::min(seconds(value), kMost);
}

}  // namespace

std::optional<core::Nanos> parse_retry_after(std::string_view value,
                                             std::chrono::system_clock::time_point now) {
  const std::size_t first = value.find_first_not_of(" \t");
  if (first == std::string_view::npos) return std::nullopt;
  value = value.substr(first, value.find_last_not_of(" \t") - first + 1);
  if (std::ranges::all_of(value, is_digit)) return from_seconds(value);

  const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(now));
  auto date = imf_fixdate(value);
  if (!date) date = rfc850_date(value, static_cast<int>(today.year()));
  if (!date) date = asctime_date(value);
  if (!date) return std::nullopt;
  // In seconds first: 300 years are more nanoseconds than fit.
  const seconds wait = *date - std::chrono::floor<seconds>(now);
  if (wait >= kMaxRetryAfter) return kMaxRetryAfter;
  if (wait <= seconds(0)) return core::Nanos(0);
  return *date - now;
}

}  // namespace pap::net
