// SPDX-License-Identifier: MIT
#pragma once

// Asks one collector, over one kept-alive connection.
//
// Errors: Failure, with what failed at which URL and what to try next: not reachable, not
// authorised, or whatever else is no answer of a collector's. Only 404 is handed back as an answer
// where the caller says that it may come.
// Limits: an answer that is kept whole has at most kMostAnswerBytes; time-outs in settings.hpp.
// Threads: one.

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "papctl/client/endpoint.hpp"
#include "papctl/exit_status.hpp"
#include "papctl/settings.hpp"

namespace pap::ctl {

inline constexpr std::size_t kMostAnswerBytes = 64U << 20U;

using TimePoint = std::chrono::system_clock::time_point;

struct Answer {
  int status = 0;
  std::string body;
  // By the answer's `Date`, to the second; this machine's clock when it has none.
  TimePoint now;
};

class Client {
 public:
  explicit Client(const Target& target);
  ~Client();
  Client(Client&&) noexcept;

  const Endpoint& endpoint() const { return endpoint_; }

  // From now on no answer, and no piece of one, is waited for longer than this (at most
  // kAnswerPatience).
  void wait_at_most(std::chrono::milliseconds patience);

  // The path begins with a slash and is encoded.
  Answer get(const std::string& path);
  Answer remove(const std::string& path);
  Answer post(const std::string& path, const std::string& json);
  // The body of a 200 in pieces as they come, after `begun` was told the time by its Date;
  // Answer::body is that of any other status. `take` says whether it wants more.
  Answer stream(const std::string& path, const std::function<void(TimePoint now)>& begun,
                const std::function<bool(std::string_view)>& take);

  // The JSON of a 200, or none for 404.
  std::optional<nlohmann::json> find_json(const std::string& path, Answer* answer = nullptr);
  // Of a 200.
  nlohmann::json get_json(const std::string& path, Answer* answer = nullptr);

 private:
  class Impl;
  nlohmann::json parsed(const std::string& path, const std::string& body) const;

  Endpoint endpoint_;
  std::unique_ptr<Impl> impl_;
};

// What an answer that is neither 200 nor expected means.
Failure refusal_of(const std::string& url, const Answer& answer);
// The number, and what the body says of it, as a collector's errors do: "503 Busy: Try later".
std::string status_and_reason(int status, const std::string& body);
// A 200 that no collector gives: `what` says what is wrong with it, as "is not JSON".
Failure no_collectors_answer(const std::string& url, const std::string& what);

// The moment of a Date header (RFC 9110, section 5.6.7, the preferred form); none if it is not one.
std::optional<TimePoint> parse_http_date(const std::string& text);
// … and of a timestamp of the contract's: 2026-11-24T14:30:13.042Z.
std::optional<TimePoint> parse_timestamp(const std::string& text);

}  // namespace pap::ctl
