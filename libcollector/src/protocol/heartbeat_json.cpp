// SPDX-License-Identifier: MIT
#include "protocol/heartbeat_json.hpp"

#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "protocol/heartbeat_fields.hpp"
#include "protocol/json_text.hpp"
#include "protocol/utf8.hpp"

namespace pap::protocol {
namespace {

constexpr std::string_view kJsonSpace = " \t\r\n";
constexpr int kNumberOverflow = 406;  // nlohmann's number for it

// What nlohmann's parser calls as it goes. Here is all that makes a text JSON that we take:
// depth, keys, an end. What members mean is for HeartbeatFields. False stops the parser.
class Events {
 public:
  Events(std::string_view body, std::string& name) : body_(body), fields_(name) {}

  bool null() {
    if (depth_ == 0) fields_.not_an_object("null");
    if (depth_ == 1) fields_.null();
    return take_value();
  }
  bool boolean(bool) { return take_other("a boolean"); }
  bool number_integer(std::int64_t value) { return take_number(static_cast<double>(value)); }
  bool number_unsigned(std::uint64_t value) { return take_number(static_cast<double>(value)); }
  // The value and not the text: nlohmann reads it right whatever the locale's decimal point is.
  bool number_float(double value, const std::string&) { return take_number(value); }
  bool string(const std::string& value) {
    if (depth_ == 0) fields_.not_an_object("a string");
    if (depth_ == 1) fields_.string(value);
    return take_value();
  }
  bool binary(const nlohmann::json::binary_t&) { return true; }  // JSON text has none

  bool start_object(std::size_t) {
    if (depth_ == 1) fields_.other("an object");
    keys_.emplace_back();
    return enter();
  }
  bool key(const std::string& key) {
    last_key_ = key;
    if (!keys_.back().insert(key).second) {
      return stop("the key " + quoted_for_message(key) + " comes twice in one object");
    }
    if (depth_ == 1) fields_.key(key);
    return true;
  }
  bool end_object() {
    keys_.pop_back();
    return leave();
  }
  bool start_array(std::size_t) {
    if (depth_ == 0) fields_.not_an_object("an array");
    if (depth_ == 1) fields_.other("an array");
    return enter();
  }
  bool end_array() { return leave(); }

  // `position` counts the bytes read so far, and one more at the end of the body.
  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::json::exception& error) {
    const std::size_t at = position == 0 ? 0 : position - 1;
    if (error.id == kNumberOverflow) {
      if (last_key_.empty()) return stop("a number is out of range");
      return stop("the number in " + quoted_for_message(last_key_) + " is out of range");
    }
    if (const std::size_t bad = first_non_utf8(body_); bad <= at) {
      return stop_at(bad, "invalid UTF-8");
    }
    if (is_complete_) return stop_at(at, "something follows the JSON");
    if (at >= body_.size()) return stop("the body ends before its JSON does");
    return stop_at(at, "invalid JSON");
  }

  bool stop_at(std::size_t byte, std::string_view what) {
    return stop(std::string(what) + " at byte " + std::to_string(byte));
  }

  bool stop(std::string why) {
    broken_ = std::move(why);
    return false;
  }

  HeartbeatResult result() {
    if (!broken_.empty()) return Refusal{Refusal::Reason::kInvalidPayload, broken_};
    return fields_.result();
  }

 private:
  bool take_number(double value) {
    if (depth_ == 0) fields_.not_an_object("a number");
    if (depth_ == 1) fields_.number(value);
    return take_value();
  }
  bool take_other(std::string_view type) {
    if (depth_ == 0) fields_.not_an_object(type);
    if (depth_ == 1) fields_.other(type);
    return take_value();
  }
  bool take_value() {
    is_complete_ = depth_ == 0;
    return true;
  }
  bool enter() {
    ++depth_;
    if (depth_ <= kMaxJsonDepth) return true;
    return stop("nested deeper than " + std::to_string(kMaxJsonDepth) + " levels");
  }
  bool leave() {
    --depth_;
    return take_value();
  }

  const std::string_view body_;
  HeartbeatFields fields_;
  std::size_t depth_ = 0;
  // The keys of each open object. Ordered sets: a sender picks the keys, and can make hashes
  // collide, but not comparisons.
  std::vector<std::set<std::string>> keys_;
  std::string last_key_;
  bool is_complete_ = false;  // the outermost value has ended
  std::string broken_;
};

}  // namespace

HeartbeatResult read_heartbeat_json(std::string_view body, std::string& name) {
  Events events(body, name);
  if (body.find_first_not_of(kJsonSpace) == std::string_view::npos) {
    events.stop("the body is empty");
  } else if (const auto nul = body.find('\0'); nul != std::string_view::npos) {
    // nlohmann takes a NUL between tokens for the end of the text, and would not see what
    // follows. Nowhere in JSON is one legal.
    events.stop_at(nul, "a NUL");
  } else if (body.find("\\u") != std::string_view::npos) {
    nlohmann::json::sax_parse(with_whole_characters(body), &events);
  } else {
    nlohmann::json::sax_parse(body.data(), body.data() + body.size(), &events);
  }
  return events.result();
}

}  // namespace pap::protocol
