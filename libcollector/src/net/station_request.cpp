// SPDX-License-Identifier: MIT
#include "net/station_request.hpp"

#include "net/limits.hpp"
#include "net/retry_after.hpp"
#include "net/station_url.hpp"
#include "pap/version.hpp"
#include "protocol/utf8.hpp"

namespace pap::net {
namespace {

std::string excerpt(std::string text, const std::string& key) {
  constexpr std::string_view kHidden = "(key)";
  for (auto at = text.find(key); !key.empty() && at != std::string::npos; at = text.find(key, at)) {
    text.replace(at, key.size(), kHidden);
    at += kHidden.size();
  }
  if (text.size() <= kStationExcerptBytes) return text;
  return std::string(protocol::cut_at_character(text, kStationExcerptBytes)) + "…";
}

}  // namespace

std::string station_request(const StationUrl& url, const std::string& key,
                            const core::Delivery& delivery) {
  std::string out;
  out.reserve(512 + delivery.body.size());
  const auto header = [&](std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
  };
  out += "POST ";
  out += url.target;
  out += " HTTP/1.1\r\n";
  header("Host", authority(url));
  header("Authorization", "Bearer " + key);
  header("Content-Type", "application/json");
  header("Content-Length", std::to_string(delivery.body.size()));
  header("Idempotency-Key", delivery.idempotency_key);
  header("User-Agent", "collectord/" + std::string(version()));
  header("Accept", "application/json");
  header("Connection", "keep-alive");
  out += "\r\n";
  out += delivery.body;
  return out;
}

core::StationAnswer station_answer(const StationReply& reply, const std::string& key) {
  core::StationAnswer answer;
  answer.status = reply.status;
  if (!reply.status) {
    answer.reason = reply.failure;
    return answer;
  }
  answer.retry_after = parse_retry_after(reply.retry_after, std::chrono::system_clock::now());
  answer.reason = "HTTP " + std::to_string(*reply.status);
  const bool delivered = *reply.status >= 200 && *reply.status < 300;
  if (!reply.location.empty() && !delivered) {
    answer.reason += " to " + excerpt(reply.location, key);
  } else if (!reply.body.empty() && !delivered) {
    answer.reason += ": " + excerpt(reply.body, key);
  }
  return answer;
}

std::string duration_text(std::chrono::milliseconds time) {
  if (time.count() % 1000 == 0) return std::to_string(time.count() / 1000) + " s";
  return std::to_string(time.count()) + " ms";
}

}  // namespace pap::net
