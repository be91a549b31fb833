// SPDX-License-Identifier: MIT
// papctl config set-context | use-context | delete-context | view
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "papctl/client/endpoint.hpp"
#include "papctl/commands/command.hpp"
#include "papctl/contexts.hpp"
#include "papctl/print/records.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

struct ConfigOptions {
  std::string name;
  std::vector<std::string> collectors;
  // None: as it was.
  std::optional<std::string> key_file;
  std::optional<std::string> cacert;
  std::optional<std::string> cert;
  std::optional<std::string> key;
  std::optional<bool> insecure;
  std::optional<bool> readonly;
};

CLI::Validator some_name() {
  return {[](const std::string& text) { return text.empty() ? "a name that is empty" : ""; }, ""};
}

// A file is found from wherever the context is used.
std::string absolute(const std::string& path) {
  return path.empty() ? path : std::filesystem::absolute(path).lexically_normal().string();
}

int set_context(Context& context, const ConfigOptions& options) {
  for (const std::string& each : options.collectors) {
    Endpoint::parse(each.starts_with("dns+") ? each.substr(4) : each);
  }
  const std::string path = contexts_path();
  Contexts contexts = Contexts::load(path);
  const bool known = contexts.named.contains(options.name);
  if (!known && options.collectors.empty()) {
    throw Failure(kUsage, "context " + visible(options.name) + " is new, and needs a collector",
                  "--collector URL names it.");
  }
  NamedContext& named = contexts.named[options.name];
  if (!options.collectors.empty()) named.collectors = options.collectors;
  const auto set_file = [](std::string& file, const std::optional<std::string>& given) {
    if (given) file = absolute(*given);
  };
  set_file(named.key_file, options.key_file);
  set_file(named.cacert, options.cacert);
  set_file(named.cert, options.cert);
  set_file(named.key, options.key);
  named.insecure = options.insecure.value_or(named.insecure);
  named.readonly = options.readonly.value_or(named.readonly);
  if (contexts.current.empty()) contexts.current = options.name;
  contexts.save(path);
  context.out.write("context " + visible(options.name) + " is set in " + path +
                    (contexts.current == options.name ? ", and in use\n" : "\n"));
  return kFine;
}

int use_context(Context& context, const std::string& name) {
  const std::string path = contexts_path();
  Contexts contexts = Contexts::load(path);
  contexts.find(name);
  contexts.current = name;
  contexts.save(path);
  context.out.write("context " + visible(name) + " is in use\n");
  return kFine;
}

int delete_context(Context& context, const std::string& name) {
  const std::string path = contexts_path();
  Contexts contexts = Contexts::load(path);
  contexts.find(name);
  contexts.named.erase(name);
  const bool used = contexts.current == name;
  if (used) contexts.current.clear();
  contexts.save(path);
  context.out.write("context " + visible(name) + " is deleted" +
                    (used ? ", and none is in use\n" : "\n"));
  return kFine;
}

nlohmann::ordered_json as_json(const Contexts& contexts) {
  using Json = nlohmann::ordered_json;
  Json named = Json::object();
  for (const auto& [name, each] : contexts.named) {
    named[name] = {{"collectors", each.collectors},
                   {"key_file", each.key_file},
                   {"cacert", each.cacert},
                   {"cert", each.cert},
                   {"key", each.key},
                   {"insecure", each.insecure},
                   {"readonly", each.readonly}};
  }
  return {{"current", contexts.current.empty() ? Json() : Json(contexts.current)},
          {"contexts", std::move(named)}};
}

int view(Context& context) {
  const std::string path = contexts_path();
  const Contexts contexts = Contexts::load(path);
  const Format format = context.settings.printing.format.value_or(Format::kYaml);
  if (format == Format::kName) {
    for (const auto& [name, named] : contexts.named) {
      context.out.write(name_line(name, context.terminal));
    }
  } else if (format == Format::kJson || format == Format::kJsonl) {
    context.out.write(in_format(as_json(contexts), format));
  } else {
    context.out.write("# " + path + '\n' + contexts.text());
  }
  return kFine;
}

}  // namespace

Run prepare_config_set_context(CLI::App& app) {
  app.fallthrough(false);  // these flags are the context's, not this call's
  auto options = std::make_shared<ConfigOptions>();
  app.add_option("CONTEXT", options->name, "the context's name; what is not given of one stays")
      ->required()
      ->check(some_name());
  app.add_option("-c,--collector", options->collectors,
                 "a collector's address; again for each further one")
      ->type_name("URL")
      ->allow_extra_args(false);
  app.add_option("--key-file", options->key_file, "file that holds the API key; '' for none")
      ->type_name("FILE");
  app.add_option("--cacert", options->cacert, "authorities to trust")->type_name("FILE");
  app.add_option("--cert", options->cert, "the client's own certificate")->type_name("FILE");
  app.add_option("--key", options->key, "… and its private key")->type_name("FILE");
  const auto add_flag = [&app](const char* flag, std::optional<bool>& value, const char* help) {
    app.add_flag_function(
        flag, [&value](std::int64_t count) { value = count > 0; }, help);
  };
  add_flag("--insecure", options->insecure, "take any certificate; --insecure=false undoes it");
  add_flag("--readonly", options->readonly,
           "refuse to delete agents or to send heartbeats; --readonly=false undoes it");
  return [options](Context& context) { return set_context(context, *options); };
}

Run prepare_config_use_context(CLI::App& app) {
  auto name = std::make_shared<std::string>();
  app.add_option("CONTEXT", *name, "the context's name")->required();
  return [name](Context& context) { return use_context(context, *name); };
}

Run prepare_config_delete_context(CLI::App& app) {
  auto name = std::make_shared<std::string>();
  app.add_option("CONTEXT", *name, "the context's name")->required();
  return [name](Context& context) { return delete_context(context, *name); };
}

Run prepare_config_view(CLI::App&) {
  return [](Context& context) { return view(context); };
}

}  // namespace pap::ctl
