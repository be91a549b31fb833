// SPDX-License-Identifier: MIT
#include "papsim/live/request_client.hpp"

#include <map>
#include <string>
#include <vector>

#include <sys/eventfd.h>
#include <sys/resource.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/papsim/live/loopback_listener.hpp"

namespace pap::sim {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using End = RequestClient::End;

const std::string kRequest = "GET / HTTP/1.1\r\nhost: h\r\n\r\n";
const std::string kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
constexpr Nanos kTestPatience = 10s;

Target target_of(const LoopbackListener& server) {
  std::string error;
  const auto target = resolve(server.url(), error);
  if (!target) throw std::runtime_error(error);
  return *target;
}

// A client and what came of its requests.
class Client {
 public:
  struct Got {
    std::uint64_t token;
    End end;
    int status;
    std::string body;
    Nanos took;
  };

  explicit Client(const LoopbackListener& server, Connections connections = Connections::kFresh,
                  Nanos patience = RequestClient::kPatience,
                  Nanos node_idle = RequestClient::kNodeIdle)
      : client_(
            target_of(server), connections,
            [this](const RequestClient::Result& result) { on_result(result); }, patience,
            node_idle) {}

  RequestClient& operator*() { return client_; }
  RequestClient* operator->() { return &client_; }
  void send(std::uint32_t source, std::uint64_t token) { client_.send(source, token, kRequest); }

  // Goes on until it is true.
  template <class Condition>
  void until(Condition is_true) {
    const Nanos end = steady_now() + kTestPatience;
    while (!is_true() && steady_now() < end) client_.wait(100ms);
    EXPECT_TRUE(is_true()) << "not within the patience of a test";
  }
  // Goes on until so many results are there, which are no more.
  const std::vector<Got>& results(std::size_t count) {
    until([&] { return got_.size() >= count; });
    EXPECT_EQ(got_.size(), count);
    return got_;
  }
  Got result() { return results(1).empty() ? Got{} : got_.front(); }
  const std::vector<Got>& got() const { return got_; }

  std::function<void(const RequestClient::Result&)> then;

 private:
  void on_result(const RequestClient::Result& result) {
    if (then) then(result);
    got_.push_back({result.token, result.end, result.answer.status, std::string(result.answer.body),
                    result.ended - result.sent});
  }

  RequestClient client_;
  std::vector<Got> got_;
};

// --- how a request ends ---

TEST(RequestClient, HandsOverTheAnswer) {
  const LoopbackListener server;
  Client client(server);
  client.send(0, 7);
  EXPECT_EQ(client->waiting(), 1U);
  LoopbackPeer peer = server.accept();
  EXPECT_EQ(peer.request(), kRequest);
  peer.send("HTTP/1.1 503 No\r\nContent-Length: 5\r\n\r\nlater");
  const auto got = client.result();
  EXPECT_EQ(got.token, 7U);
  EXPECT_EQ(got.end, End::kAnswered);
  EXPECT_EQ(got.status, 503);
  EXPECT_EQ(got.body, "later");
  EXPECT_EQ(client->waiting(), 0U);
}

TEST(RequestClient, GathersAnAnswerThatComesByteByByte) {
  const LoopbackListener server;
  Client client(server);
  client.send(0, 1);
  LoopbackPeer peer = server.accept();
  for (const char byte : kAnswer) {
    EXPECT_TRUE(client.got().empty());
    peer.send(std::string(1, byte));
    client->wait(10s);
  }
  EXPECT_EQ(client.result().body, "{}");
}

TEST(RequestClient, IsRefusedWhereNobodyListens) {
  LoopbackListener server;
  Client client(server);
  server.close();
  client.send(0, 1);
  EXPECT_EQ(client.result().end, End::kRefused);
  EXPECT_EQ(client->open(), 0U);
}

TEST(RequestClient, IsResetByAnEndBeforeTheWholeAnswer) {
  const LoopbackListener server;
  for (const std::string& before :
       {std::string{}, kAnswer.substr(0, 10), kAnswer.substr(0, kAnswer.size() - 1)}) {
    for (const bool hard : {false, true}) {
      Client client(server);
      client.send(0, 1);
      LoopbackPeer peer = server.accept();
      peer.request();
      if (!before.empty()) peer.send(before);
      hard ? peer.reset() : peer.close();
      EXPECT_EQ(client.result().end, End::kReset) << before;
      EXPECT_EQ(client->open(), 0U);
    }
  }
}

TEST(RequestClient, SaysWhatIsNoAnswer) {
  const LoopbackListener server;
  for (const std::string& bytes :
       {std::string{"\x16\x03\x01\r\n"}, std::string{"HTTP/1.1 abc\r\n\r\n"}, kAnswer + "x",
        kAnswer + kAnswer,
        std::string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"}}) {
    Client client(server, Connections::kKept);
    client.send(0, 1);
    LoopbackPeer peer = server.accept();
    peer.send(bytes);
    EXPECT_EQ(client.result().end, End::kGarbled) << bytes;
    EXPECT_EQ(client->open(), 0U);
  }
}

TEST(RequestClient, GivesUpWhenItsPatienceIsOver) {
  EXPECT_EQ(RequestClient::kPatience, 5s);  // contract: an agent's
  const LoopbackListener server;
  Client client(server, Connections::kFresh, 50ms);
  client.send(0, 1);
  LoopbackPeer peer = server.accept();
  peer.send(kAnswer.substr(0, 20));  // which begins, and does not end
  const auto got = client.result();
  EXPECT_EQ(got.end, End::kTimedOut);
  EXPECT_GE(got.took, 50ms);
  EXPECT_EQ(client->open(), 0U);
  peer.request();
  EXPECT_TRUE(peer.ends());
}

TEST(RequestClient, HearsWhatCameInTimeThoughItLooksLate) {
  const LoopbackListener server;
  Client client(server, Connections::kFresh, 0ns);
  client.send(0, 1);
  LoopbackPeer peer = server.accept();
  peer.send(kAnswer);
  EXPECT_EQ(client.result().end, End::kAnswered);
}

TEST(RequestClient, SaysWhenNoDescriptorIsLeft) {
  const LoopbackListener server;
  Client client(server);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit none{0, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  client.send(0, 1);
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(client.result().end, End::kNoSocket);
  EXPECT_EQ(client->waiting(), 0U);
}

// --- connections ---

TEST(RequestClient, OpensAFreshConnectionForEachRequest) {
  const LoopbackListener server;
  Client client(server);
  for (std::uint64_t token = 1; token <= 3; ++token) {
    client.send(0, token);
    LoopbackPeer peer = server.accept();
    peer.request();
    peer.send(kAnswer);
    client.results(token);
    EXPECT_TRUE(peer.ends());
    EXPECT_EQ(client->open(), 0U);
  }
}

TEST(RequestClient, KeepsOneConnectionForEachSource) {
  const LoopbackListener server;
  Client client(server, Connections::kKept);
  client.send(0, 1);
  LoopbackPeer first = server.accept();
  client.send(9, 2);
  LoopbackPeer second = server.accept();
  for (std::uint64_t token = 3; token < 9; token += 2) {
    first.request();
    first.send(kAnswer);
    second.request();
    second.send(kAnswer);
    client.results(token - 1);
    client.send(0, token);
    client.send(9, token + 1);
    EXPECT_EQ(client->open(), 2U);
  }
}

TEST(RequestClient, KeepsNoSecondConnectionOfASource) {
  const LoopbackListener server;
  Client client(server, Connections::kKept);
  client.send(0, 1);
  LoopbackPeer first = server.accept();
  client.send(0, 2);  // the first one has no answer yet
  LoopbackPeer second = server.accept();
  second.request();
  second.send(kAnswer);
  EXPECT_EQ(client.results(1)[0].token, 2U);
  EXPECT_TRUE(second.ends());
  first.request();
  first.send(kAnswer);
  client.results(2);
  EXPECT_EQ(client->open(), 1U);
  client.send(0, 3);
  EXPECT_EQ(first.request(), kRequest);
}

TEST(RequestClient, OpensAnotherWhenTheServerClosesAnIdleOne) {
  const LoopbackListener server;
  Client client(server, Connections::kKept);
  client.send(0, 1);
  {
    LoopbackPeer peer = server.accept();
    peer.request();
    peer.send(kAnswer);
    client.results(1);
  }
  client.until([&] { return client->open() == 0; });
  client.send(0, 2);
  LoopbackPeer peer = server.accept();
  peer.request();
  peer.send(kAnswer);
  EXPECT_EQ(client.results(2)[1].end, End::kAnswered);
}

TEST(RequestClient, LeavesAConnectionOnWhichSomethingComesUnasked) {
  const LoopbackListener server;
  Client client(server, Connections::kKept);
  client.send(0, 1);
  LoopbackPeer peer = server.accept();
  peer.request();
  peer.send(kAnswer);
  client.results(1);
  peer.send("HTTP/1.1 408 Request Timeout\r\n\r\n");
  client.until([&] { return client->open() == 0; });
  client.results(1);
}

TEST(RequestClient, LeavesAConnectionThatItsAnswerCloses) {
  const LoopbackListener server;
  Client client(server, Connections::kKept);
  client.send(0, 1);
  LoopbackPeer peer = server.accept();
  peer.request();
  peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  client.results(1);
  EXPECT_TRUE(peer.ends());
  client.send(0, 2);
  EXPECT_EQ(server.accept().request(), kRequest);
}

TEST(RequestClient, LeavesAConnectionThatRestsForTooLongAsNodeDoes) {
  EXPECT_EQ(RequestClient::kNodeIdle, 4s);
  const LoopbackListener server;
  Client client(server, Connections::kNode, 10s, 20ms);
  client.send(0, 1);
  LoopbackPeer peer = server.accept();
  peer.request();
  peer.send(kAnswer);
  client.results(1);
  client.until([&] { return client->open() == 0; });
  EXPECT_TRUE(peer.ends());
  client.send(0, 2);
  EXPECT_EQ(server.accept().request(), kRequest);
}

TEST(RequestClient, UsesAConnectionAgainThatHasNotRestedForSoLong) {
  const LoopbackListener server;
  Client client(server, Connections::kNode);
  client.send(0, 1);
  LoopbackPeer peer = server.accept();
  for (std::size_t count = 1; count <= 3; ++count) {
    EXPECT_EQ(peer.request(), kRequest);
    peer.send(kAnswer);
    client.results(count);
    client.send(0, count + 1);
  }
  EXPECT_EQ(client->open(), 1U);
}

TEST(RequestClient, LetsAConnectionRestForAsLongAsWasPromisedAsNodeDoes) {
  EXPECT_EQ(RequestClient::kNodeThreshold, 2s);
  const LoopbackListener server;
  Client client(server, Connections::kNode, 10s, 0ns);  // without a promise it closes it at once
  client.send(0, 1);
  LoopbackPeer peer = server.accept();
  peer.request();
  peer.send("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=3\r\nContent-Length: 2\r\n\r\n{}");
  client.results(1);
  const Nanos answered = steady_now();
  client->wait(0ns);
  EXPECT_EQ(client->open(), 1U);
  client.until([&] { return client->open() == 0; });
  EXPECT_GE(steady_now() - answered, 900ms) << "two seconds before it has run out";
  EXPECT_TRUE(peer.ends());
}

TEST(RequestClient, KeepsAKeptConnectionForEver) {
  const LoopbackListener server;
  Client client(server, Connections::kKept, 10s, 0ns);  // Node would close it at once
  client.send(0, 1);
  LoopbackPeer peer = server.accept();
  peer.request();
  peer.send(kAnswer);
  client.results(1);
  client->wait(0ns);
  client->wait(0ns);
  EXPECT_EQ(client->open(), 1U);
}

TEST(RequestClient, ComesFromAnAddressOfItsOwnForEachSource) {
  const LoopbackListener server;
  Client client(server);
  std::vector<std::string> addresses;
  for (const std::uint32_t source : {0U, 1U, 254U, 70'000U}) {
    client.send(source, source);
    addresses.push_back(server.accept().address());
  }
  EXPECT_THAT(addresses, ElementsAre("127.0.0.2", "127.0.0.3", "127.0.1.0", "127.1.17.114"));
}

// --- much at once ---

TEST(RequestClient, HandlesAllThatIsThereInOneWait) {
  const LoopbackListener server;
  Client client(server);
  constexpr std::uint32_t kCount = 300;  // more than one round of its epoll takes
  std::vector<LoopbackPeer> peers;
  for (std::uint32_t i = 0; i < kCount; ++i) {
    client.send(i, i);
    peers.push_back(server.accept());
    peers.back().send(kAnswer);
  }
  client->wait(10s);
  EXPECT_EQ(client.got().size(), kCount);
}

TEST(RequestClient, EndsEachOfManyRequestsOnce) {
  const LoopbackListener server;
  Client client(server);
  constexpr std::uint32_t kCount = 400;
  for (std::uint32_t i = 0; i < kCount; ++i) client.send(i % 7, i);
  EXPECT_EQ(client->waiting(), kCount);
  for (std::uint32_t i = 0; i < kCount; ++i) {
    LoopbackPeer peer = server.accept();
    peer.request();
    if (i % 4 == 0) {
      peer.send(kAnswer);
    } else if (i % 4 == 1) {
      peer.send("nonsense");
    } else if (i % 4 == 2) {
      peer.reset();
    }
  }
  std::map<std::uint64_t, int> times;
  std::map<End, std::uint32_t> ends;
  for (const Client::Got& got : client.results(kCount)) {
    ++times[got.token];
    ++ends[got.end];
  }
  EXPECT_EQ(times.size(), kCount);
  EXPECT_EQ(ends[End::kAnswered], kCount / 4);
  EXPECT_EQ(ends[End::kGarbled], kCount / 4);
  EXPECT_EQ(ends[End::kReset], kCount / 2);
  EXPECT_EQ(client->open(), 0U);
  EXPECT_EQ(client->waiting(), 0U);
}

TEST(RequestClient, SendsARequestThatIsLargerThanItsSocketTakes) {
  const LoopbackListener server;
  Client client(server, Connections::kKept);
  const std::string body(16 << 20, 'x');
  const std::string large =
      "POST / HTTP/1.1\r\ncontent-length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  client->send(0, 1, large);
  LoopbackPeer peer = server.accept();
  while (peer.unread().size() < large.size() && client.got().empty()) {
    if (peer.read_some() == 0) client->wait(10ms);
  }
  EXPECT_TRUE(peer.request() == large);
  peer.send(kAnswer);
  client.results(1);
  client.send(0, 2);  // the connection is kept
  EXPECT_EQ(peer.request(), kRequest);
}

TEST(RequestClient, KeepsNoConnectionOnWhichTheRestOfARequestIsMissing) {
  const LoopbackListener server;
  Client client(server, Connections::kKept);
  client->send(0, 1, std::string(16 << 20, 'x'));
  LoopbackPeer peer = server.accept();
  peer.send("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(client.result().status, 413);
  EXPECT_EQ(client->open(), 0U);
}

// --- what its owner does ---

TEST(RequestClient, MayBeAskedForMoreFromItsHandler) {
  const LoopbackListener server;
  Client client(server, Connections::kKept);
  client.then = [&](const RequestClient::Result& result) {
    if (result.token < 3) client.send(0, result.token + 1);
  };
  client.send(0, 1);
  LoopbackPeer peer = server.accept();
  for (std::size_t token = 1; token <= 3; ++token) {
    peer.request();
    // In two pieces, which the client must put together.
    const std::string answer =
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + std::to_string(token);
    peer.send(answer.substr(0, 9));
    client->wait(10s);
    peer.send(answer.substr(9));
    EXPECT_EQ(client.results(token).back().body, std::to_string(token));
  }
  EXPECT_EQ(client->open(), 1U);
}

TEST(RequestClient, WakesForWhatItWatches) {
  const LoopbackListener server;
  Client client(server);
  const int descriptor = ::eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC);
  client->watch(descriptor);
  const Nanos begin = steady_now();
  client->wait(900ms);
  EXPECT_LT(steady_now() - begin, 800ms);
  ::close(descriptor);
}

TEST(RequestClient, TakesItsConnectionsWithIt) {
  const LoopbackListener server;
  auto client = std::make_unique<Client>(server);
  client->send(0, 1);
  LoopbackPeer peer = server.accept();
  client.reset();
  EXPECT_TRUE(peer.ends());
}

// --- where to ---

std::string error_of(const std::string& url) {
  std::string error;
  EXPECT_FALSE(resolve(url, error)) << url;
  return error;
}

Target resolved(const std::string& url) {
  std::string error;
  const auto target = resolve(url, error);
  EXPECT_TRUE(target) << error;
  return target.value_or(Target{});
}

TEST(Resolve, FindsAHostAndItsPort) {
  const Target target = resolved("http://127.0.0.1:8080");
  EXPECT_EQ(target.port(), 8080);
  EXPECT_EQ(target.host, "127.0.0.1:8080");
  EXPECT_TRUE(target.loopback);
  EXPECT_EQ(resolved("http://127.0.0.1").port(), 80);
  EXPECT_EQ(resolved("http://127.0.0.1:65535//").port(), 65535);
  EXPECT_EQ(resolved("http://127.0.0.1:1/").host, "127.0.0.1:1");
}

TEST(Resolve, TakesAnAddressOfIpv6InBrackets) {
  const Target target = resolved("http://[::1]:8080");
  EXPECT_EQ(target.address.ss_family, AF_INET6);
  EXPECT_EQ(target.host, "[::1]:8080");
  EXPECT_FALSE(target.loopback);  // that has one address
  EXPECT_EQ(resolved("http://[::1]").host, "[::1]");
}

TEST(Resolve, KnowsLoopbackFromOthers) {
  EXPECT_TRUE(resolved("http://127.9.8.7").loopback);
  EXPECT_FALSE(resolved("http://10.0.0.1").loopback);
}

TEST(Resolve, PrefersTheLoopbackThatHasManyAddresses) {
  EXPECT_TRUE(resolved("http://localhost:8080").loopback);
}

TEST(Resolve, SaysWhatIsWrongWithAUrl) {
  EXPECT_EQ(error_of("https://a:1"), "\"https://a:1\" is no URL that starts with http://");
  EXPECT_EQ(error_of(""), "\"\" is no URL that starts with http://");
  EXPECT_EQ(error_of("http://"), "\"http://\" is not http://HOST:PORT");
  EXPECT_EQ(error_of("http://a/b"), "\"http://a/b\" is not http://HOST:PORT");
  EXPECT_EQ(error_of("http://:80"), "\"http://:80\" is not http://HOST:PORT");
  for (const char* port : {"", "0", "65536", "-1", "8x", "80/b"}) {
    const std::string url = std::string{"http://127.0.0.1:"} + port;
    EXPECT_EQ(error_of(url), std::string{"\""} + port + "\" is no port, in " + url);
  }
}

TEST(Resolve, SaysWhichNameIsNotKnown) {
  const std::string name(300, 'x');  // longer than any
  EXPECT_THAT(error_of("http://" + name), StartsWith("cannot resolve \"" + name + "\": "));
}

TEST(RequestClient, HasAWordForEachEnd) {
  EXPECT_EQ(words(End::kAnswered), "answered");
  EXPECT_EQ(words(End::kTimedOut), "timed_out");
  EXPECT_EQ(words(End::kNoSocket), "no_socket");
}

}  // namespace
}  // namespace pap::sim
