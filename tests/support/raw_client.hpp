// SPDX-License-Identifier: MIT
#pragma once

// An HTTP client that sends the bytes it is given and reads answers from the bytes that come, so
// that a test can do what no decent client does.
//
// Ownership: owns its connection.
// Errors: throws std::runtime_error when it cannot connect, when nothing comes for kPatience, and
// when what comes is no HTTP; the text says what came so far.
// Threads: one owner.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace pap::test {

struct HttpAnswer {
  int status = 0;
  std::string head;                            // as it came, with its empty line
  std::map<std::string, std::string> headers;  // names in lower case; repeated ones joined by ", "
  std::string body;                            // out of its chunks
  std::size_t chunks = 0;

  std::string header(const std::string& name) const {  // in lower case; "" for none
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
  nlohmann::json json() const;  // throws when the body is none
};

class RawClient {
 public:
  enum class End : std::uint8_t { kOpen, kClosed, kReset };

  struct Wish {
    std::string address = "127.0.0.1";  // or "::1"
    int receive_buffer = 0;             // bytes; 0: as the kernel likes
  };

  explicit RawClient(std::uint16_t port) : RawClient(port, Wish()) {}
  RawClient(std::uint16_t port, const Wish& wish);
  ~RawClient();
  RawClient(RawClient&& other) noexcept;
  RawClient& operator=(RawClient&&) = delete;

  // False when the peer has gone before it took everything.
  bool send(std::string_view bytes);
  void finish_sending();  // half-close
  void reset();           // ends the connection with RST

  // The next answer. One to HEAD has no body, whatever its headers say.
  HttpAnswer receive(bool to_head = false);
  // Whatever comes until `count` bytes are here, or the end.
  std::string receive_bytes(std::size_t count);
  // Waits for the end of the connection and throws away what comes before it.
  End wait_for_end(std::chrono::milliseconds patience = kPatience);
  // Nothing more is here, and the connection is open.
  bool is_quiet();

  int socket() const { return socket_; }
  const std::string& unread() const { return in_; }

  static constexpr std::chrono::milliseconds kPatience{30'000};

 private:
  bool fill(std::chrono::milliseconds patience);  // false at the end
  std::string take_line();
  std::string take(std::size_t count);
  void read_body(HttpAnswer& answer);
  [[noreturn]] void fail(const std::string& what) const;

  int socket_ = -1;
  std::string in_;
  End end_ = End::kOpen;
};

// "METHOD target HTTP/1.1" with Host, the given header lines (each with its CRLF), Content-Length
// when there is a body, and the body.
std::string http_request(std::string_view method, std::string_view target,
                         std::string_view header_lines = {}, std::string_view body = {});

}  // namespace pap::test
