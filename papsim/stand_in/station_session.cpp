// SPDX-License-Identifier: MIT
#include "papsim/stand_in/station_session.hpp"

#include <optional>
#include <type_traits>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>

namespace pap::sim {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

// Far more than any alert, so that one that is too large arrives and is told so.
constexpr std::size_t kMaxBody = 1024 * 1024;

using TlsStream = asio::ssl::stream<tcp::socket>;

template <typename Stream>
class Session final : public StationSession, public std::enable_shared_from_this<Session<Stream>> {
 public:
  Session(Stream stream, StationSessionHooks hooks)
      : stream_(std::move(stream)),
        timer_(stream_.lowest_layer().get_executor()),
        hooks_(std::move(hooks)) {}

  void start() override {
    error_code ignored;
    stream_.lowest_layer().set_option(tcp::no_delay(true), ignored);
    if constexpr (std::is_same_v<Stream, TlsStream>) {
      stream_.async_handshake(asio::ssl::stream_base::server,
                              [self = this->shared_from_this()](const error_code& ec) {
                                if (ec) {
                                  self->close();
                                } else {
                                  self->read();
                                }
                              });
    } else {
      read();
    }
  }

  void close() override {
    if (closed_) return;
    closed_ = true;
    resting_ = false;
    timer_.cancel();
    error_code ignored;
    stream_.lowest_layer().close(ignored);
    hooks_.ended();
  }

  void close_at_rest() override {
    close_at_rest_ = true;
    if (resting_) close();
  }

 private:
  void read() {
    resting_ = true;
    parser_.emplace();
    parser_->body_limit(kMaxBody);
    http::async_read(stream_, buffer_, *parser_,
                     [self = this->shared_from_this()](const error_code& ec, std::size_t) {
                       self->resting_ = false;
                       if (ec) {
                         self->close();
                       } else {
                         self->react();
                       }
                     });
  }

  void react() {
    reaction_ = hooks_.react(parser_->get());
    if (!reaction_.answers) {
      wait_for_the_end();
      return;
    }
    if (reaction_.delay.count() == 0) {
      write();
      return;
    }
    timer_.expires_after(reaction_.delay);
    timer_.async_wait([self = this->shared_from_this()](const error_code& ec) {
      if (!ec) self->write();
    });
  }

  void write() {
    asio::async_write(stream_, asio::buffer(reaction_.bytes),
                      [self = this->shared_from_this()](const error_code& ec, std::size_t) {
                        if (ec || self->reaction_.close || self->close_at_rest_) {
                          self->close();
                        } else {
                          self->read();
                        }
                      });
  }

  void wait_for_the_end() {
    stream_.async_read_some(
        asio::buffer(scratch_),
        [self = this->shared_from_this()](const error_code&, std::size_t) { self->close(); });
  }

  Stream stream_;
  asio::steady_timer timer_;
  const StationSessionHooks hooks_;

  bool closed_ = false;
  bool resting_ = false;  // waits for a request
  bool close_at_rest_ = false;
  boost::beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  StationReaction reaction_;
  char scratch_[16] = {};
};

}  // namespace

std::shared_ptr<StationSession> make_station_session(tcp::socket socket, asio::ssl::context* tls,
                                                     StationSessionHooks hooks) {
  if (tls != nullptr) {
    return std::make_shared<Session<TlsStream>>(TlsStream(std::move(socket), *tls),
                                                std::move(hooks));
  }
  return std::make_shared<Session<tcp::socket>>(std::move(socket), std::move(hooks));
}

}  // namespace pap::sim
