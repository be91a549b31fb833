// SPDX-License-Identifier: MIT
#include "net/request_quick.hpp"

#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>

namespace pap::net {
namespace {

using Word = std::uint64_t;
constexpr Word kEachByte = 0x0101010101010101;
constexpr Word kTopBits = kEachByte * 0x80;

// What a request is made of comes in runs of some ten or twenty bytes of a kind, so they are looked
// at eight at a time: a top bit for each byte that is none of them.
struct Plain {  // printable ASCII
  static constexpr bool is(char c) { return c >= ' ' && c <= '~'; }
  static constexpr Word others(Word word) {
    return ((word - kEachByte * ' ') | (word + kEachByte) | word) & kTopBits;
  }
};
struct Name {  // what names of fields (RFC 9110 §5.6.2) are made of in practice
  static constexpr bool is(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  }
  static constexpr Word from(Word word, char low) {
    return word + kEachByte * static_cast<Word>(0x80 - low);
  }
  static constexpr Word others(Word word) {
    const Word lower = word | (kEachByte * 0x20);
    const Word letters = from(lower, 'a') & ~from(lower, 'z' + 1);
    const Word digits = from(word, '0') & ~from(word, '9' + 1);
    const Word dashes = kTopBits - (word ^ (kEachByte * '-'));
    return (~(letters | digits | dashes) | word) & kTopBits;
  }
};

Word word_at(const char* text) {
  Word word;
  std::memcpy(&word, text, sizeof word);
  return word;
}

// How many bytes from the front are of the kind.
template <class Kind>
std::size_t count(std::string_view text) {
  std::size_t at = 0;
  for (; text.size() - at >= sizeof(Word); at += sizeof(Word)) {
    const Word others = Kind::others(word_at(text.data() + at));
    if (others == 0) continue;
    // Borrows and carries of bytes that are none of them go upwards: the lowest is a true one.
    if constexpr (std::endian::native == std::endian::little) {
      return at + static_cast<std::size_t>(std::countr_zero(others)) / 8;
    }
    break;
  }
  while (at < text.size() && Kind::is(text[at])) ++at;
  return at;
}

// `lower` is of lower-case letters and '-' alone: these have the bit that tells the cases apart,
// and no other printable byte becomes one of them by it.
bool is(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  const std::size_t size = text.size();
  const auto same = [&](std::size_t at) {
    return (word_at(text.data() + at) | (kEachByte * 0x20)) == word_at(lower.data() + at);
  };
  if (size >= sizeof(Word)) {  // the last word once more covers the rest
    for (std::size_t at = 0; at + sizeof(Word) < size; at += sizeof(Word)) {
      if (!same(at)) return false;
    }
    return same(size - sizeof(Word));
  }
  for (std::size_t i = 0; i < size; ++i) {
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
    const std::size_t end = count<Plain>(bytes_);
    if (!at_line_end(end) || end <= kMethod.size() + kVersion.size()) return false;
    const std::size_t target_end = end - kVersion.size();
    if (bytes_.substr(target_end, kVersion.size()) != kVersion) return false;
    request.target = bytes_.substr(kMethod.size(), target_end - kMethod.size());
    at_ = end + 2;
    return request.target.find(' ') == std::string_view::npos;
  }

  bool field(QuickRequest& request) {
    const std::size_t colon = at_ + count<Name>(bytes_.substr(at_));
    if (colon == bytes_.size() || colon == at_ || bytes_[colon] != ':') return false;
    const std::size_t end = colon + 1 + count<Plain>(bytes_.substr(colon + 1));
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
        if (is(name, "user-agent")) request.node_fetch = value == kNodeFetch;
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
