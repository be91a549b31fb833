// SPDX-License-Identifier: MIT
#pragma once

// A stand-in for the central Station, on a loopback port of its own: it checks each alert by the
// contract (alert_rules.hpp), keeps what it received, and misbehaves as it is told.
//
// Ownership: runs a thread of its own until it is destroyed.
// Errors: the constructor and up() throw when the port cannot be had.
// Threads: every call from any thread, but only one at a time into up() and down().

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace pap::sim {

// Of a server that speaks TLS.
struct ServerIdentity {
  std::string certificate_pem;
  std::string key_pem;
};

// What the Station does with a request.
struct StationAct {
  enum class Kind : std::uint8_t {
    kJudge,      // by the rules of the contract
    kStatus,     // this status, whatever came
    kHang,       // no answer, the connection stays open
    kCut,        // the connection is closed without an answer
    kCutMidway,  // … in the middle of one
    kRaw,        // these bytes, and then the end if `close`
  };
  using Headers = std::vector<std::pair<std::string, std::string>>;

  Kind kind = Kind::kJudge;
  int status = 200;
  Headers headers;
  std::string bytes;  // of kRaw; the body of kStatus
  bool close = false;
  std::chrono::milliseconds delay{0};  // beside Station::delay()

  static StationAct judge() { return {}; }
  static StationAct answer(int status, Headers headers = {}, std::string body = "{}") {
    return {Kind::kStatus, status, std::move(headers), std::move(body), false, {}};
  }
  static StationAct hang() { return {Kind::kHang, 0, {}, {}, false, {}}; }
  static StationAct cut() { return {Kind::kCut, 0, {}, {}, true, {}}; }
  static StationAct cut_midway() { return {Kind::kCutMidway, 0, {}, {}, true, {}}; }
  static StationAct raw(std::string bytes, bool close = true) {
    return {Kind::kRaw, 0, {}, std::move(bytes), close, {}};
  }
  static StationAct garbage() { return raw("\x16\x03\x01 so this is no HTTP\r\n\r\n"); }
};

// One request as it came.
struct ReceivedAlert {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  nlohmann::json alert;        // null when it was no JSON
  bool answered = false;       // it has been decided what to do
  int status = 0;              // answered; 0 for none
  std::string refused;         // why
  std::size_t connection = 0;  // counted from 1
  std::chrono::steady_clock::time_point at;
};

struct StationWish {
  std::uint16_t port = 0;  // 0: a free one
  std::string host = "127.0.0.1";
  std::string key = "test-key";
  bool only_uuids = true;
  bool keeps = true;  // what it received; else it only shows it to on_alert()
  std::optional<ServerIdentity> tls;
};

class Station {
 public:
  using Alerts = std::vector<ReceivedAlert>;

  explicit Station(StationWish wish = {});
  ~Station();
  Station(const Station&) = delete;
  Station& operator=(const Station&) = delete;

  std::uint16_t port() const;
  // `host` for a name that is not the one listened on.
  std::string url(const std::string& host = {}) const;

  // ---- Behaviour: holds for requests that arrive from now on ----

  void always(StationAct act);
  void once(StationAct act);  // before `always`, in the order of the calls
  void delay(std::chrono::milliseconds time);
  void refuse(const std::string& agent);  // 400 for this agent
  void accept_any_id();
  // Closes each connection right after an answer, without having said so.
  void close_after_answer(bool yes);
  // The connections that wait for a request; those that answer one, after it.
  void close_resting();
  void down();  // refuses connections and drops those it has
  void up();    // listens on the same port again
  // Asked in the Station's thread what to do with each request, in place of all the above.
  void decide(std::function<StationAct(const ReceivedAlert&)> decision);
  // Called in the Station's thread for each request, when it is answered.
  void on_alert(std::function<void(const ReceivedAlert&)> watcher);

  // ---- What came ----

  Alerts received() const;
  // Those that were stored: judged, or told to be answered, with 2xx.
  Alerts stored() const;
  std::size_t connections_accepted() const;
  std::size_t connections_open() const;
  // Waits until `true`; false when it takes longer.
  bool wait_for(const std::function<bool(const Alerts&)>& is_true,
                std::chrono::milliseconds patience = std::chrono::seconds(10)) const;
  bool wait_for_connections_open(
      std::size_t count, std::chrono::milliseconds patience = std::chrono::seconds(10)) const;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace pap::sim
