// SPDX-License-Identifier: MIT
#include "papctl/client/client.hpp"

#include <netdb.h>
#include <strings.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <utility>

#include <httplib.h>
#include <nlohmann/json.hpp>

#include "papctl/client/json_text.hpp"
#include "papctl/exit_status.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

using nlohmann::json;

bool is_secret(const std::string& header) {
  return ::strcasecmp(header.c_str(), "X-Collector-Key") == 0 ||
         ::strcasecmp(header.c_str(), "Authorization") == 0;
}

void tell_exchange(const httplib::Request& request, const httplib::Response& response) {
  std::string out = "> " + request.method + ' ' + visible(request.path) + '\n';
  for (const auto& [name, value] : request.headers) {
    out += "> " + visible(name) + ": " + (is_secret(name) ? "********" : visible(value)) + '\n';
  }
  out += "< " + std::to_string(response.status) + ' ' + visible(response.reason) + '\n';
  for (const auto& [name, value] : response.headers) {
    out += "< " + visible(name) + ": " + visible(value) + '\n';
  }
  std::fputs(out.c_str(), stderr);
}

}  // namespace

class Client::Impl {
 public:
  Impl(const Endpoint& endpoint, const Target& target)
      : http_(endpoint.tls ? "https://" + endpoint.authority() : "http://" + endpoint.authority(),
              target.certificate_file, target.certificate_key_file) {
    if (!http_.is_valid()) {
      throw Failure(kError, "cannot use the certificate " + target.certificate_file +
                                " with the key " + target.certificate_key_file);
    }
    http_.set_tcp_nodelay(true);
    http_.set_keep_alive(true);
    wait_at_most(kAnswerPatience);
    if (!target.ca_file.empty()) {
      if (::access(target.ca_file.c_str(), R_OK) != 0) {
        throw Failure(kError, "cannot read the file of authorities " + target.ca_file + ": " +
                                  std::strerror(errno));
      }
      http_.set_ca_cert_path(target.ca_file);
    }
    http_.enable_server_certificate_verification(!target.insecure);
    httplib::Headers headers{{"Accept", "application/json"}, {"User-Agent", "papctl"}};
    if (target.api_key) headers.emplace("X-Collector-Key", *target.api_key);
    http_.set_default_headers(std::move(headers));
    if (target.debug) http_.set_logger(tell_exchange);
  }

  httplib::Client& http() { return http_; }

  void wait_at_most(std::chrono::milliseconds patience) {
    const auto at_most = [&](std::chrono::milliseconds usual) { return std::min(patience, usual); };
    http_.set_connection_timeout(at_most(kConnectPatience));
    http_.set_read_timeout(at_most(kAnswerPatience));
    http_.set_write_timeout(at_most(kAnswerPatience));
  }

 private:
  httplib::Client http_;
};

namespace {

// Why the host has no address, "" when it has one: the library says "no connection" of both.
std::string no_address_of(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error =
      ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found);
  if (error != 0) return ::gai_strerror(error);
  ::freeaddrinfo(found);
  return {};
}

[[noreturn]] void not_reached(const Endpoint& endpoint, const std::string& path,
                              httplib::Error error) {
  const std::string url = endpoint.url(path);
  switch (error) {
    case httplib::Error::Connection:
    case httplib::Error::ConnectionTimeout: {
      std::string what = "no connection to " + url + " in time";
      if (error == httplib::Error::Connection) {
        const std::string why = no_address_of(endpoint);
        what = why.empty() ? "cannot connect to " + url
                           : "cannot look up " + visible(endpoint.host) + ": " + why;
      }
      throw Failure(kNotReachable, what,
                    "Is the collector running there? --collector or PAPCTL_COLLECTOR names "
                    "another one.");
    }
    case httplib::Error::SSLLoadingCerts:
      throw Failure(kError, "cannot use the file of authorities (--cacert) for " + url);
    case httplib::Error::SSLServerVerification:
      throw Failure(kNotReachable, "the certificate of " + url + " is not to be trusted",
                    "--cacert FILE names the authority that signed it.");
    case httplib::Error::SSLConnection:
      throw Failure(kNotReachable, "no TLS connection to " + url,
                    "Does it speak https, and want a client's certificate (--cert, --key)?");
    case httplib::Error::Read:
      throw Failure(kNotReachable, "the answer of " + url + " broke off or took too long",
                    "Is this a collector? One that is stopped for a while answers nothing.");
    default:
      throw Failure(kNotReachable, "no answer from " + url + ": " + httplib::to_string(error),
                    "Is this a collector?");
  }
}

Answer answer_of(const httplib::Response& response) {
  Answer answer;
  answer.status = response.status;
  answer.body = response.body;
  answer.now =
      parse_http_date(response.get_header_value("Date")).value_or(std::chrono::system_clock::now());
  return answer;
}

Answer answer_of(const httplib::Result& result, const Endpoint& endpoint, const std::string& path) {
  if (!result) not_reached(endpoint, path, result.error());
  return answer_of(*result);
}

}  // namespace

Client::Client(const Target& target)
    : endpoint_(Endpoint::parse(target.collector)),
      impl_(std::make_unique<Impl>(endpoint_, target)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;

void Client::wait_at_most(std::chrono::milliseconds patience) { impl_->wait_at_most(patience); }

Answer Client::get(const std::string& path) {
  Answer whole;
  const auto take = [&whole](std::string_view piece) {
    whole.body += piece;
    return whole.body.size() <= kMostAnswerBytes;
  };
  Answer answer = stream(path, {}, take);
  if (answer.status == 200) {
    if (whole.body.size() > kMostAnswerBytes) {
      throw Failure(kError, "the answer of " + endpoint_.url(path) + " is over 64 MiB");
    }
    answer.body = std::move(whole.body);
  }
  return answer;
}

Answer Client::remove(const std::string& path) {
  return answer_of(impl_->http().Delete(endpoint_.prefix + path), endpoint_, path);
}

Answer Client::post(const std::string& path, const std::string& json) {
  return answer_of(impl_->http().Post(endpoint_.prefix + path, json, "application/json"), endpoint_,
                   path);
}

Answer Client::stream(const std::string& path, const std::function<void(TimePoint)>& begun,
                      const std::function<bool(std::string_view)>& take) {
  httplib::Response head;
  bool enough = false;
  const auto result = impl_->http().Get(
      endpoint_.prefix + path,
      [&](const httplib::Response& response) {
        head = response;
        if (begun && response.status == 200) begun(answer_of(response).now);
        return true;
      },
      [&](const char* data, std::size_t length) {
        if (head.status == 200) {
          enough = !take({data, length});
          return !enough;
        }
        head.body.append(data, length);
        return head.body.size() <= kMostAnswerBytes;
      });
  if (!result && !enough) not_reached(endpoint_, path, result.error());
  return answer_of(head);
}

std::optional<json> Client::find_json(const std::string& path, Answer* told) {
  Answer answer = get(path);
  if (told != nullptr) *told = answer;
  if (answer.status == 404) return std::nullopt;
  if (answer.status != 200) throw refusal_of(endpoint_.url(path), answer);
  return parsed(path, answer.body);
}

json Client::get_json(const std::string& path, Answer* told) {
  auto found = find_json(path, told);
  if (found) return std::move(*found);
  throw Failure(kError, "there is no " + endpoint_.url(path),
                "Is this a collector, with the right path, and new enough?");
}

json Client::parsed(const std::string& path, const std::string& body) const {
  json value = read_json<json>(body);
  if (value.is_object()) return value;
  throw no_collectors_answer(endpoint_.url(path), "is not JSON");
}

Failure no_collectors_answer(const std::string& url, const std::string& what) {
  return {kError, "the answer of " + url + ' ' + what,
          "Is this a collector? --debug shows the exchange."};
}

Failure refusal_of(const std::string& url, const Answer& answer) {
  if (answer.status == 401 || answer.status == 403) {
    return {kNotAuthorised, "not authorised at " + url,
            "The collector wants its COLLECTOR_API_KEY: --key-file FILE, or PAPCTL_KEY."};
  }
  return {kError, url + " answered " + status_and_reason(answer.status, answer.body)};
}

std::string status_and_reason(int status, const std::string& body) {
  std::string out = std::to_string(status);
  const json said = read_json<json>(body);
  for (const char* key : {"error", "message"}) {
    if (said.is_object() && said.contains(key) && said[key].is_string()) {
      out += (out.size() > 3 ? ": " : " ") + visible(said[key].get<std::string>());
    }
  }
  return out;
}

std::optional<TimePoint> parse_http_date(const std::string& text) {
  std::tm parts{};
  const char* end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (end == nullptr || *end != '\0') return std::nullopt;
  return std::chrono::system_clock::from_time_t(::timegm(&parts));
}

std::optional<TimePoint> parse_timestamp(const std::string& text) {
  // strptime(3) and sscanf(3) take blanks and signs for numbers.
  constexpr std::string_view kForm = "0000-00-00T00:00:00.000Z";
  if (text.size() != kForm.size()) return std::nullopt;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kForm[i] == '0' ? !digit : text[i] != kForm[i]) return std::nullopt;
  }
  std::tm parts{};
  const char* end = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (end == nullptr) return std::nullopt;
  return std::chrono::system_clock::from_time_t(::timegm(&parts)) +
         std::chrono::milliseconds(std::stoi(text.substr(text.size() - 4, 3)));
}

}  // namespace pap::ctl
