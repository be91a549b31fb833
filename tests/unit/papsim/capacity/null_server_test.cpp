// SPDX-License-Identifier: MIT
#include "papsim/capacity/null_server.hpp"

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "papsim/live/heartbeat_exchange.hpp"
#include "papsim/live/request_client.hpp"

namespace pap::sim {
namespace {

class ServedByNobody : public testing::Test {
 protected:
  ~ServedByNobody() override {
    stop_ = true;
    thread_.join();
  }

  // The results of so many requests, one after the other, from one source.
  std::vector<Answer> ask(const std::vector<std::string>& requests, Connections connections) {
    std::string error;
    const auto target = resolve("http://127.0.0.1:" + std::to_string(server_.port()), error);
    std::vector<Answer> answers;
    std::vector<std::string> bodies;
    std::size_t ended = 0;
    RequestClient client(*target, connections, [&](const RequestClient::Result& result) {
      ++ended;
      if (result.end != RequestClient::End::kAnswered) return;
      answers.push_back(result.answer);
      std::string why;
      receipts_ += read_receipt(result.answer, why).has_value() ? 1 : 0;
    });
    for (std::size_t i = 0; i < requests.size(); ++i) {
      client.send(0, i, requests[i]);
      while (ended <= i) client.wait(std::chrono::milliseconds(100));
    }
    return answers;
  }

  std::atomic<bool> stop_ = false;
  NullServer server_;
  std::thread thread_{[this] { server_.run([this] { return stop_.load(); }); }};
  int receipts_ = 0;
};

std::string heartbeat_over(Connections connections) {
  RequestWriter writer("127.0.0.1", connections);
  SeenBeat beat{};
  return std::string{writer.heartbeat("pod-1", beat)};
}

TEST_F(ServedByNobody, GetsAReceiptForEachHeartbeatFreshOrKept) {
  for (const Connections how : {Connections::kFresh, Connections::kKept}) {
    const std::string beat = heartbeat_over(how);
    EXPECT_EQ(ask({beat, beat, beat}, how).size(), 3U);
  }
  EXPECT_EQ(receipts_, 6);
}

TEST_F(ServedByNobody, IsHealthyAndKnowsNothingElse) {
  const auto answers =
      ask({"GET /health HTTP/1.1\r\nhost: h\r\n\r\n", "GET /agents HTTP/1.1\r\nhost: h\r\n\r\n"},
          Connections::kKept);
  ASSERT_EQ(answers.size(), 2U);
  EXPECT_EQ(answers[0].status, 200);
  EXPECT_EQ(answers[1].status, 404);
}

TEST(NullServer, SaysWhenItsPortIsTaken) {
  const NullServer first;
  EXPECT_THROW(NullServer{first.port()}, std::runtime_error);
}

}  // namespace
}  // namespace pap::sim
