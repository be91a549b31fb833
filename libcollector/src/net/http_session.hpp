// SPDX-License-Identifier: MIT
#pragma once

// One HTTP connection: read, answer, read on.
//
// Requests that lie in the buffer together (pipelining) are answered in order, in one write. A
// long list is written a piece at a time, each when the last has left, so its memory does not grow
// with the fleet and others are served in between. After an early refusal the rest of the request
// is read and thrown away for a while, so that the client gets to see the answer.
//
// Ownership: keeps itself alive while an operation is pending; the server outlives it.
// Errors: a connection that fails is closed, and that is all.
// Threads: the reactor's.

#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/block_pool.hpp"
#include "net/limits.hpp"
#include "net/peer_socket.hpp"
#include "net/request.hpp"
#include "net/request_parser.hpp"
#include "net/response.hpp"
#include "net/session_list.hpp"

namespace pap::net {

class Server;

class HttpSession : public std::enable_shared_from_this<HttpSession>, public SessionLink {
 public:
  HttpSession(Server& server, PeerSocket::Tcp protocol, int descriptor, bool over_limit);
  ~HttpSession();

  void start();
  // Its time is up (see phase), unless something has come that nobody has read yet.
  void on_overdue();
  void close();
  // Unless a request has come that nobody has read yet, or the client may count on sending one.
  // True when it is closed.
  bool close_if_idle();

 private:
  using Error = boost::system::error_code;

  void read();
  void on_read(const Error& error, std::size_t bytes);
  void process();
  // Answers the request that is complete. False when it must wait for something.
  bool answer();
  void append_response(Response& response);
  bool suits(std::chrono::milliseconds next_beat);
  void keep(bool on);
  void refuse(RequestParser::State state);
  void flush();
  void on_written(const Error& error, std::size_t bytes);
  void write_list();
  void finish_request();
  void await_more();
  void end();
  void discard();
  void on_discarded(const Error& error, std::size_t bytes);
  void enter(Phase next_phase);
  bool make_room();
  char* in() { return large_in_.empty() ? small_in_.data() : large_in_.data(); }
  std::size_t in_size() const { return large_in_.empty() ? small_in_.size() : large_in_.size(); }
  template <class Handler>
  auto bound(Handler handler);

  Server& server_;
  PeerSocket peer_;
  const bool over_limit_;

  std::array<char, kReadBufferBytes> small_in_;  // where requests are read, until one is larger
  std::vector<char> large_in_;
  std::size_t begin_ = 0;  // of the request being read
  std::size_t end_ = 0;    // of what has been read
  std::string out_;        // borrowed from the server while there is nothing in it
  std::optional<RequestParser> parser_;
  std::optional<core::AgentList> list_;
  std::size_t requests_ = 0;
  bool list_chunked_ = false;
  bool close_after_write_ = false;
  bool client_closes_ = false;  // it said so: nothing of its comes after this request
  bool all_received_ = false;   // the last read took all that there was
  bool discard_after_write_ = false;
  bool continue_sent_ = false;
  bool had_its_turn_ = false;  // it waits until others have been served
  bool writing_ = false;
  bool kept_ = false;  // promised to, for kKeptFor after its last answer

  HandlerMemory handler_memory_;
};

}  // namespace pap::net
