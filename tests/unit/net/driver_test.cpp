// SPDX-License-Identifier: MIT
// When the driver tells its core that nothing waits any more.
#include "net/driver.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "net/system_clock.hpp"

namespace pap::net {
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

// The kernel holds what there is no room for, and the reactor has nothing to do meanwhile.
TEST(DriverCatchUp, IsOverOnceNothingIsReadyAndThereIsRoomForWhatWaits) {
  asio::io_context io{1};
  const auto work = asio::make_work_guard(io);
  Config config;
  config.cluster_id = "driver";
  Logger log{LogLevel::kOff, LogFormat::kText};
  Driver driver{io, config, log};
  bool room = false;
  int asked = 0;
  driver.caught_up_if([&] {
    ++asked;
    EXPECT_TRUE(driver.core().catching_up());
    if (room) {
      asio::post(io, [&io] { io.stop(); });
    } else {
      asio::post(io, [&room] { room = true; });  // a connection ended
    }
    return room;
  });
  const core::Instant now = system_now();
  driver.core().hears_all(now.mono - 10s, now);
  ASSERT_TRUE(driver.core().catching_up());
  driver.run();
  EXPECT_FALSE(driver.core().catching_up());
  EXPECT_EQ(asked, 2);
  driver.shutdown();
  log.close();
}

// Else it would turn and turn for as long as nobody is let in.
TEST(DriverCatchUp, HasNotBegunWhileNobodyIsLetIn) {
  asio::io_context io{1};
  const auto work = asio::make_work_guard(io);
  Config config;
  config.cluster_id = "driver";
  Logger log{LogLevel::kOff, LogFormat::kText};
  Driver driver{io, config, log};
  driver.caught_up_if([] {
    ADD_FAILURE() << "asked";
    return true;
  });
  const core::Instant now = system_now();
  driver.core().hears_nobody(now.mono - 10s, now);
  asio::post(io, [&] { asio::post(io, [&io] { io.stop(); }); });
  driver.run();
  EXPECT_FALSE(driver.core().catching_up());
  driver.shutdown();
  log.close();
}

}  // namespace
}  // namespace pap::net
