// SPDX-License-Identifier: MIT
#include "papsim/live/heartbeat_exchange.hpp"

#include <array>
#include <charconv>
#include <utility>

#include <nlohmann/json.hpp>

namespace pap::sim {

namespace {

using nlohmann::json;
using Receipt = LiveOracle::Receipt;

void append_number(std::string& text, double number) {
  std::array<char, 32> digits;
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  if (error == std::errc()) text.append(digits.data(), end);
}

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '.' || c == '_' || c == '~';
}

struct KnownReceipt {
  std::string text;
  Receipt receipt;
};

std::array<KnownReceipt, 4 * protocol::kModeCount> known_receipts() {
  std::array<KnownReceipt, 4 * protocol::kModeCount> known;
  std::size_t next = 0;
  for (const protocol::Mode mode : protocol::kModes) {
    for (const bool is_new : {false, true}) {
      for (const bool restarted : {false, true}) {
        const auto interval = protocol::interval_of(mode).count();
        known[next++] = {std::string{R"({"received":true,"is_new":)"} +
                             (is_new ? "true" : "false") + R"(,"restart_detected":)" +
                             (restarted ? "true" : "false") + R"(,"next_heartbeat_ms":)" +
                             std::to_string(interval) + '}',
                         {is_new, restarted, interval}};
      }
    }
  }
  return known;
}

bool field(const json& body, const char* name, bool& value, std::string& why) {
  const auto found = body.find(name);
  if (found == body.end() || !found->is_boolean()) {
    why = std::string{"its answer has no boolean "} + name + ": " + body.dump();
    return false;
  }
  value = found->get<bool>();
  return true;
}

}  // namespace

RequestWriter::RequestWriter(std::string host, Connections connections)
    : host_(std::move(host)),
      connection_(connections == Connections::kFresh ? "close" : "keep-alive"),
      agent_(connections == Connections::kKept ? "papsim" : "node") {}

// RFC 3986 §2.1
void RequestWriter::path_of(std::string_view id) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (const char c : id) {
    if (is_unreserved(c)) {
      text_ += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      text_ += '%';
      text_ += kDigits[byte >> 4U];
      text_ += kDigits[byte & 15U];
    }
  }
}

std::string_view RequestWriter::heartbeat(std::string_view id, const SeenBeat& beat) {
  body_ = R"({"mode":")";
  body_ += to_string(beat.mode);
  body_ += R"(","uptime_seconds":)";
  append_number(body_, beat.uptime_seconds);
  body_ += '}';
  text_ = "POST /heartbeat/";
  path_of(id);
  text_ += " HTTP/1.1\r\nhost: ";
  text_ += host_;
  text_ += "\r\nconnection: ";
  text_ += connection_;
  text_ +=
      "\r\nContent-Type: application/json\r\naccept: */*\r\naccept-language: *\r\n"
      "sec-fetch-mode: cors\r\nuser-agent: ";
  text_ += agent_;
  text_ += "\r\naccept-encoding: gzip, deflate\r\ncontent-length: ";
  text_ += std::to_string(body_.size());
  text_ += "\r\n\r\n";
  text_ += body_;
  return text_;
}

std::string_view RequestWriter::remove(std::string_view id, std::string_view key) {
  text_ = "DELETE /agents/";
  path_of(id);
  text_ += " HTTP/1.1\r\nhost: " + host_ + "\r\nconnection: " + std::string{connection_};
  if (!key.empty()) text_ += "\r\nX-Collector-Key: " + std::string{key};
  text_ += "\r\n\r\n";
  return text_;
}

std::string_view RequestWriter::get(std::string_view path, std::string_view key) {
  text_ = "GET " + std::string{path} + " HTTP/1.1\r\nhost: " + host_ +
          "\r\nconnection: " + std::string{connection_};
  if (!key.empty()) text_ += "\r\nX-Collector-Key: " + std::string{key};
  text_ += "\r\n\r\n";
  return text_;
}

std::optional<Receipt> read_receipt(const Answer& answer, std::string& why) {
  if (!answer.content_type.starts_with("application/json")) {
    why = "its answer is no JSON by its Content-Type, but \"" + std::string{answer.content_type} +
          '"';
    return std::nullopt;
  }
  static const auto known = known_receipts();
  for (const KnownReceipt& each : known) {
    if (each.text == answer.body) return each.receipt;
  }
  const json body = json::parse(answer.body, nullptr, false);
  if (!body.is_object()) {
    why = "its answer is no JSON object: " + std::string{answer.body};
    return std::nullopt;
  }
  bool received = false;
  Receipt receipt;
  if (!field(body, "received", received, why) || !field(body, "is_new", receipt.is_new, why) ||
      !field(body, "restart_detected", receipt.restart_detected, why)) {
    return std::nullopt;
  }
  const auto next = body.find("next_heartbeat_ms");
  if (!received) {
    why = "its answer says received: false: " + body.dump();
    return std::nullopt;
  }
  if (next == body.end() || !next->is_number_integer()) {
    why = "its answer has no whole number next_heartbeat_ms: " + body.dump();
    return std::nullopt;
  }
  receipt.next_heartbeat_ms = next->get<std::int64_t>();
  return receipt;
}

}  // namespace pap::sim
