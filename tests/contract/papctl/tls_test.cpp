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
  void serve(const ServerIdentity& identity) {
    certificate_ = std::make_unique<TempFile>(identity.certificate_pem);
    key_ = std::make_unique<TempFile>(identity.key_pem);
    server_ =
        std::make_unique<httplib::SSLServer>(certificate_->path().c_str(), key_->path().c_str());
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

TEST_F(PapctlTls, TrustsNobodyWhoIsNotVouchedFor) {
  serve(authority_.issue({{}, {"127.0.0.1"}, false}));
  for (const Words& words :
       {Words{"agents", "list"}, Words{"observe", "agent", "--all", "--for", "300ms"}}) {
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
