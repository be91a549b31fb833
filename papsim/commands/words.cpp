// SPDX-License-Identifier: MIT
#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

#include "papsim/commands/command.hpp"
#include "papsim/scenario/vocabulary_text.hpp"

namespace pap::sim {

Run prepare_words(CLI::App& app) {
  auto schema = std::make_shared<bool>(false);
  app.add_flag("--schema", *schema, "as a JSON Schema");
  return [schema] {
    std::fputs((*schema ? vocabulary_schema() : vocabulary_tables()).c_str(), stdout);
    return kPass;
  };
}

}  // namespace pap::sim
