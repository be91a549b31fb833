// SPDX-License-Identifier: MIT
#pragma once

// JSON that a stranger sent. What prints, copies or walks a value recurses, so nothing deeper than
// kDeepestJson is taken for JSON at all.
//
// Errors: a value that is_discarded(), as of any text that is no JSON. Threads: pure functions.

#include <cstddef>
#include <string_view>

#include <nlohmann/json.hpp>

namespace pap::ctl {

inline constexpr std::size_t kDeepestJson = 100;  // a collector's own answers need six

bool is_shallow(std::string_view json);

template <class Json = nlohmann::ordered_json>
Json read_json(std::string_view text) {
  if (!is_shallow(text)) return Json(Json::value_t::discarded);
  return Json::parse(text, nullptr, false);
}

}  // namespace pap::ctl
