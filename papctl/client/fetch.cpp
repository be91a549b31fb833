// SPDX-License-Identifier: MIT
#include "papctl/client/fetch.hpp"

#include <cstdio>
#include <type_traits>
#include <utility>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast.hpp>
#include <boost/beast/ssl.hpp>

#include "papctl/client/tls.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using tcp = asio::ip::tcp;

using PlainStream = beast::tcp_stream;
using TlsStream = beast::ssl_stream<beast::tcp_stream>;

struct Wish {
  Target target;
  std::string path;
  std::chrono::milliseconds patience;
  std::function<void(Fetched)> done;
  std::function<bool(std::string_view, TimePoint)> piece;
};

class Exchange {
 public:
  virtual ~Exchange() = default;
  virtual void give_up() = 0;
};

// Handlers hold the exchange; it lives as long as one of them waits.
template <class Stream>
class StreamExchange final : public Exchange,
                             public std::enable_shared_from_this<StreamExchange<Stream>> {
 public:
  StreamExchange(asio::io_context& io, asio::ssl::context& tls, Wish wish)
      : wish_(std::move(wish)),
        endpoint_(Endpoint::parse(wish_.target.collector)),
        resolver_(io),
        deadline_(io),
        stream_(make_stream<Stream, kTls>(io, tls)) {
    parser_.body_limit(kMostAnswerBytes);
  }

  void start() {
    deadline_.expires_after(wish_.patience);
    deadline_.async_wait([self = this->shared_from_this()](const error_code& error) {
      if (!error) self->fail("no answer in time", " from ");
    });
    resolver_.async_resolve(
        endpoint_.host, std::to_string(endpoint_.port),
        [self = this->shared_from_this()](const error_code& error, const auto& addresses) {
          if (self->over_) return;
          if (error) {
            return self->fail(
                "cannot look up " + visible(self->endpoint_.host) + ": " + error.message(),
                " for ");
          }
          self->connect(addresses);
        });
  }

  void give_up() override {
    over_ = true;
    wish_.done = nullptr;  // the other one may be what gives us up
    close();
  }

 private:
  static constexpr bool kTls = std::is_same_v<Stream, TlsStream>;

  // Without the query, which nobody typed.
  std::string url() const { return endpoint_.url(wish_.path.substr(0, wish_.path.find('?'))); }

  void connect(const tcp::resolver::results_type& addresses) {
    beast::get_lowest_layer(stream_).async_connect(
        addresses, [self = this->shared_from_this()](const error_code& error, const auto&) {
          if (self->over_) return;
          if (error) return self->fail("cannot connect", " to ");
          error_code ignored;
          beast::get_lowest_layer(self->stream_).socket().set_option(tcp::no_delay(true), ignored);
          self->secure();
        });
  }

  void secure() {
    if constexpr (kTls) {
      expect_host(stream_.native_handle(), endpoint_.host);
      if (!wish_.target.insecure) {
        stream_.set_verify_callback(asio::ssl::host_name_verification(endpoint_.host));
      }
      stream_.async_handshake(asio::ssl::stream_base::client, [self = this->shared_from_this()](
                                                                  const error_code& error) {
        if (self->over_) return;
        if (error) {
          return self->fail("no TLS connection (" + error.message() + ")", " to ");
        }
        self->ask();
      });
    } else {
      ask();
    }
  }

  void ask() {
    request_.method(http::verb::get);
    request_.target(endpoint_.prefix + wish_.path);
    request_.set(http::field::host, endpoint_.authority());
    request_.set(http::field::user_agent, "papctl");
    request_.set(http::field::accept, "application/json");
    request_.set(http::field::connection, "close");
    if (wish_.target.api_key) request_.set("X-Collector-Key", *wish_.target.api_key);
    http::async_write(stream_, request_,
                      [self = this->shared_from_this()](const error_code& error, std::size_t) {
                        if (self->over_) return;
                        if (error) return self->broke_off();
                        self->read();
                      });
  }

  void read() {
    http::async_read_some(stream_, buffer_, parser_,
                          [self = this->shared_from_this()](const error_code& error, std::size_t) {
                            if (!self->over_) self->on_read(error);
                          });
  }

  void on_read(const error_code& error) {
    if (error) return broke_off();
    std::string& body = parser_.get().body();
    if (wish_.piece && parser_.is_header_done() && parser_.get().result_int() == 200) {
      const bool more = body.empty() || wish_.piece(body, now());
      if (over_) return;
      body.clear();
      if (!more) return finish();
    }
    if (parser_.is_done()) return finish();
    read();
  }

  TimePoint now() const {
    return parse_http_date(std::string(parser_.get()[http::field::date]))
        .value_or(std::chrono::system_clock::now());
  }

  void tell_exchange() const {
    std::string out = "> GET " + visible(endpoint_.prefix + wish_.path) + '\n';
    if (wish_.target.api_key) out += "> X-Collector-Key: ********\n";
    out += "< " + std::to_string(parser_.get().result_int()) + ' ' +
           visible(std::string(parser_.get().reason())) + '\n';
    for (const auto& field : parser_.get()) {
      out += "< " + visible(std::string(field.name_string())) + ": " +
             visible(std::string(field.value())) + '\n';
    }
    std::fputs(out.c_str(), stderr);
  }

  void finish() {
    if (wish_.target.debug) tell_exchange();
    Fetched fetched;
    fetched.answer.status = static_cast<int>(parser_.get().result_int());
    fetched.answer.body = std::move(parser_.get().body());
    fetched.answer.now = now();
    end(std::move(fetched));
  }

  void broke_off() { fail("the answer broke off", " from "); }

  void fail(const std::string& why, const char* joint) {
    Fetched fetched;
    fetched.why = why;
    fetched.failure = Failure(kNotReachable, why + joint + url(),
                              "Is the collector running there? --collector or PAPCTL_COLLECTOR "
                              "names another one.");
    end(std::move(fetched));
  }

  void end(Fetched fetched) {
    if (std::exchange(over_, true)) return;
    close();
    wish_.piece = nullptr;
    if (const auto done = std::exchange(wish_.done, nullptr)) done(std::move(fetched));
  }

  void close() {
    deadline_.cancel();
    resolver_.cancel();
    beast::get_lowest_layer(stream_).close();
  }

  Wish wish_;
  const Endpoint endpoint_;
  tcp::resolver resolver_;
  asio::steady_timer deadline_;
  Stream stream_;
  http::request<http::empty_body> request_;
  http::response_parser<http::string_body> parser_;
  beast::flat_buffer buffer_;
  bool over_ = false;
};

class RunningFetch final : public Fetch {
 public:
  explicit RunningFetch(std::weak_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}
  ~RunningFetch() override {
    if (const auto exchange = exchange_.lock()) exchange->give_up();
  }

 private:
  const std::weak_ptr<Exchange> exchange_;
};

}  // namespace

class Fetcher::Impl {
 public:
  Impl(asio::io_context& event_loop, const Target& target) : io(event_loop) {
    if (Endpoint::parse(target.collector).tls) load_trust(tls, target);
  }

  asio::io_context& io;
  asio::ssl::context tls{asio::ssl::context::tls_client};
};

Fetcher::Fetcher(asio::io_context& io, const Target& target)
    : impl_(std::make_unique<Impl>(io, target)) {}
Fetcher::~Fetcher() = default;

std::unique_ptr<Fetch> Fetcher::get(const Target& target, const std::string& path,
                                    std::chrono::milliseconds patience,
                                    std::function<void(Fetched)> done,
                                    std::function<bool(std::string_view, TimePoint)> piece) {
  Wish wish{target, path, patience, std::move(done), std::move(piece)};
  const auto begin = [&](const auto& exchange) {
    exchange->start();
    return std::make_unique<RunningFetch>(std::weak_ptr<Exchange>(exchange));
  };
  if (Endpoint::parse(target.collector).tls) {
    return begin(
        std::make_shared<StreamExchange<TlsStream>>(impl_->io, impl_->tls, std::move(wish)));
  }
  return begin(
      std::make_shared<StreamExchange<PlainStream>>(impl_->io, impl_->tls, std::move(wish)));
}

}  // namespace pap::ctl
