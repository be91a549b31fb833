// SPDX-License-Identifier: MIT
// papctl completion SHELL
#include "papctl/completion/scripts.hpp"

#include <memory>
#include <string>

#include "papctl/commands/command.hpp"

namespace pap::ctl {

Run prepare_completion(CLI::App& app) {
  auto shell = std::make_shared<std::string>();
  app.add_option("SHELL", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
  return [shell](Context& context) {
    context.out.write(*shell == "bash" ? kBashScript : *shell == "zsh" ? kZshScript : kFishScript);
    return kFine;
  };
}

}  // namespace pap::ctl
