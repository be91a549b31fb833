// SPDX-License-Identifier: MIT
#include "net/auth.hpp"

#include <array>

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <boost/beast/core/string.hpp>

namespace pap::net {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest digest_of(std::string_view text) {
  Digest digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

}  // namespace

bool same_secret(std::string_view given, std::string_view secret) {
  // Digests have one length, so that not even the secret's length shows.
  const Digest a = digest_of(given);
  const Digest b = digest_of(secret);
  return CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

bool authorized(const Request& request, const std::optional<std::string>& key, bool query_too) {
  if (!key) return true;
  if (!request.collector_key.empty()) return same_secret(request.collector_key, *key);
  constexpr std::string_view kBearer = "Bearer ";
  std::string_view given = request.authorization;
  if (given.size() > kBearer.size() &&
      boost::beast::iequals(given.substr(0, kBearer.size()), kBearer)) {
    return same_secret(given.substr(kBearer.size()), *key);
  }
  if (!query_too) return false;
  const auto parameter = request.parameter("api_key");
  return parameter && same_secret(*parameter, *key);
}

}  // namespace pap::net
