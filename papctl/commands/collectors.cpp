// SPDX-License-Identifier: MIT
#include "papctl/commands/collectors.hpp"

#include <utility>

namespace pap::ctl {

Collectors::Collectors(const Settings& settings) : several_(settings.several()) {
  for (const Target& target : settings.targets) {
    Client client(target);
    std::string label = several_ ? client.endpoint().authority() : std::string{};
    all_.push_back({std::move(client), std::move(label), false});
  }
}

void Collectors::each(const std::function<void(Client&, const std::string&)>& ask) {
  for (One& one : all_) {
    if (one.left_out) continue;
    try {
      ask(one.client, one.label);
    } catch (const Failure& failure) {
      const bool theirs = failure.status() == kNotReachable || failure.status() == kNotAuthorised;
      if (!several_ || !theirs) throw;
      complain(failure.what());
      one.left_out = true;
      if (status_ == kFine) status_ = failure.status();
    }
  }
}

std::string Collectors::names() const {
  if (!several_) return all_.front().client.endpoint().url();
  return std::to_string(all_.size()) + " collectors";
}

}  // namespace pap::ctl
