// SPDX-License-Identifier: MIT
#include "net/http_session.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include "net/limits.hpp"
#include "net/router.hpp"
#include "net/server.hpp"
#include "pap/protocol/answers.hpp"

namespace pap::net {

namespace asio = boost::asio;
namespace http = boost::beast::http;

HttpSession::HttpSession(Server& server, PeerSocket::Tcp protocol, int descriptor, bool over_limit)
    : server_(server), peer_(server.io(), protocol, descriptor), over_limit_(over_limit) {
  enter(Phase::kFresh);
}

HttpSession::~HttpSession() {
  if (list_) server_.list_ended();
  keep(false);
  server_.sessions().leave(*this);
  server_.connection_closed();
}

void HttpSession::enter(Phase next_phase) {
  server_.sessions().enter(*this, next_phase, steady_now_roughly());
}

// With the memory that this session keeps for its one pending operation.
template <class Handler>
auto HttpSession::bound(Handler handler) {
  return asio::bind_allocator(AllocatorFrom<Handler, HandlerMemory>{handler_memory_},
                              std::move(handler));
}

// --- read ---

void HttpSession::start() {
  // Most requests on a fresh connection are here by the time that it is accepted.
  Error error;
  const std::size_t bytes = peer_.receive(in(), in_size(), error);
  if (error == asio::error::would_block) return read();
  on_read(error, bytes);
}

void HttpSession::read() {
  if (!make_room()) return;
  peer_.socket().async_read_some(
      asio::buffer(in() + end_, in_size() - end_),
      bound([self = shared_from_this()](const Error& error, std::size_t bytes) {
        self->on_read(error, bytes);
      }));
}

// The request being read to the front, and space behind it. The parser refuses what is too long
// before the buffer could outgrow its bound; only chunk framing can try.
bool HttpSession::make_room() {
  if (begin_ > 0) {
    std::memmove(in(), in() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == 0) large_in_ = {};
  if (end_ < in_size()) return true;
  const Config& config = server_.config();
  const std::size_t most = config.max_header_bytes + 2 * config.max_body_bytes + kFramingBytes;
  if (in_size() >= most) {
    refuse(RequestParser::State::kBodyTooLarge);
    return false;
  }
  const bool first = large_in_.empty();
  large_in_.resize(std::min(in_size() * 2, most));
  if (first) std::memcpy(large_in_.data(), small_in_.data(), end_);
  return true;
}

void HttpSession::on_read(const Error& error, std::size_t bytes) {
  if (error == asio::error::operation_aborted) return;
  if (error) return close();
  all_received_ = bytes < in_size() - end_;
  end_ += bytes;
  process();
}

void HttpSession::process() {
  if (!peer_.is_open()) return;  // its time was up between two turns
  const Config& config = server_.config();
  had_its_turn_ = false;
  if (out_.empty()) server_.swap_spare_text(out_);
  while (begin_ < end_ && !close_after_write_ && !list_ && !had_its_turn_ &&
         out_.size() < kWriteBatchBytes) {
    if (!parser_) {
      // Empty lines before a request are no request (RFC 9112 §2.2).
      while (begin_ < end_ && (in()[begin_] == '\r' || in()[begin_] == '\n')) ++begin_;
      if (begin_ == end_) break;
      parser_.emplace(RequestLimits{config.max_header_bytes, config.max_body_bytes});
      continue_sent_ = false;
    }
    const auto state = parser_->feed({in() + begin_, end_ - begin_});
    if (state == RequestParser::State::kComplete) {
      if (!answer()) return;
      continue;
    }
    if (state != RequestParser::State::kIncomplete) return refuse(state);
    if (parser_->header_complete() && parser_->expects_continue() &&
        !std::exchange(continue_sent_, true)) {
      out_ += "HTTP/1.1 100 Continue\r\n\r\n";
    }
    break;
  }
  flush();
}

// --- answer ---

bool HttpSession::answer() {
  const Request request = request_from(*parser_);
  Response& response = server_.scratch();
  response.reset();
  route(server_, request, response, over_limit_);

  if (response.again) {
    asio::post(server_.io(), [self = shared_from_this()] { self->process(); });
    return false;
  }
  const bool upgraded = response.observe || response.agent_id_missing;
  if (upgraded && !out_.empty()) {
    response.reset();
    response.close = true;
    response.fail(400, "Bad request", "an upgrade must not be pipelined behind other requests");
  } else if (upgraded) {
    std::string header{parser_->header()};
    server_.sessions().leave(*this);
    if (response.agent_id_missing) {
      server_.refuse_observer(peer_.release(), std::move(header));
    } else {
      server_.observe(peer_.release(), std::move(header), std::move(*response.observe));
    }
    return false;
  }
  append_response(response);
  had_its_turn_ = response.took_a_slice;
  if (!list_) finish_request();
  return true;
}

void HttpSession::finish_request() {
  begin_ += parser_->consumed();
  parser_.reset();
  if (phase == Phase::kReading) server_.sessions().leave(*this);  // the next one's time is its own
}

void HttpSession::await_more() {
  if (begin_ == end_ && requests_ > 0) {
    enter(Phase::kIdle);
  } else if (begin_ == end_) {
    if (phase != Phase::kFresh || !linked) enter(Phase::kFresh);  // empty lines gain no time
  } else if (phase != Phase::kReading || !linked) {
    enter(Phase::kReading);  // once for a request, however slowly it comes
  }
  read();
}

void HttpSession::append_response(Response& response) {
  ++server_.counters().answers[std::min(response.status / 100, 5U)];
  ++requests_;
  const Config& config = server_.config();
  const bool old = parser_ && parser_->http_version() < 11;
  const bool enough =
      config.max_requests_per_connection != 0 && requests_ >= config.max_requests_per_connection;
  const bool head_only = parser_ && parser_->method() == http::verb::head;
  client_closes_ = parser_ && !parser_->keep_alive();
  close_after_write_ = response.close || enough || over_limit_ || !parser_ || client_closes_ ||
                       !server_.keep_alive_allowed();

  Head head{};
  if (response.next_beat && !close_after_write_) {
    const bool was_kept = kept_;
    keep(suits(*response.next_beat));
    head.promises = kept_;
    // Who asked for more than one beat has a use for it; and what came behind this one is answered.
    const bool alone = (requests_ == 1 || was_kept) && begin_ + parser_->consumed() == end_;
    close_after_write_ = !kept_ && alone;
  }
  head.status = response.status;
  head.content_type = response.content_type;
  head.headers = response.headers;
  if (response.list) {
    head.chunked = !old;
    if (old) close_after_write_ = true;  // the end of the list is the end of the connection
  } else {
    head.content_length = response.body.size();
  }
  head.close = close_after_write_;
  head.keep_alive_1_0 = old;
  append_head(out_, head, server_.date(wall_now_roughly()));
  if (head_only) return;
  if (!response.list) {
    out_ += response.body;
    return;
  }
  list_ = std::move(response.list);
  server_.list_begun();
  list_chunked_ = head.chunked;
  out_.reserve(kListPieceBytes + kListPieceBytes / 4);
  append_piece(out_, response.body, list_chunked_);
}

// Whether the agent's next heartbeat would find this connection still open, if we promised so.
bool HttpSession::suits(std::chrono::milliseconds next_beat) {
  return next_beat <= kLongestKeptInterval && (kept_ || server_.may_keep());
}

void HttpSession::keep(bool on) {
  if (std::exchange(kept_, on) != on) server_.count_kept(on);
}

void HttpSession::refuse(RequestParser::State state) {
  Response& response = server_.scratch();
  response.reset();
  response.close = true;
  NetCounters& counters = server_.counters();
  const Config& config = server_.config();
  switch (state) {
    case RequestParser::State::kHeaderTooLarge:
      counters.count(Trouble::kHeaderTooLarge);
      response.fail(431, "Request header fields too large",
                    "request line and headers may have " + std::to_string(config.max_header_bytes) +
                        " bytes (MAX_HEADER_BYTES)");
      break;
    case RequestParser::State::kBodyTooLarge:
      counters.count(Trouble::kBodyTooLarge);
      response.fail(
          413, "Payload too large",
          "a body may have " + std::to_string(config.max_body_bytes) + " bytes (MAX_BODY_BYTES)");
      break;
    default:
      counters.count(Trouble::kBadRequest);
      response.fail(400, "Bad request", "not HTTP/1.1: " + parser_->problem());
      break;
  }
  parser_.reset();
  append_response(response);
  discard_after_write_ = true;
  flush();
}

// --- write ---

void HttpSession::flush() {
  if (writing_) return;
  if (out_.empty()) {
    if (list_) return write_list();
    if (close_after_write_) return end();
    return await_more();
  }
  const bool last = close_after_write_ && !list_ && !discard_after_write_;
  Error error;
  const std::size_t bytes = peer_.send(out_.data(), out_.size(), last, error);
  if (!error && bytes == out_.size()) return on_written(error, bytes);
  if (error && error != asio::error::would_block) return close();
  writing_ = true;
  enter(Phase::kWriting);
  asio::async_write(peer_.socket(), asio::buffer(out_.data() + bytes, out_.size() - bytes),
                    bound([self = shared_from_this()](const Error& failure, std::size_t written) {
                      self->writing_ = false;
                      self->on_written(failure, written);
                    }));
}

void HttpSession::on_written(const Error& error, std::size_t) {
  if (error) return close();
  out_.clear();
  if (list_) {
    // The next piece after whatever waits elsewhere.
    asio::post(server_.io(), [self = shared_from_this()] { self->write_list(); });
    return;
  }
  server_.swap_spare_text(out_);
  if (close_after_write_) return end();
  if (begin_ == end_ || parser_) return await_more();
  // More requests of the same read, after whatever waits elsewhere.
  enter(Phase::kReading);
  asio::post(server_.io(), [self = shared_from_this()] { self->process(); });
}

void HttpSession::write_list() {
  if (!peer_.is_open()) return;
  enter(Phase::kWriting);
  std::string piece;
  core::Collector& core = server_.driver().core();
  core.continue_list(*list_, piece, system_now());
  const bool done = list_->done;
  if (done) protocol::append_agents_closing(piece, list_->next_cursor);
  append_piece(out_, piece, list_chunked_);
  if (done) {
    if (list_chunked_) out_ += "0\r\n\r\n";
    list_.reset();
    server_.list_ended();
    finish_request();
  } else if (out_.size() < kListPieceBytes) {
    asio::post(server_.io(), [self = shared_from_this()] { self->write_list(); });
    return;
  }
  flush();
}

// --- end ---

void HttpSession::end() {
  // With nothing of the client's unread, a close lets it have the answer; else it would be reset.
  // Who closes sends nothing more, but the rest of what was sent may not have been read yet.
  const bool nothing_comes = client_closes_ && all_received_;
  const bool all_read = begin_ == end_ && (nothing_comes || peer_.available() == 0);
  if (!discard_after_write_ && all_read) return close();
  peer_.finish_sending();
  enter(Phase::kDiscarding);
  discard();
}

void HttpSession::discard() {
  peer_.socket().async_read_some(
      asio::buffer(in(), in_size()),
      bound([self = shared_from_this()](const Error& error, std::size_t bytes) {
        self->on_discarded(error, bytes);
      }));
}

void HttpSession::on_discarded(const Error& error, std::size_t) {
  if (error) return close();
  discard();
}

void HttpSession::on_overdue() {
  NetCounters& counters = server_.counters();
  switch (phase) {
    case Phase::kFresh:
    case Phase::kIdle:
      // What has come already is answered, however late we are.
      if (peer_.available() > 0) return enter(phase);
      counters.count(Trouble::kIdleTimeout);
      return close();
    case Phase::kReading: {
      if (peer_.available() > 0) return enter(Phase::kReading);
      counters.count(Trouble::kRequestTimeout);
      peer_.cancel();
      Response& response = server_.scratch();
      response.reset();
      response.close = true;
      response.fail(408, "Request timeout",
                    "a request must be complete within " +
                        std::to_string(server_.config().header_timeout.count()) +
                        " ms (HEADER_TIMEOUT_MS)");
      parser_.reset();
      append_response(response);
      discard_after_write_ = true;
      return flush();
    }
    case Phase::kWriting:
      counters.count(Trouble::kWriteStalled);
      return close();
    case Phase::kDiscarding:
      return close();
  }
}

bool HttpSession::close_if_idle() {
  const Config& config = server_.config();
  const bool fresh = phase == Phase::kFresh;
  const auto since = due - (fresh ? config.header_timeout : config.idle_timeout);
  const auto for_a_request = fresh ? kFirstRequest : kept_ ? kKeptFor : std::chrono::seconds{0};
  if (steady_now_roughly() < since + for_a_request) return false;
  if (begin_ != end_ || peer_.available() > 0) return false;
  close();
  return true;
}

void HttpSession::close() {
  keep(false);
  peer_.close();
  server_.sessions().leave(*this);
}

}  // namespace pap::net
