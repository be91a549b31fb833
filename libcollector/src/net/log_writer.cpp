// SPDX-License-Identifier: MIT
#include "net/log_writer.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <spdlog/details/thread_pool.h>
#include <spdlog/sinks/sink.h>

#include "net/limits.hpp"

namespace pap::net {
namespace {

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(descriptor, text.data(), text.size());
    if (n >= 0) {
      text.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN) {  // someone shares the terminal or pipe and made it non-blocking
      pollfd ready{descriptor, POLLOUT, 0};
      ::poll(&ready, 1, -1);
      if ((ready.revents & POLLOUT) == 0) return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

// What a thread that hangs in write() may still touch, for the rest of the process's life.
template <typename... Kept>
void keep_for_ever(Kept... kept) {
  static std::mutex mutex;
  static auto& all = *new std::vector<std::shared_ptr<void>>;
  const std::lock_guard lock(mutex);
  (all.push_back(std::move(kept)), ...);
}

}  // namespace

// Straight to the descriptor: stdio's lock on stdout, held by a thread that hangs, would hang
// exit() too.
class LogWriter::Sink final : public spdlog::sinks::sink {
 public:
  explicit Sink(int descriptor) : descriptor_(descriptor) {}

  void log(const spdlog::details::log_msg& message) override {
    const bool written = write_all(descriptor_, {message.payload.data(), message.payload.size()});
    {
      const std::lock_guard lock(mutex_);
      ++handled_;
      if (!written) ++lost_;
    }
    changed_.notify_all();
  }
  void flush() override {}
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

  bool wait_for_handled(std::uint64_t lines, std::chrono::milliseconds patience) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return handled_ >= lines; });
  }

  std::uint64_t lost() const {
    const std::lock_guard lock(mutex_);
    return lost_;
  }

 private:
  const int descriptor_;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t handled_ = 0;
  std::uint64_t lost_ = 0;
};

LogWriter::LogWriter(int descriptor, std::size_t queue_lines)
    : sink_(std::make_shared<Sink>(descriptor)),
      pool_(std::make_shared<spdlog::details::thread_pool>(queue_lines, 1)),
      queue_(std::make_shared<spdlog::async_logger>(
          "collectord", sink_, pool_, spdlog::async_overflow_policy::overrun_oldest)) {
  queue_->set_level(spdlog::level::trace);
}

LogWriter::~LogWriter() { close(); }

void LogWriter::write(std::string_view line) {
  if (!queue_) return;
  ++accepted_;
  queue_->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

std::uint64_t LogWriter::dropped() const {
  return (pool_ ? pool_->overrun_counter() : overrun_) + sink_->lost();
}

bool LogWriter::close() {
  if (!pool_) return true;
  overrun_ = pool_->overrun_counter();
  const bool written = sink_->wait_for_handled(accepted_ - overrun_, kLogFlushDeadline);
  if (!written) {
    keep_for_ever(sink_, pool_, queue_);
  }
  pool_.reset();   // joins the thread, unless it was left to itself
  queue_.reset();  // so the thread, which shares it, never is the one to free it
  return written;
}

}  // namespace pap::net
