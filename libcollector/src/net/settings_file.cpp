// SPDX-License-Identifier: MIT
#include "net/settings_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <numeric>
#include <string_view>
#include <system_error>

#include <yaml-cpp/yaml.h>

#include "net/limits.hpp"
#include "protocol/json_text.hpp"
#include "protocol/utf8.hpp"

namespace pap::net {
namespace {

// Edits (insert, remove, replace a letter) between two keys: Levenshtein, one row at a time.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

// As people may have written it: the environment variable's or the flag's way.
std::string folded(std::string_view key) {
  std::string out;
  for (const char c : key.substr(0, kMaxClusterTextBytes)) {
    out += c == '-' ? '_' : (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
  }
  out.erase(0, out.find_first_not_of('_'));
  return out;
}

std::string_view nearest_key(std::string_view key) {
  const std::string wanted = folded(key);
  const auto all = settings();
  for (const Setting& setting : all) {
    if (wanted == folded(setting.variable)) return setting.key;
  }
  const auto closer = [&](const Setting& a, const Setting& b) {
    return distance(wanted, a.key) < distance(wanted, b.key);
  };
  return std::ranges::min_element(all, closer)->key;
}

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {}

  SettingsFile read(const std::string& text) {
    if (!protocol::is_utf8(text)) {
      file_.problems.push_back(path_ + ": is not UTF-8");
      return std::move(file_);
    }
    try {
      read_documents(YAML::LoadAll(text));
    } catch (const YAML::Exception& e) {
      problem(e.mark, e.msg);
    }
    return std::move(file_);
  }

 private:
  void read_documents(const std::vector<YAML::Node>& documents) {
    file_.is_yaml = true;
    if (documents.empty() || documents.front().IsNull()) return;  // nothing set is no error
    const YAML::Node& map = documents.front();
    if (documents.size() > 1) {
      problem(documents[1].Mark(), "a second document; one map of settings is all there may be");
    }
    if (!map.IsMap()) {
      problem(map.Mark(), "not a map of settings (`key: value` lines)");
      return;
    }
    for (const auto& entry : map) read_entry(entry.first, entry.second);
  }

  void read_entry(const YAML::Node& key, const YAML::Node& value) {
    if (!key.IsScalar()) {
      problem(key.Mark(), "a key that is not a word");
      return;
    }
    const auto all = settings();
    const auto setting = std::ranges::find(all, key.Scalar(), &Setting::key);
    if (setting == all.end()) {
      problem(key.Mark(), "unknown key " + protocol::quoted_for_message(key.Scalar()) +
                              "; the nearest known one is \"" +
                              std::string(nearest_key(key.Scalar())) + '"');
      return;
    }
    const std::string name(setting->key);
    const auto [known, fresh] = file_.values.try_emplace(&*setting);
    if (!fresh) {
      problem(key.Mark(), '"' + name + "\" stands here a second time; the first is in line " +
                              std::to_string(known->second.line));
      return;
    }
    known->second.line = line_of(key.Mark());
    if (!value.IsScalar() && !value.IsNull()) {
      problem(value.Mark(), '"' + name + "\" takes one value, not a list or a map");
      return;
    }
    known->second.text = value.IsNull() ? std::string() : value.Scalar();
  }

  static std::size_t line_of(const YAML::Mark& mark) {
    return mark.is_null() ? 1 : static_cast<std::size_t>(mark.line) + 1;
  }

  void problem(const YAML::Mark& mark, const std::string& what) {
    const std::size_t column = mark.is_null() ? 1 : static_cast<std::size_t>(mark.column) + 1;
    file_.problems.push_back(path_ + ':' + std::to_string(line_of(mark)) + ':' +
                             std::to_string(column) + ": " + what);
  }

  const std::string& path_;
  SettingsFile file_;
};

}  // namespace

SettingsFile parse_settings(const std::string& text, const std::string& path) {
  return Reader(path).read(text);
}

SettingsFile read_settings_file(const std::string& path) {
  SettingsFile failed;
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  std::string text(kMaxConfigFileBytes + 1, '\0');
  if (in) in.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in.is_open() || in.bad() || (errno != 0 && in.gcount() == 0)) {
    failed.problems.push_back("config file " + path +
                              " cannot be read: " + std::generic_category().message(errno));
    return failed;
  }
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > kMaxConfigFileBytes) {
    failed.problems.push_back("config file " + path + " is over " +
                              std::to_string(kMaxConfigFileBytes) + " bytes long");
    return failed;
  }
  return parse_settings(text, path);
}

}  // namespace pap::net
