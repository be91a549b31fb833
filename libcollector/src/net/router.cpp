// SPDX-License-Identifier: MIT
#include "net/router.hpp"

#include <array>
#include <string>

#include "net/auth.hpp"
#include "net/handlers/handlers.hpp"
#include "net/server.hpp"
#include "pap/protocol/agent_id.hpp"

namespace pap::net {

using boost::beast::http::verb;

namespace {

enum class Tail : std::uint8_t {
  kNone,      // the path is the prefix
  kRequired,  // /prefix/something
  kOptional,
};
enum class Key : std::uint8_t { kNone, kCollector, kHeartbeat };

using Handler = void (*)(Server&, const Request&, std::string_view, Response&);

struct Route {
  std::string_view prefix;
  Tail tail;
  verb method;  // GET takes HEAD as well
  Key key;
  bool at_limit;  // answered beyond the connection limit, too
  Handler handler;
};

constexpr std::array kRoutes{
    Route{"/heartbeat", Tail::kRequired, verb::post, Key::kHeartbeat, true, post_heartbeat},
    Route{"/agents", Tail::kNone, verb::get, Key::kCollector, false, get_agents},
    Route{"/agents", Tail::kRequired, verb::get, Key::kCollector, false, get_agent},
    Route{"/agents", Tail::kRequired, verb::delete_, Key::kCollector, false, delete_agent},
    Route{"/alerts", Tail::kNone, verb::get, Key::kCollector, false, get_alerts},
    Route{"/observe", Tail::kOptional, verb::get, Key::kCollector, false, get_observe},
    Route{"/health", Tail::kNone, verb::get, Key::kNone, true, get_health},
    Route{"/ready", Tail::kNone, verb::get, Key::kNone, true, get_ready},
    Route{"/metrics", Tail::kNone, verb::get, Key::kNone, false, get_metrics},
    Route{"/", Tail::kNone, verb::get, Key::kNone, false, get_service},
};

bool matches_path(const Route& route, std::string_view path) {
  if (path == route.prefix) return route.tail != Tail::kRequired;
  return route.tail != Tail::kNone && path.size() > route.prefix.size() &&
         path.substr(0, route.prefix.size()) == route.prefix && path[route.prefix.size()] == '/' &&
         path.find('/', route.prefix.size() + 1) == std::string_view::npos;
}

bool matches_method(const Route& route, verb method) {
  return method == route.method || (method == verb::head && route.method == verb::get);
}

void append_method(std::string& allow, const Route& route) {
  if (!allow.empty()) allow += ", ";
  const auto name = boost::beast::http::to_string(route.method);
  allow.append(name.data(), name.size());
  if (route.method == verb::get) allow += ", HEAD";
}

bool may(const Server& server, const Route& route, const Request& request) {
  const Config& config = server.config();
  switch (route.key) {
    case Key::kNone:
      return true;
    case Key::kCollector:
      return authorized(request, config.collector_api_key, true);
    case Key::kHeartbeat:
      return authorized(request, config.heartbeat_api_key, false);
  }
  return false;
}

void unauthorized(Server& server, const Route& route, Response& response) {
  if (route.key == Key::kHeartbeat) server.counters().refuse(BeatRefusal::kUnauthorized);
  response.fail(401, "Unauthorized",
                "Valid API key required. Use X-Collector-Key or Authorization: Bearer header.");
  response.headers += "WWW-Authenticate: Bearer\r\n";
}

}  // namespace

void route(Server& server, const Request& request, Response& response, bool over_limit) {
  std::string allow;
  for (const Route& each : kRoutes) {
    if (!matches_path(each, request.path)) continue;
    if (!matches_method(each, request.method)) {
      append_method(allow, each);
      continue;
    }
    if (over_limit && !each.at_limit) {
      server.counters().count(Trouble::kOverLimit);
      return response.retry_later("Too many connections",
                                  "this collector serves " +
                                      std::to_string(server.max_connections()) +
                                      " at a time (MAX_CONNECTIONS)");
    }
    if (!may(server, each, request)) return unauthorized(server, each, response);
    if (request.path.size() == each.prefix.size()) {
      return each.handler(server, request, {}, response);
    }
    const std::string_view encoded = request.path.substr(each.prefix.size() + 1);
    if (encoded.find('%') == std::string_view::npos) {  // nearly always, and decoding allocates
      return each.handler(server, request, encoded, response);
    }
    const auto tail = protocol::percent_decode(encoded);
    if (tail) return each.handler(server, request, *tail, response);
    if (each.key == Key::kHeartbeat) server.counters().refuse(BeatRefusal::kInvalidId);
    return response.fail(400, "Invalid agent id",
                         "a percent escape is cut short or not hexadecimal");
  }
  if (!allow.empty()) {
    response.headers += "Allow: " + allow + "\r\n";
    return response.fail(405, "Method not allowed", "this path takes " + allow);
  }
  response.fail(404, "Not found", "no such path; GET / lists those there are");
}

}  // namespace pap::net
