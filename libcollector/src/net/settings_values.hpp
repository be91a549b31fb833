// SPDX-License-Identifier: MIT
#pragma once

// Turns the text of one setting into its value.
//
// Errors: the reason for people, without the setting's name. A secret is never repeated in it,
// and other text only shortened and escaped.
// Threads: pure functions.

#include <string>
#include <string_view>

#include "net/settings_table.hpp"
#include "pap/net/config.hpp"

namespace pap::net {

// `text` without what manifests add to it: the trailing newlines, and for all but secrets and
// texts the blanks around it. Nothing left means unset, except for a secret.
std::string_view trimmed(const Setting& setting, std::string_view text);

// Fills `member` of `config` from `text`, trimmed; returns why it cannot, or "".
std::string set_value(const Setting& setting, const ConfigMember& member, std::string_view text,
                      Config& config);

}  // namespace pap::net
