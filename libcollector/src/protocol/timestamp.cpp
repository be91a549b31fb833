// SPDX-License-Identifier: MIT
#include "pap/protocol/timestamp.hpp"

#include <array>
#include <cstddef>

namespace pap::protocol {
namespace {

// "000102…99": every million-row answer writes a time per row, and pairs halve the divisions.
constexpr std::array<char, 200> kDigitPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t n = 0; n < 100; ++n) {
    pairs[2 * n] = static_cast<char>('0' + n / 10);
    pairs[2 * n + 1] = static_cast<char>('0' + n % 10);
  }
  return pairs;
}();

void write_pair(char* at, unsigned n) {
  at[0] = kDigitPairs[2 * n];
  at[1] = kDigitPairs[2 * n + 1];
}

}  // namespace

void append_timestamp(std::string& out, WallTime time) {
  using namespace std::chrono;
  // Down, not towards zero: half a millisecond before 1970 is still 1969.
  const milliseconds since_epoch = floor<milliseconds>(time.time_since_epoch());
  const days day = floor<days>(since_epoch);
  const year_month_day date{sys_days{day}};
  const auto of_day = static_cast<unsigned>((since_epoch - day).count());
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));

  std::array<char, 24> text{'0', '0', '0', '0', '-', '0', '0', '-', '0', '0', 'T', '0',
                            '0', ':', '0', '0', ':', '0', '0', '.', '0', '0', '0', 'Z'};
  write_pair(text.data(), year / 100);
  write_pair(text.data() + 2, year % 100);
  write_pair(text.data() + 5, static_cast<unsigned>(date.month()));
  write_pair(text.data() + 8, static_cast<unsigned>(date.day()));
  write_pair(text.data() + 11, of_day / 3'600'000);
  write_pair(text.data() + 14, of_day / 60'000 % 60);
  write_pair(text.data() + 17, of_day / 1'000 % 60);
  text[20] = static_cast<char>('0' + of_day % 1'000 / 100);
  write_pair(text.data() + 21, of_day % 100);
  out.append(text.data(), text.size());
}

std::string to_timestamp(WallTime time) {
  std::string out;
  append_timestamp(out, time);
  return out;
}

}  // namespace pap::protocol
