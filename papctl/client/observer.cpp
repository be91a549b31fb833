// SPDX-License-Identifier: MIT
#include "papctl/client/observer.hpp"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <random>
#include <utility>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast.hpp>
#include <boost/beast/ssl.hpp>

#include "papctl/client/client.hpp"
#include "papctl/client/tls.hpp"
#include "papctl/exit_status.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using std::chrono::milliseconds;

using PlainStream = websocket::stream<beast::tcp_stream>;
using TlsStream = websocket::stream<beast::ssl_stream<beast::tcp_stream>>;

// How one connection ended.
struct Loss {
  std::string why;
  unsigned status = 0;  // of an answer that was no upgrade
};

// One connection, from the look-up of the name to its loss.
class Session {
 public:
  virtual ~Session() = default;
  virtual void start() = 0;
  // Nothing is told any more.
  virtual void close() = 0;
};

struct SessionHandlers {
  std::function<void()> connected;
  std::function<void(std::string)> message;
  std::function<void(Loss)> lost;
};

// Handlers hold the session; it lives as long as one of them waits.
template <class Stream>
class StreamSession final : public Session,
                            public std::enable_shared_from_this<StreamSession<Stream>> {
 public:
  StreamSession(asio::io_context& io, asio::ssl::context& tls, const Endpoint& endpoint,
                const Target& target, std::string path, SessionHandlers handlers)
      : endpoint_(endpoint),
        target_(target),
        path_(std::move(path)),
        handlers_(std::move(handlers)),
        resolver_(io),
        stream_(make_stream<Stream, kTls>(io, tls)) {}

  void start() override {
    resolver_.async_resolve(
        endpoint_.host, std::to_string(endpoint_.port),
        [self = this->shared_from_this()](const error_code& error, const auto& addresses) {
          if (self->closed_) return;
          if (error) return self->lost("cannot look up " + self->endpoint_.host, error);
          self->connect(addresses);
        });
  }

  void close() override {
    closed_ = true;
    handlers_ = {[] {}, [](const std::string&) {}, [](const Loss&) {}};
    resolver_.cancel();
    lowest().close();
  }

 private:
  static constexpr bool kTls = std::is_same_v<Stream, TlsStream>;

  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

  void connect(const tcp::resolver::results_type& addresses) {
    lowest().expires_after(kConnectPatience);
    lowest().async_connect(addresses,
                           [self = this->shared_from_this()](const error_code& error, const auto&) {
                             if (error) return self->lost("cannot connect", error);
                             error_code ignored;
                             self->lowest().socket().set_option(tcp::no_delay(true), ignored);
                             if constexpr (kTls) {
                               self->secure();
                             } else {
                               self->upgrade();
                             }
                           });
  }

  void secure() {
    if constexpr (kTls) {
      auto& tls = stream_.next_layer();
      expect_host(tls.native_handle(), endpoint_.host);
      if (!target_.insecure) {
        tls.set_verify_callback(asio::ssl::host_name_verification(endpoint_.host));
      }
      tls.async_handshake(asio::ssl::stream_base::client,
                          [self = this->shared_from_this()](const error_code& error) {
                            if (error) return self->lost("no TLS connection", error);
                            self->upgrade();
                          });
    }
  }

  void upgrade() {
    lowest().expires_never();  // from here on the WebSocket's own time-outs count
    // Beast counts a ping of the collector's as life only where it sends pings of its own.
    stream_.set_option(websocket::stream_base::timeout{kAnswerPatience, kSilence, true});
    stream_.read_message_max(kMostMessageBytes);
    stream_.set_option(websocket::stream_base::decorator([this](websocket::request_type& request) {
      request.set(http::field::user_agent, "papctl");
      if (target_.api_key) request.set("X-Collector-Key", *target_.api_key);
    }));
    stream_.async_handshake(
        answer_, endpoint_.authority(), endpoint_.prefix + path_,
        [self = this->shared_from_this()](const error_code& error) {
          if (self->target_.debug) self->tell_exchange();
          if (error == websocket::error::upgrade_declined) {
            const unsigned status = self->answer_.result_int();
            return self->handlers_.lost(
                {"it answered " + status_and_reason(static_cast<int>(status), self->answer_.body()),
                 status});
          }
          if (error) return self->lost("no WebSocket", error);
          self->handlers_.connected();
          self->read();
        });
  }

  void tell_exchange() {
    std::string out = "> GET " + visible(endpoint_.prefix + path_) + " (WebSocket)\n";
    if (target_.api_key) out += "> X-Collector-Key: ********\n";
    out += "< " + std::to_string(answer_.result_int()) + ' ' +
           visible(std::string(answer_.reason())) + '\n';
    for (const auto& field : answer_) {
      out += "< " + visible(std::string(field.name_string())) + ": " +
             visible(std::string(field.value())) + '\n';
    }
    std::fputs(out.c_str(), stderr);
  }

  void read() {
    stream_.async_read(buffer_,
                       [self = this->shared_from_this()](const error_code& error, std::size_t) {
                         if (error == websocket::error::closed) {
                           const auto reason = self->stream_.reason();
                           std::string why = "the collector closed it";
                           if (reason.code == websocket::close_code::going_away)
                             why += ", since it is stopping";
                           return self->handlers_.lost({why, 0});
                         }
                         if (error) return self->lost("it broke off", error);
                         std::string message = beast::buffers_to_string(self->buffer_.data());
                         self->buffer_.consume(self->buffer_.size());
                         self->handlers_.message(std::move(message));
                         self->read();
                       });
  }

  void lost(const std::string& what, const error_code& error) {
    handlers_.lost({what + ": " + error.message(), 0});
  }

  const Endpoint endpoint_;
  const Target target_;
  const std::string path_;
  SessionHandlers handlers_;
  tcp::resolver resolver_;
  Stream stream_;
  websocket::response_type answer_;
  beast::flat_buffer buffer_;
  bool closed_ = false;
};

}  // namespace

class Observer::Impl {
 public:
  Impl(const std::vector<Stream>& streams, Handlers handlers)
      : own_io_(std::make_unique<asio::io_context>(1)),
        io_(*own_io_),
        handlers_(std::move(handlers)),
        random_(std::random_device{}()) {
    add(streams);
  }
  Impl(asio::io_context& io, const std::vector<Stream>& streams, Handlers handlers,
       std::function<void(const Failure&)> failed)
      : io_(io),
        handlers_(std::move(handlers)),
        failed_(std::move(failed)),
        random_(std::random_device{}()) {
    add(streams);
    start();
  }
  ~Impl() {
    for (const auto& link : links_) {
      if (link->session) link->session->close();
    }
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void run(std::optional<milliseconds> time) {
    start();
    if (time) {
      io_.run_for(*time);
      const auto was_there = [](const auto& link) { return link->was_connected; };
      if (!failure_ && !io_.stopped() && !links_.empty() &&
          std::none_of(links_.begin(), links_.end(), was_there)) {
        failure_ = Failure(kNotReachable, "no stream was to be had in that time");
      }
    } else {
      io_.run();
    }
    if (failure_) throw Failure(*failure_);
  }

 private:
  // One path, over however many connections.
  struct Link {
    Link(const Stream& stream, asio::io_context& io)
        : target(stream.target),
          endpoint(Endpoint::parse(target.collector)),
          path(stream.path),
          timer(io) {}
    const Target target;
    const Endpoint endpoint;
    const std::string path;
    asio::steady_timer timer;
    std::shared_ptr<Session> session;
    milliseconds retry{kFirstRetry};
    bool was_connected = false;
    bool was_lost = false;
  };

  void add(const std::vector<Stream>& streams) {
    for (const Stream& stream : streams) {
      links_.push_back(std::make_unique<Link>(stream, io_));
      if (links_.back()->endpoint.tls) load_trust(tls_, streams.front().target);
    }
  }

  void start() {
    for (const auto& link : links_) open(*link);
  }

  void open(Link& link) {
    SessionHandlers handlers{[this, &link] {
                               handlers_.connected(link.endpoint.authority(),
                                                   std::exchange(link.was_connected, true));
                             },
                             [this, &link](const std::string& message) {
                               link.retry = kFirstRetry;
                               if (!handlers_.message(link.endpoint.authority(), message))
                                 io_.stop();
                             },
                             [this, &link](const Loss& loss) { on_lost(link, loss); }};
    if (link.endpoint.tls) {
      link.session = std::make_shared<StreamSession<TlsStream>>(
          io_, tls_, link.endpoint, link.target, link.path, std::move(handlers));
    } else {
      link.session = std::make_shared<StreamSession<PlainStream>>(
          io_, tls_, link.endpoint, link.target, link.path, std::move(handlers));
    }
    link.session->start();
  }

  void on_lost(Link& link, const Loss& loss) {
    if (loss.status == 401 || loss.status == 403) {
      return end({kNotAuthorised, "not authorised at " + link.endpoint.url(link.path),
                  "The collector wants its COLLECTOR_API_KEY: --key-file FILE, or PAPCTL_KEY."});
    }
    if (loss.status == 400 || loss.status == 404) {
      return end({kError, link.endpoint.url(link.path) + " is no stream here: " + loss.why,
                  std::string{loss.status == 400 ? "It does not take the id or a filter, or is an "
                                                   "older one. "
                                                 : ""} +
                      "Older collectors cannot be observed; `papctl agents list --watch` asks "
                      "them again and again."});
    }
    link.was_lost = true;
    if (own_io_ && nobody_was_there()) {
      return end({kNotReachable,
                  "no stream from " + link.endpoint.authority() + ": " + visible(loss.why),
                  loss.status == 503
                      ? "It has as many connections or observers as it takes, or is stopping."
                      : "Is the collector running there? --collector or PAPCTL_COLLECTOR names "
                        "another one."});
    }
    const milliseconds wait = link.retry;
    std::uniform_int_distribution<std::int64_t> jitter(0, wait.count() / 4);
    link.retry = std::min<milliseconds>(2 * link.retry, kLongestRetry);
    handlers_.lost(link.endpoint.authority(), loss.why, wait);
    link.timer.expires_after(wait + milliseconds(jitter(random_)));
    link.timer.async_wait([this, &link](const error_code& error) {
      if (!error) open(link);
    });
  }

  // Each has been tried, and none was ever had: an address that is wrong will not mend itself.
  bool nobody_was_there() const {
    return std::all_of(links_.begin(), links_.end(),
                       [](const auto& link) { return link->was_lost && !link->was_connected; });
  }

  void end(const Failure& failure) {
    if (failed_) return failed_(failure);
    failure_ = failure;
    io_.stop();
  }

  const std::unique_ptr<asio::io_context> own_io_;  // none: somebody else's is used
  asio::io_context& io_;
  const Handlers handlers_;
  const std::function<void(const Failure&)> failed_;

  asio::ssl::context tls_{asio::ssl::context::tls_client};
  std::minstd_rand random_;
  std::vector<std::unique_ptr<Link>> links_;
  std::optional<Failure> failure_;
};

Observer::Observer(const std::vector<Stream>& streams, Handlers handlers)
    : impl_(std::make_unique<Impl>(streams, std::move(handlers))) {}
Observer::Observer(asio::io_context& io, const std::vector<Stream>& streams, Handlers handlers,
                   std::function<void(const Failure&)> failed)
    : impl_(std::make_unique<Impl>(io, streams, std::move(handlers), std::move(failed))) {}
Observer::~Observer() = default;
void Observer::run(std::optional<milliseconds> time) { impl_->run(time); }

}  // namespace pap::ctl
