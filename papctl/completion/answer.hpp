// SPDX-License-Identifier: MIT
#pragma once

// What the shells' scripts ask papctl: `papctl __complete WORD...`, the words behind the program's
// name up to the cursor, the last one maybe "".
//
// The answer is a line for each word that fits, behind a tab what it is about, and a last line that
// begins with a colon: ":" alone, ":files" where names of files fit too, or ":nospace" where a word
// is not whole yet.
// Errors: none, and not a word on stderr: whoever presses Tab does not want to read.
// Limits: kCompletionPatience for all of it, whatever hangs.
// Threads: one, but for look-ups of names.

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace pap::ctl {

inline constexpr std::string_view kCompleteWord = "__complete";
inline constexpr std::chrono::milliseconds kCompletionPatience{300};

int answer_completion(const std::vector<std::string>& words);

}  // namespace pap::ctl
