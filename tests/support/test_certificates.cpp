// SPDX-License-Identifier: MIT
#include "support/test_certificates.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>
#include <utility>

namespace pap::test {
namespace {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Bio = std::unique_ptr<BIO, Deleter<BIO_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;

constexpr long kHour = 3'600;
constexpr long kDay = 24 * kHour;

void must(bool good, const char* what) {
  if (!good) throw std::runtime_error(std::string("test certificate: ") + what);
}

Key make_key() {
  // EVP_EC_gen() is this call behind a cast that drops a const.
  Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  must(key != nullptr, "no key");
  return key;
}

void set_name(X509* certificate, const std::string& common_name) {
  std::string text = common_name;
  must(X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(text.data()),
                                  static_cast<int>(text.size()), -1, 0) == 1,
       "name");
}

void add_extension(X509* certificate, int nid, const std::string& value) {
  const Extension extension(X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str()));
  must(extension != nullptr && X509_add_ext(certificate, extension.get(), -1) == 1, "extension");
}

Certificate blank(EVP_PKEY* key, long serial, long from, long until) {
  Certificate certificate(X509_new());
  must(certificate != nullptr, "no certificate");
  X509_set_version(certificate.get(), 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), until);
  X509_set_pubkey(certificate.get(), key);
  return certificate;
}

std::string text_in(const Bio& bio) {
  const char* data = nullptr;
  const long size = BIO_ctrl(bio.get(), BIO_CTRL_INFO, 0, &data);
  return std::string(data, static_cast<std::size_t>(size));
}

std::string pem(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  must(PEM_write_bio_X509(bio.get(), certificate) == 1, "PEM");
  return text_in(bio);
}

std::string pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  must(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
       "PEM of key");
  return text_in(bio);
}

}  // namespace

struct TestAuthority::State {
  Key key;
  Certificate certificate;
  long serial = 1;
};

TestAuthority::TestAuthority(const std::string& name) : state_(std::make_unique<State>()) {
  state_->key = make_key();
  state_->certificate = blank(state_->key.get(), state_->serial, -kHour, kDay);
  X509* certificate = state_->certificate.get();
  set_name(certificate, name);
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
  add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
  must(X509_sign(certificate, state_->key.get(), EVP_sha256()) > 0, "signature");
}

TestAuthority::~TestAuthority() = default;

std::string TestAuthority::certificate_pem() const { return pem(state_->certificate.get()); }

ServerIdentity TestAuthority::issue(const IdentityWish& wish) const {
  const Key key = make_key();
  const auto [from, until] = wish.expired ? std::pair(-3 * kDay, -kDay) : std::pair(-kHour, kDay);
  const Certificate certificate = blank(key.get(), ++state_->serial, from, until);
  set_name(certificate.get(), "stand-in");
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(state_->certificate.get()));
  std::string names;
  for (const std::string& name : wish.names) names += ",DNS:" + name;
  for (const std::string& address : wish.addresses) names += ",IP:" + address;
  if (!names.empty()) add_extension(certificate.get(), NID_subject_alt_name, names.substr(1));
  must(X509_sign(certificate.get(), state_->key.get(), EVP_sha256()) > 0, "signature");
  return {pem(certificate.get()), pem(key.get())};
}

}  // namespace pap::test
