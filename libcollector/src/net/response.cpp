// SPDX-License-Identifier: MIT
#include "net/response.hpp"

#include <array>
#include <charconv>
#include <ctime>

#include <boost/beast/http/status.hpp>

#include "net/limits.hpp"
#include "pap/protocol/answers.hpp"
#include "pap/protocol/json_writer.hpp"

namespace pap::net {

void Response::reset() {
  status = 200;
  content_type = kJsonType;
  headers.clear();
  body.clear();
  list.reset();
  took_a_slice = false;
  again = false;
  observe.reset();
  agent_id_missing = false;
  close = false;
  next_beat.reset();
}

void Response::fail(unsigned code, std::string_view error, std::string_view message) {
  status = code;
  body.clear();
  protocol::append_error(body, error, message);
}

void Response::retry_later(std::string_view error, std::string_view message) {
  fail(503, error, message);
  headers += "Retry-After: " + std::to_string(kRetryAfterSeconds) + "\r\n";
}

std::string_view reason_phrase(unsigned status) {
  const auto text = boost::beast::http::obsolete_reason(boost::beast::http::int_to_status(status));
  return {text.data(), text.size()};
}

void append_head(std::string& out, const Head& head, std::string_view date) {
  if (head.status == 200) {  // nearly always
    out += "HTTP/1.1 200 OK";
  } else {
    out += "HTTP/1.1 ";
    protocol::append_json_integer(out, head.status);
    out += ' ';
    out += reason_phrase(head.status);
  }
  out += "\r\nDate: ";
  out += date;
  out += "\r\nContent-Type: ";
  out += head.content_type;
  if (head.content_length) {
    out += "\r\nContent-Length: ";
    protocol::append_json_integer(out, static_cast<std::int64_t>(*head.content_length));
  } else if (head.chunked) {
    out += "\r\nTransfer-Encoding: chunked";
  }
  if (head.close) {
    out += "\r\nConnection: close";
  } else if (head.keep_alive_1_0) {
    out += "\r\nConnection: keep-alive";
  } else if (head.promises) {
    static const std::string promise =
        "\r\nConnection: keep-alive\r\nKeep-Alive: timeout=" + std::to_string(kKeptFor.count());
    out += promise;
  }
  out += "\r\n";
  out += head.headers;
  out += "\r\n";
}

void append_piece(std::string& out, std::string_view piece, bool chunked) {
  if (piece.empty()) return;
  if (!chunked) {
    out += piece;
    return;
  }
  std::array<char, 16> size{};
  const auto end = std::to_chars(size.data(), size.data() + size.size(), piece.size(), 16).ptr;
  out.append(size.data(), end);
  out += "\r\n";
  out += piece;
  out += "\r\n";
}

std::string_view DateText::at(core::WallTime now) {
  const std::int64_t second =
      std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  if (second == second_) return text_;
  second_ = second;
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t time = second;
  std::tm utc{};
  ::gmtime_r(&time, &utc);
  const auto two = [](int value) {
    return std::string{static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
  };
  text_ = std::string{kDays[static_cast<std::size_t>(utc.tm_wday)]} + ", " + two(utc.tm_mday) +
          ' ' + kMonths[static_cast<std::size_t>(utc.tm_mon)] + ' ' +
          std::to_string(utc.tm_year + 1900) + ' ' + two(utc.tm_hour) + ':' + two(utc.tm_min) +
          ':' + two(utc.tm_sec) + " GMT";
  return text_;
}

}  // namespace pap::net
