// SPDX-License-Identifier: MIT
#include "papsim/scenario/id_pattern.hpp"

#include "papsim/scenario/quantities.hpp"

namespace pap::sim {
namespace {

void append_hex(std::string& out, std::uint64_t value, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    out += "0123456789abcdef"[value >> shift & 0xfU];
  }
}

// RFC 9562 §5.4: version 4, variant 10, the rest random.
void append_uuid(std::string& out, IdPattern::Uuid bits) {
  append_hex(out, bits.high >> 32U, 8);
  out += '-';
  append_hex(out, bits.high >> 16U, 4);
  out += '-';
  append_hex(out, (bits.high & 0x0fffU) | 0x4000U, 4);
  out += '-';
  append_hex(out, (bits.low >> 48U & 0x3fffU) | 0x8000U, 4);
  out += '-';
  append_hex(out, bits.low, 12);
}

}  // namespace

std::string IdPattern::parse(std::string_view text, IdPattern& out) {
  constexpr std::int64_t kMostDigits = 20;
  out = {};
  std::string* literal = &out.before_;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const bool doubled = i + 1 < text.size() && text[i + 1] == c;
    if ((c == '{' || c == '}') && doubled) {
      *literal += c;
      ++i;
      continue;
    }
    if (c == '}') return "a } without its {";
    if (c != '{') {
      *literal += c;
      continue;
    }
    const std::size_t end = text.find('}', i);
    if (end == std::string_view::npos) return "a { without its }";
    const std::string_view field = text.substr(i + 1, end - i - 1);
    if (out.kind_ != Kind::kPlain) return "more than one of {uuid} and {i}";
    if (field == "uuid") {
      out.kind_ = Kind::kUuid;
    } else if (field == "i") {
      out.kind_ = Kind::kNumber;
    } else if (field.starts_with("i:0")) {
      const auto digits = parse_integer(field.substr(3));
      if (!digits || *digits < 1 || *digits > kMostDigits) {
        return "{" + std::string(field) + "} is not understood; {i:04} has four digits";
      }
      out.kind_ = Kind::kNumber;
      out.digits_ = static_cast<std::uint32_t>(*digits);
    } else {
      return "{" + std::string(field) + "} is neither {uuid} nor {i} nor {i:04}";
    }
    literal = &out.after_;
    i = end;
  }
  return {};
}

std::string IdPattern::make(std::uint32_t index, std::uint32_t identity, Uuid uuid) const {
  std::string out = before_;
  if (kind_ == Kind::kUuid) append_uuid(out, uuid);
  if (kind_ == Kind::kNumber) {
    const std::string number = std::to_string(index);
    if (number.size() < digits_) out.append(digits_ - number.size(), '0');
    out += number;
  }
  out += after_;
  if (identity > 0 && kind_ != Kind::kUuid) out += '.' + std::to_string(identity);
  return out;
}

}  // namespace pap::sim
