// SPDX-License-Identifier: MIT
#include "papsim/live/answer.hpp"

#include <string>

#include <gtest/gtest.h>

namespace pap::sim {
namespace {

const std::string kAnswer =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

AnswerState state_of(std::string_view bytes) {
  Answer answer;
  return read_answer(bytes, answer);
}

AnswerState state_with(const std::string& field) {
  return state_of("HTTP/1.1 200 OK\r\n" + field + "\r\n\r\n");
}

TEST(Answer, IsWholeWithItsLastByteAndNotBefore) {
  for (std::size_t length = 0; length < kAnswer.size(); ++length) {
    EXPECT_EQ(state_of(kAnswer.substr(0, length)), AnswerState::kIncomplete) << length;
  }
  Answer answer;
  ASSERT_EQ(read_answer(kAnswer, answer), AnswerState::kWhole);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.content_type, "application/json");
  EXPECT_EQ(answer.body, "{}");
  EXPECT_EQ(answer.length, kAnswer.size());
  EXPECT_FALSE(answer.closes);
}

TEST(Answer, TakesNamesOfFieldsInAnyCaseAndValuesInAnyBlanks) {
  Answer answer;
  ASSERT_EQ(read_answer("HTTP/1.1 503 Service Unavailable\r\nCONTENT-TYPE:text/plain \r\n"
                        "content-LENGTH:\t 3\t\r\nconnection: CLOSE\r\n\r\nno.",
                        answer),
            AnswerState::kWhole);
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.content_type, "text/plain");
  EXPECT_EQ(answer.body, "no.");
  EXPECT_TRUE(answer.closes);
}

TEST(Answer, HasNoBodyWithoutALength) {
  Answer answer;
  ASSERT_EQ(read_answer("HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n", answer),
            AnswerState::kWhole);
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.body, "");
}

TEST(Answer, NeedsNeitherFieldsNorAReason) {
  Answer answer;
  ASSERT_EQ(read_answer("HTTP/1.1 200\r\n\r\n", answer), AnswerState::kWhole);
  EXPECT_EQ(answer.status, 200);
}

TEST(Answer, LeavesWhatFollowsToItsReader) {
  const std::string bytes = kAnswer + "HTTP/1.1 500";
  Answer answer;
  ASSERT_EQ(read_answer(bytes, answer), AnswerState::kWhole);
  EXPECT_EQ(answer.length, kAnswer.size());
  EXPECT_EQ(answer.body, "{}");
}

TEST(Answer, SaysNothingOfTheOneReadBefore) {
  Answer answer;
  read_answer("HTTP/1.1 200 OK\r\nContent-Type: a/b\r\nConnection: close\r\n\r\n", answer);
  ASSERT_EQ(read_answer("HTTP/1.1 200 OK\r\n\r\n", answer), AnswerState::kWhole);
  EXPECT_EQ(answer.content_type, "");
  EXPECT_FALSE(answer.closes);
}

TEST(Answer, ClosesWhereCloseIsOneOfItsOptions) {
  Answer answer;
  for (const char* value : {"close", "Close", "keep-alive, close", "close , x"}) {
    read_answer(std::string{"HTTP/1.1 200 OK\r\nConnection: "} + value + "\r\n\r\n", answer);
    EXPECT_TRUE(answer.closes) << value;
  }
  for (const char* value : {"keep-alive", "", "closed", "x-close"}) {
    read_answer(std::string{"HTTP/1.1 200 OK\r\nConnection: "} + value + "\r\n\r\n", answer);
    EXPECT_FALSE(answer.closes) << value;
  }
}

TEST(Answer, SaysForHowLongItsConnectionIsKept) {
  const auto kept = [](const std::string& value) {
    Answer answer;
    read_answer("HTTP/1.1 200 OK\r\nKeep-Alive: " + value + "\r\n\r\n", answer);
    return answer.keep_alive.count();
  };
  EXPECT_EQ(kept("timeout=10"), 10);
  EXPECT_EQ(kept("timeout=5, max=100"), 5);
  EXPECT_EQ(kept("max=100, timeout=5"), 5);
  EXPECT_EQ(kept("timeout=3601"), 3600);
  for (const char* value : {"", "timeout", "timeout=", "timeout=x", "timeout=-1", "max=100"}) {
    EXPECT_EQ(kept(value), 0) << value;
  }
}

TEST(Answer, IsGarbledFromTheFirstByteThatCannotBeOne) {
  EXPECT_EQ(state_of("\x16\x03\x01"), AnswerState::kGarbled);
  EXPECT_EQ(state_of("h"), AnswerState::kGarbled);
  EXPECT_EQ(state_of("HTTP/1.0 200 OK\r\n\r\n"), AnswerState::kGarbled);
  EXPECT_EQ(state_of("HTTP/2"), AnswerState::kGarbled);
}

TEST(Answer, IsGarbledWithoutAStatusOfThreeDigits) {
  for (const char* status : {"", "20", "2x0", "-20", "20 OK", "2000 OK", "abc OK"}) {
    EXPECT_EQ(state_of(std::string{"HTTP/1.1 "} + status + "\r\n\r\n"), AnswerState::kGarbled)
        << status;
  }
}

TEST(Answer, IsGarbledWhereALineIsNoField) {
  EXPECT_EQ(state_with("this is no field"), AnswerState::kGarbled);
}

TEST(Answer, IsGarbledWhereItsLengthIsNoNumber) {
  for (const char* length : {"", "x", "-1", "1x", "1 2", "99999999999999999999999"}) {
    EXPECT_EQ(state_with(std::string{"Content-Length: "} + length), AnswerState::kGarbled)
        << length;
  }
}

TEST(Answer, IsGarbledWhereItHasTwoLengths) {
  EXPECT_EQ(state_of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc"),
            AnswerState::kGarbled);
  EXPECT_EQ(state_of("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc"),
            AnswerState::kWhole);
}

TEST(Answer, IsRefusedInChunks) {
  EXPECT_EQ(state_of("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            AnswerState::kGarbled);
}

TEST(Answer, MayBeSoLongAndNoLonger) {
  EXPECT_EQ(state_with("Content-Length: 65536"), AnswerState::kIncomplete);
  EXPECT_EQ(state_with("Content-Length: 65537"), AnswerState::kGarbled);
  const std::string begin = "HTTP/1.1 200 OK\r\nX: ";
  EXPECT_EQ(state_of(begin + std::string(8'192 - begin.size(), 'x')), AnswerState::kIncomplete);
  EXPECT_EQ(state_of(begin + std::string(8'193 - begin.size(), 'x')), AnswerState::kGarbled);
}

}  // namespace
}  // namespace pap::sim
