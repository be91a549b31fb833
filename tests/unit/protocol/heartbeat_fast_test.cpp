// SPDX-License-Identifier: MIT
#include "protocol/heartbeat_fast.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <string>

#include "protocol/heartbeat_json.hpp"
#include "unit/protocol/recordings.hpp"

namespace pap::protocol {
namespace {

constexpr std::string_view kBodies[] = {
    recorded::kHeartbeat,
    R"({"mode":"EMERGENCY","uptime_seconds":0})",
    R"({"mode":"SLEEP","uptime_seconds":1.5e+3,"agent_name":""})",
    " {\n\"agent_name\" : \"caf\xC3\xA9 \xF0\x9F\x98\x80\",\t\"uptime_seconds\" : 900719925474099"
    "3 ,\r\"mode\" : \"IDLE\" } ",
};

// True when the fast reader took it; fails the test when the strict reader does not agree.
bool is_taken_and_agreed(const std::string& body) {
  const auto fast = read_heartbeat_fast(body);
  if (!fast) return false;
  std::string name;
  const HeartbeatResult strict = read_heartbeat_json(body, name);
  EXPECT_TRUE(strict.has_value()) << body << "\n" << strict.error().message;
  if (!strict.has_value()) return true;
  EXPECT_EQ(fast->mode, strict->mode) << body;
  EXPECT_EQ(std::bit_cast<std::uint64_t>(fast->uptime_seconds),
            std::bit_cast<std::uint64_t>(strict->uptime_seconds))
      << body;
  EXPECT_EQ(fast->agent_name, strict->agent_name) << body;
  return true;
}

TEST(FastReader, TakesWhatAgentsReallySend) {
  for (const auto body : kBodies) EXPECT_TRUE(is_taken_and_agreed(std::string(body))) << body;
}

TEST(FastReader, ReadsTheNameInPlace) {
  const auto heartbeat = read_heartbeat_fast(recorded::kHeartbeat);
  ASSERT_TRUE(heartbeat);
  EXPECT_EQ(heartbeat->agent_name.data(),
            recorded::kHeartbeat.data() + recorded::kHeartbeat.find("my-agent"));
}

TEST(FastReader, StepsAsideForAllThatIsUnusual) {
  for (const auto* body : {"",
                           "{}",
                           "[]",
                           "null",
                           R"({"mode":"IDLE"})",
                           R"({"uptime_seconds":1})",
                           R"({"mode":"DEAD","uptime_seconds":1})",
                           R"({"mode":"IDLE","uptime_seconds":-1})",
                           R"({"mode":"IDLE","uptime_seconds":-0})",
                           R"({"mode":"IDLE","uptime_seconds":"1"})",
                           R"({"mode":"IDLE","uptime_seconds":1,"agent_name":null})",
                           R"({"mode":"IDLE","uptime_seconds":1,"agent_name":"a\u0062"})",
                           R"({"m\u006fde":"IDLE","uptime_seconds":1})",
                           R"({"mode":"IDLE","uptime_seconds":1,"x":1})",
                           R"({"mode":"IDLE","uptime_seconds":1,"cpu_percent":1})",
                           R"({"mode":"IDLE","uptime_seconds":1,"mode":"IDLE"})",
                           R"({"mode":"IDLE","uptime_seconds":1,"uptime_seconds":1})",
                           R"({"mode":"IDLE","uptime_seconds":1,"agent_name":"","agent_name":""})",
                           R"({"mode":"IDLE","uptime_seconds":1e400})",
                           R"({"mode":"IDLE","uptime_seconds":1e-400})",
                           R"({"mode":"IDLE","uptime_seconds":1,})",
                           R"({"mode":"IDLE","uptime_seconds":1}x)",
                           R"({"mode":"IDLE","uptime_seconds":1)",
                           R"({,"mode":"IDLE","uptime_seconds":1})",
                           R"({"mode":"IDLE" "uptime_seconds":1})",
                           R"({"mode":"IDLE","uptime_seconds":01})",
                           R"({"mode":"IDLE","uptime_seconds":1.})",
                           R"({"mode":"IDLE","uptime_seconds":1e})",
                           R"({"mode":"IDLE","uptime_seconds":inf})",
                           "{\"mode\":\"IDLE\",\"uptime_seconds\":1,\"agent_name\":\"\xC3\"}",
                           "{\"mode\":\"IDLE\",\"uptime_seconds\":1,\"agent_name\":\"\n\"}"}) {
    EXPECT_FALSE(read_heartbeat_fast(body)) << body;
  }
}

TEST(FastReader, AgreesWithTheStrictReaderOnEveryByteThatCouldBeElsewhere) {
  std::size_t taken = 0;
  for (const std::string_view body : kBodies) {
    for (std::size_t at = 0; at < body.size(); ++at) {
      for (int c = 0; c < 256; ++c) {
        std::string replaced(body);
        replaced[at] = static_cast<char>(c);
        if (is_taken_and_agreed(replaced)) ++taken;
        std::string inserted(body);
        inserted.insert(at, 1, static_cast<char>(c));
        if (is_taken_and_agreed(inserted)) ++taken;
      }
    }
  }
  EXPECT_GT(taken, 1'000u);  // names and numbers leave room
}

TEST(FastReader, AgreesWithTheStrictReaderOnWhatIsCutOrDoubled) {
  for (const std::string_view body : kBodies) {
    for (std::size_t from = 0; from <= body.size(); ++from) {
      for (std::size_t length = 0; from + length <= body.size(); ++length) {
        std::string cut(body);
        cut.erase(from, length);
        is_taken_and_agreed(cut);
        std::string doubled(body);
        doubled.insert(from, body.substr(from, length));
        is_taken_and_agreed(doubled);
      }
    }
  }
}

TEST(FastReader, AgreesWithTheStrictReaderOnNumbersToTheLastBit) {
  std::uint64_t state = 1;
  const auto next_digit = [&state] {  // any spread of digits will do
    state = state * 6364136223846793005U + 1442695040888963407U;
    return static_cast<char>('0' + (state >> 33) % 10);
  };
  std::size_t taken = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string number(1, static_cast<char>('1' + i % 9));
    for (int n = i % 22; n > 0; --n) number += next_digit();
    if (i % 3 != 0) {
      number += '.';
      for (int n = i % 19; n >= 0; --n) number += next_digit();
    }
    if (i % 5 == 0) number += "e-" + std::string(1, next_digit());
    if (is_taken_and_agreed(R"({"mode":"IDLE","uptime_seconds":)" + number + "}")) ++taken;
  }
  EXPECT_EQ(taken, 20'000u);
}

TEST(FastReader, CutsALongNameWhereTheStrictReaderDoes) {
  for (std::size_t length = 250; length < 260; ++length) {
    for (const auto* last : {"", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80"}) {
      const std::string name = std::string(length, 'n') + last;
      EXPECT_TRUE(is_taken_and_agreed(R"({"mode":"IDLE","uptime_seconds":1,"agent_name":")" + name +
                                      "\"}"));
    }
  }
}

}  // namespace
}  // namespace pap::protocol
