// SPDX-License-Identifier: MIT
// papctl over https, as in front of a collector by a proxy: whom it trusts.
#include <httplib.h>

#include <memory>
#include <string>
#include <thread>

#include "contract/papctl/papctl_test.hpp"
#include "support/test_certificates.hpp"

namespace pap::test {
namespace {

using testing::HasSubstr;

class PapctlTls : public testing::Test {
 protected:
  // `client_ca`: whoever comes must show a certificate of that authority.
  void serve(const ServerIdentity& identity, const char* client_ca = nullptr) {
    certificate_ = std::make_unique<TempFile>(identity.certificate_pem);
    key_ = std::make_unique<TempFile>(identity.key_pem);
    server_ = std::make_unique<httplib::SSLServer>(certificate_->path().c_str(),
                                                   key_->path().c_str(), client_ca);
    server_->Get("/alerts", [](const httplib::Request&, httplib::Response& response) {
      response.set_content(R"({"alerts":[{"type":"AGENT_DEATH","agent_uuid":"a"}]})",
                           "application/json");
    });
    server_->Get("/agents", [](const httplib::Request&, httplib::Response& response) {
      response.set_content(R"({"agents":[{"agent_uuid":"a","healthy":false}]})",
                           "application/json");
    });
    port_ = server_->bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_->listen_after_bind(); });
    eventually([this] { return server_->is_running(); });
  }
  ~PapctlTls() override {
    if (!server_) return;
    server_->stop();
    thread_.join();
  }
  Outcome papctl(Words arguments) const {
    return run(papctl_wish("https://127.0.0.1:" + std::to_string(port_), std::move(arguments)));
  }

  const TestAuthority authority_;
  const TempFile ca_file_{authority_.certificate_pem()};
  std::unique_ptr<TempFile> certificate_;
  std::unique_ptr<TempFile> key_;
  std::unique_ptr<httplib::SSLServer> server_;
  std::thread thread_;
  int port_ = 0;
};

TEST_F(PapctlTls, TrustsTheAuthorityThatIsNamed) {
  serve(authority_.issue({{}, {"127.0.0.1"}, false}));
  const Outcome list = papctl({"agents", "list", "-o", "name", "--cacert", ca_file_.path()});
  EXPECT_EQ(list.status, 0) << list.err;
  EXPECT_EQ(list.out, "a\n");
  EXPECT_EQ(list.err, "");
}

TEST_F(PapctlTls, ShowsACertificateOfItsOwnWhereOneIsWanted) {
  serve(authority_.issue({{}, {"127.0.0.1"}, false}), ca_file_.path().c_str());
  const ServerIdentity own = authority_.issue({{"operator.example"}, {}, false});
  const TempFile certificate(own.certificate_pem);
  const TempFile key(own.key_pem);
  for (const Words& words : {Words{"agents", "list", "-o", "name"},
                             Words{"alerts", "watch", "-o", "name", "--for", "2s"}}) {
    Words all = words;
    all.insert(all.end(), {"--cacert", ca_file_.path()});
    const Outcome without = papctl(all);
    EXPECT_EQ(without.status, 5) << words[0];
    all.insert(all.end(), {"--cert", certificate.path(), "--key", key.path()});
    const Outcome with = papctl(all);
    EXPECT_EQ(with.status, 0) << words[0] << ": " << with.err;
    EXPECT_EQ(with.out, "a\n");
  }
}

TEST_F(PapctlTls, NamesACertificateThatCannotBeUsed) {
  serve(authority_.issue({{}, {"127.0.0.1"}, false}));
  const TempFile nonsense("no certificate");
  for (const Words& words :
       {Words{"agents", "list"}, Words{"alerts", "watch"}, Words{"observe", "agent", "--all"}}) {
    Words all = words;
    all.insert(all.end(),
               {"--cacert", ca_file_.path(), "--cert", nonsense.path(), "--key", nonsense.path()});
    const Outcome outcome = papctl(all);
    EXPECT_EQ(outcome.status, 1) << words[0];
    EXPECT_THAT(outcome.err, HasSubstr("cannot use the certificate " + nonsense.path()))
        << words[0];
  }
}

TEST_F(PapctlTls, TrustsNobodyWhoIsNotVouchedFor) {
  serve(authority_.issue({{}, {"127.0.0.1"}, false}));
  for (const Words& words :
       {Words{"agents", "list"}, Words{"observe", "agent", "--all", "--for", "5s"},
        Words{"alerts", "watch", "--for", "5s"}}) {
    const Outcome outcome = papctl(words);
    EXPECT_EQ(outcome.status, 5) << words[0];
    EXPECT_THAT(outcome.err, HasSubstr("certificate")) << words[0];
  }
  EXPECT_THAT(papctl({"agents", "list"}).err, HasSubstr("--cacert FILE"));
}

TEST_F(PapctlTls, TrustsNoExpiredCertificate) {
  serve(authority_.issue({{}, {"127.0.0.1"}, true}));
  EXPECT_EQ(papctl({"agents", "list", "--cacert", ca_file_.path()}).status, 5);
}

TEST_F(PapctlTls, TrustsNoCertificateForAnotherName) {
  serve(authority_.issue({{"collector.example"}, {}, false}));
  EXPECT_EQ(papctl({"agents", "list", "--cacert", ca_file_.path()}).status, 5);
}

TEST_F(PapctlTls, TrustsAnybodyWhereThatIsWantedAndWarns) {
  const TestAuthority stranger("A stranger");
  serve(stranger.issue({{}, {"127.0.0.1"}, false}));
  const Outcome list = papctl({"agents", "list", "-o", "name", "--insecure"});
  EXPECT_EQ(list.status, 0);
  EXPECT_EQ(list.out, "a\n");
  EXPECT_THAT(list.err, HasSubstr("--insecure: anybody could be answering"));
}

TEST_F(PapctlTls, NamesAFileThatIsNoAuthority) {
  serve(authority_.issue({{}, {"127.0.0.1"}, false}));
  const TempFile nonsense("no certificate");
  for (const Words& words : {Words{"agents", "list"}, Words{"observe", "agent", "--all"}}) {
    Words all = words;
    all.insert(all.end(), {"--cacert", nonsense.path()});
    const Outcome outcome = papctl(all);
    EXPECT_EQ(outcome.status, 1) << words[0];
    EXPECT_THAT(outcome.err, HasSubstr("authorities")) << words[0];
  }
}

}  // namespace
}  // namespace pap::test
