// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <boost/asio/ip/tcp.hpp>

#include "net/station_client.hpp"
#include "net/station_trust.hpp"
#include "support/temp_file.hpp"
#include "support/test_certificates.hpp"
#include "unit/net/station_fixture.hpp"

namespace pap::net {
namespace {

using namespace std::chrono_literals;
using test::IdentityWish;
using test::Station;
using test::StationAct;
using test::TempFile;
using test::TestAuthority;
using testing::HasSubstr;
using testing::StartsWith;

class StationTlsTest : public StationClientTest {
 protected:
  Station secured(const IdentityWish& identity) {
    test::StationWish wish;
    wish.tls = authority.issue(identity);
    return Station(wish);
  }

  void trust(const std::string& url, const std::string& ca_file) {
    StationOptions options = options_for(url);
    options.ca_file = ca_file;
    use(options);
  }

  const TestAuthority authority;
  const TempFile ca{authority.certificate_pem()};
};

TEST_F(StationTlsTest, PostsToAnAddressThatTheCertificateNames) {
  const Station station = secured({{}, {"127.0.0.1"}});
  trust(station.url(), ca.path());
  EXPECT_EQ(answer_to(1).status, 200);
  EXPECT_EQ(answer_to(2).status, 200);
  EXPECT_EQ(station.connections_accepted(), 1U) << "kept alive";
}

TEST_F(StationTlsTest, PostsToANameThatTheCertificateNames) {
  const Station station = secured({{"localhost"}, {}});
  trust(station.url("localhost"), ca.path());
  EXPECT_EQ(answer_to(1).status, 200);
}

TEST_F(StationTlsTest, RefusesACertificateForAnotherName) {
  const Station station = secured({{"station.example"}, {"127.0.0.2"}});
  trust(station.url("localhost"), ca.path());
  const auto answer = answer_to(1);
  EXPECT_EQ(answer.status, std::nullopt);
  EXPECT_THAT(answer.reason, StartsWith("TLS: certificate verify failed: "));
  EXPECT_THAT(answer.reason, HasSubstr("ostname mismatch"));
  EXPECT_TRUE(station.received().empty()) << "not a byte of the alert, nor the key";
}

TEST_F(StationTlsTest, RefusesACertificateForAnotherAddress) {
  const Station station = secured({{"localhost"}, {"127.0.0.2"}});
  trust(station.url(), ca.path());
  EXPECT_EQ(answer_to(1).reason, "TLS: certificate verify failed: IP address mismatch");
  EXPECT_TRUE(station.received().empty());
}

TEST_F(StationTlsTest, RefusesAnExpiredCertificate) {
  IdentityWish expired{{}, {"127.0.0.1"}};
  expired.expired = true;
  const Station station = secured(expired);
  trust(station.url(), ca.path());
  EXPECT_EQ(answer_to(1).reason, "TLS: certificate verify failed: certificate has expired");
  EXPECT_TRUE(station.received().empty());
}

TEST_F(StationTlsTest, RefusesAnAuthorityThatItDoesNotKnow) {
  const TestAuthority stranger("Stranger");
  const TempFile others(stranger.certificate_pem());
  const Station station = secured({{}, {"127.0.0.1"}});
  trust(station.url(), others.path());
  EXPECT_THAT(answer_to(1).reason, StartsWith("TLS: certificate verify failed: "));
  trust(station.url(), "");  // the system does not know it either
  EXPECT_THAT(answer_to(2).reason, StartsWith("TLS: certificate verify failed: "));
  EXPECT_TRUE(station.received().empty());
}

TEST_F(StationTlsTest, ReportsAServerThatDoesNotSpeakTls) {
  const Station station;
  trust("https://127.0.0.1:" + std::to_string(station.port()) + '/', ca.path());
  EXPECT_THAT(answer_to(1).reason, StartsWith("TLS: "));
}

TEST_F(StationTlsTest, TriesOnceMoreOnAFreshConnection) {
  Station station = secured({{}, {"127.0.0.1"}});
  trust(station.url(), ca.path());
  answer_to(1);
  station.once(StationAct::cut());
  EXPECT_EQ(answer_to(2).status, 200);
  EXPECT_EQ(station.connections_accepted(), 2U);
}

TEST_F(StationTlsTest, DropsARestingConnectionThatTheStationCloses) {
  Station station = secured({{}, {"127.0.0.1"}});
  trust(station.url(), ca.path());
  answer_to(1);
  station.close_resting();
  EXPECT_TRUE(turn_until([&] { return client->connections() == 0; }));
}

TEST_F(StationTlsTest, TakesNoEndOfAConnectionForTheEndOfAnAnswer) {
  Station station = secured({{}, {"127.0.0.1"}});
  trust(station.url(), ca.path());
  // Without close_notify anyone in between could have cut it.
  station.once(StationAct::raw("HTTP/1.0 200 OK\r\n\r\n{}"));
  EXPECT_EQ(answer_to(1).reason, "the connection was closed in the middle of the answer");
}

TEST_F(StationTlsTest, GivesUpAtTheDeadlineInTheHandshake) {
  // A listener that accepts and then says nothing.
  boost::asio::ip::tcp::acceptor silent(
      io, {boost::asio::ip::make_address("127.0.0.1"), std::uint16_t{0}});
  StationOptions options =
      options_for("https://127.0.0.1:" + std::to_string(silent.local_endpoint().port()) + '/');
  options.deadline = 200ms;
  use(options);
  EXPECT_THAT(answer_to(1).reason,
              StartsWith("no answer within 200 ms (in the TLS handshake with 127.0.0.1:"));
}

TEST_F(StationTlsTest, CarriesManyPostsTogether) {
  Station station = secured({{}, {"127.0.0.1"}});
  station.delay(20ms);
  trust(station.url(), ca.path());
  for (std::uint64_t i = 0; i < 32; ++i) post(i);
  ASSERT_TRUE(turn_until([&] { return answers.size() == 32; }));
  for (std::uint64_t i = 32; i < 64; ++i) post(i);
  ASSERT_TRUE(turn_until([&] { return answers.size() == 64; }));
  for (const auto& [number, answer] : answers) EXPECT_EQ(answer.status, 200) << answer.reason;
  EXPECT_EQ(station.connections_accepted(), 32U);
}

TEST(StationTrust, ExpectsTheNameWithoutTheRootsDotAndAsksForIt) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket socket(io);
  boost::asio::ssl::context context(boost::asio::ssl::context::tls_client);
  StationTls stream(socket, context);
  EXPECT_EQ(expect_host(stream, {true, "station.example.", 443, "/"}), "");
  SSL* handle = stream.native_handle();
  EXPECT_STREQ(SSL_get_servername(handle, TLSEXT_NAMETYPE_host_name), "station.example");
  EXPECT_STREQ(X509_VERIFY_PARAM_get0_host(SSL_get0_param(handle), 0), "station.example");
}

TEST(StationTrust, AsksForNoNameWhereThereIsAnAddress) {
  boost::asio::io_context io;
  boost::asio::ip::tcp::socket socket(io);
  boost::asio::ssl::context context(boost::asio::ssl::context::tls_client);
  StationTls stream(socket, context);
  EXPECT_EQ(expect_host(stream, {true, "127.0.0.1", 443, "/"}), "");
  SSL* handle = stream.native_handle();
  EXPECT_EQ(SSL_get_servername(handle, TLSEXT_NAMETYPE_host_name), nullptr);
  EXPECT_EQ(X509_VERIFY_PARAM_get0_host(SSL_get0_param(handle), 0), nullptr);
}

TEST(StationTrust, SaysWhyAFileOfAuthoritiesCannotBeUsed) {
  EXPECT_THAT(why_unusable_ca_file("/nowhere/ca.pem"), HasSubstr("/nowhere/ca.pem"));
  const TempFile no_pem("not a certificate\n");
  EXPECT_THAT(why_unusable_ca_file(no_pem.path()), StartsWith(no_pem.path()));
  const TempFile good(TestAuthority().certificate_pem());
  EXPECT_EQ(why_unusable_ca_file(good.path()), "");
}

TEST(StationTrust, StopsTheStartWithAFileThatCannotBeUsed) {
  boost::asio::io_context io;
  StationOptions options;
  options.url = {true, "127.0.0.1", 1, "/"};
  options.ca_file = "/nowhere/ca.pem";
  EXPECT_THROW(StationClient(io, options), std::runtime_error);
}

}  // namespace
}  // namespace pap::net
