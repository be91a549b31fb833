// SPDX-License-Identifier: MIT
#include <cstdlib>
#include <utility>

#include "net/settings_advice.hpp"
#include "net/settings_file.hpp"
#include "net/settings_table.hpp"
#include "net/settings_values.hpp"
#include "net/station_client.hpp"
#include "pap/net/config.hpp"

namespace pap::net {
namespace {

struct Found {
  std::string text;
  Origin origin = Origin::kDefault;
  std::size_t line = 0;
};

class Loader {
 public:
  explicit Loader(const ConfigSources& sources) : sources_(sources) {}

  LoadedConfig load() {
    read_file();
    const SettingsTable& table = settings_table();
    for (std::size_t i = 0; i < table.settings.size(); ++i) {
      take(table.settings[i], table.members[i]);
    }
    finish();
    return std::move(out_);
  }

 private:
  void read_file() {
    if (!sources_.file) return;
    out_.file = *sources_.file;
    file_ = read_settings_file(out_.file);
    out_.problems = std::move(file_.problems);
  }

  // Flag before environment before file. What is empty is as good as not there.
  Found find(const Setting& setting) const {
    const std::string variable(setting.variable);
    const auto flag = sources_.flags.find(variable);
    if (flag != sources_.flags.end() && !flag->second.empty()) {
      return {flag->second, Origin::kFlag, 0};
    }
    if (sources_.environment) {
      if (auto text = sources_.environment(variable); text && !text->empty()) {
        return {std::move(*text), Origin::kEnvironment, 0};
      }
    }
    const auto line = file_.values.find(&setting);
    if (line != file_.values.end() && !line->second.text.empty()) {
      return {line->second.text, Origin::kFile, line->second.line};
    }
    return {};
  }

  void take(const Setting& setting, const ConfigMember& member) {
    SettingValue value;
    value.setting = &setting;
    const Found found = find(setting);
    const std::string_view text = trimmed(setting, found.text);
    // A secret of nothing but a newline is no missing secret: it would open what it should lock.
    const bool given = !text.empty() || (setting.secret() && found.origin != Origin::kDefault);
    if (given) {
      value.is_set = true;
      value.origin = found.origin;
      value.line = found.line;
      if (!setting.secret()) value.text = text;
      std::string why = set_value(setting, member, text, out_.config);
      if (why.empty() && setting.kind == SettingKind::kFile) {
        why = why_unusable_ca_file(std::string(text));  // the only file that a setting names
      }
      if (!why.empty()) {
        out_.problems.push_back(std::string(setting.variable) + " (" +
                                origin_text(value, out_.file) + ") " + why);
      }
    } else {
      value.text = setting.default_text;
      value.is_set = !value.text.empty();
      const bool may_stand_there = sources_.file && !file_.is_yaml;
      if (setting.required && !may_stand_there) {
        out_.problems.push_back(std::string(setting.variable) +
                                " is not set: give the environment variable, " +
                                std::string(setting.flag) + ", or \"" + std::string(setting.key) +
                                "\" in the config file");
      }
    }
    out_.values.push_back(std::move(value));
  }

  void finish() {
    Config& config = out_.config;
    if (config.cluster_name.empty()) config.cluster_name = config.cluster_id;
    if (out_.ok()) out_.warnings = advice_on(out_);
  }

  const ConfigSources& sources_;
  SettingsFile file_;
  LoadedConfig out_;
};

}  // namespace

LoadedConfig load_config(const ConfigSources& sources) { return Loader(sources).load(); }

std::optional<std::string> process_environment(const std::string& variable) {
  // Nothing here changes the environment, and it is read before any thread is started.
  const char* text = std::getenv(variable.c_str());  // NOLINT(concurrency-mt-unsafe)
  if (text == nullptr) return std::nullopt;
  return std::string(text);
}

}  // namespace pap::net
