// SPDX-License-Identifier: MIT
#include "papctl/commands/globals.hpp"

#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <utility>

#include "papctl/contexts.hpp"
#include "papctl/exit_status.hpp"
#include "papctl/print/output.hpp"

namespace pap::ctl {

void add_globals(CLI::App& app, Globals& globals) {
  Target& target = globals.target;
  Printing& printing = globals.settings.printing;
  app.add_option("-c,--collector", globals.collectors,
                 std::string("the collector's address; again for each further one; ") +
                     kDefaultCollector + " without it")
      ->type_name("URL")
      ->allow_extra_args(false);
  app.add_option("--context", globals.context, "the context to use this time")
      ->type_name("CONTEXT");
  app.add_option("--key-file", globals.key_file, "file that holds the collector's API key")
      ->type_name("FILE");
  const std::map<std::string, Format> formats{{"table", Format::kTable}, {"wide", Format::kWide},
                                              {"json", Format::kJson},   {"jsonl", Format::kJsonl},
                                              {"yaml", Format::kYaml},   {"name", Format::kName},
                                              {"tsv", Format::kTsv},     {"raw", Format::kRaw}};
  app.add_option_function<std::string>(
         "-o,--output",
         [&printing, formats](const std::string& word) { printing.format = formats.at(word); },
         "table, wide, json, jsonl, yaml, name or tsv; without it lists are a table on a terminal, "
         "else tsv")
      ->check(CLI::IsMember({"table", "wide", "json", "jsonl", "yaml", "name", "tsv", "raw"}))
      ->type_name("FORMAT");
  app.add_flag_function(
      "--no-headers", [&printing](std::int64_t) { printing.headers = false; },
      "no line of headers");
  const std::map<std::string, ColorWish> wishes{
      {"auto", ColorWish::kAuto}, {"always", ColorWish::kAlways}, {"never", ColorWish::kNever}};
  app.add_option_function<std::string>(
         "--color",
         [&printing, wishes](const std::string& word) { printing.color = wishes.at(word); },
         "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->type_name("WHEN");
  app.add_option("--cacert", target.ca_file, "authorities to trust, instead of the system's")
      ->type_name("FILE");
  auto* cert = app.add_option("--cert", target.certificate_file, "the client's own certificate")
                   ->type_name("FILE");
  auto* key = app.add_option("--key", target.certificate_key_file, "… and its private key")
                  ->type_name("FILE");
  cert->needs(key);
  key->needs(cert);
  app.add_flag("--insecure", target.insecure, "take any certificate");
  app.add_flag("--debug", target.debug, "show the exchange on stderr, without secrets");
}

namespace {

std::optional<std::string> environment(const char* name) {
  const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): no thread yet
  if (text == nullptr || *text == '\0') return std::nullopt;
  return std::string(text);
}

}  // namespace

// Flags before the environment, the environment before the context, the context before the
// defaults. Naming a collector otherwise than by the context leaves the context's key behind: it is
// for the context's collectors alone.
void settle(Globals& globals) {
  Settings& settings = globals.settings;
  Target target = globals.target;
  std::vector<std::string> collectors = globals.collectors;
  if (collectors.empty() && globals.context.empty()) {
    if (const auto given = environment("PAPCTL_COLLECTOR")) collectors.push_back(*given);
  }
  if (!globals.key_file.empty()) {
    target.api_key = read_key_file(globals.key_file);
  } else if (const auto key = environment("PAPCTL_KEY")) {
    target.api_key = checked_key(*key, "PAPCTL_KEY");
  } else if (const auto file = environment("PAPCTL_KEY_FILE")) {
    target.api_key = read_key_file(*file);
  }
  if (collectors.empty()) {
    settings.context = globals.context;
    if (settings.context.empty()) settings.context = environment("PAPCTL_CONTEXT").value_or("");
    Contexts contexts;
    const bool has_home = environment("XDG_CONFIG_HOME") || environment("HOME");
    if (has_home || !settings.context.empty()) contexts = Contexts::load(contexts_path());
    if (settings.context.empty()) settings.context = contexts.current;
    if (!settings.context.empty()) {
      const NamedContext& named = contexts.find(settings.context);
      collectors = named.collectors;
      settings.readonly = named.readonly;
      if (!target.api_key && !named.key_file.empty()) {
        target.api_key = read_key_file(named.key_file);
      }
      if (target.ca_file.empty()) target.ca_file = named.cacert;
      if (target.certificate_file.empty()) {
        target.certificate_file = named.cert;
        target.certificate_key_file = named.key;
      }
      target.insecure = target.insecure || named.insecure;
    }
  }
  if (collectors.empty()) collectors.emplace_back(kDefaultCollector);
  if (target.insecure) complain("warning: --insecure: anybody could be answering");
  settings.targets.clear();
  for (std::string& collector : resolved(collectors)) {
    target.collector = std::move(collector);
    settings.targets.push_back(target);
  }
}

}  // namespace pap::ctl
