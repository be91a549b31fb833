// SPDX-License-Identifier: MIT
#include "net/logger.hpp"

#include "net/limits.hpp"

namespace pap::net {
namespace {

protocol::WallTime wall_now() {
  return protocol::WallTime(std::chrono::system_clock::now().time_since_epoch());
}

}  // namespace

Logger::Logger(LogLevel level, LogFormat format, int descriptor)
    : level_(level), format_(format), writer_(descriptor, kLogQueueLines) {}

void Logger::log(LogLevel level, std::string_view event, Fields fields) {
  if (!enabled(level)) return;
  write(level, event, fields, 0);
  tell_dropped(std::chrono::steady_clock::now());
}

void Logger::limited(LogLevel level, std::string_view key, std::string_view event, Fields fields,
                     SteadyTime now) {
  if (!enabled(level)) return;
  const auto suppressed = repeats_.admit(key, now);
  if (suppressed) write(level, event, fields, *suppressed);
}

void Logger::write(LogLevel level, std::string_view event, Fields fields,
                   std::uint64_t suppressed) {
  line_.clear();
  const LogHead head{wall_now(), level, event};
  if (format_ == LogFormat::kJson) {
    append_json_line(line_, head, fields, suppressed);
  } else {
    append_text_line(line_, head, fields, suppressed);
  }
  writer_.write(line_);
}

// Where lines are missing, the log itself says so; while it is blocked, not with every line.
void Logger::tell_dropped(SteadyTime now) {
  const std::uint64_t lost = dropped();
  if (lost == dropped_told_ || (dropped_told_ > 0 && now - dropped_told_at_ < kLogRepeatWindow)) {
    return;
  }
  write(LogLevel::kWarn, "log_lines_dropped",
        {{"count", lost - dropped_told_}, {"reason", "stdout did not take them"}}, 0);
  dropped_told_ = lost;
  dropped_told_at_ = now;
}

}  // namespace pap::net
