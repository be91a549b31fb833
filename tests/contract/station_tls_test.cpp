// SPDX-License-Identifier: MIT
// Alerts over https://, with certificate and host name checked.
#include "contract/contract_test.hpp"
#include "support/temp_file.hpp"
#include "support/test_certificates.hpp"

namespace pap::test {
namespace {

class StationTls : public ContractTest {
 protected:
  Station station_of(const TestAuthority& authority, const IdentityWish& identity) {
    StationWish wish;
    wish.tls = authority.issue(identity);
    return Station(wish);
  }
  void start_towards(const Station& station, const std::string& ca_file) {
    start({{"STATION_ALERT_URL", station.url()},
           {"STATION_ALERT_KEY", "test-key"},
           {"STATION_CA_FILE", ca_file}});
    beat(kAgent, heartbeat("IDLE", 1));
    beat(kAgent, heartbeat("EMERGENCY", 2));
  }

  TestAuthority authority_;
  TempFile ca_file_{authority_.certificate_pem()};
};

TEST_F(StationTls, AnAlertIsDeliveredToAStationOfOurAuthority) {
  const Station station = station_of(authority_, {{}, {"127.0.0.1"}, false});
  start_towards(station, ca_file_.path());
  ASSERT_TRUE(station.wait_for([](const auto& all) { return all.size() == 1; }));
  EXPECT_EQ(station.received()[0].status, 200) << station.received()[0].refused;
}

TEST_F(StationTls, NothingIsSentToAStationThatNobodyVouchesFor) {
  const TestAuthority stranger("A stranger");
  const Station station = station_of(stranger, {{}, {"127.0.0.1"}, false});
  start_towards(station, ca_file_.path());
  ASSERT_TRUE(collectord().wait_for_log("alert_failed"));
  EXPECT_THAT(collectord().log(), testing::HasSubstr("certificate"));
  EXPECT_TRUE(station.received().empty());
}

TEST_F(StationTls, NothingIsSentToAStationOfAnotherName) {
  const Station station = station_of(authority_, {{"station.example"}, {}, false});
  start_towards(station, ca_file_.path());
  ASSERT_TRUE(collectord().wait_for_log("alert_failed"));
  EXPECT_TRUE(station.received().empty());
}

TEST_F(StationTls, NothingIsSentToAStationWhoseCertificateRanOut) {
  const Station station = station_of(authority_, {{}, {"127.0.0.1"}, true});
  start_towards(station, ca_file_.path());
  ASSERT_TRUE(collectord().wait_for_log("alert_failed"));
  EXPECT_THAT(collectord().log(), testing::HasSubstr("expired"));
  EXPECT_TRUE(station.received().empty());
}

TEST_F(StationTls, TheSystemsAuthoritiesAreAskedWithoutAFile) {
  const Station station = station_of(authority_, {{}, {"127.0.0.1"}, false});
  start_towards(station, "");
  ASSERT_TRUE(collectord().wait_for_log("alert_failed"));
  EXPECT_TRUE(station.received().empty());
}

}  // namespace
}  // namespace pap::test
