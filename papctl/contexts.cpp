// SPDX-License-Identifier: MIT
#include "papctl/contexts.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

#include <yaml-cpp/yaml.h>

#include "papctl/exit_status.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 7> kKeys{"collectors", "key_file", "cacert",  "cert",
                                                "key",        "insecure", "readonly"};

[[noreturn]] void refuse(const std::string& path, const YAML::Mark& mark, const std::string& why) {
  throw Failure(kError, path + ':' + std::to_string(mark.line + 1) + ':' +
                            std::to_string(mark.column + 1) + ": " + why);
}

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path) {}

  Contexts read(const YAML::Node& root) const {
    Contexts out;
    if (!root || root.IsNull()) return out;
    if (!root.IsMap()) refuse(path_, root.Mark(), "the file must be a map");
    for (const auto& entry : root) {
      const std::string key = text(entry.first);
      if (key == "current") {
        out.current = text(entry.second);
      } else if (key == "contexts") {
        if (!entry.second.IsMap()) refuse(path_, entry.second.Mark(), "contexts must be a map");
        for (const auto& each : entry.second) {
          out.named[text(each.first)] = context(each.second);
        }
      } else {
        refuse(path_, entry.first.Mark(), "unknown key \"" + visible(key) + "\"");
      }
    }
    return out;
  }

 private:
  std::string text(const YAML::Node& node) const {
    if (!node.IsScalar()) refuse(path_, node.Mark(), "a text must stand here");
    return node.Scalar();
  }

  bool truth(const YAML::Node& node) const {
    bool value = false;
    if (!node.IsScalar() || !YAML::convert<bool>::decode(node, value)) {
      refuse(path_, node.Mark(), "true or false must stand here");
    }
    return value;
  }

  NamedContext context(const YAML::Node& node) const {
    if (!node.IsMap()) refuse(path_, node.Mark(), "a context must be a map");
    NamedContext out;
    for (const auto& entry : node) {
      const std::string key = text(entry.first);
      const YAML::Node& value = entry.second;
      if (key == "collectors") {
        if (!value.IsSequence()) refuse(path_, value.Mark(), "collectors must be a list");
        for (const auto& each : value) out.collectors.push_back(text(each));
      } else if (key == "key_file") {
        out.key_file = text(value);
      } else if (key == "cacert") {
        out.cacert = text(value);
      } else if (key == "cert") {
        out.cert = text(value);
      } else if (key == "key") {
        out.key = text(value);
      } else if (key == "insecure") {
        out.insecure = truth(value);
      } else if (key == "readonly") {
        out.readonly = truth(value);
      } else {
        std::string known;
        for (const std::string_view each : kKeys) known += ' ' + std::string(each);
        refuse(path_, entry.first.Mark(),
               "unknown key \"" + visible(key) + "\"; a context has" + known);
      }
    }
    if (out.collectors.empty()) refuse(path_, node.Mark(), "a context must name collectors");
    return out;
  }

  const std::string& path_;
};

}  // namespace

Contexts Contexts::load(const std::string& path) {
  std::ifstream file(path);
  if (!file) {
    if (errno == ENOENT || errno == ENOTDIR) return {};
    throw Failure(kError, "cannot read " + path + ": " + std::strerror(errno));
  }
  try {
    return Reader(path).read(YAML::Load(file));
  } catch (const YAML::Exception& e) {
    refuse(path, e.mark, e.msg);
  }
}

std::string Contexts::text() const {
  YAML::Emitter out;
  out << YAML::BeginMap;
  if (!current.empty()) out << YAML::Key << "current" << YAML::Value << current;
  out << YAML::Key << "contexts" << YAML::Value << YAML::BeginMap;
  for (const auto& [name, context] : named) {
    out << YAML::Key << name << YAML::Value << YAML::BeginMap;
    out << YAML::Key << "collectors" << YAML::Value << context.collectors;
    const auto text = [&out](const char* key, const std::string& value) {
      if (!value.empty()) out << YAML::Key << key << YAML::Value << value;
    };
    text("key_file", context.key_file);
    text("cacert", context.cacert);
    text("cert", context.cert);
    text("key", context.key);
    if (context.insecure) out << YAML::Key << "insecure" << YAML::Value << true;
    if (context.readonly) out << YAML::Key << "readonly" << YAML::Value << true;
    out << YAML::EndMap;
  }
  out << YAML::EndMap << YAML::EndMap;
  return std::string(out.c_str()) + '\n';
}

void Contexts::save(const std::string& path) const {
  std::error_code error;
  fs::create_directories(fs::path(path).parent_path(), error);
  const std::string fresh = path + ".new";
  {
    std::ofstream file(fresh, std::ios::trunc);
    file << text();
    file.flush();
    if (!file) throw Failure(kError, "cannot write " + fresh + ": " + std::strerror(errno));
  }
  fs::rename(fresh, path, error);
  if (error) throw Failure(kError, "cannot write " + path + ": " + error.message());
}

const NamedContext& Contexts::find(const std::string& name) const {
  const auto found = named.find(name);
  if (found != named.end()) return found->second;
  std::string known;
  for (const auto& [each, context] : named) known += (known.empty() ? "" : ", ") + visible(each);
  throw Failure(
      kUsage, "there is no context \"" + visible(name) + '"',
      known.empty() ? "`papctl config set-context` makes one." : "There are: " + known + '.');
}

std::string contexts_path() {
  // Read before any thread is started.
  if (const char* base = std::getenv("XDG_CONFIG_HOME");  // NOLINT(concurrency-mt-unsafe)
      base != nullptr && *base != '\0') {
    return std::string(base) + "/papctl/config.yaml";
  }
  const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe)
  if (home == nullptr || *home == '\0') {
    throw Failure(kError, "neither XDG_CONFIG_HOME nor HOME says where contexts are kept");
  }
  return std::string(home) + "/.config/papctl/config.yaml";
}

}  // namespace pap::ctl
