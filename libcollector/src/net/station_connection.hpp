// SPDX-License-Identifier: MIT
#pragma once

// One connection to the Station, plain or TLS: opened, then used for one exchange after another,
// resting in between.
//
// A read is always under way, so that a connection which the Station closes while it rests is
// known to be gone, and the first byte after a request is the first of its answer.
//
// Ownership: by shared_ptr; its own operations keep it alive until close(), which the owner calls
// when he is done with it. `tls` (null for plain) must outlive it.
// Errors: texts for people. Threads: as the io_context; handlers are never called from within the
// call that takes them, and not after close().

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "net/name_lookup.hpp"
#include "net/station_trust.hpp"
#include "pap/net/config.hpp"

namespace pap::net {

// What came back for one request.
struct StationReply {
  std::optional<std::uint16_t> status;  // none: `failure` says why
  std::string failure;
  bool any_byte = false;    // of an answer
  bool keep_alive = false;  // the connection may be used again

  std::string retry_after;  // header values, "" when absent
  std::string location;
  std::string body;
};

class StationConnection : public std::enable_shared_from_this<StationConnection> {
 public:
  using Clock = std::chrono::steady_clock;
  using OpenHandler = std::function<void(const std::string& failure)>;
  using ReplyHandler = std::function<void(const StationReply&)>;

  // `count` goes up now and down at close().
  StationConnection(boost::asio::io_context& io, boost::asio::ssl::context* tls,
                    const StationUrl& url, std::size_t max_answer_bytes,
                    std::shared_ptr<std::size_t> count);
  ~StationConnection();
  StationConnection(const StationConnection&) = delete;
  StationConnection& operator=(const StationConnection&) = delete;

  // Tries one endpoint after the other until `deadline`, each for its share of the time left.
  void open(NameLookup::Endpoints endpoints, Clock::time_point deadline, OpenHandler handler);
  // Writes `request` and reads the whole answer.
  void exchange(std::string request, ReplyHandler handler);
  // Rests until `until`; `gone` is called when the Station closes it first, or then.
  void rest(Clock::time_point until, std::function<void()> gone);
  void close();

  Clock::time_point opened_at() const { return opened_at_; }
  const NameLookup::Endpoint& peer() const { return peer_; }
  // How long the Station said that it keeps an idle connection (`Keep-Alive: timeout=`).
  std::optional<std::chrono::seconds> keep_alive_hint() const { return keep_alive_hint_; }
  // "connecting to 127.0.0.1:9", for a deadline that ran out.
  std::string doing() const;

 private:
  using Parser = boost::beast::http::response_parser<boost::beast::http::string_body>;
  enum class State : std::uint8_t { kConnecting, kHandshake, kResting, kExchanging, kClosed };

  template <typename Use>
  void with_stream(Use use);

  void try_endpoint();
  void on_connected(std::size_t attempt, const boost::system::error_code& ec);
  void shake_hands();
  void opened();
  void finish_open(const std::string& failure);

  void read();
  void on_read(const boost::system::error_code& ec, std::size_t bytes);
  void parse();
  void next_parser();
  void fail(const std::string& failure);
  void complete();

  const StationUrl& url_;
  const std::size_t max_answer_bytes_;
  boost::asio::ssl::context* const tls_context_;

  State state_ = State::kConnecting;
  boost::asio::ip::tcp::socket socket_;
  std::optional<StationTls> tls_;
  boost::asio::steady_timer timer_;  // of a connect attempt, then of a rest
  NameLookup::Endpoints endpoints_;
  std::size_t attempt_ = 0;
  Clock::time_point deadline_;
  Clock::time_point opened_at_;
  NameLookup::Endpoint peer_;
  std::string connect_failures_;
  OpenHandler on_open_;

  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::string request_;
  bool writing_ = false;
  std::size_t answer_bytes_ = 0;
  int interim_answers_ = 0;
  std::optional<std::chrono::seconds> keep_alive_hint_;
  ReplyHandler on_reply_;
  std::function<void()> on_gone_;

  std::shared_ptr<std::size_t> count_;
};

}  // namespace pap::net
