// SPDX-License-Identifier: MIT
#include "bench/memory/whole_process.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>

#include "bench/support/beats.hpp"
#include "pap/net/service.hpp"

namespace pap::bench {
namespace {

constexpr std::uint64_t kPipelined = 100;

[[noreturn]] void serve(int report_port) {
  net::Config config;
  config.cluster_id = "bench";
  config.cluster_name = "bench";
  config.host = "127.0.0.1";
  config.port = 0;
  config.log_level = net::LogLevel::kOff;
  net::Service service(config);
  std::string error;
  const std::uint16_t port = service.listen(error);
  if (::write(report_port, &port, sizeof port) != sizeof port) ::_exit(1);
  ::_exit(service.run());
}

// Reads until `answers` bodies of heartbeats have come.
void await(int fd, std::uint64_t answers) {
  std::array<char, 65'536> in;
  std::string rest;
  constexpr std::string_view kEnd = "_ms\":";  // of next_heartbeat_ms, once an answer
  while (answers > 0) {
    const ssize_t bytes = ::recv(fd, in.data(), in.size(), 0);
    if (bytes <= 0) throw std::runtime_error("the collector closed the connection");
    rest.append(in.data(), static_cast<std::size_t>(bytes));
    std::size_t after = 0;
    for (auto at = rest.find(kEnd); at != std::string::npos; at = rest.find(kEnd, after)) {
      after = at + kEnd.size();
      --answers;
    }
    rest.erase(0, std::max(after, rest.size() - std::min(rest.size(), kEnd.size() - 1)));
  }
}

void send_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) throw std::runtime_error("the collector does not read");
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

}  // namespace

std::size_t resident_bytes(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  std::string word;
  while (status >> word) {
    if (word != "VmRSS:") continue;
    std::size_t kilobytes = 0;
    status >> kilobytes;
    return kilobytes * 1024;
  }
  throw std::runtime_error("no VmRSS of " + std::to_string(pid));
}

long tcp_pages() {
  std::ifstream sockets("/proc/net/sockstat");
  std::string word;
  while (sockets >> word && word != "TCP:") {
  }
  while (sockets >> word && word != "mem") {
  }
  long pages = 0;
  sockets >> pages;
  return pages;
}

WholeProcess::WholeProcess() {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) throw std::runtime_error("no pipe");
  pid_ = ::fork();
  if (pid_ == 0) serve(pipe[1]);
  const bool told = ::read(pipe[0], &port_, sizeof port_) == sizeof port_;
  ::close(pipe[0]);
  ::close(pipe[1]);
  if (!told || port_ == 0) throw std::runtime_error("the collector does not listen");
}

WholeProcess::~WholeProcess() {
  for (const int fd : idle_) ::close(fd);
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

int WholeProcess::connect() const {
  sockaddr_in server{};
  server.sin_family = AF_INET;
  server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  server.sin_port = htons(port_);
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd >= 0 && ::connect(fd, reinterpret_cast<sockaddr*>(&server), sizeof server) == 0) return fd;
  if (fd >= 0) ::close(fd);
  return -1;
}

void WholeProcess::feed(std::uint64_t agents, bool names) {
  const int fd = connect();
  if (fd < 0) throw std::runtime_error("cannot connect");
  std::string requests;
  for (std::uint64_t i = 0; i < agents;) {
    requests.clear();
    const std::uint64_t end = std::min(agents, i + kPipelined);
    const std::uint64_t count = end - i;
    for (; i < end; ++i) {
      requests +=
          request_of(id_of(i),
                     R"({"mode":"SLEEP","uptime_seconds":3600)" +
                         (names ? R"(,"agent_name":")" + name_of(i) + "\"}" : std::string("}")),
                     Habit::kKeep);
    }
    send_all(fd, requests);
    await(fd, count);
  }
  ::close(fd);
}

std::size_t WholeProcess::open_idle(std::size_t count) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  for (std::size_t i = 0; i < count; ++i) {
    const int fd = connect();
    if (fd < 0) break;
    idle_.push_back(fd);
    send_all(fd, request_of(id_of(i % 1000), body_of(3'600'000), Habit::kKeep));
    await(fd, 1);
  }
  return idle_.size();
}

}  // namespace pap::bench
