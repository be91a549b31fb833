// SPDX-License-Identifier: MIT
#include "support/collectord_process.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <regex>
#include <stdexcept>
#include <thread>

namespace pap::test {
namespace {

using Clock = std::chrono::steady_clock;

// A sanitizer on a machine that others share takes its time.
constexpr std::chrono::seconds kStartPatience{60};

std::string program() {
  const char* path = std::getenv("PAP_COLLECTORD");
  return path != nullptr && *path != '\0' ? path : PAP_COLLECTORD_PATH;
}

// From the line that says so: `… started … port=8080 …`, "port":8080 in JSON, or, where the log is
// too quiet for it, `listening on port 8080`.
std::optional<std::uint16_t> port_in(const std::string& log) {
  static const std::regex form(
      R"re((?:\bstarted\b[^\n]*\bport"?[=:]|listening on port )(\d+)[^\n]*\n)re");
  std::smatch match;
  if (!std::regex_search(log, match, form)) return std::nullopt;
  return static_cast<std::uint16_t>(std::stoul(match[1].str()));
}

// The status of GET /ready; 0 for no answer.
int ready_status(std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval patience{10, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int status = 0;
  if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    constexpr std::string_view kRequest = "GET /ready HTTP/1.0\r\n\r\n";
    ::send(socket, kRequest.data(), kRequest.size(), MSG_NOSIGNAL);
    std::array<char, 256> answer{};
    const ssize_t bytes = ::recv(socket, answer.data(), answer.size(), 0);
    constexpr std::size_t kStatusAt = sizeof "HTTP/1.1";
    if (bytes > 12) status = std::atoi(answer.data() + kStatusAt);
  }
  ::close(socket);
  return status;
}

Environment environment_of(const CollectordWish& wish) {
  Environment environment{{"CLUSTER_ID", "is.plugged.in"},
                          {"CLUSTER_NAME", "Production Cluster"},
                          {"COLLECTOR_HOST", "127.0.0.1"},
                          {"COLLECTOR_PORT", "0"}};
  for (const auto& [name, value] : wish.environment) environment[name] = value;
  return environment;
}

}  // namespace

ChildWish Collectord::child_wish(const CollectordWish& wish) {
  ChildWish child;
  child.program = program();
  child.arguments = wish.arguments;
  child.environment = environment_of(wish);
  child.descriptor_limit = wish.descriptor_limit;
  return child;
}

Collectord::Collectord(const CollectordWish& wish) : Collectord(child_wish(wish)) {}

Collectord::Collectord(const ChildWish& child) : process_(child) {
  const auto fail = [this](const std::string& what) {
    const auto status = process_.wait(std::chrono::milliseconds(0));
    throw std::runtime_error("collectord " + what + "; status " +
                             (status ? std::to_string(*status) : "none") + ", it said:\n" + log());
  };
  const auto end = Clock::now() + kStartPatience;
  const bool started = process_.wait_for_output(
      [](const std::string& out, const std::string& err) { return port_in(out + err) > 0; },
      kStartPatience);
  if (!started) fail("did not start");
  port_ = port_in(log()).value_or(0);
  while (ready_status(port_) != 200) {
    if (!process_.running()) fail("ended");
    if (Clock::now() > end) fail("did not become ready");
    std::this_thread::sleep_for(std::chrono::milliseconds(5));  // poll
  }
}

std::string Collectord::url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

void Collectord::stop() { process_.signal(SIGTERM); }
void Collectord::kill() { process_.signal(SIGKILL); }
void Collectord::freeze() { process_.signal(SIGSTOP); }
void Collectord::thaw() { process_.signal(SIGCONT); }

std::optional<int> Collectord::wait(std::chrono::milliseconds patience) {
  return process_.wait(patience);
}

bool Collectord::wait_for_log(const std::string& text, std::chrono::milliseconds patience) const {
  return process_.wait_for_output(
      [&](const std::string& out, const std::string& err) {
        return out.find(text) != std::string::npos || err.find(text) != std::string::npos;
      },
      patience);
}

}  // namespace pap::test
