// SPDX-License-Identifier: MIT
#include "support/observer.hpp"

#include <stdexcept>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>

namespace pap::test {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using boost::system::error_code;
using tcp = asio::ip::tcp;

class Observer::Impl {
 public:
  // Runs the operation that `start` begins, for as long as patience lasts.
  template <class Start>
  error_code await(Start start) {
    std::optional<error_code> result;
    start([&result](const error_code& error, auto&&...) { result = error; });
    const auto end = std::chrono::steady_clock::now() + kPatience;
    io.restart();
    while (!result && io.run_one_until(end) > 0) {
    }
    if (result) return *result;
    stream.next_layer().close();
    io.restart();
    io.run();
    throw std::runtime_error("nothing came from the collector in time");
  }

  asio::io_context io{1};
  websocket::stream<tcp::socket> stream{io};
  beast::flat_buffer in;
};

Observer::Observer(std::uint16_t port, const std::string& target, const Wish& wish)
    : impl_(std::make_unique<Impl>()) {
  tcp::socket& socket = impl_->stream.next_layer();
  socket.open(tcp::v4());
  if (wish.receive_buffer > 0) {
    socket.set_option(asio::socket_base::receive_buffer_size(wish.receive_buffer));
  }
  socket.connect({asio::ip::address_v4::loopback(), port});
  impl_->stream.set_option(websocket::stream_base::decorator([&](websocket::request_type& request) {
    for (const auto& [name, value] : wish.headers) request.set(name, value);
  }));
  websocket::response_type response;
  const error_code error = impl_->await(
      [&](auto handler) { impl_->stream.async_handshake(response, "collector", target, handler); });
  if (error == websocket::error::upgrade_declined) {
    refused_ = Refusal{static_cast<int>(response.result_int()), response.body()};
  } else if (error) {
    throw std::runtime_error("handshake: " + error.message());
  }
}

Observer::~Observer() = default;
Observer::Observer(Observer&&) noexcept = default;

nlohmann::json Observer::receive() {
  const error_code error =
      impl_->await([&](auto handler) { impl_->stream.async_read(impl_->in, handler); });
  if (error) throw std::runtime_error("no message but the end: " + error.message());
  const std::string text = beast::buffers_to_string(impl_->in.data());
  impl_->in.consume(impl_->in.size());
  return nlohmann::json::parse(text);
}

nlohmann::json Observer::receive(const std::string& type) {
  for (;;) {
    nlohmann::json message = receive();
    if (message.value("type", "") == type) return message;
  }
}

void Observer::send(const std::string& text) {
  impl_->stream.text(true);
  impl_->await([&](auto handler) { impl_->stream.async_write(asio::buffer(text), handler); });
}

void Observer::send_binary(const std::string& bytes) {
  impl_->stream.binary(true);
  impl_->await([&](auto handler) { impl_->stream.async_write(asio::buffer(bytes), handler); });
}

void Observer::close() {
  impl_->await(
      [&](auto handler) { impl_->stream.async_close(websocket::close_code::normal, handler); });
}

std::uint16_t Observer::wait_for_close() {
  error_code error;
  while (!error) {
    error = impl_->await([&](auto handler) { impl_->stream.async_read(impl_->in, handler); });
    impl_->in.consume(impl_->in.size());
  }
  const auto code = impl_->stream.reason().code;
  return error == websocket::error::closed ? static_cast<std::uint16_t>(code) : 1006;
}

}  // namespace pap::test
