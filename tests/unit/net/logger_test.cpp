// SPDX-License-Identifier: MIT
#include "net/logger.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include <gmock/gmock.h>

#include "net/limits.hpp"

namespace pap::net {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Pipe {
 public:
  Pipe() { EXPECT_EQ(::pipe2(ends_, O_CLOEXEC), 0); }
  ~Pipe() {
    close_reader();
    close_writer();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int writer() const { return ends_[1]; }
  void close_reader() { close(ends_[0]); }
  void close_writer() { close(ends_[1]); }
  void leave_writer_open() { ends_[1] = -1; }
  void make_writer_non_blocking() { ::fcntl(ends_[1], F_SETFL, O_NONBLOCK); }

  // What comes until the writer's end is closed.
  std::string rest() {
    std::string text;
    char buffer[65'536];
    for (ssize_t n = 0; (n = ::read(ends_[0], buffer, sizeof buffer)) > 0;) {
      text.append(buffer, static_cast<std::size_t>(n));
    }
    return text;
  }

 private:
  static void close(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }

  int ends_[2] = {-1, -1};
};

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n'));
}

class LoggerTest : public testing::Test {
 protected:
  LoggerTest() { std::signal(SIGPIPE, SIG_IGN); }

  std::string written(Logger& log) {
    EXPECT_TRUE(log.close());
    pipe.close_writer();
    return pipe.rest();
  }

  Pipe pipe;
};

TEST_F(LoggerTest, WritesOneLineForEachEvent) {
  Logger log(LogLevel::kInfo, LogFormat::kText, pipe.writer());
  log.info("started", {{"port", 8080}});
  log.warn("open", {{"path", "/agents"}});
  const std::string text = written(log);
  EXPECT_THAT(text, testing::MatchesRegex("....-..-..T..:..:..\\....Z info started port=8080\n"
                                          "....-..-..T..:..:..\\....Z warn open path=/agents\n"));
}

TEST_F(LoggerTest, WritesJsonWhenToldTo) {
  Logger log(LogLevel::kInfo, LogFormat::kJson, pipe.writer());
  log.error("failed", {{"reason", "no \"room\""}});
  EXPECT_THAT(written(log),
              HasSubstr(R"("level":"error","event":"failed","reason":"no \"room\""})"));
}

TEST_F(LoggerTest, LeavesOutWhatIsLessUrgent) {
  Logger log(LogLevel::kWarn, LogFormat::kText, pipe.writer());
  EXPECT_FALSE(log.enabled(LogLevel::kInfo));
  EXPECT_TRUE(log.enabled(LogLevel::kWarn));
  log.trace("a");
  log.debug("b");
  log.info("c");
  log.limited(LogLevel::kInfo, "key", "d");
  log.warn("e");
  log.error("f");
  EXPECT_EQ(lines_in(written(log)), 2U);
}

TEST_F(LoggerTest, IsSilentWhenOff) {
  Logger log(LogLevel::kOff, LogFormat::kText, pipe.writer());
  EXPECT_FALSE(log.enabled(LogLevel::kOff));
  log.error("a");
  log.log(LogLevel::kOff, "b");
  EXPECT_EQ(written(log), "");
}

TEST_F(LoggerTest, LimitsWhatRepeatsAndSaysHowManyItLeftOut) {
  Logger log(LogLevel::kInfo, LogFormat::kText, pipe.writer());
  const Logger::SteadyTime start{100h};
  for (int i = 0; i < 100; ++i)
    log.limited(LogLevel::kWarn, "station", "failed", {{"i", i}}, start);
  log.limited(LogLevel::kWarn, "station", "failed", {{"i", 100}}, start + kLogRepeatWindow);
  const std::string text = written(log);
  EXPECT_EQ(lines_in(text), 2U);
  EXPECT_THAT(text, HasSubstr("failed i=0\n"));
  EXPECT_THAT(text, HasSubstr("failed i=100 suppressed=99\n"));
}

TEST_F(LoggerTest, WritesAllThatWaitsWhenItIsClosed) {
  Logger log(LogLevel::kInfo, LogFormat::kText, pipe.writer());
  for (int i = 0; i < 500; ++i) log.info("line", {{"i", i}});
  EXPECT_EQ(lines_in(written(log)), 500U);
  EXPECT_EQ(log.dropped(), 0U);
}

TEST_F(LoggerTest, WaitsForAReaderThatMadeThePipeNonBlocking) {
  pipe.make_writer_non_blocking();
  Logger log(LogLevel::kInfo, LogFormat::kText, pipe.writer());
  const std::string value(500, 'x');  // together more than a pipe holds
  for (int i = 0; i < 500; ++i) log.info("line", {{"v", value}});
  std::string text;
  std::thread reader([&] { text = pipe.rest(); });
  EXPECT_TRUE(log.close());
  pipe.close_writer();
  reader.join();
  EXPECT_EQ(lines_in(text), 500U);
}

TEST_F(LoggerTest, NeverBlocksItsCallerAndCountsWhatItDrops) {
  Logger log(LogLevel::kInfo, LogFormat::kText, pipe.writer());
  const std::string value(500, 'x');
  constexpr std::uint64_t kLines = 3 * kLogQueueLines;
  for (std::uint64_t i = 0; i < kLines; ++i) log.info("line", {{"i", i}, {"v", value}});
  EXPECT_GE(log.dropped(), kLines - kLogQueueLines - 200) << "all but the queue's and the pipe's";

  // The reader comes back: the newest lines are there, and the log says what is missing.
  std::string text;
  std::thread reader([&] { text = pipe.rest(); });
  EXPECT_TRUE(log.close());
  pipe.close_writer();
  reader.join();
  EXPECT_THAT(text, HasSubstr("line i=" + std::to_string(kLines - 1) + ' '));
  EXPECT_THAT(text, testing::Not(HasSubstr("line i=" + std::to_string(kLines / 2) + ' ')));
}

TEST_F(LoggerTest, SaysInTheLogThatLinesWereDropped) {
  Logger log(LogLevel::kInfo, LogFormat::kText, pipe.writer());
  const std::string value(900, 'x');
  std::uint64_t i = 0;
  for (; log.dropped() == 0; ++i) log.info("line", {{"v", value}});
  EXPECT_GT(i, kLogQueueLines);
  std::string text;
  std::thread reader([&] { text = pipe.rest(); });
  EXPECT_TRUE(log.close());
  pipe.close_writer();
  reader.join();
  EXPECT_THAT(text, HasSubstr(" warn log_lines_dropped count="));
}

TEST_F(LoggerTest, CountsLinesThatNobodyReads) {
  Logger log(LogLevel::kInfo, LogFormat::kText, pipe.writer());
  pipe.close_reader();
  for (int i = 0; i < 10; ++i) log.info("line");
  EXPECT_TRUE(log.close()) << "a closed pipe blocks nobody";
  EXPECT_GE(log.dropped(), 10U);
}

TEST_F(LoggerTest, GivesUpOnABlockedDescriptorAtTheEnd) {
  Logger log(LogLevel::kInfo, LogFormat::kText, pipe.writer());
  const std::string value(500, 'x');
  for (int i = 0; i < 500; ++i) log.info("line", {{"v", value}});
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(log.close());
  const auto took = std::chrono::steady_clock::now() - begin;
  EXPECT_GE(took, kLogFlushDeadline);
  EXPECT_LT(took, kLogFlushDeadline + 2s);
  log.info("after the end");
  EXPECT_TRUE(log.close()) << "a second time there is nothing to wait for";
  // The thread left behind finds a closed pipe, and no other file under its descriptor.
  pipe.close_reader();
  pipe.leave_writer_open();
}

}  // namespace
}  // namespace pap::net
