// SPDX-License-Identifier: MIT
#include "net/request.hpp"

#include <algorithm>

#include "net/request_parser.hpp"
#include "pap/protocol/agent_id.hpp"

namespace pap::net {
namespace {

std::string decoded(std::string_view text) {
  std::string spaced{text};
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return protocol::percent_decode(spaced).value_or(spaced);
}

}  // namespace

std::optional<std::string> Request::parameter(std::string_view name) const {
  std::string_view rest = query;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const std::size_t equals = std::min(pair.find('='), pair.size());
    if (decoded(pair.substr(0, equals)) != name) continue;
    return decoded(pair.substr(std::min(equals + 1, pair.size())));
  }
  return std::nullopt;
}

Request request_from(const RequestParser& parser) {
  Request request;
  request.method = parser.method();
  split_target(parser.target(), request);
  request.body = parser.body();
  request.collector_key = parser.collector_key();
  request.authorization = parser.authorization();
  request.content_encoding = parser.has_content_encoding();
  request.host = parser.has_host();
  request.node_fetch = parser.is_node_fetch();
  request.websocket = parser.wants_websocket();
  request.websocket_key = parser.websocket_key();
  request.websocket_version = parser.websocket_version();
  request.head = parser.method() == boost::beast::http::verb::head;
  return request;
}

void split_target(std::string_view target, Request& request) {
  const std::size_t scheme = target.starts_with('/') ? std::string_view::npos : target.find("://");
  if (scheme != std::string_view::npos) {
    target.remove_prefix(scheme + 3);
    target.remove_prefix(std::min(target.find('/'), target.size()));
  }
  target = target.substr(0, target.find('#'));
  const std::size_t question = std::min(target.find('?'), target.size());
  request.path = target.substr(0, question);
  request.query = target.substr(std::min(question + 1, target.size()));
  while (request.path.size() > 1 && request.path.back() == '/') request.path.remove_suffix(1);
  if (request.path.empty()) request.path = "/";
}

}  // namespace pap::net
