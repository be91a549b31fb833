// SPDX-License-Identifier: MIT
#pragma once

// A server that answers as a test tells it: older collectors, and such as change while they are
// asked.
//
// Ownership: runs a thread of its own until it is destroyed.
// Threads: set up before go(), then asked from any.

#include <httplib.h>

#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "contract/papctl/papctl_test.hpp"

namespace pap::test {

// A server in this process, told what to answer; what was asked is kept.
class StandIn {
 public:
  StandIn() {
    server_.set_pre_routing_handler([this](const httplib::Request& request, httplib::Response&) {
      const std::lock_guard lock(mutex_);
      asked_.push_back(request.method + ' ' + request.target);
      return httplib::Server::HandlerResponse::Unhandled;
    });
  }
  ~StandIn() {
    server_.stop();
    if (thread_.joinable()) thread_.join();
  }
  StandIn(const StandIn&) = delete;
  StandIn& operator=(const StandIn&) = delete;

  void on(const std::string& path, const std::string& body, int status = 200) {
    server_.Get(path, [body, status](const httplib::Request&, httplib::Response& response) {
      response.status = status;
      response.set_content(body, "application/json; charset=utf-8");
    });
  }
  httplib::Server& server() { return server_; }

  void go() {
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    eventually([this] { return server_.is_running(); });
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  Outcome papctl(Words arguments) const { return run(papctl_wish(url(), std::move(arguments))); }
  std::vector<std::string> asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  httplib::Server server_;
  std::thread thread_;
  int port_ = 0;
  std::mutex mutex_;
  std::vector<std::string> asked_;
};

}  // namespace pap::test
