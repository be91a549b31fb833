// SPDX-License-Identifier: MIT
#include "papsim/live/slow_observer.hpp"

#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/live/loopback_listener.hpp"

namespace pap::sim {
namespace {

using testing::HasSubstr;

class SlowObservers : public testing::Test {
 protected:
  SlowObservers() {
    std::string error;
    target_ = *resolve("http://127.0.0.1:" + std::to_string(listener_.port()), error);
  }

  LoopbackListener listener_;
  Target target_;
};

TEST_F(SlowObservers, AskForTheStreamOfTheirAgent) {
  SlowObserver observer(target_, "pod-1", "secret");
  LoopbackPeer peer = listener_.accept();
  const std::string request = peer.request();
  EXPECT_THAT(request, HasSubstr("GET /observe/pod-1 HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr("Upgrade: websocket\r\n"));
  EXPECT_THAT(request, HasSubstr("X-Collector-Key: secret\r\n"));
}

TEST_F(SlowObservers, AreContentWithAStreamAndWithItsEnd) {
  SlowObserver observer(target_, "pod-1", "");
  std::optional<LoopbackPeer> peer = listener_.accept();
  peer->request();
  peer->send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");
  observer.read();
  peer.reset();
  observer.read();
  observer.read();
  EXPECT_EQ(observer.trouble(), "");
}

TEST_F(SlowObservers, SayHowTheyWereRefused) {
  SlowObserver observer(target_, "pod-1", "");
  LoopbackPeer peer = listener_.accept();
  peer.request();
  peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  observer.read();
  EXPECT_EQ(observer.trouble(), "HTTP/1.1 400 Bad Request");
}

TEST_F(SlowObservers, SayThatNobodyAnswered) {
  SlowObserver observer(target_, "pod-1", "");
  {
    LoopbackPeer peer = listener_.accept();
    peer.request();
  }
  observer.read();
  EXPECT_THAT(observer.trouble(), HasSubstr("ended before an answer"));
}

}  // namespace
}  // namespace pap::sim
