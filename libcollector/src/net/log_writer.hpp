// SPDX-License-Identifier: MIT
#pragma once

// Writes whole lines to a descriptor from a thread of its own, through a bounded queue.
//
// Ownership: the descriptor belongs to the caller and is never closed.
// Errors: a line that the descriptor refuses (a closed pipe, say) is lost and counted.
// Threads: calls on one thread. The writing thread is spdlog's; it shares the queue, the counters
// and the descriptor, nothing else.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace spdlog {
class async_logger;
namespace details {
class thread_pool;
}
}  // namespace spdlog

namespace pap::net {

class LogWriter {
 public:
  LogWriter(int descriptor, std::size_t queue_lines);
  ~LogWriter();  // as close()
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  // Never blocks: when the queue is full, the oldest line in it goes.
  void write(std::string_view line);
  std::uint64_t dropped() const;
  // As Logger::close().
  bool close();

 private:
  class Sink;

  std::shared_ptr<Sink> sink_;
  std::shared_ptr<spdlog::details::thread_pool> pool_;
  std::shared_ptr<spdlog::async_logger> queue_;

  std::uint64_t accepted_ = 0;
  std::uint64_t overrun_ = 0;  // as it was at close()
};

}  // namespace pap::net
