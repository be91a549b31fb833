// SPDX-License-Identifier: MIT
#pragma once

// One function an endpoint, each in the file of its name. The router has checked the method and
// the key, and has decoded what stands after the prefix into `tail` (empty when nothing does).
//
// Errors: an answer, never an exception.
// Threads: the reactor's.

#include <string_view>

#include "net/request.hpp"
#include "net/response.hpp"

namespace pap::net {

class Server;

void post_heartbeat(Server& server, const Request& request, std::string_view tail,
                    Response& response);
void get_agents(Server& server, const Request& request, std::string_view tail, Response& response);
void get_agent(Server& server, const Request& request, std::string_view tail, Response& response);
void delete_agent(Server& server, const Request& request, std::string_view tail,
                  Response& response);
void get_alerts(Server& server, const Request& request, std::string_view tail, Response& response);
void get_observe(Server& server, const Request& request, std::string_view tail, Response& response);
void get_health(Server& server, const Request& request, std::string_view tail, Response& response);
void get_ready(Server& server, const Request& request, std::string_view tail, Response& response);
void get_service(Server& server, const Request& request, std::string_view tail, Response& response);
void get_metrics(Server& server, const Request& request, std::string_view tail, Response& response);

}  // namespace pap::net
