// SPDX-License-Identifier: MIT
// papctl config set-context | use-context | delete-context | view
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "papctl/client/endpoint.hpp"
#include "papctl/commands/command.hpp"
#include "papctl/contexts.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

struct ConfigOptions {
  std::string name;
  std::vector<std::string> collectors;
  std::string key_file;
  std::string cacert;
  std::string cert;
  std::string key;
  bool insecure = false;
  bool readonly = false;
};

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
  contexts.named[options.name] = {options.collectors,       absolute(options.key_file),
                                  absolute(options.cacert), absolute(options.cert),
                                  absolute(options.key),    options.insecure,
                                  options.readonly};
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

int view(Context& context) {
  const std::string path = contexts_path();
  const Contexts contexts = Contexts::load(path);
  context.out.write("# " + path + '\n' + contexts.text());
  return kFine;
}

}  // namespace

Run prepare_config_set_context(CLI::App& app) {
  app.fallthrough(false);  // these flags are the context's, not this call's
  auto options = std::make_shared<ConfigOptions>();
  app.add_option("CONTEXT", options->name, "the context's name")->required();
  app.add_option("-c,--collector", options->collectors,
                 "a collector's address; again for each further one")
      ->required()
      ->type_name("URL")
      ->allow_extra_args(false);
  app.add_option("--key-file", options->key_file, "file that holds the API key")->type_name("FILE");
  app.add_option("--cacert", options->cacert, "authorities to trust")->type_name("FILE");
  app.add_option("--cert", options->cert, "the client's own certificate")->type_name("FILE");
  app.add_option("--key", options->key, "… and its private key")->type_name("FILE");
  app.add_flag("--insecure", options->insecure, "take any certificate");
  app.add_flag("--readonly", options->readonly, "refuse to delete agents or to send heartbeats");
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
