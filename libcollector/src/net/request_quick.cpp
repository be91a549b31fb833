// SPDX-License-Identifier: MIT
#include "net/request_quick.hpp"

#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace pap::net {
namespace {

using Word = std::uint64_t;
constexpr Word kEachByte = 0x0101010101010101;

constexpr bool is_plain(char c) { return c >= ' ' && c <= '~'; }

// How many bytes from the front are printable ASCII. Header lines are some twenty bytes: eight at
// a time.
std::size_t plain_bytes(std::string_view text) {
  std::size_t at = 0;
  for (; text.size() - at >= sizeof(Word); at += sizeof(Word)) {
    Word word;
    std::memcpy(&word, text.data() + at, sizeof word);
    // A top bit comes up where a byte is below ' ', is DEL, or has its own set.
    const Word below = word - kEachByte * ' ';
    const Word beyond = word + kEachByte;
    const Word others = (below | beyond | word) & (kEachByte * 0x80);
    if (others == 0) continue;
    // Borrows and carries go upwards, so the lowest is a true one.
    if constexpr (std::endian::native == std::endian::little) {
      return at + static_cast<std::size_t>(std::countr_zero(others)) / 8;
    }
    break;
  }
  while (at < text.size() && is_plain(text[at])) ++at;
  return at;
}

// Of the names of fields (RFC 9110 §5.6.2) those that are in use: letters, digits, '-' and '_'.
// What else may stand in a token is none of the quick road's business.
constexpr std::array<bool, 256> kNameBytes = [] {
  std::array<bool, 256> table{};
  for (unsigned c = 0; c < 256; ++c) {
    table[c] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
  }
  return table;
}();

bool is_name_byte(char c) { return kNameBytes[static_cast<unsigned char>(c)]; }

// `lower` is of lower-case letters and '-' alone: these have the bit that tells the cases apart, and
// no other printable byte becomes one of them by it.
bool is(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((text[i] | 0x20) != lower[i]) return false;
  }
  return true;
}

std::string_view trimmed(std::string_view value) {
  while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
  return value;
}

class Reader {
 public:
  Reader(std::string_view bytes, const RequestLimits& limits) : bytes_(bytes), limits_(limits) {}

  bool read(QuickRequest& request) {
    if (!request_line(request)) return false;
    while (!at_line_end(at_)) {
      if (!field(request)) return false;
    }
    at_ += 2;
    // Bounds are Beast's affair, to the byte.
    if (!length_known_ || at_ > limits_.header_bytes / 2 || length_ >= limits_.body_bytes ||
        length_ > bytes_.size() - at_) {
      return false;
    }
    request.header_bytes = at_;
    request.body = bytes_.substr(at_, length_);
    return true;
  }

 private:
  bool at_line_end(std::size_t at) const {
    return bytes_.size() - at >= 2 && bytes_[at] == '\r' && bytes_[at + 1] == '\n';
  }

  bool request_line(QuickRequest& request) {
    constexpr std::string_view kMethod = "POST ";
    constexpr std::string_view kVersion = " HTTP/1.1";
    if (bytes_.substr(0, kMethod.size()) != kMethod) return false;
    const std::size_t end = plain_bytes(bytes_);
    if (!at_line_end(end) || end <= kMethod.size() + kVersion.size()) return false;
    const std::size_t target_end = end - kVersion.size();
    if (bytes_.substr(target_end, kVersion.size()) != kVersion) return false;
    request.target = bytes_.substr(kMethod.size(), target_end - kMethod.size());
    at_ = end + 2;
    return request.target.find(' ') == std::string_view::npos;
  }

  bool field(QuickRequest& request) {
    std::size_t colon = at_;
    while (colon < bytes_.size() && is_name_byte(bytes_[colon])) ++colon;
    if (colon == bytes_.size() || colon == at_ || bytes_[colon] != ':') return false;
    const std::size_t end = colon + 1 + plain_bytes(bytes_.substr(colon + 1));
    // A line that begins with a blank would go on from this one (RFC 9112 §5.2); no name does.
    if (!at_line_end(end)) return false;
    const std::string_view name = bytes_.substr(at_, colon - at_);
    const std::string_view value = trimmed(bytes_.substr(colon + 1, end - colon - 1));
    at_ = end + 2;
    return take(name, value, request);
  }

  // False for what changes the meaning of the rest in a way that is not known here.
  bool take(std::string_view name, std::string_view value, QuickRequest& request) {
    switch (name.size()) {
      case 4:
        if (is(name, "host")) request.has_host = true;
        return true;
      case 6:
        return !is(name, "expect");
      case 7:
        return !is(name, "upgrade");
      case 10:
        return !is(name, "connection") || take_connection(value, request);
      case 13:
        if (is(name, "authorization")) request.authorization = value;
        return true;
      case 14:
        return !is(name, "content-length") || take_length(value);
      case 15:
        if (is(name, "x-collector-key")) request.collector_key = value;
        return true;
      case 16:
        return !is(name, "content-encoding") && !is(name, "proxy-connection");
      case 17:
        return !is(name, "transfer-encoding") && !is(name, "sec-websocket-key");
      case 21:
        return !is(name, "sec-websocket-version");
      default:
        return true;
    }
  }

  bool take_connection(std::string_view value, QuickRequest& request) {
    if (is(value, "keep-alive")) return true;
    request.keep_alive = false;
    return is(value, "close");
  }

  bool take_length(std::string_view value) {
    if (length_known_ || value.empty()) return false;
    const char* const last = value.data() + value.size();
    const auto [end, error] = std::from_chars(value.data(), last, length_);
    length_known_ = error == std::errc{} && end == last;
    return length_known_;
  }

  const std::string_view bytes_;
  const RequestLimits& limits_;
  std::size_t at_ = 0;
  std::size_t length_ = 0;
  bool length_known_ = false;
};

}  // namespace

std::optional<QuickRequest> read_request_quickly(std::string_view bytes,
                                                 const RequestLimits& limits) {
  std::optional<QuickRequest> request{std::in_place};
  if (!Reader(bytes, limits).read(*request)) request.reset();
  return request;
}

}  // namespace pap::net
