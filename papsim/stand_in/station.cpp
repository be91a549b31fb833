// SPDX-License-Identifier: MIT
#include "papsim/stand_in/station.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/http/status.hpp>

#include "papsim/stand_in/alert_rules.hpp"
#include "papsim/stand_in/station_session.hpp"

namespace pap::sim {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using nlohmann::json;

namespace {

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

std::string render(int status, const StationAct::Headers& headers, const std::string& body) {
  std::string out = "HTTP/1.1 " + std::to_string(status) + ' ';
  out += http::obsolete_reason(static_cast<http::status>(status));
  out += "\r\nContent-Type: application/json\r\n";
  for (const auto& [name, value] : headers) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
  }
  return out + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

ReceivedAlert received_from(const StationRequest& request, std::size_t connection) {
  ReceivedAlert alert;
  alert.at = std::chrono::steady_clock::now();
  alert.method = request.method_string();
  alert.target = request.target();
  for (const auto& field : request) {
    alert.headers[lower(std::string(field.name_string()))] = field.value();
  }
  alert.body = request.body();
  alert.alert = json::parse(alert.body, nullptr, false);
  if (alert.alert.is_discarded()) alert.alert = nullptr;
  alert.connection = connection;
  return alert;
}

}  // namespace

class Station::Impl : public std::enable_shared_from_this<Impl> {
 public:
  explicit Impl(StationWish wish)
      : wish_(std::move(wish)), rules_{wish_.key, wish_.only_uuids}, holder_(io_), acceptor_(io_) {
    if (wish_.tls) {
      tls_.emplace(asio::ssl::context::tls_server);
      tls_->use_certificate_chain(asio::buffer(wish_.tls->certificate_pem));
      tls_->use_private_key(asio::buffer(wish_.tls->key_pem), asio::ssl::context::pem);
    }
    listen();
    thread_ = std::thread([this] {
      const auto work = asio::make_work_guard(io_);
      io_.run();
    });
  }

  ~Impl() {
    in_thread([this] { drop_everything(); });
    io_.stop();
    thread_.join();
  }

  // Runs `job` in the Station's thread and waits for it.
  void in_thread(const std::function<void()>& job) {
    std::promise<void> done;
    asio::post(io_, [&] {
      try {
        job();
        done.set_value();
      } catch (...) {
        done.set_exception(std::current_exception());
      }
    });
    done.get_future().get();
  }

  void listen() {
    if (!holder_.is_open()) wish_.port = bind(holder_);
    bind(acceptor_);
    acceptor_.listen();
    accept();
  }

  std::uint16_t bind(tcp::acceptor& acceptor) const {
    const tcp::endpoint endpoint(asio::ip::make_address(wish_.host), wish_.port);
    acceptor.open(endpoint.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(endpoint);
    return acceptor.local_endpoint().port();
  }

  void drop_everything() {
    error_code ignored;
    acceptor_.close(ignored);
    for (const auto& [number, session] : sessions()) session->close();
  }

  void close_resting() {
    for (const auto& [number, session] : sessions()) session->close_at_rest();
  }

  template <typename Change>
  void change(Change change) {
    const std::lock_guard lock(mutex_);
    change();
  }

  bool wait(const std::function<bool()>& is_true, std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, is_true);
  }

  // Set before the thread starts, and after that only by it.
  StationWish wish_;

  // Behind the mutex.
  std::mutex mutex_;
  std::condition_variable changed_;
  AlertRules rules_;
  StationAct always_;
  std::deque<StationAct> once_;
  std::chrono::milliseconds delay_{0};
  std::set<std::string> refused_;
  bool close_after_answer_ = false;
  std::function<StationAct(const ReceivedAlert&)> decision_;
  std::function<void(const ReceivedAlert&)> watcher_;
  Alerts received_;
  std::size_t accepted_ = 0;
  std::map<std::size_t, std::shared_ptr<StationSession>> sessions_;

 private:
  using Sessions = std::map<std::size_t, std::shared_ptr<StationSession>>;

  Sessions sessions() {
    const std::lock_guard lock(mutex_);
    return sessions_;
  }

  void accept() {
    acceptor_.async_accept([this](const error_code& ec, tcp::socket socket) {
      if (ec == asio::error::operation_aborted || !acceptor_.is_open()) return;
      if (!ec) begin(std::move(socket));
      accept();
    });
  }

  void begin(tcp::socket socket) {
    std::shared_ptr<StationSession> session;
    {
      const std::lock_guard lock(mutex_);
      const std::size_t number = ++accepted_;
      session = make_station_session(
          std::move(socket), tls_ ? &*tls_ : nullptr,
          {[this, number](const StationRequest& request) { return react(request, number); },
           [this, number] { end(number); }});
      sessions_.emplace(number, session);
    }
    changed_.notify_all();
    session->start();
  }

  void end(std::size_t number) {
    {
      const std::lock_guard lock(mutex_);
      sessions_.erase(number);
    }
    changed_.notify_all();
  }

  StationReaction react(const StationRequest& request, std::size_t number) {
    ReceivedAlert alert = received_from(request, number);
    StationReaction reaction;
    std::function<StationAct(const ReceivedAlert&)> decision;
    std::function<void(const ReceivedAlert&)> watcher;
    StationAct act;
    {
      const std::lock_guard lock(mutex_);
      decision = decision_;
      watcher = watcher_;
      act = always_;
      if (!decision && !once_.empty()) {
        act = std::move(once_.front());
        once_.pop_front();
      }
    }
    if (decision) act = decision(alert);
    {
      const std::lock_guard lock(mutex_);
      reaction = perform(act, alert);
      alert.answered = true;
      if (wish_.keeps) received_.push_back(alert);
    }
    changed_.notify_all();
    if (watcher) watcher(alert);
    return reaction;
  }

  StationReaction perform(const StationAct& act, ReceivedAlert& alert) const {
    const bool close = act.close || close_after_answer_;
    const auto delay = delay_ + act.delay;
    switch (act.kind) {
      case StationAct::Kind::kHang:
        return {false, {}, false, {}};
      case StationAct::Kind::kCut:
        return {true, {}, true, delay};
      case StationAct::Kind::kCutMidway:
        return {true, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"recei", true, delay};
      case StationAct::Kind::kRaw:
        return {true, act.bytes, close, delay};
      case StationAct::Kind::kStatus:
        alert.status = act.status;
        return {true, render(act.status, act.headers, act.bytes), close, delay};
      case StationAct::Kind::kJudge:
        break;
    }
    return {true, judge(alert), close, delay};
  }

  std::string judge(ReceivedAlert& alert) const {
    auto refusal = check_alert(rules_, alert.headers["authorization"],
                               alert.headers["content-type"], alert.body);
    if (alert.method != "POST") refusal = Refusal{405, "not POST"};
    if (!refusal && refused_.contains(alert.alert["agent_uuid"].get<std::string>())) {
      refusal = Refusal{400, "this agent is refused"};
    }
    alert.status = refusal ? refusal->status : 200;
    if (!refusal) return render(200, {}, R"({"received":true})");
    alert.refused = refusal->error;
    return render(refusal->status, {}, json{{"error", refusal->error}}.dump());
  }

  asio::io_context io_{1};
  std::optional<asio::ssl::context> tls_;
  // Never listens: it keeps the port from being given to anyone else while the Station is down.
  tcp::acceptor holder_;
  tcp::acceptor acceptor_;
  std::thread thread_;
};

Station::Station(StationWish wish) : impl_(std::make_shared<Impl>(std::move(wish))) {}
Station::~Station() = default;

std::uint16_t Station::port() const { return impl_->wish_.port; }

std::string Station::url(const std::string& host) const {
  return std::string(impl_->wish_.tls ? "https://" : "http://") +
         (host.empty() ? impl_->wish_.host : host) + ':' + std::to_string(port()) + "/alerts";
}

void Station::always(StationAct act) {
  impl_->change([&] { impl_->always_ = std::move(act); });
}
void Station::once(StationAct act) {
  impl_->change([&] { impl_->once_.push_back(std::move(act)); });
}
void Station::delay(std::chrono::milliseconds time) {
  impl_->change([&] { impl_->delay_ = time; });
}
void Station::refuse(const std::string& agent) {
  impl_->change([&] { impl_->refused_.insert(agent); });
}
void Station::accept_any_id() {
  impl_->change([&] { impl_->rules_.only_uuids = false; });
}
void Station::close_after_answer(bool yes) {
  impl_->change([&] { impl_->close_after_answer_ = yes; });
}
void Station::decide(std::function<StationAct(const ReceivedAlert&)> decision) {
  impl_->change([&] { impl_->decision_ = std::move(decision); });
}
void Station::on_alert(std::function<void(const ReceivedAlert&)> watcher) {
  impl_->change([&] { impl_->watcher_ = std::move(watcher); });
}

void Station::close_resting() {
  impl_->in_thread([this] { impl_->close_resting(); });
}
void Station::down() {
  impl_->in_thread([this] { impl_->drop_everything(); });
}
void Station::up() {
  impl_->in_thread([this] { impl_->listen(); });
}

Station::Alerts Station::received() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->received_;
}

Station::Alerts Station::stored() const {
  Alerts alerts = received();
  std::erase_if(alerts, [](const ReceivedAlert& a) { return a.status < 200 || a.status > 299; });
  return alerts;
}

std::size_t Station::connections_accepted() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->accepted_;
}

std::size_t Station::connections_open() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->sessions_.size();
}

bool Station::wait_for(const std::function<bool(const Alerts&)>& is_true,
                       std::chrono::milliseconds patience) const {
  return impl_->wait([&] { return is_true(impl_->received_); }, patience);
}

bool Station::wait_for_connections_open(std::size_t count,
                                        std::chrono::milliseconds patience) const {
  return impl_->wait([&] { return impl_->sessions_.size() == count; }, patience);
}

}  // namespace pap::sim
