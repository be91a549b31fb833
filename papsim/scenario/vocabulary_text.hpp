// SPDX-License-Identifier: MIT
#pragma once

// The vocabulary as others want to read it: tables for the README, a JSON Schema for editors. A
// test holds both files to what these write.
//
// Threads: pure functions.

#include <string>

namespace pap::sim {

// Markdown: every section with its keys, the verbs, and every closed list of names.
std::string vocabulary_tables();

// JSON Schema (draft 7), indented.
std::string vocabulary_schema();

}  // namespace pap::sim
